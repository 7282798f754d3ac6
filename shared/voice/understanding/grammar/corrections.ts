// What takes back, or replaces, what was said before: "actually", "no wait", "never mind", "perdón", "olvídalo".
import type { LexemeKind } from '../words/lexeme.ts';
import type { Element } from './meaning.ts';
import { either, map, word } from './parser.ts';
import type { Lattice, Match, Rule } from './parser.ts';

const of = (name: string): Rule<unknown> => word('correction', ({ text }) => text === name);

const REPLACES: Element = { kind: 'correction', takesBack: false };
const TAKES_BACK: Element = { kind: 'correction', takesBack: true };

/** The rule, if it ends the phrase or one of these comes next. */
function before(kinds: readonly LexemeKind[], rule: Rule<Element>): Rule<Element> {
  return (lattice, start) =>
    rule(lattice, start).filter(
      ({ end }) => end === lattice.length || lattice.at[end]?.some(({ kind }) => kinds.includes(kind)),
    );
}

/** "The first one, never mind, the second one"; but "never mind the second one" may be said of the second one. */
const neverMind = before(
  ['comma', 'filler', 'correction'],
  map(of('never_mind'), () => TAKES_BACK),
);

/** "actually", "no wait", "mejor", "olvídalo" */
export const correction: Rule<Element> = either<Element>(
  map(of('replaces'), () => REPLACES),
  map(of('takes_back'), () => TAKES_BACK),
  neverMind,
);

const no: Rule<Element> = map(of('no'), () => TAKES_BACK);
const noFirst = before(['comma'], no);
/** "At 3 no, at 4"; "no" at the beginning is one only before a comma: "no mañana" is not tomorrow. */
export function correctingNo(lattice: Lattice, start: number): readonly Match<Element>[] {
  return (start > 0 ? no : noFirst)(lattice, start);
}
