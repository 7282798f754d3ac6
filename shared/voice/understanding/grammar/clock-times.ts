// What the clock shows: "2:30", "half past two", "tres y cuarto", "15 hours".
import { either, map, maybe, sequence, word } from './parser.ts';
import type { Rule } from './parser.ts';
import { number } from './small-words.ts';

/** A time as the clock shows it; null if nothing tells AM from PM. */
export interface ClockTime {
  readonly hour: number;
  readonly minute: number;
  readonly half: 'am' | 'pm' | '24' | null;
  readonly isBareOne?: boolean;
}

const isHour = (value: number, text: string): boolean =>
  Number.isInteger(value) && value >= 1 && value <= 12 && text.length < 3;
const hour: Rule<number> = map(number, ({ value, text }) => (isHour(value, text) ? value : undefined));
/** Hours of the 24-hour clock need an "at", or "hours": "15" alone is rather a day. */
export const lateHour: Rule<number> = map(number, ({ value }) =>
  Number.isInteger(value) && value > 12 && value < 24 ? value : undefined,
);
/** Minutes that are said behind an hour: two digits, or a word from ten on, or "oh five". */
export const minutes: Rule<number> = either<number>(
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
export const wholeHour: Rule<ClockTime> = either<ClockTime>(
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
export const someMinutes: Rule<number> = either<number>(
  // "ten past" is minutes; "one past" only if they are called so.
  sequence([number, maybe(word('minute'))], ([{ value }, unit]) =>
    Number.isInteger(value) && value >= 1 && value < 60 && (unit !== null || value % 5 === 0)
      ? value
      : undefined,
  ),
  sequence([maybe(word('a')), word('quarter')], () => 15),
);

/** A time without anything behind it that tells AM from PM. */
export const bareClock: Rule<ClockTime> = either<ClockTime>(
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
