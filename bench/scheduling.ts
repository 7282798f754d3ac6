// How long the slots of a crowded calendar take, and how that grows with the calendar: n log n, never n².
import { offerSlots } from '../shared/scheduling/offer.ts';
import { DEFAULT_HOURS, DEFAULT_RULES } from '../shared/scheduling/schedule.ts';
import type { Interval, Schedule } from '../shared/scheduling/schedule.ts';
import { checkRules, findConflict, findSlots } from '../shared/scheduling/slots.ts';
import { MINUTE_MS } from '../shared/core/duration.ts';

const DAYS = 90;
const NOW = Date.parse('2026-11-23T14:00:00Z');
const SCHEDULE: Schedule = {
  timeZone: 'America/Chicago',
  hours: DEFAULT_HOURS,
  rules: { ...DEFAULT_RULES, horizonDays: DAYS, gridMinutes: 15, bufferMinutes: 15, dailyLimit: 8 },
};

/** Short events in no order, the same ones in every run. */
function makeEvents(count: number): Interval[] {
  let seed = 1;
  const random = (): number => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
  return Array.from({ length: count }, () => {
    const start = NOW + Math.floor(random() * DAYS * 24 * 60) * MINUTE_MS;
    return { start, end: start + (1 + Math.floor(random() * 10)) * MINUTE_MS };
  });
}

/** Milliseconds of the median run. */
function timeOf(work: () => unknown, runs = 101): number {
  const times = Array.from({ length: runs }, () => {
    const start = performance.now();
    work();
    return performance.now() - start;
  }).sort((a, b) => a - b);
  return times[Math.floor(runs / 2)] ?? NaN;
}

/** Prints its lines. */
export function run(): void {
  const few = { busy: makeEvents(1_000), viewings: makeEvents(100) };
  const many = { busy: makeEvents(10_000), viewings: makeEvents(100) };
  const first = timeOf(() => findSlots(SCHEDULE, many, NOW), 1);
  // Both are warm before either is measured.
  timeOf(() => findSlots(SCHEDULE, few, NOW));
  const manyMs = timeOf(() => findSlots(SCHEDULE, many, NOW));
  const fewMs = timeOf(() => findSlots(SCHEDULE, few, NOW));
  const offerMs = timeOf(() => offerSlots(SCHEDULE, few, NOW, { partOfDay: 'evening' }));
  const judgeMs = timeOf(() => {
    const start = NOW + 26 * 60 * MINUTE_MS;
    checkRules(SCHEDULE, NOW, start);
    findConflict(SCHEDULE, many, { start, end: start + 30 * MINUTE_MS });
  });

  console.log(
    `scheduling: 10,000 events over ${DAYS} days: ${manyMs.toFixed(2)} ms (first call ${first.toFixed(2)} ms; aim: under 20 ms)`,
  );
  console.log(
    `scheduling: 10,000 events take ${(manyMs / fewMs).toFixed(1)} times as long as 1,000 (n log n: at most 13.3; n²: 100)`,
  );
  console.log(`scheduling: an offer that falls back to the nearest, 1,000 events: ${offerMs.toFixed(2)} ms`);
  console.log(`scheduling: one start judged against 10,000 events: ${judgeMs.toFixed(2)} ms`);
}
