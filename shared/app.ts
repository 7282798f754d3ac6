// The composition root: the one place that knows the adapters and the clock.
import type { Calendar } from './booking/calendar.ts';
import { listingWindow } from './booking/context.ts';
import type { OpenCalendar } from './booking/context.ts';
import { listFutureViewingsOf, listViewings } from './booking/list-viewings.ts';
import type { ViewingsPage, ViewingsQuery } from './booking/list-viewings.ts';
import type { FollowedViewing } from './booking/follow-calendar.ts';
import { createFindEarlierRequest } from './booking/earlier-request.ts';
import { createBookingServiceFor } from './booking/service.ts';
import { sweepPending } from './booking/sweep.ts';
import type { SweepReport } from './booking/sweep.ts';
import type { Config } from './config.ts';
import { createClientStates } from './connections/client-state.ts';
import { createConnections } from './connections/connections.ts';
import type { Connections } from './connections/connections.ts';
import { createLinks } from './connections/link-tokens.ts';
import { receiveNotifications } from './connections/receive-notifications.ts';
import type { NotificationReport } from './connections/receive-notifications.ts';
import { createHealthCounts } from './core/health-counts.ts';
import type { HealthCounts } from './core/health-counts.ts';
import { createLastUse } from './core/last-use.ts';
import type { LastUse } from './core/last-use.ts';
import { DAY_MS, MINUTE_MS } from './core/duration.ts';
import { createLog } from './core/log.ts';
import { runOnceADay } from './core/timer-lease.ts';
import { runSteps } from './core/run-steps.ts';
import type { Log } from './core/log.ts';
import { createMessages } from './messages/messages.ts';
import type { Messages } from './messages/messages.ts';
import { createMailer } from './notifications/email-transport.ts';
import { createManagers } from './managers/managers.ts';
import type { ManagerChanges } from './managers/changes.ts';
import type { Managers } from './managers/managers.ts';
import { createGraphCalendar } from './microsoft/calendar.ts';
import { createGraph } from './microsoft/graph-client.ts';
import { createMicrosoftIdentity } from './microsoft/identity.ts';
import { createMicrosoftProfile } from './microsoft/profile.ts';
import { createMicrosoftSubscriptions } from './microsoft/subscriptions.ts';
import { createBookingStore, sweepBookings } from './storage/bookings/store.ts';
import { createCallerKeys, ENCRYPTED_SECRET } from './storage/caller-keys.ts';
import { ENCRYPTED_NOTES } from './storage/properties/rows.ts';
import { createPropertyDirectory } from './properties/directory.ts';
import { isLoopback } from './properties/feeds/allowed-address.ts';
import { createFeedReader } from './properties/feeds/read-feed.ts';
import { createPortfolios } from './properties/portfolios.ts';
import { createProperties } from './properties/properties.ts';
import type { Properties } from './properties/properties.ts';
import { createPropertyStore } from './storage/properties/store.ts';
import { ENCRYPTED_DETAILS } from './storage/bookings/rows.ts';
import { createCallRecords, ENCRYPTED_CALLS, sweepCalls } from './storage/calls.ts';
import { createListingReader } from './snapshots/listing-reader.ts';
import { refreshCalendars } from './snapshots/refresh-calendars.ts';
import type { RefreshReport } from './snapshots/refresh-calendars.ts';
import { MAX_PROVISIONAL_AGE_MS } from './snapshots/judge-snapshot.ts';
import { createCalendarChangeStore } from './storage/calendar-changes.ts';
import { createManagerRepository } from './storage/managers.ts';
import { ENCRYPTED_TOKENS } from './storage/manager-rows.ts';
import { createMessageStore, ENCRYPTED_MESSAGES } from './storage/messages.ts';
import { reencrypt } from './storage/reencrypt.ts';
import type { ReencryptReport } from './storage/reencrypt.ts';
import { createEncryption } from './storage/encryption.ts';
import { createPendingSignInStore } from './storage/pending-sign-ins.ts';
import { createSearchStore, ENCRYPTED_SEARCHES, sweepSearches } from './storage/searches.ts';
import { createSnapshotStore, ENCRYPTED_SNAPSHOTS } from './storage/snapshots.ts';
import { createTableAccess } from './storage/tables.ts';
import { createTimerStore } from './storage/timers.ts';
import { recordListing } from './telemetry/metrics.ts';
import { traceGraph } from './telemetry/traced-graph.ts';
import { traceTables } from './telemetry/traced-tables.ts';
import { createToolCallObserver } from './telemetry/tool-call-observer.ts';
import { createOperatorSearch } from './voice/operator-search.ts';
import type { OperatorSearch } from './voice/operator-search.ts';
import type { SearchStore } from './voice/ports.ts';
import { createVapiWebhook } from './vapi/webhook.ts';
import type { VapiWebhook } from './vapi/webhook.ts';

