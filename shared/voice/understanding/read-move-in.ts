import { DEFAULT_RULES } from '../../scheduling/schedule.ts';
import type { Schedule } from '../../scheduling/schedule.ts';
import { readWish } from './read-wish.ts';

/** A home is moved into on any day: neither office hours nor the horizon of viewings count. */
function anyDay(timeZone: string): Schedule {
  const day = [['00:00', '24:00']] as const;
  return {
    timeZone,
    hours: { mon: day, tue: day, wed: day, thu: day, fri: day, sat: day, sun: day },
    rules: { ...DEFAULT_RULES, noticeMinutes: 0, horizonDays: 365 },
  };
}

/**
 * The last local day on which somebody would like to move in.
 * @param said ISO 8601 or a caller's words, English or Spanish
 * @returns `by`: `YYYY-MM-DD`, or null if any day will do. Null if the words are not read.
 */
export function readMoveIn(
  said: string,
  timeZone: string,
  now: number,
): { readonly by: string | null } | null {
  const result = readWish(
    { date: said },
    { now, schedule: anyDay(timeZone), offered: { spoken: [], all: [] } },
  );
  if (result.kind === 'wanted' || result.kind === 'refused') return { by: result.wanted.dates?.to ?? null };
  return null;
}
