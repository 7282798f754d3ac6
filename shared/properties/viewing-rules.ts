import { AppError } from '../core/errors.ts';
import { MAX_DURATION_AND_BUFFER } from '../managers/manager.ts';
import { DEFAULT_RULES } from '../scheduling/schedule.ts';
import type { Rules } from '../scheduling/schedule.ts';
import type { ListedProperty, PropertyViewing } from './property.ts';

/**
 * How long a home's own duration and the manager's buffer are together, in minutes; 0 if the home has no duration of its own.
 */
export function longestViewing(viewing: PropertyViewing | null | undefined, rules: Partial<Rules>): number {
  const duration = viewing?.durationMinutes ?? 0;
  return duration === 0 ? 0 : duration + (rules.bufferMinutes ?? DEFAULT_RULES.bufferMinutes);
}

/**
 * A home's own duration and the manager's buffer must together be at most 6 hours, as the manager's own must.
 * @param field what to name as wrong
 * @throws `invalid_request`
 */
export function assertViewingFits(
  properties: readonly Pick<ListedProperty, 'viewing'>[],
  rules: Partial<Rules>,
  field: 'viewing.duration_minutes' | 'rules.buffer_minutes',
): void {
  const longest = Math.max(0, ...properties.map(({ viewing }) => longestViewing(viewing, rules)));
  if (longest <= MAX_DURATION_AND_BUFFER) return;
  const message = `a viewing and the buffer take ${longest} minutes together, and may take ${MAX_DURATION_AND_BUFFER}`;
  throw new AppError('invalid_request', `${field}: ${message}`, { details: [{ field, message }] });
}
