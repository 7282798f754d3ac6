import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  addDays,
  dayInterval,
  daysBetween,
  instantOf,
  isLocalDate,
  isTimeZone,
  localDate,
  localTime,
  minuteOfDay,
  minutesOf,
  startOfDay,
  toIsoWithOffset,
  weekdayOf,
} from '../../shared/scheduling/zone.ts';
import { toIanaZone } from '../../shared/scheduling/outlook-zone.ts';
import { CHANGES, describeDays } from './clock-changes.ts';

const HOUR = 3_600_000;
function iso(at: number): string {
  return new Date(at).toISOString();
}

describe('a local time becomes an instant', () => {
  test.each([
    ['America/Chicago', '2026-03-08', '01:59', 'normal', '2026-03-08T07:59:00Z'],
    ['America/Chicago', '2026-03-08', '02:00', 'gap', '2026-03-08T08:00:00Z'],
    ['America/Chicago', '2026-03-08', '02:30', 'gap', '2026-03-08T08:00:00Z'],
    ['America/Chicago', '2026-03-08', '03:00', 'normal', '2026-03-08T08:00:00Z'],
    ['America/Chicago', '2026-11-01', '00:59', 'normal', '2026-11-01T05:59:00Z'],
    ['America/Chicago', '2026-11-01', '01:00', 'ambiguous', '2026-11-01T06:00:00Z'],
    ['America/Chicago', '2026-11-01', '01:59', 'ambiguous', '2026-11-01T06:59:00Z'],
    ['America/Chicago', '2026-11-01', '02:00', 'normal', '2026-11-01T08:00:00Z'],
    ['Europe/Kyiv', '2026-03-29', '03:30', 'gap', '2026-03-29T01:00:00Z'],
    ['Europe/Kyiv', '2026-10-25', '03:30', 'ambiguous', '2026-10-25T00:30:00Z'],
    ['Europe/Kyiv', '2026-10-25', '04:00', 'normal', '2026-10-25T02:00:00Z'],
    ['Australia/Lord_Howe', '2026-10-04', '02:15', 'gap', '2026-10-03T15:30:00Z'],
    ['Australia/Lord_Howe', '2026-10-04', '02:30', 'normal', '2026-10-03T15:30:00Z'],
    ['Australia/Lord_Howe', '2026-04-05', '01:45', 'ambiguous', '2026-04-04T14:45:00Z'],
    ['Australia/Lord_Howe', '2026-04-05', '02:00', 'normal', '2026-04-04T15:30:00Z'],
    ['America/Santiago', '2026-09-06', '00:00', 'gap', '2026-09-06T04:00:00Z'],
    ['America/Santiago', '2026-04-04', '23:30', 'ambiguous', '2026-04-05T02:30:00Z'],
    ['America/Santiago', '2026-04-04', '24:00', 'normal', '2026-04-05T04:00:00Z'],
    ['Asia/Beirut', '2026-03-28', '24:00', 'gap', '2026-03-28T22:00:00Z'],
    ['Pacific/Apia', '2011-12-30', '12:00', 'gap', '2011-12-30T10:00:00Z'],
    ['Asia/Kolkata', '2026-03-29', '02:30', 'normal', '2026-03-28T21:00:00Z'],
    ['UTC', '2026-03-29', '02:30', 'normal', '2026-03-29T02:30:00Z'],
  ])('in %s, %s at %s is %s: %s', (zone, date, time, resolution, instant) => {
    expect(instantOf({ date, time }, zone)).toEqual({ at: Date.parse(instant), resolution });
  });

  test.each([
    [{ date: '2026-02-30', time: '10:00' }, 'UTC'],
    [{ date: '2026-1-1', time: '10:00' }, 'UTC'],
    [{ date: '2026-01-01', time: '24:01' }, 'UTC'],
    [{ date: '2026-01-01', time: '9:00' }, 'UTC'],
    [{ date: '2026-01-01', time: '10:00' }, 'Nowhere/Land'],
    [{ date: '2026-01-01', time: '10:00' }, '+05:30'],
  ])('%j in %s is refused', (local, zone) => {
    expect(() => instantOf(local, zone)).toThrow(RangeError);
  });
});

