import type { Schedule } from '../scheduling/schedule.ts';
import type { ListedProperty } from './property.ts';

/**
 * When one home can be viewed: the manager's schedule with what the home's own `viewing` replaces. Its hours replace the
 * manager's hours as a whole. `dailyLimit` stays the manager's, since it counts all of their viewings: the home's own
 * limit is `viewing.dailyLimit`.
 */
export function scheduleForProperty(
  schedule: Schedule,
  { viewing }: Pick<ListedProperty, 'viewing'>,
): Schedule {
  if (!viewing) return schedule;
  const { rules } = schedule;
  return {
    ...schedule,
    hours: viewing.hours ?? schedule.hours,
    rules: {
      ...rules,
      durationMinutes: viewing.durationMinutes ?? rules.durationMinutes,
      noticeMinutes: viewing.noticeMinutes ?? rules.noticeMinutes,
      daysAhead: viewing.daysAhead ?? rules.daysAhead,
      horizonDays: viewing.horizonDays ?? rules.horizonDays,
    },
  };
}
