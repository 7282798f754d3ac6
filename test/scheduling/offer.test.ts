import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { partOfDay } from '../../shared/scheduling/select-slots.ts';
import { offerSlots, requestedWindow } from '../../shared/scheduling/offer.ts';
import { DEFAULT_HOURS, DEFAULT_RULES } from '../../shared/scheduling/schedule.ts';
import type {
  BusyTime,
  PartOfDay,
  Schedule,
  Slot,
  AvailabilityRequest,
} from '../../shared/scheduling/schedule.ts';
import { findSlots, lookAheadDates } from '../../shared/scheduling/slots.ts';
import { addDays, localDate, toIsoWithOffset } from '../../shared/scheduling/zone.ts';
import { situations } from './arbitraries.ts';
import { judgeStart } from './judge-start.ts';

const ZONE = 'America/Chicago';
const schedule: Schedule = { timeZone: ZONE, hours: DEFAULT_HOURS, rules: DEFAULT_RULES };
/** Monday, 10:10 in Chicago; the Thursday of this week is the 26th. */
const NOW = Date.parse('2026-11-23T10:10:00-06:00');
const free: BusyTime = { busy: [], viewings: [] };
function busy(...spans: [from: string, to: string][]): BusyTime {
  return {
    busy: spans.map(([from, to]) => ({
      start: Date.parse(`${from}:00-06:00`),
      end: Date.parse(`${to}:00-06:00`),
    })),
    viewings: [],
  };
}
function shown(slots: readonly Slot[]): string[] {
  return slots.map((s) => toIsoWithOffset(s.start, ZONE).slice(5, 16));
}
function day(date: string): AvailabilityRequest {
  return { dates: { from: date, to: date } };
}

function offer(
  wish: AvailabilityRequest,
  occupied = free,
  now = NOW,
): { fit: string; spoken: string[]; slots: string[] } {
  const offered = offerSlots(schedule, occupied, now, wish);
  if (offered.kind === 'none') return { fit: 'none', spoken: [], slots: [] };
  return { fit: offered.fit, spoken: shown(offered.spoken), slots: shown(offered.slots) };
}

describe('an offer that meets the request', () => {
  test('without a preference has the soonest slot, another part of the day and another day', () => {
    const { fit, spoken, slots } = offer({});
    expect(fit).toBe('asked');
    expect(spoken).toEqual(['11-23T11:30', '11-23T13:30', '11-24T09:00']);
    expect(slots).toHaveLength(10);
  });

  test('has only slots of the requested day', () => {
    const { fit, spoken, slots } = offer(day('2026-11-25'));
    expect(fit).toBe('asked');
    expect(spoken).toEqual(['11-25T09:00', '11-25T12:00', '11-25T16:30']);
    expect(slots.every((s) => s.startsWith('11-25'))).toBe(true);
  });

  test('searches the days ahead for the requested part of the day', () => {
    expect(offer({ partOfDay: 'afternoon' }).spoken).toEqual(['11-23T12:00', '11-24T12:00', '11-25T12:00']);
    expect(offer({ ...day('2026-11-25'), partOfDay: 'morning' }).slots).toHaveLength(6);
  });

  test('has the slots nearest to the requested time read aloud', () => {
    expect(offer({ ...day('2026-11-25'), near: '14:00' }).spoken).toEqual([
      '11-25T13:30',
      '11-25T14:00',
      '11-25T14:30',
    ]);
    expect(offer({ ...day('2026-11-25'), near: '14:10' }).spoken).toEqual([
      '11-25T13:30',
      '11-25T14:00',
      '11-25T14:30',
    ]);
    expect(offer({ near: '14:00' }).spoken).toEqual(['11-23T14:00', '11-24T14:00', '11-25T14:00']);
    const taken = busy(['2026-11-25T13:00', '2026-11-25T15:00']);
    expect(offer({ ...day('2026-11-25'), near: '14:00' }, taken).spoken).toEqual([
      '11-25T12:30',
      '11-25T15:00',
      '11-25T15:30',
    ]);
  });

  test('searches as many days as the rules say, unless the request says how many', () => {
    const fullWeek = busy(['2026-11-23T00:00', '2026-11-30T00:00']);
    expect(offer({}, fullWeek).fit).toBe('nearest');
    expect(offer({ daysAhead: 8 }, fullWeek)).toMatchObject({ fit: 'asked' });
    expect(offer({ daysAhead: 8 }, fullWeek).spoken[0]).toBe('11-30T09:00');
  });
});

