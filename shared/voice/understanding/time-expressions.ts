import { parse } from 'chrono-node/en';
import { addDays, isLocalDate, localDate, localTime, weekdayOf } from '../../scheduling/zone.ts';
import { WEEKDAYS } from '../../scheduling/schedule.ts';
import type { PartOfDay } from '../../scheduling/schedule.ts';
import { normaliseWords } from './normalize.ts';

/** What a caller's words say about a time, as far as they say it. */
export interface TimeWords {
  /** First and last local day meant, `YYYY-MM-DD`. */
  readonly dates: { readonly from: string; readonly to: string } | null;
  /** Local times meant, `HH:MM`: two where nothing tells the morning's from the afternoon's. Empty where none is. */
  readonly times: readonly string[];
  readonly partOfDay: PartOfDay | null;
  /** Which of several, counted from 1, or from the end where it is negative. `the 3rd` may be a date as well. */
  readonly ordinal: number | null;
  /** The caller has no wish: any day will do. */
  readonly isAny: boolean;
}

// prettier-ignore
const ORDINALS: Readonly<Record<string, number>> = {
  first: 1, '1st': 1, earliest: 1, earlier: 1, soonest: 1, second: 2, '2nd': 2, third: 3, '3rd': 3, fourth: 4, '4th': 4,
  fifth: 5, '5th': 5, sixth: 6, '6th': 6, seventh: 7, eighth: 8, ninth: 9, tenth: 10, last: -1, latest: -1, later: -1,
};
const ORDINAL_WORDS = Object.keys(ORDINALS).join('|');
const COUNTED = new RegExp(
  `\\b(${ORDINAL_WORDS})(?: available)? (?:one|option|slot|time|choice|appointment|viewing|offer)\\b|^(?:the |la |el )?(${ORDINAL_WORDS})(?: available)?(?: please)?$`,
);
const NUMBERED = /(?:\b(?:option|number|slot|choice)|#) ?(\d{1,2}|one|two|three)\b/;
const NUMBERS: Readonly<Record<string, number>> = { one: 1, two: 2, three: 3 };

/**
 * Reads words such as `next Tuesday afternoon`, `el viernes a las 3` or `the second one`, as said at `now` in `zone`.
 */
export function readTimeWords(text: string, now: number, zone: string): TimeWords {
  const words = normaliseWords(text);
  const today = localDate(now, zone);
  const ordinal = readOrdinal(words);
  // What counts options must not be taken for a day of the month.
  const rest = ordinal === null ? words : words.replace(COUNTED, ' ').replace(NUMBERED, ' ').trim();
  const partOfDay = readPartOfDay(rest);
  const { dates, times } =
    rest === '' && ordinal !== null
      ? { dates: readDayOfMonth(`the ${ordinal}`, null, today), times: [] }
      : readDatesAndTimes(rest, today, localTime(now, zone));
  return {
    dates,
    times: partOfDay === null ? times : times.filter((time) => times.length === 1 || fits(time, partOfDay)),
    partOfDay,
    ordinal,
    isAny:
      /\b(any ?(day|time|thing)?|whenever|asap|soon|as soon as possible|flexible|cualquier|cuando|antes posible|cuanto antes)\b/.test(
        words,
      ),
  };
}

function readOrdinal(words: string): number | null {
  const numbered = NUMBERED.exec(words)?.[1];
  if (numbered !== undefined) return NUMBERS[numbered] ?? Number(numbered);
  const counted = COUNTED.exec(words);
  return ORDINALS[counted?.[1] ?? counted?.[2] ?? ''] ?? null;
}

function readPartOfDay(words: string): PartOfDay | null {
  if (/\bmorning\b/.test(words)) return 'morning';
  if (/\bafternoon\b/.test(words)) return 'afternoon';
  return /\b(evening|tonight|night)\b/.test(words) ? 'evening' : null;
}

function fits(time: string, part: PartOfDay): boolean {
  return part === 'morning' ? time < '12:00' : time >= '12:00';
}

function readDatesAndTimes(
  words: string,
  today: string,
  clock: string,
): { dates: TimeWords['dates']; times: readonly string[] } {
  // The wall's clock is handed over as if it were UTC's: neither the process's zone nor a clock change plays a part.
  const reference = { instant: new Date(`${today}T${clock}:00Z`), timezone: 0 };
  const found: string[] = [];
  let times: readonly string[] = [];
  let rest = words;
  const said = words.replace(/\b\d+ weeks from\b/, '');
  for (const { start, end, text } of parse(said, reference, { forwardDate: true })) {
    const isDay = start.isCertain('day') || start.isCertain('weekday');
    if (isDay || start.isCertain('month')) {
      const from = toDate(start.date());
      if (from !== null) found.push(isDay ? from : firstOfMonth(from), isDay ? from : lastOfMonth(from));
      const to = end ? toDate(end.date()) : null;
      if (to !== null) found.push(to);
    }
    if (start.isCertain('hour') && times.length === 0) {
      times = readTimes(start.get('hour') ?? 0, start.get('minute') ?? 0, start.isCertain('meridiem'));
    }
    rest = rest.replace(text, ' ');
  }
  const later = 7 * Number(/\b(\d{1,2}) weeks from\b/.exec(words)?.[1] ?? 0);
  const whole = (later > 0 ? null : readSpan(words, today)) ?? readDayOfMonth(rest, found[0] ?? null, today);
  if (whole) return { dates: whole, times };
  if (found.length === 0 && /\b(today|tonight|this (morning|afternoon|evening))\b/.test(words))
    found.push(today);
  const days = found.map((date) => addDays(date, later)).sort();
  const [from] = days;
  const to = days.at(-1);
  return { dates: from === undefined || to === undefined ? null : { from, to }, times };
}

function readTimes(hour: number, minute: number, isMeridiemSaid: boolean): string[] {
  const time = (h: number): string => `${String(h).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
  if (isMeridiemSaid || hour === 0 || hour > 11) return [time(hour)];
  return [time(hour), time(hour + 12)];
}

/** Whole weeks and weekends, which chrono-node takes for one day. */
function readSpan(words: string, today: string): TimeWords['dates'] {
  const untilSunday = 6 - WEEKDAYS.indexOf(weekdayOf(today));
  const sunday = addDays(today, untilSunday);
  const match = /\b(?:(next|this|the) )?(week(?:end)?)\b( after next)?/.exec(words);
  if (!match || /\b(in|a) (a |\d+ )?weeks?\b/.test(words)) return null;
  const weeks = match[3] !== undefined ? 2 : match[1] === 'next' ? 1 : 0;
  const to = addDays(sunday, 7 * weeks);
  const from = addDays(to, match[2] === 'weekend' ? -1 : -6);
  // A weekday that is named in it says more than the week.
  if (/day\b/.test(words.replace(/\btoday\b/, ''))) return null;
  return { from: from < today ? today : from, to };
}

/** `the 3rd`: the next day of that number, and of the weekday named beside it. */
function readDayOfMonth(rest: string, named: string | null, today: string): TimeWords['dates'] {
  const day = /\bthe (\d{1,2})(?:st|nd|rd|th)?\b(?! ?(?:am|pm|:))/.exec(rest)?.[1];
  if (day === undefined) return null;
  const weekday = named === null ? null : weekdayOf(named);
  for (let date = today, i = 0; i < 366; i++, date = addDays(date, 1)) {
    if (Number(date.slice(8)) === Number(day) && (weekday === null || weekdayOf(date) === weekday)) {
      return { from: date, to: date };
    }
  }
  return null;
}

/** Null beyond the four digits of a year. */
function toDate(date: Date): string | null {
  const text = Number.isNaN(date.getTime()) ? '' : date.toISOString().slice(0, 10);
  return isLocalDate(text) && text < '9990' ? text : null;
}

function firstOfMonth(date: string): string {
  return `${date.slice(0, 8)}01`;
}

function lastOfMonth(date: string): string {
  // The 28th and four days are in the next month, whatever the month.
  const next = addDays(`${date.slice(0, 8)}28`, 4);
  return addDays(firstOfMonth(next), -1);
}
