import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { WEEKDAYS } from '../../shared/scheduling/schedule.ts';
import type { BusyTime, Schedule, Slot } from '../../shared/scheduling/schedule.ts';
import { findSlots } from '../../shared/scheduling/slots.ts';
import { addDays, instantOf, localDate, localTime } from '../../shared/scheduling/zone.ts';
import { DAY, situations } from './arbitraries.ts';
import { judgeStart } from './judge-start.ts';

const MINUTE = 60_000;
const STEP = 5 * MINUTE;

/** The clock on the wall in steps of five minutes, told by the platform and not by the code under test. */
const walls = new Map<string, string>();
const formats = new Map<string, Intl.DateTimeFormat>();
function wallAt(t: number, zone: string): string {
  const key = `${zone} ${t}`;
  const known = walls.get(key);
  if (known !== undefined) return known;
  const format =
    formats.get(zone) ??
    new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' });
  formats.set(zone, format);
  const wall = format.format(t);
  walls.set(key, wall);
  return wall;
}

/** The rules said over again by brute force: every five minutes of the days around, asked one by one. */
function expectedStarts({ timeZone, hours, rules }: Schedule, occupied: BusyTime, now: number): number[] {
  const steps = Array.from(
    { length: (8 * DAY) / STEP },
    (_, i) => Math.floor(now / STEP) * STEP - DAY + i * STEP,
  );
  const clock = steps.map((t) => ({ t, wall: wallAt(t, timeZone) }));
  const first = (date: string, time: string): number =>
    clock.find(({ wall }) => wall >= `${date} ${time}`)?.t ?? Infinity;
  const today = wallAt(now, timeZone).slice(0, 10);
  const days = Array.from({ length: rules.horizonDays }, (_, i) =>
    new Date(Date.parse(today) + i * DAY).toISOString().slice(0, 10),
  );
  const minutes = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
  const buffer = rules.bufferMinutes * MINUTE;

  return days.flatMap((date) => {
    const weekday = WEEKDAYS[(new Date(date).getUTCDay() + 6) % 7] ?? 'mon';
    const spans = (hours[weekday] ?? [])
      .filter(([from, to]) => /^\d\d:\d\d$/.test(from) && from < to && to <= '24:00')
      .map(([from, to]) => ({
        from,
        start: first(date, from),
        end: to === '24:00' ? first(addDays(date, 1), '00:00') : first(date, to),
      }));
    const full =
      occupied.viewings.filter((v) => wallAt(v.start, timeZone).startsWith(date)).length >=
      (rules.dailyLimit ?? Infinity);
    return clock
      .filter(({ t, wall }) => {
        if (full || !wall.startsWith(date) || t < now + rules.noticeMinutes * MINUTE) return false;
        if (clock.find((c) => c.wall === wall)?.t !== t) return false;
        const end = t + rules.durationMinutes * MINUTE;
        const isOpen = spans.some(
          (s) =>
            s.start <= t &&
            end <= s.end &&
            (minutes(wall.slice(11)) - minutes(s.from)) % rules.gridMinutes === 0,
        );
        return (
          isOpen &&
          ![...occupied.busy, ...occupied.viewings].some(
            (b) => b.start < b.end && b.start < end + buffer && t - buffer < b.end,
          )
        );
      })
      .map(({ t }) => t);
  });
}