describe('a local day', () => {
  test.each([
    ['America/Chicago', 23, 25],
    ['Europe/Kyiv', 23, 25],
    ['Australia/Lord_Howe', 23.5, 24.5],
    ['America/Santiago', 23, 25],
    ['Asia/Beirut', 23, 25],
    ['Asia/Kolkata', 24, 24],
    ['UTC', 24, 24],
  ])('in %s is %d hours long on the spring day and %d on the autumn day', (zone, spring, autumn) => {
    const change = CHANGES.find((c) => c.zone === zone);
    if (!change) throw new Error('no such case');
    const hours = (date: string): number => {
      const { start, end } = dayInterval(date, zone);
      return (end - start) / HOUR;
    };
    expect([-1, 0, 1].map((n) => hours(addDays(change.forward, n)))).toEqual([24, spring, 24]);
    expect([-1, 0, 1].map((n) => hours(addDays(change.back, n)))).toEqual([24, autumn, 24]);
  });

  test('begins at the clock change if midnight is skipped', () => {
    expect(iso(startOfDay('2026-09-06', 'America/Santiago'))).toBe('2026-09-06T04:00:00.000Z');
    expect(localTime(startOfDay('2026-09-06', 'America/Santiago'), 'America/Santiago')).toBe('01:00');
  });

  test('is empty if the zone skipped the whole date', () => {
    const { start, end } = dayInterval('2011-12-30', 'Pacific/Apia');
    expect(end - start).toBe(0);
  });

  test('has a slot at each half hour except skipped ones, and one slot for each repeated half hour', () => {
    const slotsOf = (zone: string, date: string): string[] =>
      (describeDays(zone, date)[1] as { slots: string[] }).slots;
    const spring = slotsOf('America/Chicago', '2026-03-08');
    expect(spring).toHaveLength(46);
    expect(spring.slice(2, 6)).toEqual([
      '2026-03-08T01:00:00-06:00',
      '2026-03-08T01:30:00-06:00',
      '2026-03-08T03:00:00-05:00',
      '2026-03-08T03:30:00-05:00',
    ]);
    const autumn = slotsOf('America/Chicago', '2026-11-01');
    expect(autumn).toHaveLength(48);
    expect(autumn.slice(2, 5)).toEqual([
      '2026-11-01T01:00:00-05:00',
      '2026-11-01T01:30:00-05:00',
      '2026-11-01T02:00:00-06:00',
    ]);
    expect(slotsOf('Australia/Lord_Howe', '2026-10-04')).toHaveLength(47);
    expect(slotsOf('America/Santiago', '2026-09-06')[0]).toBe('2026-09-06T01:00:00-03:00');
  });
});

describe("the process's own zone", () => {
  const script = join(process.cwd(), 'test/scheduling/print-clock-changes.ts');
  test.each([
    ['Asia/Tokyo', -540],
    ['America/Los_Angeles', 480],
    // Its clocks change on the very days of the matrix.
    ['Europe/Kyiv', -180],
  ])('TZ=%s changes nothing', async (TZ, offset) => {
    const { stdout } = await promisify(execFile)(process.execPath, [script], {
      env: { ...process.env, TZ, NODE_OPTIONS: '' },
      maxBuffer: 1 << 24,
    });
    const expected = CHANGES.flatMap(({ zone, forward, back }) => [
      describeDays(zone, forward),
      describeDays(zone, back),
    ]);
    expect(JSON.parse(stdout)).toEqual({ offset, days: expected });
  });
});

