// Times of day: "half past two", "a las tres menos diez", "between 2 and 4 pm", "late afternoon".
import type { Element, Minutes, Time, WindowReading } from './meaning.ts';
import { either, map, maybe, rule, sequence, word } from './parser.ts';
import { minutesLong } from './distance-grammar.ts';
import type { Rule } from './parser.ts';
import { DAY_END, NOON, partNamed } from './parts-of-day.ts';
import type { Part } from './parts-of-day.ts';

/** A time as the clock shows it; null if nothing tells AM from PM. */
interface ClockTime {
  readonly hour: number;
  readonly minute: number;
  readonly half: 'am' | 'pm' | '24' | null;
  readonly isBareOne?: boolean;
}

const the = word('the');
const number = word('number');

const isHour = (value: number, text: string): boolean =>
  Number.isInteger(value) && value >= 1 && value <= 12 && text.length < 3;
const hour: Rule<number> = map(number, ({ value, text }) => (isHour(value, text) ? value : undefined));
/** Hours of the 24-hour clock need an "at", or "hours": "15" alone is rather a day. */
const lateHour: Rule<number> = map(number, ({ value }) =>
  Number.isInteger(value) && value > 12 && value < 24 ? value : undefined,
);
/** Minutes that are said behind an hour: two digits, or a word from ten on, or "oh five". */
const minutes: Rule<number> = either<number>(
  map(number, ({ value, text }) => (value >= 10 && value < 60 && text.length !== 1 ? value : undefined)),
  map(number, ({ value, text }) => (/^0\d$/.test(text) ? value : undefined)),
  sequence([word('zero'), number], ([, { value, text }]) =>
    value >= 1 && value <= 9 && text.length < 2 ? value : undefined,
  ),
  sequence([number, number], ([zero, { value, text }]) =>
    zero.value === 0 && zero.text === '0' && value >= 1 && value <= 9 && text.length < 2 ? value : undefined,
  ),
  map(word('quarter'), () => 15),
  map(word('half'), () => 30),
);

const atHour = (hour: number, minute: number): ClockTime => ({
  hour,
  minute,
  half: hour > 12 || hour === 0 ? '24' : null,
});

/** An hour without minutes: what "ten to" and "half past" count from. */
const wholeHour: Rule<ClockTime> = either<ClockTime>(
  map(hour, (value) => atHour(value, 0)),
  map(
    word('clock', ({ value }) => value % 60 === 0),
    ({ value, text }) => fromClock(value, text),
  ),
  map(word('noon'), () => ({ hour: 12, minute: 0, half: 'pm' as const })),
  map(word('midnight'), () => ({ hour: 12, minute: 0, half: 'am' as const })),
);

function fromClock(value: number, text: string): ClockTime {
  return { hour: Math.floor(value / 60), minute: value % 60, half: text === '24' ? '24' : null };
}

/** `ten`, `twenty-five`, `a quarter`: how many minutes past or to an hour. */
const someMinutes: Rule<number> = either<number>(
  // "ten past" is minutes; "one past" only if they are called so.
  sequence([number, maybe(word('minute'))], ([{ value }, unit]) =>
    Number.isInteger(value) && value >= 1 && value < 60 && (unit !== null || value % 5 === 0)
      ? value
      : undefined,
  ),
  sequence([maybe(word('a')), word('quarter')], () => 15),
);

const bareClock: Rule<ClockTime> = either<ClockTime>(
  map(word('clock'), ({ value, text }) => fromClock(value, text)),
  map(number, ({ value, text }) =>
    isHour(value, text) ? { ...atHour(value, 0), isBareOne: value === 1 && text === '' } : undefined,
  ),
  sequence([hour, minutes], ([hours, minute]) => atHour(hours, minute)),
  // 230, 1030
  map(number, ({ text, value }) => {
    const [, hours = '', minute = ''] = /^(\d{1,2})([0-5]\d)$/.exec(text) ?? [];
    return hours === '' || Number(hours) > 23 || (value >= 1900 && value <= 2100)
      ? undefined
      : { ...atHour(Number(hours), Number(minute)), ...(hours.startsWith('0') && { half: '24' as const }) };
  }),
  sequence([word('half'), maybe(word('past')), hour], ([, , hours]) => atHour(hours, 30)),
  sequence([lateHour, either(word('oclock'), word('hours_word'))], ([hours]) => atHour(hours, 0)),
  sequence([someMinutes, word('past'), wholeHour], ([past, , time]) => ({ ...time, minute: past })),
  // tres y cuarto, doce y media, tres y diez
  sequence(
    [
      hour,
      word('y'),
      either(
        minutes,
        map(number, ({ value }) => (value === 5 ? value : undefined)),
      ),
    ],
    ([hours, , minute]) => atHour(hours, minute),
  ),
);