/** Everything that the functions use. */
export interface App {
  readonly config: Config;
  readonly log: Log;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly connections: Connections;
  readonly managers: Managers;
  /** The homes, for operators. */
  readonly properties: Properties;
  /** The search of the voice tools, for operators. */
  readonly searchProperties: OperatorSearch;
  /** What callers looked for. */
  readonly searches: SearchStore;
  readonly listViewings: (
    userId: string,
    query: ViewingsQuery,
    timeZone: string,
    signal: AbortSignal,
  ) => Promise<ViewingsPage>;
  readonly messages: Messages;
  readonly webhook: VapiWebhook;
  /** Marks the calendars that a notification of Graph names. */
  readonly receiveNotifications: (body: Uint8Array, signal: AbortSignal) => Promise<NotificationReport>;
  /** Completes or cancels interrupted bookings, looks at calendars that have changed, and deletes expired rows. */
  readonly runSweep: () => Promise<
    SweepReport & RefreshReport & { readonly forgotten: number; readonly digests: number }
  >;
  /**
   * What is done once a day: deletions are finished, old messages deleted, and everything is encrypted under the newest key, so
   * that an older key can be removed after a day.
   */
  readonly runDaily: () => Promise<DailyReport>;
  /** The same, but null if it is done for today or another instance is doing it. What failed is done again later. */
  readonly runDailyOnce: () => Promise<DailyReport | null>;
  /** In milliseconds: how long /health may take. */
  readonly healthMs: number;
  /** In milliseconds: how long it may take to mark the calendars of one notification. */
  readonly markMs: number;
  /** What /health counts besides connections. */
  readonly healthCounts: HealthCounts;
  /** Of Microsoft's sign-in and Graph. */
  readonly microsoftUse: LastUse;
  /** @throws AppError `storage_unavailable` if the tables do not answer */
  readonly pingTables: (signal: AbortSignal) => Promise<void>;
}

/** What the daily work did. */
export type DailyReport = ReencryptReport & { readonly deletions: number; readonly oldMessages: number };

/** Longer than the daily work takes. */
const DAILY_LEASE_MS = 6 * MINUTE_MS;
/** A monitor wants to know within a second. */
const HEALTH_MS = 800;
/** Graph gives up after 3 seconds, and repeats. */
const MARK_MS = 2_500;
/** Calls last minutes, and no repeat of a request comes after a day. */
const CALL_RETENTION_MS = DAY_MS;
/** How long it can be shown what a search was answered. */
const SEARCH_RETENTION_MS = 30 * DAY_MS;

/** How long things may take, in milliseconds. */
export interface Limits {
  /** An answer of /health. Default 800. */
  readonly healthMs?: number;
  /** Marking the calendars of one notification. Default 2,500. */
  readonly markMs?: number;
  /** One attempt at Graph or at Microsoft's token endpoint. Default 3,500. */
  readonly attemptMs?: number;
  /** Graph's silence before an older copy answers a listing. Default 2,000. */
  readonly silenceMs?: number;
  /** Storing a copy of a calendar. Default 2,000. */
  readonly saveMs?: number;
  /** The tool calls of one request. Default 7,500. */
  readonly toolDeadlineMs?: number;
  /** Choosing an assistant, or finding facts. Default 4,500. */
  readonly assistantDeadlineMs?: number;
  /** One call of the tables. Default 5,000. */
  readonly callTimeoutMs?: number;
  /** A write that records a decision about a booking. Default 3,000. */
  readonly decisionMs?: number;
}

/** What a test puts in place of the real thing. */
export interface Overrides extends Limits {
  readonly now?: () => number;
  readonly log?: Log;
}

