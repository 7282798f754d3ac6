// On the days on which clocks change, words for a time and the same time in ISO 8601 mean the same instant.
import { describe, expect, test } from '@jest/globals';
import { DEFAULT_RULES } from '../../../shared/scheduling/schedule.ts';
import type { Schedule } from '../../../shared/scheduling/schedule.ts';
import { readStart } from '../../../shared/voice/understanding/read-start.ts';
import { readWish } from '../../../shared/voice/understanding/read-wish.ts';
import type { ReadingContext } from '../../../shared/voice/understanding/reading.ts';

const ALL_DAY = [['00:00', '24:00']] as const;

function contextIn(timeZone: string, date: string): ReadingContext {
  const hours = {
    mon: ALL_DAY,
    tue: ALL_DAY,
    wed: ALL_DAY,
    thu: ALL_DAY,
    fri: ALL_DAY,
    sat: ALL_DAY,
    sun: ALL_DAY,
  };
  const schedule: Schedule = { timeZone, hours, rules: DEFAULT_RULES };
  return {
    now: Date.parse(`${date}T12:00:00Z`) - 14 * 86_400_000,
    schedule,
    offered: { spoken: [], all: [] },
  };
}

function startOf(text: string, context: ReadingContext): string {
  const result = readStart(text, context);
  return result.kind === 'start' ? new Date(result.start).toISOString() : result.kind;
}

describe.each([
  ['America/Chicago', '2027-03-14', '02:00', '02:15', '02:30', '02:59', '2027-03-14T08:00:00.000Z'],
  ['Australia/Lord_Howe', '2027-10-03', '02:00', '02:10', '02:20', '02:29', '2027-10-02T15:30:00.000Z'],
  ['Asia/Beirut', '2027-03-28', '00:01', '00:15', '00:30', '00:59', '2027-03-27T22:00:00.000Z'],
])('a time that the clocks skip in %s', (zone, date, ...rest) => {
  const change = rest.at(-1) ?? '';
  const context = contextIn(zone, date);

  test.each(rest.slice(0, -1))('is the change, in words as in ISO 8601: %s', (time) => {
    expect(startOf(`${date}T${time}:00`, context)).toBe(change);
    for (const words of [`${date} at ${time}`, `${date} ${time} am`, `${date} a las ${time}`])
      expect(startOf(words, context)).toBe(change);
    const wish = readWish({ date: `${date} at ${time}` }, context);
    expect(wish.kind === 'wanted' && wish.wanted.includes(Date.parse(change))).toBe(true);
    const dates = { from: date, to: date };
    const within = wish.kind === 'wanted' ? wish.wanted.intervals(dates) : [];
    expect(within).toEqual([{ start: Date.parse(change), end: Date.parse(change) + 60_000 }]);
  });

  test('is ruled out by the words that name it', () => {
    const wish = readWish({ date: `${date}, not at ${rest[1]}` }, context);
    expect(wish.kind === 'wanted' && wish.wanted.includes(Date.parse(change))).toBe(false);
  });
});

describe('a time that comes twice', () => {
  const context = contextIn('America/Chicago', '2027-11-07');

  test.each(['01:00', '01:30', '01:59'])('is the first, in words as in ISO 8601: %s', (time) => {
    const first = `2027-11-07T${time.replace('01', '06')}:00.000Z`;
    expect(startOf(`2027-11-07T${time}:00`, context)).toBe(first);
    expect(startOf(`November 7 at ${time} am`, context)).toBe(first);
    const wish = readWish({ date: `November 7 at ${time} am` }, context);
    const within =
      wish.kind === 'wanted' ? wish.wanted.intervals({ from: '2027-11-07', to: '2027-11-07' }) : [];
    expect(within).toEqual([{ start: Date.parse(first), end: Date.parse(first) + 60_000 }]);
  });
});
