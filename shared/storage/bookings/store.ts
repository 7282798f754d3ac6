// Bookings and the time they hold, in one partition per manager.
import { odata } from '@azure/data-tables';
import type { Booking, BookingStore, PendingWork } from '../../booking/store.ts';
import { createClaims } from './holds.ts';
import { createSettle } from './transitions.ts';
import { BOOKINGS, createBookingTable, PENDING } from './table.ts';
import type { Encryption } from '../../core/encryption.ts';
import type { TableAccess } from '../tables.ts';
import { callerRowKey, dayKey, entriesOf, toBookingRow } from './rows.ts';
import { managerKey, numberOf, textOf } from '../rows.ts';

export function createBookingStore(tables: TableAccess, encryption: Encryption): BookingStore {
  const table = createBookingTable(tables, encryption);
  const { read, readRange, getBooking, requestOperations, notePending, dropPending, findByRequest } = table;

  return {
    ...createClaims(tables, encryption, table),
    settle: createSettle(tables, encryption, table),

    async listDays(userId, from, to) {
      const rows = await readRange(managerKey(userId), dayKey(from), dayKey(to));
      return rows.flatMap(entriesOf);
    },

    async get(userId, bookingIds) {
      const partition = managerKey(userId);
      const bookings = await Promise.all(bookingIds.map((id) => getBooking(partition, id)));
      return bookings.filter((booking) => booking !== null);
    },

    findByRequest: (userId, requests, now) => findByRequest(managerKey(userId), requests, now),

    async listCaller(userId, callerKey, now) {
      const entries = entriesOf(await read(managerKey(userId), callerRowKey(callerKey)));
      return entries.filter(({ interval }) => interval.end > now).map(({ bookingId }) => bookingId);
    },

    async renew(userId, booking, now) {
      const renewed: Omit<Booking, 'version'> = { ...booking, changedAt: now };
      const row = await toBookingRow(managerKey(userId), renewed, encryption);
      const written = await tables.replace(BOOKINGS, row, booking.version);
      return written.kind === 'replaced' ? { ...renewed, version: written.etag } : null;
    },

    async markCancelling(userId, booking, { requests, now }) {
      const partition = managerKey(userId);
      await notePending(userId, booking.bookingId, now);
      const marked: Omit<Booking, 'version'> = { ...booking, state: 'cancelling', changedAt: now };
      const written = await tables.transact(BOOKINGS, [
        { kind: 'replace', row: await toBookingRow(partition, marked, encryption), etag: booking.version },
        ...(await requestOperations(partition, requests, booking.bookingId)),
      ]);
      return written.ok ? { ...marked, version: written.etags[0] ?? '' } : null;
    },

    async *listPending(before) {
      const filter = odata`PartitionKey eq ${PENDING}`;
      for await (const page of tables.query(PENDING, filter)) {
        for (const row of page) {
          const since = numberOf(row, 'since') ?? 0;
          const work: PendingWork = {
            userId: textOf(row, 'user_id') ?? '',
            bookingId: row.rowKey.split('.').at(-1) ?? '',
            since,
          };
          if (since < before) yield work;
        }
      }
    },

    forgetPending: ({ userId, bookingId }) => dropPending(userId, bookingId),
  };
}

/** Removes the rows whose time has passed. @returns how many went */
export async function sweepBookings(tables: TableAccess, now: number, signal: AbortSignal): Promise<number> {
  let swept = 0;
  for await (const page of tables.query(BOOKINGS, `sweep_at lt ${now}L`, { signal, select: [] })) {
    for (const { partitionKey, rowKey, etag } of page) {
      // With its etag: one that was taken into use again meanwhile stays.
      if ((await tables.delete(BOOKINGS, partitionKey, rowKey, { signal, etag })) === 'deleted') swept += 1;
    }
  }
  return swept;
}
