// The composition root: the one place that knows the adapters, the clock and the environment.
import type { OpenCalendar } from './booking/context.ts';
import { createBookingServiceFor } from './booking/service.ts';
import { sweepPending } from './booking/sweep.ts';
import type { SweepReport } from './booking/sweep.ts';
import { readConfig } from './config.ts';
import type { Config, ConfigProblem } from './config.ts';
import { createConnections } from './connections/connections.ts';
import type { Connections } from './connections/connections.ts';
import { createLinks } from './connections/link-tokens.ts';
import { createHealthCounts } from './core/health-counts.ts';
import type { HealthCounts } from './core/health-counts.ts';
import { createLastUse } from './core/last-use.ts';
import type { LastUse } from './core/last-use.ts';
import { createLog } from './core/log.ts';
import { AppError } from './core/errors.ts';
import type { Log } from './core/log.ts';
import { createPostman } from './notifications/mailer.ts';
import { createManagers } from './managers/managers.ts';
import type { Managers } from './managers/managers.ts';
import { createGraphCalendar } from './microsoft/calendar.ts';
import { createGraph } from './microsoft/graph-client.ts';
import { createLogin } from './microsoft/identity.ts';
import { createMailboxes } from './microsoft/profile.ts';
import { createBookingStore, sweepBookings } from './storage/bookings/store.ts';
import { createCallRecords, sweepCalls } from './storage/calls.ts';
import { createConnectionStore } from './storage/connections.ts';
import { createPropertyDirectory } from './properties/directory.ts';
import type { PropertyDirectory } from './properties/directory.ts';
import { isLoopback } from './properties/feeds/allowed-address.ts';
import { createFeedReader } from './properties/feeds/read-feed.ts';
import { createPortfolios } from './properties/portfolios.ts';
import { createProperties } from './properties/properties.ts';
import type { Properties } from './properties/properties.ts';
import { createPropertyStore } from './storage/properties/store.ts';
import { createManagerStore } from './storage/managers.ts';
import { createMessageStore } from './storage/messages.ts';
import { createEncryption } from './storage/encryption.ts';
import { createStateStore } from './storage/pending-sign-ins.ts';
import { createTableAccess } from './storage/tables.ts';
import { createTimerStore } from './storage/timers.ts';
import { traceGraph } from './telemetry/traced-graph.ts';
import { traceTables } from './telemetry/traced-tables.ts';
import { createToolCallObserver } from './telemetry/tool-call-observer.ts';
import { createVapiWebhook } from './vapi/webhook.ts';
import type { VapiWebhook } from './vapi/webhook.ts';
import type { MessageStore } from './voice/ports.ts';

export interface Services {
  readonly config: Config;
  readonly log: Log;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly connections: Connections;
  readonly managers: Managers;
  /** The homes, for operators. */
  readonly properties: Properties;
  /** The homes, for callers. */
  readonly directory: PropertyDirectory;
  readonly messages: MessageStore;
  readonly webhook: VapiWebhook;
  /** Finishes or frees bookings cut short, and forgets what is old. */
  readonly runSweep: () => Promise<SweepReport & { readonly forgotten: number }>;
  /** In milliseconds: how long /health may take. */
  readonly healthMs: number;
  /** What /health counts besides connections. */
  readonly healthCounts: HealthCounts;
  /** Of Microsoft's sign-in and Graph. */
  readonly microsoftUse: LastUse;
  /** @throws `storage_unavailable` where the tables do not answer */
  readonly pingTables: (signal: AbortSignal) => Promise<void>;
}

/** A monitor wants to know within a second. */
const HEALTH_MS = 800;
/** Well inside the function's timeout; the next run is 5 minutes away. */
const SWEEP_MS = 4 * 60_000;
/** Calls last minutes, and VAPI's retries of one are long over by then. */
const CALLS_KEPT_MS = 24 * 60 * 60_000;

export interface Surroundings {
  readonly now?: () => number;
  readonly log?: Log;
  /** In milliseconds; default 800. */
  readonly healthMs?: number;
}

