import type { Manager } from './manager.ts';

/** What else changes with a manager's entry: their homes. Both run before the entry is written, and can be repeated. */
export interface ManagerChanges {
  /** @throws `invalid_request`, `property_id_taken`, `portfolio_full`, `concurrent_update` if the entry must not be written */
  beforePut(manager: Manager, signal: AbortSignal): Promise<void>;
  beforeRemove(userId: string, signal: AbortSignal): Promise<void>;
}