describe('in any situation', () => {
  test('the slots equal those that a brute-force check of the rules finds', () => {
    fc.assert(
      fc.property(situations, ({ schedule, occupied, now }) => {
        const starts = findSlots(schedule, occupied, now).map((slot) => slot.start);
        expect(starts).toEqual(expectedStarts(schedule, occupied, now));
      }),
      { numRuns: 300 },
    );
  });

  test('a start is offered exactly if it can be booked', () => {
    let judged = 0;
    fc.assert(
      fc.property(situations, ({ schedule, occupied, now }) => {
        const found = new Map(findSlots(schedule, occupied, now).map((slot) => [slot.start, slot]));
        const from = Math.floor(now / STEP) * STEP - DAY / 2;
        const starts = [
          ...Array.from({ length: (6 * DAY) / STEP }, (_, i) => from + i * STEP),
          ...found.keys(),
          now,
          now + MINUTE,
        ];
        const disputed = starts.filter((start) => {
          const judgement = judgeStart(schedule, occupied, now, start);
          return (judgement.ok ? judgement.slot.end : undefined) !== found.get(start)?.end;
        });
        expect(disputed).toEqual([]);
        judged += found.size;
      }),
      { numRuns: 40 },
    );
    expect(judged).toBeGreaterThan(0);
  });

  test('no slot overlaps busy time or a viewing, nor comes nearer than the buffer', () => {
    fc.assert(
      fc.property(situations, ({ schedule, occupied, now }) => {
        const buffer = schedule.rules.bufferMinutes * MINUTE;
        const blocking = [...occupied.busy, ...occupied.viewings].filter((b) => b.start < b.end);
        const tooNear = findSlots(schedule, occupied, now).filter((slot) =>
          blocking.some((b) => slot.start < b.end + buffer && b.start < slot.end + buffer),
        );
        expect(tooNear).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  test('an additional busy time never adds a slot', () => {
    // From the start of something occupied, or from now.
    const more = fc.record({
      beside: fc.nat({ max: 20 }),
      after: fc.nat({ max: 60 }),
      length: fc.nat({ max: 200 }),
    });
    fc.assert(
      fc.property(situations, more, ({ schedule, occupied, now }, { beside, after, length }) => {
        const start = (occupied.busy[beside]?.start ?? now) + after * MINUTE;
        const busy = [...occupied.busy, { start, end: start + length * MINUTE }];
        const before = new Set(findSlots(schedule, occupied, now).map((slot) => slot.start));
        const added = findSlots(schedule, { ...occupied, busy }, now).filter(
          (slot) => !before.has(slot.start),
        );
        expect(added).toEqual([]);
      }),
      { numRuns: 1_000 },
    );
  });

  test('booking the found slots never exceeds the daily limit and never overlaps', () => {
    fc.assert(
      fc.property(situations, fc.array(fc.nat(), { maxLength: 20 }), ({ schedule, occupied, now }, picks) => {
        const booked: Slot[] = [];
        for (const pick of picks) {
          const slots = findSlots(
            schedule,
            { ...occupied, viewings: [...occupied.viewings, ...booked] },
            now,
          );
          const slot = slots[pick % slots.length];
          if (slot) booked.push(slot);
        }
        booked.sort((a, b) => a.start - b.start);
        booked.forEach((slot, i) => {
          const next = booked[i + 1];
          if (next) expect(slot.end + schedule.rules.bufferMinutes * MINUTE).toBeLessThanOrEqual(next.start);
        });
        for (const slot of booked) {
          const date = wallAt(slot.start, schedule.timeZone).slice(0, 10);
          const onDay = [...occupied.viewings, ...booked].filter((v) =>
            wallAt(v.start, schedule.timeZone).startsWith(date),
          );
          expect(onDay.length).toBeLessThanOrEqual(schedule.rules.dailyLimit ?? Infinity);
        }
      }),
      { numRuns: 150 },
    );
  });

  test("every slot's local date and time name that slot and no other instant", () => {
    fc.assert(
      fc.property(situations, ({ schedule, occupied, now }) => {
        for (const { start } of findSlots(schedule, occupied, now)) {
          const local = {
            date: localDate(start, schedule.timeZone),
            time: localTime(start, schedule.timeZone),
          };
          expect(instantOf(local, schedule.timeZone).at).toBe(start);
        }
      }),
      { numRuns: 200 },
    );
  });

  test('a search in a part of the horizon finds exactly the slots that start in it', () => {
    fc.assert(
      fc.property(
        situations,
        fc.nat({ max: 3 * 1_440 }),
        fc.nat({ max: 3 * 1_440 }),
        ({ schedule, occupied, now }, from, length) => {
          const start = now + (from - 1_440) * MINUTE;
          const within = { start, end: start + length * MINUTE };
          expect(findSlots(schedule, occupied, now, within)).toEqual(
            findSlots(schedule, occupied, now).filter((s) => within.start <= s.start && s.start < within.end),
          );
        },
      ),
      { numRuns: 200 },
    );
  });
});
