import { describe, expect, test } from '@jest/globals';
import { DEFAULT_HOURS, DEFAULT_RULES } from '../../shared/scheduling/schedule.ts';
import type { Interval, BusyTime, Rules, Schedule, Slot } from '../../shared/scheduling/schedule.ts';
import { bookableWindow, findSlots, horizonDates, lookAheadDates } from '../../shared/scheduling/slots.ts';
import { addDays, dayInterval, localDate, localTime, toIsoWithOffset } from '../../shared/scheduling/zone.ts';
import { judgeStart } from './judge-start.ts';

const MINUTE = 60_000;
function chicago(rules: Partial<Rules> = {}, hours = DEFAULT_HOURS): Schedule {
  return {
    timeZone: 'America/Chicago',
    hours,
    rules: { ...DEFAULT_RULES, ...rules },
  };
}
const free: BusyTime = { busy: [], viewings: [] };
function at(iso: string): number {
  return Date.parse(iso);
}
function busy(from: string, to: string): BusyTime {
  return {
    busy: [{ start: at(from), end: at(to) }],
    viewings: [],
  };
}
/** Monday, 8:00 in Chicago. */
const MONDAY = at('2026-11-23T08:00:00-06:00');
const monday = dayInterval('2026-11-23', 'America/Chicago');
function timesOf(slots: readonly Slot[]): string[] {
  return slots.map((s) => localTime(s.start, 'America/Chicago'));
}
function mondayTimes(schedule: Schedule, occupied: BusyTime, now = MONDAY): string[] {
  return timesOf(findSlots(schedule, occupied, now, monday));
}

describe('a slot is whole or absent', () => {
  test('the last slot of the day ends when the hours end', () => {
    const times = mondayTimes(chicago(), free);
    expect(times).toHaveLength(16);
    expect([times[0], times.at(-1)]).toEqual(['09:00', '16:30']);
    expect(mondayTimes(chicago({ durationMinutes: 45 }), free).at(-1)).toBe('16:00');
  });

  test('one busy minute removes the slot', () => {
    const occupied = busy('2026-11-23T10:29:00-06:00', '2026-11-23T10:30:00-06:00');
    expect(mondayTimes(chicago(), occupied)).not.toContain('10:00');
    expect(mondayTimes(chicago(), occupied)).toEqual(expect.arrayContaining(['09:30', '10:30']));
  });

  test('a slot may touch busy time without a buffer, and keeps the buffer free on both sides if there is one', () => {
    const occupied = busy('2026-11-23T11:00:00-06:00', '2026-11-23T12:00:00-06:00');
    expect(mondayTimes(chicago(), occupied)).toEqual(expect.arrayContaining(['10:30', '12:00']));
    const buffered = mondayTimes(chicago({ bufferMinutes: 30 }), occupied);
    expect(buffered).toEqual(expect.arrayContaining(['10:00', '12:30']));
    expect(buffered).not.toContain('10:30');
    expect(buffered).not.toContain('12:00');
  });

  test('the buffer may reach beyond the hours', () => {
    expect(mondayTimes(chicago({ bufferMinutes: 60 }), free)[0]).toBe('09:00');
    const before = busy('2026-11-23T08:00:00-06:00', '2026-11-23T08:30:00-06:00');
    expect(mondayTimes(chicago({ bufferMinutes: 60, noticeMinutes: 0 }), before)[0]).toBe('09:30');
  });

  test('a viewing blocks its time even if the calendar does not list it as busy', () => {
    const viewing = { start: at('2026-11-23T10:00:00-06:00'), end: at('2026-11-23T10:30:00-06:00') };
    expect(mondayTimes(chicago(), { busy: [], viewings: [viewing] })).not.toContain('10:00');
  });
});

