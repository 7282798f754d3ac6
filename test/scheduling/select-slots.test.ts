import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { chooseSpoken, nearestSlots, partOfDay, presentSlots } from '../../shared/scheduling/select-slots.ts';
import type { Slot } from '../../shared/scheduling/schedule.ts';
import { localDate, toIsoWithOffset } from '../../shared/scheduling/zone.ts';

const ZONE = 'America/Chicago';
const MINUTE = 60_000;
function slot(local: string): Slot {
  const start = Date.parse(`${local}:00-06:00`);
  return { start, end: start + 30 * MINUTE };
}
/** Half-hour slots of one day, the last starting at `to`. */
function slotsFrom(date: string, from: string, to: string): Slot[] {
  const slots: Slot[] = [];
  for (let s = slot(`${date}T${from}`); s.start <= slot(`${date}T${to}`).start;) {
    slots.push(s);
    s = { start: s.end, end: s.end + 30 * MINUTE };
  }
  return slots;
}
function shown(slots: readonly Slot[]): string[] {
  return slots.map((s) => toIsoWithOffset(s.start, ZONE).slice(5, 16));
}

const slotLists = fc
  .uniqueArray(fc.integer({ min: 0, max: 48 * 6 }), { maxLength: 40, size: 'max' })
  .map((halves) => halves.sort((a, b) => a - b))
  .map((halves) =>
    halves.map((half) => {
      const start = Date.parse('2026-11-23T00:00:00-06:00') + half * 30 * MINUTE;
      return { start, end: start + 30 * MINUTE };
    }),
  );

describe('the part of the day', () => {
  test.each([
    ['2026-11-24T00:00', 'morning'],
    ['2026-11-24T11:59', 'morning'],
    ['2026-11-24T12:00', 'afternoon'],
    ['2026-11-24T16:59', 'afternoon'],
    ['2026-11-24T17:00', 'evening'],
    ['2026-11-24T23:30', 'evening'],
  ])('of %s is %s', (local, part) => {
    expect(partOfDay(slot(local).start, ZONE)).toBe(part);
  });

  test("follows the manager's clock", () => {
    expect(partOfDay(Date.parse('2026-11-24T16:00:00Z'), 'Asia/Kolkata')).toBe('evening');
  });
});

describe('the slots that are read aloud', () => {
  test('include a morning, an afternoon and the next day if two days are open', () => {
    const slots = [
      ...slotsFrom('2026-11-24', '09:00', '16:30'),
      ...slotsFrom('2026-11-25', '09:00', '16:30'),
    ];
    expect(shown(chooseSpoken(slots, ZONE))).toEqual(['11-24T09:00', '11-24T12:00', '11-25T09:00']);
  });

  test('are well apart, even though 11:30 and 12 PM are in different parts of the day', () => {
    const slots = [
      ...slotsFrom('2026-11-24', '11:30', '16:30'),
      ...slotsFrom('2026-11-25', '09:00', '16:30'),
    ];
    expect(shown(chooseSpoken(slots, ZONE))).toEqual(['11-24T11:30', '11-24T13:30', '11-25T09:00']);
  });

  test('are spread over the morning if only one morning is free', () => {
    expect(shown(chooseSpoken(slotsFrom('2026-11-24', '09:00', '11:30'), ZONE))).toEqual([
      '11-24T09:00',
      '11-24T10:00',
      '11-24T11:30',
    ]);
  });

  test('differ in part of day even if they are closer together then', () => {
    const slots = [
      ...slotsFrom('2026-11-24', '15:30', '17:00'),
      ...slotsFrom('2026-11-25', '09:00', '11:30'),
    ];
    expect(shown(chooseSpoken(slots, ZONE))).toEqual(['11-24T15:30', '11-24T17:00', '11-25T09:00']);
  });

  test('are all the free slots if there are only a few', () => {
    expect(chooseSpoken([], ZONE)).toEqual([]);
    const two = slotsFrom('2026-11-24', '09:00', '09:30');
    expect(chooseSpoken(two, ZONE)).toEqual(two);
  });

  test('are at most three, in order of time, include the soonest, and differ as much as possible', () => {
    fc.assert(
      fc.property(slotLists, (slots) => {
        const spoken = chooseSpoken(slots, ZONE);
        const groups = (list: readonly Slot[]): number =>
          new Set(list.map(({ start }) => `${localDate(start, ZONE)} ${partOfDay(start, ZONE)}`)).size;
        expect(spoken).toHaveLength(Math.min(3, slots.length));
        expect(spoken[0]).toBe(slots[0]);
        expect(spoken).toEqual(slots.filter((s) => spoken.includes(s)));
        expect(groups(spoken)).toBe(Math.min(3, groups(slots)));
      }),
      { numRuns: 500 },
    );
  });
});

test('the presented slots are those read aloud and the soonest others, ten in all', () => {
  fc.assert(
    fc.property(slotLists, (all) => {
      const { slots, spoken } = presentSlots(all, ZONE);
      expect(spoken).toEqual(chooseSpoken(all, ZONE));
      const rest = all.filter((s) => !spoken.includes(s)).slice(0, 10 - spoken.length);
      expect(slots).toEqual(all.filter((s) => spoken.includes(s) || rest.includes(s)));
    }),
    { numRuns: 500 },
  );
});

describe('the nearest', () => {
  test('are in order of time, and the earlier of two equally near slots is chosen', () => {
    const slots = slotsFrom('2026-11-24', '09:00', '12:00');
    const ten = slot('2026-11-24T10:00').start;
    expect(shown(nearestSlots(slots, ten, 2))).toEqual(['11-24T09:30', '11-24T10:00']);
    const without = slots.filter((s) => s.start !== ten);
    expect(shown(nearestSlots(without, ten, 2))).toEqual(['11-24T09:30', '11-24T10:30']);
    expect(shown(nearestSlots(without, ten, 1))).toEqual(['11-24T09:30']);
    expect(nearestSlots([], ten, 2)).toEqual([]);
  });

  test('are never farther away than a slot that was left out', () => {
    fc.assert(
      fc.property(slotLists, fc.nat({ max: 48 * 6 * 30 }), fc.nat({ max: 4 }), (slots, minutes, count) => {
        const at = Date.parse('2026-11-23T00:00:00-06:00') + minutes * MINUTE;
        const nearest = nearestSlots(slots, at, count);
        const far = (s: Slot): number => Math.abs(s.start - at);
        expect(nearest).toHaveLength(Math.min(count, slots.length));
        expect(nearest).toEqual(slots.filter((s) => nearest.includes(s)));
        for (const left of slots.filter((s) => !nearest.includes(s))) {
          for (const taken of nearest) expect(far(taken)).toBeLessThanOrEqual(far(left));
        }
      }),
      { numRuns: 300 },
    );
  });
});
