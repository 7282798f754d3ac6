// A connected manager's desk on real parts: Azurite, the Microsoft stand-in, the functions behind their host.
import { randomUUID } from 'node:crypto';
import type { BookingDesk, Caller } from '../../shared/booking/booking.ts';
import type { OpenCalendar } from '../../shared/booking/context.ts';
import { createOpenDesk } from '../../shared/booking/desk.ts';
import { createGraphCalendar } from '../../shared/microsoft/graph-calendar.ts';
import { createGraph } from '../../shared/microsoft/graph-client.ts';
import { createBookingStore } from '../../shared/storage/booking-store.ts';
import { createSealer } from '../../shared/storage/sealed.ts';
import { createConsentWorld } from '../connection/world.ts';
import '../../functions/sweep.ts';
import '../../functions/vapi-webhook.ts';

export const USER = '+15555551234';

export const createBookingWorld = async (person = 'pete@lakeviewrentals.example') => {
  const world = await createConsentWorld({ TRUST_TOOL_USER_ID: 'true' });
  await world.connect(await world.startLink(USER), person);
  const { microsoft, services, tables, clock } = world;
  const now = (): number => clock.now;
  const graph = createGraph({ endpoint: microsoft.url });
  const store = createBookingStore(tables, createSealer(services.config.encryptionKeys));
  const openCalendar: OpenCalendar = async (userId, signal) => {
    const access = await services.connections.access(userId, signal);
    if (!access.ok) return access;
    const { schedule } = access;
    const options = { graph, auth: access, timeZone: schedule.timeZone, signal };
    return { ok: true, schedule, calendar: createGraphCalendar(options) };
  };
  const openDesk = createOpenDesk({ store, openCalendar, now });

  return {
    ...world,
    store,
    openCalendar,
    /** A desk for one request. @param deadlineMs default 20 s */
    async desk(deadlineMs = 20_000): Promise<BookingDesk> {
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
};

/** Another caller each time, or the same on a new call. */
export const callerOn = (number: string | null = '+13125550100', callId = randomUUID()): Caller => ({
  number,
  callId,
  toolCallId: randomUUID(),
});
