import type { TimerStore } from '../core/timer-lease.ts';
import { numberOf, ROW_VERSION, textOf } from './rows.ts';
import type { TableAccess } from './tables.ts';

/** The states of timers in the table `timers`. `TimerStore` documents the methods. */
export function createTimerStore(tables: TableAccess): TimerStore {
  return {
    async read(timer, signal) {
      const row = await tables.getOrNull('timers', timer, 'cursor', { signal });
      if (!row) return null;
      return {
        etag: row.etag,
        value: {
          run: textOf(row, 'run') ?? '',
          cursor: textOf(row, 'cursor'),
          done: row['done'] === true,
          leasedUntil: numberOf(row, 'leased_until') ?? 0,
        },
      };
    },

    async write(timer, { run, cursor, done, leasedUntil }, etag, signal) {
      const row = {
        partitionKey: timer,
        rowKey: 'cursor',
        version: ROW_VERSION,
        run,
        cursor,
        done,
        leased_until: leasedUntil,
      };
      const outcome = await tables.put('timers', row, etag, { signal });
      return outcome.kind === 'written' ? outcome.etag : null;
    },
  };
}
