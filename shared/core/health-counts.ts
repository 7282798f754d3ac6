import type { Log } from './log.ts';
import { MINUTE_MS } from './duration.ts';

/** Problems that do not stop the app: managers whose zone is assumed, feeds that fail, ... */
export interface HealthCounts {
  /**
   * Adds a count to `/health`, which says `degraded` while any is above zero. A count says how many, and never who.
   * @param name as in the response, such as `failing_feeds`.
   * @param read asked at most once a minute. If it throws, or takes too long, the count is unknown.
   */
  add(name: string, read: (signal: AbortSignal) => Promise<number> | number): void;
  /** All counts by name; null if it is unknown. */
  read(signal: AbortSignal): Promise<Readonly<Record<string, number | null>>>;
}

/** Anyone may ask /health, as often as they like. */
const KEPT_MS = MINUTE_MS;

type Read = (signal: AbortSignal) => Promise<number>;

function readOnceAMinute(read: (signal: AbortSignal) => Promise<number> | number, now: () => number): Read {
  let kept: { readonly until: number; readonly value: number } | undefined;
  return async (signal) => {
    if (kept !== undefined && kept.until > now()) return kept.value;
    const value = await read(signal);
    kept = { until: now() + KEPT_MS, value };
    return value;
  };
}

/** @param now epoch milliseconds. */
export function createHealthCounts(now: () => number, log: Log): HealthCounts {
  const counts = new Map<string, Read>();
  return {
    add(name, read) {
      counts.set(name, readOnceAMinute(read, now));
    },
    async read(signal) {
      const ended = new Promise<never>((_, reject) => {
        signal.addEventListener('abort', () => {
          reject(new Error('The time for /health is over'));
        });
      });
      // Nobody may be waiting when it is.
      ended.catch(() => undefined);
      const told = [...counts].map(async ([name, read]): Promise<[string, number | null]> => {
        try {
          return [name, await Promise.race([read(signal), ended])];
        } catch (error) {
          log.error('health_count_unknown', { count: name }, error);
          return [name, null];
        }
      });
      return Object.fromEntries(await Promise.all(told));
    },
  };
}
