import type { Schedule, WeeklyHours } from '../../scheduling/schedule.ts';
import { partOfDay } from '../../scheduling/select-slots.ts';
import { instantOf, isLocalDate, localDate, localTime, minutesOf, weekdayOf } from '../../scheduling/zone.ts';
import { readTimeWords } from './time-expressions.ts';
import type { TimeWords } from './time-expressions.ts';

/** What may be meant by `the second one` or `2 PM`: starts, in the order spoken. */
export interface Choices {
  readonly spoken: readonly number[];
  /** All that were given to the model, the spoken ones among them. */
  readonly all: readonly number[];
}

export type StartResult =
  | { readonly kind: 'start'; readonly at: number }
  /** More than one thing may be meant: ask which. */
  | { readonly kind: 'which'; readonly times: readonly number[] }
  /** A day without a time; an instant of that day. */
  | { readonly kind: 'day_only'; readonly day: number }
  /** A time without a day. */
  | { readonly kind: 'time_only' }
  /** `the fourth one` of fewer. */
  | { readonly kind: 'no_such_option'; readonly count: number }
  | { readonly kind: 'nothing_offered' }
  | { readonly kind: 'unreadable' };

const ISO =
  /^(\d{4}-\d{2}-\d{2})[T ]((?:[01]\d|2[0-3]):[0-5]\d)(?::([0-5]\d)(?:\.\d{1,9})?)?\s*(Z|[+-]\d{2}:?\d{2})?$/i;

/**
 * The instant of an ISO 8601 date and time; without an offset it is the manager's clock: a time that is skipped is the
 * change, one that comes twice the first. Null where the text is anything else.
 */
export function readIsoTime(text: string, zone: string): number | null {
  const [, date = '', time = '', seconds = '00', offset] = ISO.exec(text.trim()) ?? [];
  if (!isLocalDate(date)) return null;
  if (offset === undefined) return instantOf({ date, time }, zone).at + Number(seconds) * 1000;
  const withColon = offset.length === 5 ? `${offset.slice(0, 3)}:${offset.slice(3)}` : offset.toUpperCase();
  const at = Date.parse(`${date}T${time}:${seconds}${withColon}`);
  return Number.isNaN(at) ? null : at;
}

/** What is meant by a caller's words for a time: nothing is guessed that could be asked. */
export function resolveStart(text: string, schedule: Schedule, now: number, choices: Choices): StartResult {
  const zone = schedule.timeZone;
  const iso = readIsoTime(text, zone);
  if (iso !== null) return { kind: 'start', at: iso };

  const words = readTimeWords(text, now, zone);
  const named = choices.all.filter((at) => fitsWords(at, words, zone));
  if (words.ordinal !== null) {
    // `the 3rd` is rather a day that was offered than the third of the offers.
    const [only, ...others] = words.dates ? named : [];
    if (only !== undefined && others.length === 0 && words.ordinal > 0) return { kind: 'start', at: only };
    return resolveOrdinal(words, choices, zone);
  }
  const { dates, times } = words;
  if (dates && dates.from === dates.to) return resolveOnDay(dates.from, words, named, schedule);
  if (!dates && times.length === 0 && words.partOfDay === null) return { kind: 'unreadable' };
  const offered = narrow(named);
  if (offered) return offered;
  if (times.length === 0) return { kind: 'unreadable' };
  // Where one day alone was talked about, a bare time is that day's.
  const [day, ...otherDays] = new Set(choices.spoken.map((at) => localDate(at, zone)));
  if (dates || day === undefined || otherDays.length > 0) return { kind: 'time_only' };
  return resolveOnDay(day, words, named, schedule);
}

function resolveOrdinal(
  { ordinal, dates, partOfDay: part }: TimeWords,
  { spoken }: Choices,
  zone: string,
): StartResult {
  if (spoken.length === 0) return { kind: 'nothing_offered' };
  const wide = { dates, times: [], partOfDay: part };
  const fitting = spoken.filter((at) => fitsWords(at, wide, zone));
  const counted = fitting.length > 0 ? fitting : spoken;
  const at = ordinal === null ? undefined : counted.at(ordinal < 0 ? ordinal : ordinal - 1);
  return at === undefined ? { kind: 'no_such_option', count: counted.length } : { kind: 'start', at };
}

function resolveOnDay(
  date: string,
  words: TimeWords,
  named: readonly number[],
  schedule: Schedule,
): StartResult {
  const zone = schedule.timeZone;
  const day = instantOf({ date, time: '12:00' }, zone).at;
  const offered = narrow(named);
  if (offered) return offered;
  if (words.times.length === 0) return { kind: 'day_only', day };
  const open = words.times.filter((time) => isOpen(schedule.hours, date, time));
  const likely = open.length > 0 ? open : words.times.filter((time) => time >= '07:00' && time < '19:00');
  const instants = (likely.length > 0 ? likely : words.times).map(
    (time) => instantOf({ date, time }, zone).at,
  );
  return narrow(instants) ?? { kind: 'unreadable' };
}

/** The only one, or which; null where there is none. */
function narrow(times: readonly number[]): StartResult | null {
  const [first, ...others] = times;
  if (first === undefined) return null;
  return others.length === 0 ? { kind: 'start', at: first } : { kind: 'which', times: times.slice(0, 3) };
}

function fitsWords(
  at: number,
  { dates, times, partOfDay: part }: Pick<TimeWords, 'dates' | 'times' | 'partOfDay'>,
  zone: string,
): boolean {
  const date = localDate(at, zone);
  if (dates && (date < dates.from || date > dates.to)) return false;
  if (times.length > 0) return times.includes(localTime(at, zone));
  return part === null || partOfDay(at, zone) === part;
}

function isOpen(hours: WeeklyHours, date: string, time: string): boolean {
  const minutes = minutesOf(time) ?? 0;
  return (hours[weekdayOf(date)] ?? []).some(
    ([from, to]) => minutes >= (minutesOf(from) ?? 0) && minutes < (minutesOf(to) ?? 0),
  );
}
