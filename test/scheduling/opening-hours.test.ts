import { describe, expect, test } from '@jest/globals';
import { openSpans, startsIn } from '../../shared/scheduling/opening-hours.ts';
import { DEFAULT_RULES } from '../../shared/scheduling/schedule.ts';
import type { Schedule, WeeklyHours } from '../../shared/scheduling/schedule.ts';
import { toIsoWithOffset } from '../../shared/scheduling/zone.ts';

function schedule(hours: WeeklyHours, timeZone = 'America/Chicago'): Schedule {
  return {
    timeZone,
    hours,
    rules: DEFAULT_RULES,
  };
}
function shown(s: Schedule, from: string, to = from): string[][] {
  return openSpans(s, from, to).map(({ start, end }) => [
    toIsoWithOffset(start, s.timeZone),
    toIsoWithOffset(end, s.timeZone),
  ]);
}

describe('the hours of local days', () => {
  test('are in order of time, whatever the order they are given in, and a day left out is closed', () => {
    const hours: WeeklyHours = {
      tue: [['10:00', '11:00']],
      mon: [
        ['13:00', '17:00'],
        ['09:00', '12:00'],
      ],
    };
    expect(shown(schedule(hours), '2026-11-22', '2026-11-25')).toEqual([
      ['2026-11-23T09:00:00-06:00', '2026-11-23T12:00:00-06:00'],
      ['2026-11-23T13:00:00-06:00', '2026-11-23T17:00:00-06:00'],
      ['2026-11-24T10:00:00-06:00', '2026-11-24T11:00:00-06:00'],
    ]);
  });

  test('that are empty, backward or unreadable are left out', () => {
    const hours: WeeklyHours = {
      mon: [
        ['09:00', '09:00'],
        ['17:00', '09:00'],
        ['09:00', 'noon'],
        ['9:00', '12:00'],
        ['24:00', '24:00'],
      ],
    };
    expect(openSpans(schedule(hours), '2026-11-23', '2026-11-23')).toEqual([]);
  });

  test('last as long as the local day if they cover all of it', () => {
    const sunday = schedule({ sun: [['00:00', '24:00']] });
    const [spring] = openSpans(sunday, '2026-03-08', '2026-03-08');
    const [autumn] = openSpans(sunday, '2026-11-01', '2026-11-01');
    expect([spring, autumn].map((s) => s && (s.end - s.start) / 3_600_000)).toEqual([23, 25]);
  });

  test('begin or end at the clock change if their local time is skipped, and are empty if all of it is skipped', () => {
    const edges = (from: string, to: string): string[][] =>
      shown(schedule({ sun: [[from, to]] }), '2026-03-08');
    expect(edges('02:30', '05:00')).toEqual([['2026-03-08T03:00:00-05:00', '2026-03-08T05:00:00-05:00']]);
    expect(edges('01:00', '02:30')).toEqual([['2026-03-08T01:00:00-06:00', '2026-03-08T03:00:00-05:00']]);
    expect(edges('02:15', '02:45')).toEqual([]);
  });

  test('begin and end at the first occurrence of a local time that comes twice', () => {
    const edges = (from: string, to: string): string[][] =>
      shown(schedule({ sun: [[from, to]] }), '2026-11-01');
    expect(edges('01:30', '03:00')).toEqual([['2026-11-01T01:30:00-05:00', '2026-11-01T03:00:00-06:00']]);
    expect(edges('00:00', '01:30')).toEqual([['2026-11-01T00:00:00-05:00', '2026-11-01T01:30:00-05:00']]);
  });

  test('begin with the day if its midnight is skipped', () => {
    expect(shown(schedule({ sun: [['00:00', '02:00']] }, 'America/Santiago'), '2026-09-06')).toEqual([
      ['2026-09-06T01:00:00-03:00', '2026-09-06T02:00:00-03:00'],
    ]);
  });
});

test('the grid of starts follows the configured opening time even if that time is skipped', () => {
  const s = schedule({ sun: [['02:20', '05:00']] });
  const starts = openSpans(s, '2026-03-08', '2026-03-08').flatMap((span) => startsIn(span, s));
  expect(starts.map((at) => toIsoWithOffset(at, s.timeZone).slice(11, 16))).toEqual([
    '03:20',
    '03:50',
    '04:20',
  ]);
});
