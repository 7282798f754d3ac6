import fc from 'fast-check';
import { WEEKDAYS } from '../../shared/scheduling/schedule.ts';
import type { Interval, BusyTime, Schedule } from '../../shared/scheduling/schedule.ts';
import { CHANGES } from './clock-changes.ts';

const MINUTE = 60_000;
export const DAY = 24 * 60 * MINUTE;

/** Multiples of 5, as the rules of managers are. */
function fives(min: number, max: number): fc.Arbitrary<number> {
  return fc.integer({ min: min / 5, max: max / 5 }).map((n) => n * 5);
}
function timeOf(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
}

/** Mostly good spans; also whole days, empty, backward and unreadable ones. */
const span = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.tuple(fives(0, 1_440), fives(0, 1_440)).map(([a, b]) => [timeOf(a), timeOf(b)] as const),
  },
  { weight: 2, arbitrary: fc.constant(['00:00', '24:00'] as const) },
  { weight: 2, arbitrary: fc.constant(['01:30', '06:00'] as const) },
  { weight: 1, arbitrary: fc.constant(['9am', '25:00'] as const) },
);
const hours = fc.record(Object.fromEntries(WEEKDAYS.map((day) => [day, fc.array(span, { maxLength: 3 })])), {
  requiredKeys: ['mon', 'sun'],
});

/** A schedule, a moment within days of a clock change, and what is occupied around it. */
export const situations = fc
  .record({
    change: fc.constantFrom(
      ...CHANGES.flatMap(({ zone, forward, back }) => [
        { zone, date: forward },
        { zone, date: back },
      ]),
    ),
    hours,
    rules: fc.record({
      durationMinutes: fives(5, 180),
      gridMinutes: fc.oneof(fc.constantFrom(15, 30, 60), fives(5, 120)),
      noticeMinutes: fc.oneof(fc.constant(0), fives(0, 2_000)),
      daysAhead: fc.integer({ min: 1, max: 4 }),
      horizonDays: fc.integer({ min: 1, max: 4 }),
      bufferMinutes: fc.oneof(fc.constant(0), fives(0, 90)),
      dailyLimit: fc.oneof(fc.constant(null), fc.integer({ min: 0, max: 3 })),
      callerLimit: fc.constant(5),
    }),
    early: fc.integer({ min: 0, max: 3 * 1_440 }),
    busy: fc.array(
      fc.tuple(fives(-1_440, 5 * 1_440), fc.oneof(fives(0, 300), fc.integer({ min: 0, max: 400 }))),
      { maxLength: 12 },
    ),
    viewings: fc.array(fc.tuple(fives(-1_440, 5 * 1_440), fives(5, 120)), { maxLength: 6 }),
  })
  .map(({ change, hours: weekly, rules, early, busy, viewings }) => {
    const now = Date.parse(`${change.date}T12:00:00Z`) - early * MINUTE;
    const place = ([from, length]: [number, number]): Interval => {
      const start = Math.floor(now / (5 * MINUTE)) * 5 * MINUTE + from * MINUTE;
      return { start, end: start + length * MINUTE };
    };
    const schedule: Schedule = { timeZone: change.zone, hours: weekly, rules };
    const occupied: BusyTime = { busy: busy.map(place), viewings: viewings.map(place) };
    return { schedule, occupied, now };
  });
