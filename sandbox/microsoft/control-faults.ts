// Controls of what goes wrong, of what waits, and of the request log.
import type { FaultRule } from './faults.ts';
import type { Postponed } from './schedule.ts';
import { resetStore } from './store.ts';
import type { LandedWrite, LoggedRequest, Store } from './store.ts';

export interface FaultControls {
  setFault(rule: FaultRule): void;
  clearFaults(): void;
  /** Held answers, late writes and late notifications that wait, in the order in which they came. */
  held(): readonly Postponed[];
  /** Resolves once so many (default 1) wait under the name; without a name any count. */
  waitForHeld(name?: string | null, count?: number): Promise<void>;
  /**
   * Runs what waits under the name, whatever its time; without a name everything.
   * @returns how many ran
   */
  release(name?: string | null, order?: 'in_order' | 'reversed'): Promise<number>;
  /** Runs what is due by the stand-in's clock. Every request does the same first. */
  runDue(): Promise<void>;
  /** Writes that took effect later than they were answered, with what Graph made of them then. */
  landings(): readonly LandedWrite[];
  /** Oldest first. A `$batch` is one entry with `inBatch` false, each of its requests one with `inBatch` true. */
  requests(): readonly LoggedRequest[];
  clearRequests(): void;
  /** Round trips to Graph since the log was cleared: a `$batch` counts one. */
  graphTrips(): number;
  reset(): void;
}

/** The methods by which a test makes requests fail, wait or arrive late. */
export function createFaultControls(store: Store): FaultControls {
  return {
    setFault(rule) {
      store.faults.set(rule);
    },
    clearFaults() {
      store.faults.clear();
    },
    held: () => store.schedule.waiting(),
    waitForHeld: (name, count = 1) => store.schedule.waitFor(name ?? undefined, count),
    release: (name, order = 'in_order') => store.schedule.release(name ?? undefined, order),
    runDue: () => store.schedule.runDue(),
    landings: () => store.landings,
    requests: () => store.log,
    clearRequests() {
      store.log.length = 0;
    },
    graphTrips: () => store.log.filter(({ path, inBatch }) => path.startsWith('/v1.0/') && !inBatch).length,
    reset() {
      resetStore(store);
    },
  };
}
