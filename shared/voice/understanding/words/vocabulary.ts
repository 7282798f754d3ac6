import type { LexemeKind } from './lexeme.ts';

/** A kind of lexeme, its value, and the words for it: phrases parted by `|`, a `*` behind those that are plural. */
export type Entry = readonly [kind: LexemeKind, value: number | string, phrases: string];

/** The words of one language, lower case, without accents and apostrophes. */
export type Vocabulary = readonly Entry[];
