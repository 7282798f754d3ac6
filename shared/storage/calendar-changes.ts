import type { CalendarChangeStore } from '../connections/calendar-changes.ts';
import { changeRow, toChange, WATCH_KEYS } from './calendar-watch-rows.ts';
import { managerKey, textOf } from './rows.ts';
import type { TableAccess } from './tables.ts';

const TABLE = 'managers';

/** Marks of changes, in each manager's partition. `CalendarChangeStore` documents the methods. */
export function createCalendarChangeStore(tables: TableAccess): CalendarChangeStore {
  return {
    keyOf: managerKey,

    async mark(calendarKey, { changeId, changedAt, removedId, needsRenewal }, signal) {
      const row = {
        partitionKey: calendarKey,
        rowKey: WATCH_KEYS.change,
        change_id: changeId,
        changed_at: changedAt,
        pending: true,
        removed_id: removedId,
        needs_renewal: needsRenewal,
      };
      return (await tables.merge(TABLE, row, { signal })) === 'merged';
    },

    async markAsked(userId, askedAt, signal) {
      const row = { partitionKey: managerKey(userId), rowKey: WATCH_KEYS.change, asked_at: askedAt };
      await tables.merge(TABLE, row, { signal });
    },

    async *listDue(askedSince, signal) {
      const filter = `RowKey eq '${WATCH_KEYS.change}' and (pending eq true or asked_at ge ${askedSince}L)`;
      for await (const page of tables.query(TABLE, filter, { signal }))
        yield page.map((row) => ({
          userId: textOf(row, 'user_id') ?? '',
          change: toChange(row),
          etag: row.etag,
        }));
    },

    async settle({ userId, change, etag }, signal) {
      await tables.replace(TABLE, changeRow(userId, { ...change, isPending: false }), etag, { signal });
    },
  };
}
