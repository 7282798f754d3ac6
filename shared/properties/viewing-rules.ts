import { AppError } from '../core/errors.ts';
import { MAX_DURATION_AND_BUFFER } from '../managers/manager.ts';
import { DEFAULT_RULES } from '../scheduling/schedule.ts';
import type { Rules } from '../scheduling/schedule.ts';
import type { ListedProperty } from './property.ts';

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
  const buffer = rules.bufferMinutes ?? DEFAULT_RULES.bufferMinutes;
  const longest = Math.max(0, ...properties.map(({ viewing }) => viewing?.durationMinutes ?? 0));
  if (longest === 0 || longest + buffer <= MAX_DURATION_AND_BUFFER) return;
  const message = `viewings of ${longest} minutes and a buffer of ${buffer} must together be at most ${MAX_DURATION_AND_BUFFER} minutes`;
  throw new AppError('invalid_request', `${field}: ${message}`, { details: [{ field, message }] });
}