describe('the nearest slots, if nothing meets the request', () => {
  test('for a full afternoon are other times of that day and the afternoons of the days next to it', () => {
    const full = busy(['2026-11-25T12:00', '2026-11-25T17:00']);
    const { fit, spoken } = offer({ ...day('2026-11-25'), partOfDay: 'afternoon' }, full);
    expect(fit).toBe('nearest');
    expect(spoken).toEqual(['11-24T12:00', '11-25T11:30', '11-26T12:00']);
  });

  test('for a full day with a time are that time on the days next to it', () => {
    const full = busy(['2026-11-25T00:00', '2026-11-26T00:00']);
    expect(offer({ ...day('2026-11-25'), near: '14:00' }, full)).toMatchObject({
      fit: 'nearest',
      spoken: ['11-23T14:00', '11-24T14:00', '11-26T14:00'],
    });
  });

  test('for a closed Saturday are on the days around it', () => {
    expect(offer(day('2026-11-28'))).toMatchObject({
      fit: 'nearest',
      spoken: ['11-26T09:00', '11-27T09:00', '11-30T09:00'],
    });
  });

  test('for past days are the soonest, and for days beyond the horizon are its last ones', () => {
    expect(offer(day('2026-11-20'))).toMatchObject({
      fit: 'nearest',
      spoken: ['11-23T11:30', '11-24T09:00', '11-25T09:00'],
    });
    expect(offer(day('2027-11-25'))).toMatchObject({
      fit: 'nearest',
      spoken: ['01-19T09:00', '01-20T09:00', '01-21T09:00'],
    });
  });

  test('for full days ahead are the soonest after them', () => {
    const full = busy(['2026-11-23T00:00', '2026-12-02T00:00']);
    expect(offer({}, full)).toMatchObject({
      fit: 'nearest',
      spoken: ['12-02T09:00', '12-03T09:00', '12-04T09:00'],
    });
  });

  test('for an evening without a day are later evenings before any afternoon', () => {
    const hours = { ...DEFAULT_HOURS, thu: [['09:00', '18:00']] } as const;
    const full = busy(['2026-11-26T00:00', '2026-11-27T00:00']);
    const offered = offerSlots({ ...schedule, hours }, full, NOW, { partOfDay: 'evening' });
    expect(offered.kind === 'slots' && shown(offered.spoken)).toEqual([
      '12-03T17:00',
      '12-10T17:00',
      '12-17T17:00',
    ]);
    expect(offer({ partOfDay: 'evening' }).spoken).toEqual(['11-23T16:30', '11-24T16:30', '11-25T16:30']);
  });
});

test('for a morning without a day are later mornings before any afternoon', () => {
  const days = ['23', '24', '25', '26', '27', '30'].map((d) => `2026-11-${d}`);
  const mornings = busy(...days.map((d): [string, string] => [`${d}T08:00`, `${d}T12:00`]));
  expect(offer({ partOfDay: 'morning' }, mornings)).toMatchObject({
    fit: 'nearest',
    spoken: ['12-01T09:00', '12-02T09:00', '12-03T09:00'],
  });
});

test('an offer is missing only if the whole horizon has no free slot', () => {
  const full = busy(['2026-11-01T00:00', '2027-03-01T00:00']);
  expect(offer({}, full).fit).toBe('none');
  const lastDay = busy(['2026-11-01T00:00', '2027-01-21T16:30']);
  expect(offer({}, lastDay)).toEqual({ fit: 'nearest', spoken: ['01-21T16:30'], slots: ['01-21T16:30'] });
});

const wishes = fc.record(
  {
    dates: fc.tuple(fc.integer({ min: -3, max: 8 }), fc.nat({ max: 3 })),
    partOfDay: fc.constantFrom<PartOfDay>('morning', 'afternoon', 'evening'),
    near: fc.constantFrom('00:00', '09:00', '14:20', '24:00'),
    daysAhead: fc.integer({ min: 1, max: 6 }),
  },
  { requiredKeys: [] },
);