const meridiem: Rule<'am' | 'pm' | Part> = either<'am' | 'pm' | Part>(
  map(word('am'), () => 'am' as const),
  map(word('pm'), () => 'pm' as const),
  sequence([maybe(either(word('on'), word('of'))), maybe(the), word('part')], ([, , { text }]) => {
    const part = partNamed(text);
    return part?.settles ? part : undefined;
  }),
);

function settle(time: ClockTime, marker: 'am' | 'pm' | Part | null): readonly number[] | undefined {
  const { hour: hours, minute, half } = time;
  const am = (hours % 12) * 60 + minute;
  const readings =
    half === 'pm'
      ? [am + NOON]
      : half === 'am'
        ? [am]
        : half === '24'
          ? [(hours % 24) * 60 + minute]
          : hours === 12
            ? [am + NOON, am]
            : [am, am + NOON];
  const fitting = marker === null ? readings : readings.filter((at) => fitsMarker(at, marker));
  return fitting.length > 0 ? fitting : undefined;
}

function fitsMarker(at: number, marker: 'am' | 'pm' | Part): boolean {
  if (marker === 'am') return at < NOON;
  return marker === 'pm' ? at >= NOON : marker.loose.some(({ from, until }) => from <= at && at < until);
}

const oclock = maybe(word('oclock'));

function timeOf(base: Rule<ClockTime>): Rule<readonly number[]> {
  return sequence([base, oclock, maybe(meridiem)], ([time, exactly, marker]) =>
    time.isBareOne && exactly === null && marker === null ? undefined : settle(time, marker),
  );
}

const noon: Rule<readonly number[]> = sequence([maybe(the), word('noon')], () => [NOON]);
const midnight: Rule<readonly number[]> = map(word('midnight'), () => [0]);
/** "in the afternoon at 3" */
const partFirst: Rule<readonly number[]> = sequence(
  [maybe(word('on')), maybe(the), word('part'), word('at'), bareClock, oclock],
  ([, , { text }, , time]) => {
    const part = partNamed(text);
    return part?.settles ? settle(time, part) : undefined;
  },
);

/** Readings of one start, in minutes from midnight. */
export const start: Rule<readonly number[]> = rule(() =>
  either<readonly number[]>(timeOf(bareClock), noon, midnight, partFirst),
);
/** "one" alone is rather one of those offered. */
const one: Rule<readonly number[]> = map(number, ({ value, text }) =>
  value === 1 && text === '' ? [13 * 60, 60] : undefined,
);
/** "las tres menos diez" */
const minusStart: Rule<readonly number[]> = sequence(
  [wholeHour, word('minus'), someMinutes, oclock, maybe(meridiem)],
  ([time, , less, , marker]) => lessThan(time, less, marker),
);
/** "ten to three", "diez para las tres", "las tres menos diez": without "at" the first may be a span as well. */
const startBefore: Rule<readonly number[]> = either(
  sequence(
    [someMinutes, word('to_hour'), maybe(word('at')), wholeHour, oclock, maybe(meridiem)],
    ([less, , , time, , marker]) => lessThan(time, less, marker),
  ),
  minusStart,
);

/** "A quarter to twelve in the morning" is in the morning, and one "to 12 pm" is before noon. */
function lessThan(
  time: ClockTime,
  less: number,
  marker: 'am' | 'pm' | Part | null,
): readonly number[] | undefined {
  if (time.minute !== 0 || less > 30) return undefined;
  const back = (at: number): number => (at - less + DAY_END) % DAY_END;
  const named = settle(time, marker)?.map(back) ?? [];
  const counted =
    marker === null
      ? []
      : (settle(time, null)
          ?.map(back)
          .filter((at) => fitsMarker(at, marker)) ?? []);
  const all = [...new Set([...named, ...counted])];
  return all.length > 0 ? all : undefined;
}
const at24: Rule<readonly number[]> = sequence(
  [lateHour, maybe(minutes), maybe(word('hours_word'))],
  ([hours, minute]) => [hours * 60 + (minute ?? 0)],
);
/** With "at" it is surely a time, and no span. */
const atStart: Rule<readonly number[]> = sequence(
  [either(word('at'), word('for')), maybe(word('at')), either(start, startBefore, at24, one)],
  ([, , at]) => at,
);
const anyStart: Rule<readonly number[]> = rule(() => either<readonly number[]>(start, startBefore, atStart));

/** An end of a span or of a window. */
const bound: Rule<readonly number[]> = rule(() =>
  either<readonly number[]>(
    start,
    minusStart,
    one,
    sequence([word('at'), either(start, minusStart, at24, one)], ([, at]) => at),
  ),
);

const clock = (minutes: readonly number[]): Time => ({ kind: 'clock', minutes });

