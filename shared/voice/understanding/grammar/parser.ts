// A small parser of every reading: a rule gives all the ways it can match from a place, each with where it ends. What
// it has found there is kept, so that no rule reads the same place twice.
import type { Lexeme, LexemeKind } from '../words/lexeme.ts';

/** What a parser reads: at each word, the lexemes that may begin there. */
export interface Lattice {
  readonly length: number;
  readonly at: readonly (readonly Lexeme[])[];
  readonly memory: Map<Rule<unknown>, Map<number, readonly Match<unknown>[]>>;
}

/** @param at the lexemes that may begin at each word */
export function createLattice(at: Lattice['at']): Lattice {
  return { length: at.length, at, memory: new Map() };
}

/** One way to match: what it means, and the word after it. */
export interface Match<T> {
  readonly value: T;
  readonly end: number;
}

/** All the ways to match from a word on. */
export type Rule<T> = (lattice: Lattice, start: number) => readonly Match<T>[];

const NONE: readonly never[] = [];

/** One lexeme of a kind. */
export function word(kind: LexemeKind, isMeant?: (lexeme: Lexeme) => boolean): Rule<Lexeme> {
  return ({ at }, start) => {
    const found: Match<Lexeme>[] = [];
    for (const lexeme of at[start] ?? NONE) {
      if (lexeme.kind === kind && (isMeant === undefined || isMeant(lexeme))) {
        found.push({ value: lexeme, end: start + lexeme.length });
      }
    }
    return found;
  };
}

/** Any of several rules. */
export function either<T>(...rules: readonly Rule<T>[]): Rule<T> {
  return (lattice, start) => {
    let found: readonly Match<T>[] = NONE;
    for (const rule of rules) {
      const more = rule(lattice, start);
      if (more.length > 0) found = found.length > 0 ? [...found, ...more] : more;
    }
    return found;
  };
}

/** One rule after the other. `make` may give undefined: then these words do not mean that. */
export function sequence<V extends readonly unknown[], T>(
  rules: readonly [...{ [K in keyof V]: Rule<V[K]> }],
  make: (values: NoInfer<V>) => T | undefined,
): Rule<T> {
  return (lattice, start) => {
    const found: Match<T>[] = [];
    const values: unknown[] = [];
    step(0, start);
    return found;

    function step(index: number, place: number): void {
      const rule = (rules as readonly Rule<unknown>[])[index];
      if (rule === undefined) {
        // The values are those of the rules, in their order.
        const value = make(values as unknown as NoInfer<V>);
        if (value !== undefined) found.push({ value, end: place });
        return;
      }
      for (const match of rule(lattice, place)) {
        values[index] = match.value;
        step(index + 1, match.end);
      }
    }
  };
}

/** The rule, or nothing: null. */
export function maybe<T>(rule: Rule<T>): Rule<T | null> {
  return (lattice, start) => [...rule(lattice, start), { value: null, end: start }];
}

/** A rule whose matches mean something else; those for which `make` gives undefined are none. */
export function map<T, U>(rule: Rule<T>, make: (value: T) => U | undefined): Rule<U> {
  return (lattice, start) => {
    const matches = rule(lattice, start);
    if (matches.length === 0) return NONE;
    const found: Match<U>[] = [];
    for (const match of matches) {
      const value = make(match.value);
      if (value !== undefined) found.push({ value, end: match.end });
    }
    return found;
  };
}

/** A rule that remembers; it may refer to rules that are declared after it. */
export function rule<T>(make: () => Rule<T>): Rule<T> {
  let made: Rule<T> | undefined;
  const remembering: Rule<T> = (lattice, start) => {
    let places = lattice.memory.get(remembering);
    if (!places) {
      places = new Map();
      lattice.memory.set(remembering, places);
    }
    const known = places.get(start);
    // What stands under a rule came from that rule.
    if (known) return known as readonly Match<T>[];
    // A rule that begins with itself finds nothing there, instead of running for ever.
    places.set(start, NONE);
    made ??= make();
    const found = made(lattice, start);
    places.set(start, found);
    return found;
  };
  return remembering;
}
