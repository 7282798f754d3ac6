// A connected manager's booking service on real parts: Azurite, the Microsoft stand-in, the functions behind their host.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import type { BookingService, Caller } from '../../shared/booking/booking.ts';
import type { Calendar } from '../../shared/booking/calendar.ts';
import type { BookingContext, OpenCalendar } from '../../shared/booking/context.ts';
import { createBookingServiceFor, openContext } from '../../shared/booking/service.ts';
import type { BookingServiceOptions } from '../../shared/booking/service.ts';
import type { ManagerBookings } from '../../shared/booking/store.ts';
import { deadlineSignal } from '../../shared/core/deadline.ts';
import { createGraphCalendar } from '../../shared/microsoft/calendar.ts';
import { createGraph } from '../../shared/microsoft/graph-client.ts';
import { createBookingStore } from '../../shared/storage/bookings/store.ts';
import { createCallerKeys } from '../../shared/storage/caller-keys.ts';
import { createEncryption } from '../../shared/storage/encryption.ts';
import type { StoredRow } from '../../shared/storage/tables.ts';
import { PATIENT } from './patient.ts';
import { createTestApp, MINUTE, START } from './test-app.ts';
import '../../functions/sweep.ts';
import '../../functions/vapi-webhook.ts';
import { managerKey } from '../../shared/storage/rows.ts';

export const USER = '+15555551234';

export async function createBookingApp(person = 'pete@lakeviewrentals.example') {
  const app = await createTestApp({ TRUST_TOOL_USER_ID: 'true' });
  await app.connect(await app.startLink(USER), person);
  const { microsoft, services, tables, clock, log } = app;
  const now = (): number => clock.now;
  const graph = createGraph({ endpoint: microsoft.url, ...PATIENT });
  const encryption = createEncryption(services.config.encryptionKeys);
  const store = createBookingStore(tables, encryption, log, PATIENT);
  const callerKeys = createCallerKeys(tables, encryption, log, now);
  const openCalendar: OpenCalendar = async (userId, signal) => {
    const access = await services.connections.access(userId, signal);
    if (!access.ok) return access;
    const { schedule } = access;
    const options = { graph, auth: access, timeZone: schedule.timeZone, signal };
    return { ok: true, schedule, calendar: createGraphCalendar(options) };
  };
  const options: BookingServiceOptions = { store, openCalendar, callerKeys, log, now };
  const rowsOf = async (table: 'bookings' | 'pending'): Promise<StoredRow[]> => {
    const rows: StoredRow[] = [];
    for await (const page of tables.query(table, '')) rows.push(...page);
    return rows;
  };
  const open = async (
    parts: BookingServiceOptions,
    deadline: number | AbortSignal,
  ): Promise<BookingService> => {
    const signal = typeof deadline === 'number' ? deadlineSignal(deadline) : deadline;
    const opened = await createBookingServiceFor(parts)(USER, signal);
    if (!opened.ok) throw new Error(opened.reason);
    return opened.service;
  };

  return {
    ...app,
    /** What the timer and the services are made of. */
    options,
    rowsOf,
    /** USER's rows, as the steps of a request use them. */
    ofUser: () => store.of(USER, app.signal()),
    /** Every booking there is, whatever its state. */
    async bookings() {
      const rows = (await rowsOf('bookings')).filter(({ partitionKey }) => partitionKey === managerKey(USER));
      const ids = rows.filter(({ rowKey }) => rowKey.startsWith('v:')).map(({ rowKey }) => rowKey.slice(2));
      return store.of(USER, app.signal()).get(ids);
    },
    /** What the steps of a request work with. */
    async context(): Promise<BookingContext> {
      const opened = await openContext(options, USER, app.signal());
      if (!opened.ok) throw new Error(opened.reason);
      return opened.context;
    },
    /** A booking service for one request. @param deadline in milliseconds, or what ends it. Default: nothing does */
    service: (deadline: number | AbortSignal = PATIENT.toolDeadlineMs) => open(options, deadline),
    /** The same, with a calendar or rows that do something of their own on the way. */
    serviceOver(
      wrapCalendar: (calendar: Calendar) => Calendar,
      wrapBookings: (bookings: ManagerBookings) => ManagerBookings = (bookings) => bookings,
    ): Promise<BookingService> {
      const wrapped: BookingServiceOptions = {
        ...options,
        store: { ...store, of: (userId, signal) => wrapBookings(store.of(userId, signal)) },
        openCalendar: async (userId, signal) => {
          const opened = await openCalendar(userId, signal);
          return opened.ok ? { ...opened, calendar: wrapCalendar(opened.calendar) } : opened;
        },
      };
      return open(wrapped, PATIENT.toolDeadlineMs);
    },
    /** No bookings, no events, no faults, the first moment again. */
    async clear(): Promise<void> {
      clock.now = START;
      microsoft.clearFaults();
      // What an earlier test left under way must not come into this one.
      await microsoft.release();
      microsoft.clearRequests();
      for (const { id } of [...microsoft.events(person)]) microsoft.deleteEvent(person, id);
      for (const table of ['bookings', 'pending'] as const) {
        const rows = await rowsOf(table);
        await Promise.all(rows.map((row) => tables.delete(table, row.partitionKey, row.rowKey)));
      }
    },
    /** What the manager does in Outlook. */
    manager: {
      add: (start: number, end: number) => microsoft.addEvent(person, { start, end, subject: 'Dentist' }),
      move: (eventId: string, start: number, end: number) => {
        microsoft.moveEvent(person, eventId, { start, end });
      },
      remove: (eventId: string) => {
        microsoft.deleteEvent(person, eventId);
      },
    },
    /** Sets the manager's rules. */
    async manage(body: Record<string, unknown>): Promise<void> {
      const { status } = await app.json(`/managers/${encodeURIComponent(USER)}`, {
        method: 'PUT',
        body: JSON.stringify({ name: 'Pete', ...body }),
        headers: { 'content-type': 'application/json' },
      });
      if (status >= 300) throw new Error(`PUT /managers answered ${status}`);
    },
    events: () => microsoft.events(person),
    /** A viewing that Outlook does not show is taken to be gone after 2 minutes. */
    waitForOutlook: () => {
      clock.now += 2 * MINUTE;
    },
    reset: () => {
      microsoft.clearFaults();
      microsoft.clearRequests();
    },
  };
}

export type BookingApp = Awaited<ReturnType<typeof createBookingApp>>;

/** One app for all tests of a file. It is made before them, cleared before each, and closed after them. */
export function useBookingApp(person?: string): BookingApp {
  const app = {} as BookingApp;
  beforeAll(async () => {
    Object.assign(app, await createBookingApp(person));
  });
  beforeEach(() => app.clear());
  afterAll(() => app.close());
  return app;
}

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