describe('the grid', () => {
  test('is counted from the opening of each span', () => {
    const hours = {
      mon: [
        ['09:10', '10:30'],
        ['13:05', '14:20'],
      ],
    } as const;
    expect(mondayTimes(chicago({}, hours), free)).toEqual(['09:10', '09:40', '13:05', '13:35']);
  });

  test('is counted for each of two overlapping spans, and a slot lies wholly in one of them', () => {
    const overlapping = {
      mon: [
        ['09:00', '10:30'],
        ['10:15', '11:15'],
        ['09:30', '10:00'],
      ],
    } as const;
    expect(mondayTimes(chicago({}, overlapping), free)).toEqual([
      '09:00',
      '09:30',
      '10:00',
      '10:15',
      '10:45',
    ]);
    const touching = {
      mon: [
        ['09:00', '10:00'],
        ['10:00', '11:00'],
      ],
    } as const;
    expect(mondayTimes(chicago({ durationMinutes: 60 }, touching), free)).toEqual(['09:00', '10:00']);
  });

  test('is empty if the hours are empty, backward or unreadable', () => {
    const hours = {
      mon: [
        ['09:00', '09:00'],
        ['17:00', '09:00'],
        ['nine', 'ten'],
        ['20:00', '24:00'],
      ],
    } as const;
    expect(mondayTimes(chicago({ durationMinutes: 120, gridMinutes: 120 }, hours), free)).toEqual([
      '20:00',
      '22:00',
    ]);
    expect(mondayTimes(chicago({ gridMinutes: 0 }), free)).toEqual([]);
  });

  test('has the usual local times on the day after a clock change', () => {
    const night = { sun: [['00:30', '06:00']] } as const;
    const schedule = chicago({ gridMinutes: 45, durationMinutes: 45 }, night);
    const on = (date: string): string[] =>
      timesOf(
        findSlots(schedule, free, at(`${addDays(date, -1)}T12:00:00Z`), dayInterval(date, 'America/Chicago')),
      );
    const usual = ['00:30', '01:15', '02:00', '02:45', '03:30', '04:15', '05:00'];
    expect(on('2026-03-15')).toEqual(usual);
    expect(on('2026-03-08')).toEqual(usual.filter((t) => !t.startsWith('02')));
    expect(on('2026-11-01')).toEqual(usual);
  });
});

describe('notice and horizon', () => {
  test('the first start is the first on the grid once the notice is over', () => {
    expect(mondayTimes(chicago({ noticeMinutes: 60 }), free)[0]).toBe('09:00');
    expect(mondayTimes(chicago({ noticeMinutes: 65 }), free)[0]).toBe('09:30');
    expect(bookableWindow(chicago(), MONDAY).start).toBe(MONDAY + 60 * MINUTE);
  });

  test('the horizon is today and the local days after it, to the end of the last', () => {
    const schedule = chicago({ horizonDays: 3 });
    expect(horizonDates(schedule, MONDAY)).toEqual({ from: '2026-11-23', to: '2026-11-25' });
    expect(lookAheadDates(schedule, MONDAY)).toEqual({ from: '2026-11-23', to: '2026-11-29' });
    expect(lookAheadDates(schedule, MONDAY, 1)).toEqual({ from: '2026-11-23', to: '2026-11-23' });
    const last = findSlots(schedule, free, MONDAY).at(-1);
    expect(last && toIsoWithOffset(last.start, 'America/Chicago')).toBe('2026-11-25T16:30:00-06:00');
    // Already Tuesday in UTC, still Monday in Chicago.
    expect(horizonDates(schedule, at('2026-11-24T05:59:00Z')).from).toBe('2026-11-23');
  });

  test('a notice longer than the horizon leaves no slot and causes no error', () => {
    const schedule = chicago({ horizonDays: 1, noticeMinutes: 3 * 24 * 60 });
    expect(findSlots(schedule, free, MONDAY)).toEqual([]);
    const { start, end } = bookableWindow(schedule, MONDAY);
    expect(end).toBe(start);
    expect(judgeStart(schedule, free, MONDAY, at('2026-11-27T10:00:00-06:00'))).toEqual({
      ok: false,
      reason: 'horizon',
    });
  });
});