const around: Rule<Time> = either<Time>(
  // "noonish"
  sequence([maybe(word('at')), noon, word('ish')], ([, at]) => near(at)),
  sequence([word('around'), maybe(word('at')), either(start, startBefore, one)], ([, , at]) => near(at)),
  sequence([maybe(word('at')), either(start, startBefore, one), word('ish')], ([, at]) => near(at)),
  sequence([maybe(word('at')), bareClock, word('ish'), meridiem], ([, time, , marker]) => {
    const at = settle(time, marker);
    return at && near(at);
  }),
);

/** Half an hour either side. */
const near = (starts: readonly number[]): Time => ({
  kind: 'window',
  readings: starts.map((at) => ({ from: Math.max(0, at - 30), until: at + 31, bounds: [at], near: at })),
});

const from = (starts: readonly number[]): Time => ({
  kind: 'window',
  readings: starts.map((at) => ({ from: at, until: DAY_END, bounds: [at] })),
});
const until = (starts: readonly number[], isIncluded: boolean): Time => ({
  kind: 'window',
  // Midnight as an end is that of the day.
  readings: starts.map((at) => ({
    from: 0,
    until: (at === 0 ? DAY_END : at) + (isIncluded ? 1 : 0),
    bounds: [at === 0 ? DAY_END : at - 1],
  })),
});

/** What remains of the pairs: the end is the next such time after the start, and no more than twelve hours later. */
function span(starts: readonly number[], ends: readonly number[]): Time | undefined {
  const readings: WindowReading[] = [];
  const add = (first: number, last: number): void => {
    const end = last === 0 ? DAY_END : last;
    if (first < end) readings.push({ from: first, until: end, bounds: [first, end - 1] });
  };
  const nextAfter = (first: number): number | undefined =>
    ends
      .map((end) => (end === 0 ? DAY_END : end))
      .filter((end) => end > first)
      .sort((a, b) => a - b)[0];
  if (starts.length > 1 && ends.length === 1) {
    const [end = 0] = ends.map((at) => (at === 0 ? DAY_END : at));
    const first = starts.filter((at) => at < end).sort((a, b) => b - a)[0];
    if (first !== undefined) add(first, end);
  } else {
    for (const first of starts) {
      const end = nextAfter(first);
      if (end !== undefined && (starts.length + ends.length === 2 || end - first <= NOON)) add(first, end);
    }
  }
  return readings.length > 0 ? { kind: 'window', readings } : undefined;
}

const to = either(word('to'), word('dash'), word('until'));
const spans: Rule<Time> = either<Time>(
  sequence([maybe(word('around')), either(word('from'), word('since')), bound, to, bound], ([, , a, , b]) =>
    span(a, b),
  ),
  sequence(
    [
      word('between'),
      bound,
      either(word('and'), word('y'), word('dash'), word('to')),
      bound,
      maybe(word('ish')),
    ],
    ([, a, , b]) => span(a, b),
  ),
  sequence(
    [maybe(word('around')), either(start, one), to, either(start, minusStart, one), maybe(word('ish'))],
    ([, a, , b]) => span(a, b),
  ),
  sequence([word('at'), either(start, one), to, word('at'), either(start, one)], ([, a, , , b]) =>
    span(a, b),
  ),
  sequence([word('at'), either(start, one), word('dash'), either(start, one)], ([, a, , b]) => span(a, b)),
  sequence(
    [word('after'), bound, maybe(word('comma')), maybe(word('and')), word('before'), bound],
    ([, a, , , , b]) => span(a, b),
  ),
  sequence(
    [
      word('not_before'),
      bound,
      maybe(word('comma')),
      maybe(word('and')),
      either(word('not_after'), word('before')),
      bound,
    ],
    ([, a, , , , b]) => span(a, b),
  ),
);

const window: Rule<Time> = either<Time>(
  sequence(
    [
      either(word('after'), word('past'), word('since'), word('not_before'), word('on_or_after')),
      bound,
      maybe(either(word('onwards'), word('on_end'))),
    ],
    ([, at]) => from(at),
  ),
  sequence(
    [maybe(either(word('from'), word('at'))), bound, either(word('onwards'), word('or_later'))],
    ([, at]) => from(at),
  ),
  sequence([either(word('before'), word('until')), bound], ([, at]) => until(at, false)),
  sequence([either(word('by'), word('not_after'), word('on_or_before')), bound], ([, at]) => until(at, true)),
  sequence([maybe(word('at')), bound, word('or_earlier')], ([, at]) => until(at, true)),
);

const partTime = ({ span: at, loose }: Part): Time => ({ kind: 'part', span: at, loose });

