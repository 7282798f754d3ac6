import { defaultManager } from '../managers/manager.ts';
import type { Manager } from '../managers/manager.ts';
import type { ManagerRecord } from '../managers/manager-record.ts';
import type { ConnectionContext } from './context.ts';

/**
 * The profile of somebody who has none and is invited or connects. If they were deleted before and not everything is erased
 * yet, it is erased now: a profile ends the deletion, and what they had must not come back under the same id.
 * @throws AppError `concurrent_update`, `storage_unavailable`, `deadline_exceeded`
 */
export async function newProfile(
  context: ConnectionContext,
  { userId, deletion }: ManagerRecord,
  name: string | null,
  signal: AbortSignal,
): Promise<Manager> {
  if (deletion) await context.eraseDeleted(userId, signal);
  return defaultManager(userId, name);
}