describe('the daily limit', () => {
  const viewing = (iso: string): Interval => ({ start: at(iso), end: at(iso) + 30 * MINUTE });
  test('counts viewings by the local day of their start', () => {
    const viewings = [viewing('2026-11-23T23:45:00-06:00'), viewing('2026-11-24T09:00:00-06:00')];
    const dates = (limit: number): string[] => [
      ...new Set(
        findSlots(chicago({ dailyLimit: limit, horizonDays: 3 }), { busy: [], viewings }, MONDAY).map((s) =>
          localDate(s.start, 'America/Chicago'),
        ),
      ),
    ];
    expect(dates(1)).toEqual(['2026-11-25']);
    expect(dates(2)).toEqual(['2026-11-23', '2026-11-24', '2026-11-25']);
    expect(dates(0)).toEqual([]);
  });

  test("does not count Outlook's busy time", () => {
    const occupied = busy('2026-11-23T10:00:00-06:00', '2026-11-23T10:30:00-06:00');
    expect(mondayTimes(chicago({ dailyLimit: 1 }), occupied)).toHaveLength(15);
  });
});

describe('the daily limit of one home', () => {
  const viewing = (iso: string, propertyId: string | null) => ({
    start: at(iso),
    end: at(iso) + 30 * MINUTE,
    propertyId,
  });
  const viewings = [
    viewing('2026-11-23T13:00:00-06:00', 'elm'),
    viewing('2026-11-24T09:00:00-06:00', 'lake'),
    viewing('2026-11-25T09:00:00-06:00', null),
  ];
  const dates = (dailyLimit: number | null, ofHome: number): string[] => {
    const schedule = {
      ...chicago({ dailyLimit, horizonDays: 3 }),
      home: { propertyId: 'lake', dailyLimit: ofHome },
    };
    const slots = findSlots(schedule, { busy: [], viewings }, MONDAY);
    return [...new Set(slots.map((slot) => localDate(slot.start, 'America/Chicago')))];
  };

  test('counts the viewings of that home alone', () => {
    expect(dates(null, 1)).toEqual(['2026-11-23', '2026-11-25']);
    expect(dates(null, 2)).toEqual(['2026-11-23', '2026-11-24', '2026-11-25']);
  });

  test("applies in addition to the manager's limit, which counts all viewings", () => {
    expect(dates(1, 2)).toEqual([]);
    expect(dates(2, 1)).toEqual(['2026-11-23', '2026-11-25']);
  });
});

describe('a rejected start gets the first reason that applies', () => {
  const schedule = chicago({ horizonDays: 3, dailyLimit: 1 });
  const occupied: BusyTime = {
    busy: [{ start: at('2026-11-23T00:00:00-06:00'), end: at('2026-11-25T12:00:00-06:00') }],
    viewings: [{ start: at('2026-11-25T16:00:00-06:00'), end: at('2026-11-25T16:30:00-06:00') }],
  };
  test.each([
    ['2026-11-23T07:59:00-06:00', 'past'],
    ['2026-11-23T08:00:00-06:00', 'notice'],
    ['2026-11-23T08:55:00-06:00', 'notice'],
    ['2026-11-23T09:05:00-06:00', 'off_grid'],
    ['2026-11-23T16:45:00-06:00', 'outside_hours'],
    ['2026-11-23T17:00:00-06:00', 'outside_hours'],
    ['2026-11-23T09:00:00-06:00', 'busy'],
    ['2026-11-25T14:00:00-06:00', 'day_full'],
    ['2026-11-26T00:00:00-06:00', 'horizon'],
    ['2026-11-26T09:05:00-06:00', 'horizon'],
  ])('%s is refused for the reason %s', (start, reason) => {
    expect(judgeStart(schedule, occupied, MONDAY, at(start))).toEqual({ ok: false, reason });
  });

  test('a slot has no reason', () => {
    const start = at('2026-11-23T09:00:00-06:00');
    expect(judgeStart(schedule, free, MONDAY, start)).toEqual({
      ok: true,
      slot: { start, end: start + 30 * MINUTE },
    });
  });

  test('an unreadable busy time is an error and never counts as free', () => {
    const broken: BusyTime = { busy: [{ start: Number.NaN, end: MONDAY }], viewings: [] };
    expect(() => findSlots(schedule, broken, MONDAY)).toThrow(RangeError);
    expect(() => judgeStart(schedule, broken, MONDAY, at('2026-11-23T09:00:00-06:00'))).toThrow(RangeError);
  });
});