/** "late afternoon", "early in the morning", "en la mañana temprano" */
const part: Rule<Time> = sequence(
  [
    maybe(either(word('on'), word('for'))),
    maybe(either(the, word('a'))),
    maybe(either(word('early'), word('late'), word('mid'))),
    maybe(word('on')),
    maybe(the),
    word('part'),
    maybe(either(word('early'), word('late'))),
    maybe(word('ish')),
  ],
  ([, , first, , , { text }, last]) => {
    if (first && last) return undefined;
    const which = first?.kind ?? last?.kind;
    const found = partNamed(which === undefined ? text : `${which}_${text}`);
    return found && partTime(found);
  },
);

const spanOf = (minutes: Minutes): Time => ({ kind: 'part', span: minutes, loose: [minutes] });
/** Before, after or until a part of the day. */
const aroundPart: Rule<Time> = sequence(
  [
    either(
      word('after'),
      word('since'),
      word('before'),
      word('until'),
      word('by'),
      word('not_before'),
      word('not_after'),
    ),
    maybe(the),
    word('part'),
  ],
  ([relation, , { text }]) => {
    const found = partNamed(text);
    if (!found) return undefined;
    switch (relation.kind) {
      case 'after':
        return spanOf({ from: found.span.until, until: DAY_END });
      case 'since':
      case 'not_before':
        return spanOf({ from: found.span.from, until: DAY_END });
      case 'before':
        return spanOf({ from: 0, until: found.span.from });
      default:
        return undefined;
    }
  },
);

const firstThing: Rule<Time> = sequence(
  [
    word('first_thing'),
    maybe(
      sequence([maybe(word('on')), maybe(the), word('part', ({ text }) => text === 'morning')], () => true),
    ),
  ],
  () => spanOf({ from: 0, until: 10 * 60 }),
);

/** "temprano", "early" on its own is the morning's; "late" the afternoon's and evening's. */
const sameTime: Rule<Time> = sequence([maybe(word('at')), word('same'), word('time_word')], () => ({
  kind: 'same',
}));

/** "an hour after noon" */
const shifted: Rule<Time> = either<Time>(
  sequence([maybe(word('at')), minutesLong, either(word('after'), word('past')), bound], ([, by, , at]) =>
    clockShifted(at, by),
  ),
  sequence([maybe(word('at')), minutesLong, word('before'), bound], ([, by, , at]) => clockShifted(at, -by)),
);

function clockShifted(starts: readonly number[], by: number): Time | undefined {
  const minutes = starts.map((at) => at + by).filter((at) => at >= 0 && at < DAY_END);
  return minutes.length > 0 ? { kind: 'clock', minutes } : undefined;
}

const timeElement = (time: Time): Element => ({ kind: 'time', time });

export const timeItem: Rule<Element> = rule(() =>
  map(
    either(map(anyStart, clock), around, spans, window, part, aroundPart, firstThing, sameTime, shifted),
    timeElement,
  ),
);

/** "tonight", "this morning", "esta tarde": a day and a part of it. */
export const partOfToday: Rule<Element> = either<Element>(
  map(word('today_part'), ({ text }) => today(text)),
  sequence([maybe(either(word('early'), word('late'))), maybe(word('on')), word('tonight')], ([which]) =>
    today(which ? `${which.kind}_evening` : 'evening'),
  ),
  sequence(
    [
      maybe(either(word('early'), word('late'))),
      word('this'),
      maybe(either(word('early'), word('late'))),
      word('part'),
    ],
    ([first, , second, { text }]) => {
      const which = first ?? second;
      return first && second ? undefined : today(which ? `${which.kind}_${text}` : text);
    },
  ),
);

/** "later today", "hoy mas tarde" */
const LATER_TODAY: Element = {
  kind: 'day_and_time',
  day: { kind: 'relative', days: 0 },
  time: { kind: 'soon', minutes: DAY_END },
};
const isToday = ({ value }: { readonly value: number }): boolean => value === 0;
export const laterToday: Rule<Element> = either<Element>(
  sequence([word('later'), maybe(word('on')), word('relative_day', isToday)], () => LATER_TODAY),
  sequence(
    [word('relative_day', isToday), maybe(word('comma')), word('later'), maybe(word('on_end'))],
    () => LATER_TODAY,
  ),
  map(
    word('later', ({ text }) => text === '1'),
    () => LATER_TODAY,
  ),
);

/** "early tomorrow", "mañana temprano": early, or late, in the day. */
export const partAlone: Rule<Element> = map(either(word('early'), word('late')), ({ kind, text }) => {
  // "later" is later than something.
  if (text === '1') return undefined;
  const found = partNamed(`${kind}_day`);
  return found && { kind: 'time' as const, time: partTime(found) };
});

function today(name: string): Element | undefined {
  const found = partNamed(name);
  return found && { kind: 'day_and_time', day: { kind: 'relative', days: 0 }, time: partTime(found) };
}
