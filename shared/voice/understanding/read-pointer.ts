// Which of the viewings that a caller has is meant: by its day or time, its place in a list, or its home.
import { readIsoTime } from './words/iso-time.ts';
import { readPhraseOrFiller } from './grammar/read-phrase.ts';
import type { ReadingContext } from './reading.ts';
import { resolvePhrase, withEveryWeekday } from './calendar/resolve-phrase.ts';
import { includes } from './calendar/time-sets.ts';
import type { Branch, Phrase, Place } from './grammar/meaning.ts';

/** A viewing that words may point at. */
export interface Pointable {
  /** Epoch milliseconds. */
  readonly start: number;
  readonly propertyAddress: string;
}

/** Which of the viewings the words fit. */
export type PointerResult<V> =
  /** Those that the words fit; all of them if the words name none in particular. */
  | { readonly kind: 'fitting'; readonly viewings: readonly V[] }
  /** Some of the words are not read, or they rule something out: nothing is acted on. */
  | { readonly kind: 'unclear' };

/**
 * @param viewings all that words may point at
 * @param heard those that were read aloud, in that order: "the second one" counts them alone. Default: all.
 */
export function readPointer<V extends Pointable>(
  text: string,
  viewings: readonly V[],
  context: Pick<ReadingContext, 'now' | 'schedule'>,
  heard: readonly V[] = viewings,
): PointerResult<V> {
  const iso = readIsoTime(text, context.schedule.timeZone);
  // An instant is no viewing's but its own: one that only the clock on the wall agrees with is asked about.
  if (iso?.kind === 'instant')
    return { kind: 'fitting', viewings: viewings.filter(({ start }) => start === iso.at) };
  // As models write a date; but a viewing may begin at that midnight.
  const night = viewings.filter(({ start }) => start === iso?.midnight?.at);
  if (night.length > 0) return { kind: 'fitting', viewings: night };
  const words = iso?.date ?? text;
  const readOf = (viewing: V) => {
    const read = readPhraseOrFiller(words, viewing.propertyAddress);
    // "not the first one" names none.
    const isClear = read.kind === 'read' && read.phrases.every(({ exceptions }) => exceptions.length === 0);
    return isClear ? read : null;
  };
  if (viewings.every((viewing) => readOf(viewing) === null)) return { kind: 'unclear' };
  const fitting = viewings.filter((viewing) => {
    const read = readOf(viewing);
    if (!read) return false;
    // The home, or "my viewing", and no time.
    if (read.phrases.length === 0) return true;
    return read.phrases.some((phrase) => fittingOf(phrase, { viewings, heard, context }).includes(viewing));
  });
  return { kind: 'fitting', viewings: fitting };
}

interface Among<V> {
  readonly viewings: readonly V[];
  readonly heard: readonly V[];
  readonly context: Pick<ReadingContext, 'now' | 'schedule'>;
}

/** The viewings that an either-or names: some by their places, some by their times. None if a part of it names none. */
function fittingOf<V extends Pointable>(phrase: Phrase, among: Among<V>): readonly V[] {
  const { viewings, context } = among;
  const placed = phrase.branches
    .filter(({ nth }) => nth.length > 0)
    .map((branch) => atPlace(phrase, branch, among));
  if (placed.some(({ length }) => length === 0)) return [];
  const branches = phrase.branches.filter(({ nth }) => nth.length === 0);
  if (branches.length === 0 && placed.length > 0) return placed.flat();
  const readings = readingsOf({ ...phrase, branches }, viewings, context);
  return readings.length === 0 ? [] : [...placed.flat(), ...readings.flat()];
}

/** The viewings that each reading of the words fits; no reading if the words name nothing. */
function readingsOf<V extends Pointable>(
  phrase: Phrase,
  viewings: readonly V[],
  context: Among<V>['context'],
): V[][] {
  const starts = viewings.map(({ start }) => start);
  const sets = resolvePhrase(
    { ...phrase, branches: phrase.branches.map(withEveryWeekday) },
    { ...context, offered: { spoken: starts, all: starts } },
    'start',
  );
  if (!Array.isArray(sets)) return [];
  return sets
    .filter(({ clash }) => clash === undefined)
    .map((set) => viewings.filter(({ start }) => includes(set, start)));
}

/** "the second one on Friday": of those heard that the other words fit, the one at that place. */
function atPlace<V extends Pointable>(
  phrase: Phrase,
  branch: Branch,
  { viewings, heard, context }: Among<V>,
): readonly V[] {
  const [place, ...others] = branch.nth;
  if (place === undefined || others.length > 0) return [];
  const rest = { ...phrase, branches: [{ ...branch, nth: [], isAmong: true }] };
  const pick = (all: readonly V[]): V[] =>
    readingsOf(rest, all, context).flatMap((some) => pickNth(some, place));
  if (place.isByTime !== true) return pick(heard);
  // "the later one" by the clock, among all. If it was not the later one in the list that was heard, either may be meant.
  return [...pick(inOrder(viewings)), ...pick(heard)];
}

function pickNth<V>(viewings: readonly V[], { n }: Place): V[] {
  return viewings.slice(n > 0 ? n - 1 : n).slice(0, 1);
}

function inOrder<V extends Pointable>(viewings: readonly V[]): V[] {
  return [...viewings].sort((one, other) => one.start - other.start);
}
