// A connected manager's desk on real parts: Azurite, the Microsoft stand-in, the functions behind their host.
import { randomUUID } from 'node:crypto';
import type { BookingService, Caller } from '../../shared/booking/booking.ts';
import type { Calendar } from '../../shared/booking/calendar.ts';
import type { BookingContext, OpenCalendar } from '../../shared/booking/context.ts';
import { createBookingServiceFor } from '../../shared/booking/service.ts';
import type { BookingStore } from '../../shared/booking/store.ts';
import { createGraphCalendar } from '../../shared/microsoft/calendar.ts';
import { createGraph } from '../../shared/microsoft/graph-client.ts';
import { createBookingStore } from '../../shared/storage/bookings/store.ts';
import { createEncryption } from '../../shared/storage/encryption.ts';
import type { StoredRow } from '../../shared/storage/tables.ts';
import { createTestApp, START } from './test-app.ts';
import '../../functions/sweep.ts';
import '../../functions/vapi-webhook.ts';
import { managerKey } from '../../shared/storage/rows.ts';

export const USER = '+15555551234';

export async function createBookingWorld(person = 'pete@lakeviewrentals.example') {
  const world = await createTestApp({ TRUST_TOOL_USER_ID: 'true' });
  await world.connect(await world.startLink(USER), person);
  const { microsoft, services, tables, clock } = world;
  const now = (): number => clock.now;
  const graph = createGraph({ endpoint: microsoft.url });
  const store = createBookingStore(tables, createEncryption(services.config.encryptionKeys));
  const openCalendar: OpenCalendar = async (userId, signal) => {
    const access = await services.connections.access(userId, signal);
    if (!access.ok) return access;
    const { schedule } = access;
    const options = { graph, auth: access, timeZone: schedule.timeZone, signal };
    return { ok: true, schedule, calendar: createGraphCalendar(options) };
  };
  const openDesk = createBookingServiceFor({ store, openCalendar, now });
  const rowsOf = async (table: 'bookings' | 'pending'): Promise<StoredRow[]> => {
    const rows: StoredRow[] = [];
    for await (const page of tables.query(table, '')) rows.push(...page);
    return rows;
  };

  return {
    ...world,
    store,
    openCalendar,
    rowsOf,
    /** Every booking there is, whatever its state. */
    async bookings() {
      const rows = (await rowsOf('bookings')).filter(({ partitionKey }) => partitionKey === managerKey(USER));
      const ids = rows.filter(({ rowKey }) => rowKey.startsWith('v:')).map(({ rowKey }) => rowKey.slice(2));
      return store.get(USER, ids);
    },
    /** What the steps of a desk work with. */
    async context(): Promise<BookingContext> {
      const opened = await openCalendar(USER, AbortSignal.timeout(20_000));
      if (!opened.ok) throw new Error(opened.reason);
      return { userId: USER, store, now, schedule: opened.schedule, calendar: opened.calendar };
    },
    /** A desk whose calendar, or tables, do something of their own on the way. */
    async deskOver(
      wrap: (calendar: Calendar) => Calendar,
      tablesAs: Partial<BookingStore> = {},
    ): Promise<BookingService> {
      const open = createBookingServiceFor({
        store: { ...store, ...tablesAs },
        now,
        openCalendar: async (userId, signal) => {
          const opened = await openCalendar(userId, signal);
          return opened.ok ? { ...opened, calendar: wrap(opened.calendar) } : opened;
        },
      });
      const opened = await open(USER, AbortSignal.timeout(20_000));
      if (!opened.ok) throw new Error(opened.reason);
      return opened.desk;
    },
    /** No bookings, no events, no faults, the first moment again. */
    async clear(): Promise<void> {
      clock.now = START;
      microsoft.clearFaults();
      microsoft.clearRequests();
      for (const { id } of [...microsoft.events(person)]) microsoft.deleteEvent(person, id);
      for (const table of ['bookings', 'pending'] as const) {
        const rows = await rowsOf(table);
        await Promise.all(rows.map((row) => tables.delete(table, row.partitionKey, row.rowKey)));
      }
    },
    /** The manager himself, in Outlook. */
    manager: {
      add: (start: number, end: number) => microsoft.addEvent(person, { start, end, subject: 'Dentist' }),
      move: (eventId: string, start: number, end: number) => {
        microsoft.moveEvent(person, eventId, { start, end });
      },
      remove: (eventId: string) => {
        microsoft.deleteEvent(person, eventId);
      },
    },
    /** A desk for one request. @param deadlineMs default 20 s */
    async desk(deadlineMs = 20_000): Promise<BookingService> {
      const opened = await openDesk(USER, AbortSignal.timeout(deadlineMs));
      if (!opened.ok) throw new Error(opened.reason);
      return opened.desk;
    },
    /** Sets the manager's rules. */
    async manage(body: Record<string, unknown>): Promise<void> {
      const { status } = await world.json(`/managers/${encodeURIComponent(USER)}`, {
        method: 'PUT',
        body: JSON.stringify({ name: 'Pete', ...body }),
        headers: { 'content-type': 'application/json' },
      });
      if (status >= 300) throw new Error(`PUT /managers answered ${status}`);
    },
    events: () => microsoft.events(person),
    reset: () => {
      microsoft.clearFaults();
      microsoft.clearRequests();
    },
  };
}

export type BookingWorld = Awaited<ReturnType<typeof createBookingWorld>>;

/** `2026-11-24 10:00` on the manager's clock, before it changes. */
export function at(local: string): number {
  return Date.parse(`${local.replace(' ', 'T')}:00-06:00`);
}

/** Another caller each time, or the same on a new call. */
export function callerOn(number: string | null = '+13125550100', callId: string = randomUUID()): Caller {
  return {
    number,
    callId,
    toolCallId: randomUUID(),
  };
}
