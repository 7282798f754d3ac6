import type { TimerStore } from '../connections/connection.ts';
import { numberOf, textOf } from './rows.ts';
import type { TableAccess } from './tables.ts';

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
      const row = { partitionKey: timer, rowKey: 'cursor', run, cursor, done, leased_until: leasedUntil };
      const outcome =
        etag === null
          ? await tables.insert('timers', row, { signal })
          : await tables.replace('timers', row, etag, { signal });
      if (outcome.kind === 'exists' || outcome.kind === 'changed') return { kind: 'changed' };
      return { kind: 'written', etag: outcome.etag };
    },
  };
}