test('every offer has few slots, in order, all bookable, and meets the request if that is possible', () => {
  fc.assert(
    fc.property(situations, wishes, ({ schedule: any, occupied, now }, { dates, ...rest }) => {
      const today = localDate(now, any.timeZone);
      const wish: AvailabilityRequest = {
        ...rest,
        ...(dates && { dates: { from: addDays(today, dates[0]), to: addDays(today, dates[0] + dates[1]) } }),
      };
      const all = findSlots(any, occupied, now);
      const { from, to } = wish.dates ?? lookAheadDates(any, now, wish.daysAhead);
      const isAsked = ({ start }: Slot): boolean => {
        const date = localDate(start, any.timeZone);
        return (
          from <= date && date <= to && (!wish.partOfDay || partOfDay(start, any.timeZone) === wish.partOfDay)
        );
      };
      const offered = offerSlots(any, occupied, now, wish);
      if (offered.kind === 'none') {
        expect(all).toEqual([]);
        return;
      }
      const { fit, slots, spoken } = offered;
      expect(fit).toBe(all.some(isAsked) ? 'asked' : 'nearest');
      if (fit === 'asked') expect(slots.every(isAsked)).toBe(true);
      for (const { start } of slots) expect(judgeStart(any, occupied, now, start).ok).toBe(true);
      const times = slots.map((s) => s.start);
      expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
      expect(slots.length).toBeLessThanOrEqual(10);
      expect(spoken).toHaveLength(Math.min(3, slots.length));
      expect(spoken).toEqual(slots.filter((s) => spoken.includes(s)));
      // The soonest is spoken, but where the caller named a time of day that others are nearer to.
      if (wish.near === undefined || fit === 'nearest') expect(spoken[0]).toEqual(slots[0]);
    }),
    { numRuns: 500 },
  );
});

describe('a request for starts inside some intervals', () => {
  const within = [
    { start: Date.parse('2026-11-26T14:00:00-06:00'), end: Date.parse('2026-11-26T15:00:00-06:00') },
    { start: Date.parse('2026-11-24T09:00:00-06:00'), end: Date.parse('2026-11-24T09:30:00-06:00') },
  ];

  test('is offered only starts inside them', () => {
    const { fit, slots } = offer({ within });
    expect(fit).toBe('asked');
    expect(slots).toEqual(['11-24T09:00', '11-26T14:00', '11-26T14:30']);
  });

  test('is offered the nearest starts, and told so, if none inside them is free', () => {
    const { fit, spoken } = offer(
      { within },
      busy(['2026-11-24T09:00', '2026-11-24T10:00'], ['2026-11-26T13:00', '2026-11-26T16:00']),
    );
    expect(fit).toBe('nearest');
    expect(spoken).toContain('11-24T10:00');
  });

  test('is offered the nearest starts if it allows none at all', () => {
    expect(offer({ within: [] }).fit).toBe('nearest');
  });

  test('needs the calendar of the days that the intervals touch, and no more', () => {
    const { start, end } = requestedWindow(schedule, NOW, { within });
    expect([toIsoWithOffset(start, ZONE), toIsoWithOffset(end, ZONE)]).toEqual([
      '2026-11-24T00:00:00-06:00',
      '2026-11-27T00:00:00-06:00',
    ]);
  });

  test('gets every free start inside them and no other, in any situation', () => {
    const windows = fc.array(fc.tuple(fc.nat({ max: 4 * 1_440 }), fc.nat({ max: 600 })), { maxLength: 4 });
    fc.assert(
      fc.property(situations, windows, ({ schedule: any, occupied, now }, spans) => {
        const allowed = spans.map(([from, length]) => ({
          start: now + from * 60_000,
          end: now + (from + length) * 60_000,
        }));
        const isInside = ({ start }: Slot): boolean =>
          allowed.some((one) => one.start <= start && start < one.end);
        const all = findSlots(any, occupied, now);
        expect(findSlots(any, occupied, now, allowed)).toEqual(all.filter(isInside));
        const offered = offerSlots(any, occupied, now, { within: allowed });
        if (offered.kind === 'slots' && offered.fit === 'asked')
          expect(offered.slots.every(isInside)).toBe(true);
        else expect(all.filter(isInside)).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });
});