describe('any instant in any zone', () => {
  const zones = fc.constantFrom(...Intl.supportedValuesOf('timeZone'), 'UTC');
  const formats = new Map<string, Intl.DateTimeFormat>();
  /** What the platform's clock shows, told without the code under test. */
  const clock = (at: number, zone: string): string => {
    const format =
      formats.get(zone) ??
      new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' });
    formats.set(zone, format);
    return format.format(at);
  };
  // Until 2011 Newfoundland's clocks went back across midnight, which makes two pieces of a local day.
  const minutes = fc
    .integer({ min: Date.UTC(2012) / 60_000, max: Date.UTC(2036) / 60_000 })
    .map((m) => m * 60_000);
  /** Within a day of a clock change, where the zone has one after the instant. */
  const instants = fc
    .tuple(zones, minutes, fc.integer({ min: -1_440, max: 1_440 }))
    .map(([zone, at, near]) => {
      const step = 7 * 24 * HOUR;
      const shift = (t: number): number => Date.parse(`${clock(t, zone).replace(' ', 'T')}Z`) - t;
      let low = at;
      while (low < at + 60 * step && shift(low) === shift(low + step)) low += step;
      let high = low + step;
      while (high - low > 60_000) {
        const middle = low + Math.floor((high - low) / 120_000) * 60_000;
        if (shift(middle) === shift(low)) low = middle;
        else high = middle;
      }
      return { zone, at: high + near * 60_000 };
    });

  test('is shown as the local date and time', () => {
    fc.assert(
      fc.property(instants, ({ zone, at }) => {
        expect(`${localDate(at, zone)} ${localTime(at, zone)}`).toBe(clock(at, zone));
        expect(minutesOf(localTime(at, zone))).toBe(minuteOfDay(at, zone));
        expect(Date.parse(toIsoWithOffset(at, zone))).toBe(at);
        expect(toIsoWithOffset(at, zone).slice(0, 16)).toBe(clock(at, zone).replace(' ', 'T'));
      }),
      { numRuns: 500 },
    );
  });

  test('is found again from its local time; a repeated local time gives the first occurrence', () => {
    fc.assert(
      fc.property(instants, ({ zone, at }) => {
        const back = instantOf({ date: localDate(at, zone), time: localTime(at, zone) }, zone);
        const passes = Array.from({ length: 3 * 60 * 2 + 1 }, (_, i) => at + (i - 180) * 60_000).filter(
          (t) => clock(t, zone) === clock(at, zone),
        );
        expect(back).toEqual({ at: passes[0], resolution: passes.length > 1 ? 'ambiguous' : 'normal' });
      }),
      { numRuns: 300 },
    );
  });

  test('a local time is skipped exactly if no instant has it, and then it becomes the clock change', () => {
    fc.assert(
      fc.property(instants, fc.integer({ min: 0, max: 1_439 }), ({ zone, at }, minute) => {
        const time = `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
        const date = localDate(at, zone);
        const found = instantOf({ date, time }, zone);
        const isShown = clock(found.at, zone) === `${date} ${time}`;
        expect(isShown).toBe(found.resolution !== 'gap');
        if (found.resolution === 'gap') {
          expect(clock(found.at, zone) > `${date} ${time}`).toBe(true);
          expect(clock(found.at - 60_000, zone) < `${date} ${time}`).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });

  test('lies in the local day of its date and in no other', () => {
    fc.assert(
      fc.property(instants, ({ zone, at }) => {
        const { start, end } = dayInterval(localDate(at, zone), zone);
        expect(start <= at && at < end).toBe(true);
        expect(localDate(start, zone)).toBe(localDate(at, zone));
        expect(localDate(start - 1, zone) < localDate(at, zone)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

describe('names of zones', () => {
  test.each([
    ['America/Chicago', 'America/Chicago'],
    ['Europe/Kyiv', 'Europe/Kyiv'],
    ['UTC', 'UTC'],
    ['Central Standard Time', 'America/Chicago'],
    ['W. Europe Standard Time', 'Europe/Berlin'],
    ['tzone://Microsoft/Utc', 'UTC'],
    ['Customized Time Zone', null],
    ['tzone://Microsoft/Custom', null],
    ['', null],
    ['+05:30', null],
  ])('%j names the zone %j', (name, zone) => {
    expect(toIanaZone(name)).toBe(zone);
  });

  test('a Windows name keeps its clock, whichever name of the zone it gets', () => {
    const noon = Date.UTC(2026, 6, 1, 12);
    expect(localTime(noon, toIanaZone('India Standard Time') ?? '')).toBe('17:30');
    expect(localTime(noon, toIanaZone('FLE Standard Time') ?? '')).toBe('15:00');
  });

  test('an offset is no zone', () => {
    expect([isTimeZone('+05:30'), isTimeZone('-06'), isTimeZone('Mars/Base'), isTimeZone('')]).toEqual([
      false,
      false,
      false,
      false,
    ]);
    expect(isTimeZone('America/Chicago')).toBe(true);
  });
});

describe('dates', () => {
  test('add up over months, years and leap days', () => {
    expect(addDays('2026-12-31', 1)).toBe('2027-01-01');
    expect(addDays('2028-02-28', 1)).toBe('2028-02-29');
    expect(addDays('2026-03-01', -1)).toBe('2026-02-28');
    expect(daysBetween('2026-11-23', '2026-12-01')).toBe(8);
    expect(daysBetween('2026-12-01', '2026-11-23')).toBe(-8);
  });

  test('fall on their weekday, also before 1970', () => {
    expect(weekdayOf('2026-11-23')).toBe('mon');
    expect(weekdayOf('2026-11-29')).toBe('sun');
    expect(weekdayOf('1969-07-20')).toBe('sun');
  });

  test('are only those of the calendar', () => {
    expect(
      ['2028-02-29', '2026-02-29', '2026-13-01', '2026-00-10', '2026-01-1', 'today'].map(isLocalDate),
    ).toEqual([true, false, false, false, false, false]);
  });

  test('times of day are HH:MM, 24:00 the last', () => {
    expect(
      ['00:00', '09:05', '23:59', '24:00', '24:01', '25:00', '9:00', '12:60', ''].map(minutesOf),
    ).toEqual([0, 545, 1_439, 1_440, null, null, null, null, null]);
  });
});

describe('the first and the last years that can be written', () => {
  const zones = ['America/Chicago', 'Pacific/Kiritimati', 'Pacific/Pago_Pago', 'UTC'];

  test.each(['0000-01-01', '0001-01-01', '9998-12-31', '9999-12-30', '9999-12-31'])(
    '%s is a whole local day in every zone',
    (date) => {
      for (const zone of zones) {
        const { start, end } = dayInterval(date, zone);
        expect(end - start).toBe(24 * 60 * 60_000);
        expect(localTime(start, zone)).toBe('00:00');
        expect(localDate((start + end) / 2, zone)).toBe(date);
      }
    },
  );

  test('limit the dates: a date beyond them becomes the first or the last one', () => {
    expect(addDays('9999-12-31', 1)).toBe('9999-12-31');
    expect(addDays('0000-01-01', -1)).toBe('0000-01-01');
    for (const zone of zones) {
      expect(localDate(Date.parse('9999-12-31T23:59:59Z') + 24 * 60 * 60_000, zone)).toBe('9999-12-31');
      expect(localDate(Date.parse('0000-01-01T00:00:00Z') - 24 * 60 * 60_000, zone)).toBe('0000-01-01');
    }
  });
});
