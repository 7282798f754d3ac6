import type { Schedule } from '../scheduling/schedule.ts';
import type { ListedProperty } from './property.ts';

/** What decides when a home can be viewed. */
export type ScheduledHome = Pick<ListedProperty, 'propertyId' | 'viewing' | 'status' | 'availableOn'>;

/**
 * When one home can be viewed: the manager's schedule with what the home's own `viewing` replaces. Its hours replace the
 * manager's hours as a whole. `rules.dailyLimit` stays the manager's, since it counts all of their viewings; the home's own
 * limit counts beside it. A home that comes soon can be viewed from its day.
 */
export function scheduleForProperty(
  schedule: Schedule,
  { propertyId, viewing, status, availableOn }: ScheduledHome,
): Schedule {
  const { rules } = schedule;
  return {
    ...schedule,
    hours: viewing?.hours ?? schedule.hours,
    rules: {
      ...rules,
      durationMinutes: viewing?.durationMinutes ?? rules.durationMinutes,
      noticeMinutes: viewing?.noticeMinutes ?? rules.noticeMinutes,
      daysAhead: viewing?.daysAhead ?? rules.daysAhead,
      horizonDays: viewing?.horizonDays ?? rules.horizonDays,
    },
    home: {
      propertyId,
      dailyLimit: viewing?.dailyLimit ?? null,
      viewableFrom: status === 'coming_soon' ? availableOn : null,
    },
  };
}
