// Which of the viewings that a caller has is meant: by its day or time, its place in a list, or its home.
import { readIsoTime } from './words/iso-time.ts';
import { readPhraseOrFiller } from './grammar/read-phrase.ts';
import type { ReadingContext } from './reading.ts';
import { resolvePhrase, withEveryWeekday } from './calendar/resolve-phrase.ts';
import { includes } from './calendar/time-sets.ts';

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

/** @param viewings in the order in which they were read aloud. */
export function readPointer<V extends Pointable>(
  text: string,
  viewings: readonly V[],
  context: Pick<ReadingContext, 'now' | 'schedule'>,
): PointerResult<V> {
  const iso = readIsoTime(text, context.schedule.timeZone);
  // An instant is no viewing's but its own: one that only the clock on the wall agrees with is asked about.
  if (iso?.kind === 'instant')
    return { kind: 'fitting', viewings: viewings.filter(({ start }) => start === iso.at) };
  // As models write a date; but a viewing may begin at that midnight.
  const night = viewings.filter(({ start }) => start === iso?.midnight?.at);
  if (night.length > 0) return { kind: 'fitting', viewings: night };
  const words = iso?.date ?? text;
  const starts = viewings.map(({ start }) => start);
  const own = { ...context, offered: { spoken: starts, all: starts } };
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
    return read.phrases.some((phrase) => {
      const sets = resolvePhrase(
        { ...phrase, branches: phrase.branches.map(withEveryWeekday) },
        own,
        'start',
      );
      return (
        Array.isArray(sets) && sets.some((set) => set.clash === undefined && includes(set, viewing.start))
      );
    });
  });
  return { kind: 'fitting', viewings: fitting };
}