/** Makes the app from its settings. Nothing is connected to before it is used. */
export function createApp(config: Config, overrides: Overrides = {}): App {
  const { now = Date.now, log = createLog(), healthMs = HEALTH_MS, markMs = MARK_MS } = overrides;
  const { attemptMs, silenceMs, saveMs, toolDeadlineMs, assistantDeadlineMs } = overrides;
  const tables = traceTables(createTableAccess(config.storage, overrides));
  const encryption = createEncryption(config.encryptionKeys);
  const healthCounts = createHealthCounts(now, log);
  const microsoftUse = createLastUse(now);
  const graph = createGraph({
    endpoint: config.microsoft.graphEndpoint,
    fetch: traceGraph(microsoftUse.watch(fetch)),
    attemptMs,
  });
  const propertyStore = createPropertyStore(tables, encryption, log);
  const directory = createPropertyDirectory({
    readMark: async (userId, signal) => (await repository.loadForRequest(userId, signal)).properties,
    readIndex: (userId, signal) => propertyStore.readIndex(userId, signal),
  });
  const searches = createSearchStore(tables, encryption, log);
  const repository = createManagerRepository(tables);
  const snapshots = createSnapshotStore(tables, encryption, log);
  const changes = createCalendarChangeStore(tables);
  const timers = createTimerStore(tables);
  const clientStates = createClientStates(config.encryptionKeys);
  const connections = createConnections({
    managers: repository,
    encryption,
    signIns: createPendingSignInStore(tables, encryption),
    timers,
    identity: createMicrosoftIdentity({
      ...config.microsoft,
      now,
      log,
      fetch: microsoftUse.watch(fetch),
      attemptMs,
    }),
    profile: createMicrosoftProfile(graph, now),
    subscriptions: createMicrosoftSubscriptions(graph, now),
    changes,
    clientStates,
    forgetCalendar: (userId, signal) => snapshots.deleteAll(userId, signal),
    eraseDeleted: (userId, signal) => managers.eraseDeleted(userId, signal),
    mailer: config.mail && createMailer(config.mail, log),
    links: createLinks(config.encryptionKeys, now),
    publicOrigin: config.publicOrigin,
    defaultTimeZone: config.defaultTimeZone,
    wantsNotifications: config.calendarNotifications,
    now,
    log,
  });
  healthCounts.add(
    'assumed_time_zones',
    async (signal) => (await connections.health(signal)).assumedTimeZones,
  );
  healthCounts.add(
    'notifications_off',
    async (signal) => (await connections.health(signal)).notificationsOff,
  );
  healthCounts.add('failing_feeds', (signal) => propertyStore.countFailingSources(signal));
  const messages = createMessages({
    store: createMessageStore(tables, encryption),
    mail: connections.mailManager,
    isManager: async (userId, signal) => (await repository.load(userId, signal)).profile !== null,
    now,
    log,
  });
  const managerChanges: ManagerChanges[] = [
    createPortfolios({ store: propertyStore, now }),
    { onDeleted: (userId, signal) => messages.deleteAll(userId, signal) },
    {
      onDeleting: (record, signal) => connections.endSubscription(record, signal),
      onDeleted: (userId, signal) => snapshots.deleteAll(userId, signal),
    },
  ];
  const managers = createManagers({ repository, changes: managerChanges, now });
  const properties = createProperties({
    store: propertyStore,
    managers,
    viewings: {
      async ofProperties(userId, propertyIds, from, signal) {
        const found = await listFutureViewingsOf({ store: bookings, userId }, propertyIds, from, signal);
        return found.map((booking) => ({
          bookingId: booking.bookingId,
          propertyId: booking.propertyId ?? '',
          address: booking.propertyAddress,
          start: booking.interval.start,
          attendeeName: booking.attendeeName,
        }));
      },
    },
    mail: connections.mailManager,
    feeds: createFeedReader({ allowLoopback: isLoopback(config.publicOrigin) }),
    defaultTimeZone: config.defaultTimeZone,
    now,
    log,
  });
  const bookings = createBookingStore(tables, encryption, log, overrides);
  const listings = {
    store: snapshots,
    managers: repository,
    changes,
    notifications: { isOn: config.calendarNotifications, isListed: clientStates.isListed },
    log,
    now,
    onListing: recordListing,
    silenceMs,
    saveMs,
  };
  const openCalendar: OpenCalendar = async (userId, signal) => {
    const access = await connections.access(userId, signal);
    if (!access.ok) return access;
    const { schedule, record } = access;
    const { timeZone } = schedule;
    const openGraph = (until: AbortSignal): Calendar =>
      createGraphCalendar({ graph, auth: access, timeZone, signal: until });
    const horizon = listingWindow({ schedule, now });
    const listing = createListingReader(listings, {
      record,
      openCalendar: openGraph,
      timeZone,
      horizon,
      signal,
    });
    return { ok: true, schedule, calendar: openGraph(signal), listing };
  };
  // This is the place to notify a caller that their viewing was moved or deleted.
  const noteFollowed = (_userId: string, { before, after }: FollowedViewing): Promise<void> => {
    const change = after.state === 'freed' ? 'deleted' : 'moved';
    log.info('viewing_followed', { booking: before.bookingId, change });
    return Promise.resolve();
  };
  const callerKeys = createCallerKeys(tables, encryption, log, now);
  const booking = { store: bookings, openCalendar, callerKeys, log, now };
  const webhook = createVapiWebhook(
    {
      managers,
      bookingServiceFor: createBookingServiceFor(booking),
      findEarlierRequest: createFindEarlierRequest(bookings, now),
      sendLink: connections.sendLink,
      openCallRecord: createCallRecords(tables, encryption),
      messages,
      properties: directory,
      searches,
      defaultTimeZone: config.defaultTimeZone,
      log,
      observer: createToolCallObserver(config.encryptionKeys[0]?.bytes ?? new Uint8Array()),
      now,
    },
    { ...config.vapi, toolDeadlineMs, assistantDeadlineMs },
  );
  const runDaily = async (): Promise<DailyReport> => {
    const columns = [
      ENCRYPTED_TOKENS,
      ENCRYPTED_MESSAGES,
      ENCRYPTED_DETAILS,
      ENCRYPTED_NOTES,
      ENCRYPTED_SECRET,
      ENCRYPTED_CALLS,
      ENCRYPTED_SEARCHES,
      ENCRYPTED_SNAPSHOTS,
    ];
    const { deletions, oldMessages, encrypted } = await runSteps(
      'keepAlive',
      {
        deletions: { maxMs: MINUTE_MS, run: (signal) => managers.finishDeletions(signal) },
        oldMessages: { maxMs: MINUTE_MS, run: (signal) => messages.deleteOld(signal) },
        encrypted: {
          maxMs: 2 * MINUTE_MS,
          run: (signal) => reencrypt(tables, encryption, columns, signal),
        },
      },
      log,
    );
    return { deletions, oldMessages, ...encrypted };
  };
  return {
    config,
    log,
    now,
    connections,
    managers,
    properties,
    searchProperties: createOperatorSearch({
      managers,
      directory,
      defaultTimeZone: config.defaultTimeZone,
      now,
    }),
    searches,
    listViewings: (userId, query, timeZone, signal) =>
      listViewings({ store: bookings, userId }, query, { now: now(), timeZone }, signal),
    messages,
    webhook,
    healthMs,
    markMs,
    healthCounts,
    microsoftUse,
    receiveNotifications: (body, signal) =>
      receiveNotifications({ changes, clientStates, log, now }, body, signal),
    async runSweep() {
      const { pending, calendars, forgotten, digests } = await runSteps(
        'sweep',
        {
          // Mail does not wait for Microsoft: callers leave messages most of all if it is down.
          digests: { maxMs: MINUTE_MS, run: (signal) => messages.sendDigests(signal) },
          // Encrypts the secret again, if its key is to be removed.
          callerKeys: { maxMs: MINUTE_MS / 2, run: (signal) => callerKeys.load(signal) },
          pending: { maxMs: 3 * MINUTE_MS, run: (signal) => sweepPending(booking, signal) },
          calendars: {
            maxMs: 3 * MINUTE_MS,
            run: (signal) =>
              refreshCalendars(
                {
                  ...listings,
                  booking,
                  renewSubscription: connections.renewSubscription,
                  onFollowed: noteFollowed,
                },
                signal,
              ),
          },
          forgotten: {
            maxMs: MINUTE_MS,
            run: async (signal) =>
              (await sweepBookings(tables, now(), signal)) +
              (await sweepCalls(tables, now() - CALL_RETENTION_MS, signal)) +
              (await sweepSearches(tables, now() - SEARCH_RETENTION_MS, signal)) +
              (await snapshots.deleteOld(now() - MAX_PROVISIONAL_AGE_MS, signal)),
          },
        },
        log,
      );
      return { ...pending, ...calendars, forgotten, digests };
    },
    runDaily,
    runDailyOnce: () => runOnceADay(timers, 'daily', now, DAILY_LEASE_MS, runDaily),
    async pingTables(signal) {
      await tables.getOrNull('timers', 'health', 'health', { signal });
    },
  };
}
