import type { Manager } from './manager.ts';
import type { ManagerRecord } from './manager-record.ts';

/** What else changes with a manager's profile. Both can be repeated. */
export interface ManagerChanges {
  /**
   * Runs before a profile is written.
   * @param signal aborts at the request's deadline
   * @throws AppError `invalid_request`, `property_id_taken`, `portfolio_full`, `concurrent_update` if the profile must not be written
   */
  beforePut?(manager: Manager, signal: AbortSignal): Promise<void>;
  /** Ends what others keep for the manager, right after the record is erased. Must not throw. @param record as it was before */
  onDeleting?(record: ManagerRecord, signal: AbortSignal): Promise<void>;
  /** Erases what else belongs to a manager, once the profile is deleted. If it throws, it runs again. */
  onDeleted?(userId: string, signal: AbortSignal): Promise<void>;
}