export function createServices(config: Config, surroundings: Surroundings = {}): Services {
  const { now = Date.now, log = createLog(), healthMs = HEALTH_MS } = surroundings;
  const tables = traceTables(createTableAccess(config.storage));
  const encryption = createEncryption(config.encryptionKeys);
  const healthCounts = createHealthCounts(now, log);
  const microsoftUse = createLastUse(now);
  const graph = createGraph({
    endpoint: config.microsoft.graphEndpoint,
    fetch: traceGraph(microsoftUse.watch(fetch)),
  });
  const propertyStore = createPropertyStore(tables, encryption);
  const managers = createManagers(
    createManagerStore(tables),
    now,
    createPortfolios({ store: propertyStore, now }),
  );
  const properties = createProperties({
    store: propertyStore,
    managers,
    viewings: { ofProperties: () => Promise.resolve([]) },
    mails: null,
    feeds: createFeedReader({ allowLoopback: isLoopback(config.publicOrigin) }),
    defaultTimeZone: config.defaultTimeZone,
    now,
    log,
  });
  const connections = createConnections({
    store: createConnectionStore(tables, encryption),
    states: createStateStore(tables, encryption),
    timers: createTimerStore(tables),
    login: createLogin({ ...config.microsoft, now, log, fetch: microsoftUse.watch(fetch) }),
    mailboxes: createMailboxes(graph, now),
    postman: config.mail && createPostman(config.mail),
    links: createLinks(config.encryptionKeys, now),
    publicOrigin: config.publicOrigin,
    defaultTimeZone: config.defaultTimeZone,
    now,
    log,
  });
  const messages = createMessageStore(tables, encryption);
  const bookings = createBookingStore(tables, encryption);
  const openCalendar: OpenCalendar = async (userId, signal) => {
    const access = await connections.access(userId, signal);
    if (!access.ok) return access;
    const { schedule } = access;
    const { timeZone } = schedule;
    return { ok: true, schedule, calendar: createGraphCalendar({ graph, auth: access, timeZone, signal }) };
  };
  const webhook = createVapiWebhook(
    {
      managers,
      openDesk: createBookingServiceFor({ store: bookings, openCalendar, now }),
      sendLink: (userId, signal) => connections.sendLink(userId, signal),
      openCallRecord: createCallRecords(tables, encryption),
      messages,
      mailMessage: (userId, message, signal) => connections.mailMessage(userId, message, signal),
      log,
      observer: createToolCallObserver(config.encryptionKeys[0]?.bytes ?? new Uint8Array()),
      now,
    },
    config.vapi,
  );
  return {
    config,
    log,
    now,
    connections,
    managers,
    properties,
    directory: createPropertyDirectory(propertyStore),
    messages,
    webhook,
    healthMs,
    healthCounts,
    microsoftUse,
    async runSweep() {
      const signal = AbortSignal.timeout(SWEEP_MS);
      const report = await sweepPending({ store: bookings, openCalendar, now, log }, signal);
      const forgotten =
        (await sweepBookings(tables, now(), signal)) +
        (await sweepCalls(tables, now() - CALLS_KEPT_MS, signal));
      return { ...report, forgotten };
    },
    async pingTables(signal) {
      await tables.getOrNull('timers', 'health', 'health', { signal });
    },
  };
}

type Started =
  | { readonly ok: true; readonly services: Services }
  | { readonly ok: false; readonly problems: readonly ConfigProblem[] };

let started: Started | undefined;

function start(): Started {
  const result = readConfig(process.env);
  if (result.ok) return { ok: true, services: createServices(result.config) };
  const { problems } = result;
  createLog().error('config_invalid', {
    settings: problems.map(({ setting, expected }) => `${setting}: ${expected}`).join('; '),
  });
  return { ok: false, problems };
}

/** The settings that keep the app from running; none where it runs. Never their values. */
export function configProblems(): readonly ConfigProblem[] {
  started ??= start();
  return started.ok ? [] : started.problems;
}

/** Everything the functions need, made when first asked for. @throws `misconfigured` */
export function services(): Services {
  started ??= start();
  if (started.ok) return started.services;
  throw new AppError('misconfigured', 'The app is not configured: /health names the settings');
}

/** Takes the place of what the environment says, as tests with a clock of their own do; undefined: the environment again. */
export function replaceServices(replacement: Services | undefined): void {
  started = replacement && { ok: true, services: replacement };
}

/** For answers that are given before, or without, the services. */
export function currentLog(): Log {
  return started?.ok ? started.services.log : createLog();
}
