import { composePhrase } from './compose.ts';
import { toLattice } from './lexicon.ts';
import type { Phrase } from './meaning.ts';
import { cutPhrase } from './phrase-grammar.ts';
import { foldText, toTokens } from './tokens.ts';

/** Longer than this nothing is read. */
export const MAX_LENGTH = 200;
const MAX_TOKENS = 60;

export type PhraseResult =
  /** Every way in which the whole of it can be read. */
  | { readonly kind: 'read'; readonly phrases: readonly Phrase[] }
  | { readonly kind: 'unread'; readonly words: readonly string[] };

/** @param home the address that is asked about: words that repeat it are filler. */
export function readPhrase(text: string, home: string | null = null): PhraseResult {
  if (text.length > MAX_LENGTH) return { kind: 'unread', words: [] };
  const tokens = toTokens(text);
  if (tokens.length === 0 || tokens.length > MAX_TOKENS) return { kind: 'unread', words: [] };
  const { lattice, unknown } = toLattice(tokens, home === null ? [] : wordsOf(home));
  if (unknown.length > 0) return { kind: 'unread', words: unknown };
  const seen = new Set<string>();
  const phrases: Phrase[] = [];
  for (const elements of cutPhrase(lattice)) {
    const phrase = composePhrase(elements);
    if (!phrase) continue;
    const key = JSON.stringify(phrase);
    if (!seen.has(key) && saysSomething(phrase)) phrases.push(phrase);
    seen.add(key);
  }
  return phrases.length > 0 ? { kind: 'read', phrases } : { kind: 'unread', words: [] };
}

const wordsOf = (text: string): string[] =>
  foldText(text)
    .split(/[^a-z\d]+/)
    .filter((word) => word !== '');

/** Words that are all filler name no time. */
const saysSomething = ({ branches, exceptions, order, isAccepted }: Phrase): boolean =>
  isAccepted ||
  order !== null ||
  exceptions.length > 0 ||
  branches.some(
    ({ days, times, fromNow, moved, nth, isAmong, isAny }) =>
      days.length + times.length + fromNow.length + moved.length + nth.length > 0 || isAmong || isAny,
  );
