// The app on real parts: the functions behind their host, Azurite, the Microsoft stand-in, an SMTP server.
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect } from '@jest/globals';
import { createTables } from '../../sandbox/azurite.ts';
import { createFunctionsHost } from '../../sandbox/functions-host.ts';
import { createMailbox } from '../../sandbox/mailbox.ts';
import type { CaughtMail } from '../../sandbox/mailbox.ts';
import { createMicrosoft } from '../../sandbox/microsoft/microsoft.ts';
import { readConfig } from '../../shared/config.ts';
import type { Log, LogFields } from '../../shared/core/log.ts';
import { createApp } from '../../shared/app.ts';
import { useApp } from '../../shared/running-app.ts';
import type { App, Limits } from '../../shared/app.ts';
import { PATIENT } from './patient.ts';
import { createTableAccess } from '../../shared/storage/tables.ts';
import type { TableName } from '../../shared/storage/tables.ts';
import '../../functions/calendar-auth-callback.ts';
import '../../functions/calendar-auth-disconnect.ts';
import '../../functions/calendar-auth-invite.ts';
import '../../functions/calendar-auth-start.ts';
import '../../functions/calendar-auth-status.ts';
import '../../functions/calendar-connect.ts';
import '../../functions/calendar-disconnect.ts';
import '../../functions/health.ts';
import '../../functions/keep-alive.ts';
import '../../functions/manager.ts';
import '../../functions/managers.ts';
import '../../functions/microsoft-notifications.ts';

export function KEY(fill: number): string {
  return Buffer.alloc(32, fill).toString('base64');
}
export const START = Date.parse('2026-11-23T15:00:00Z');
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

export interface LogLine {
  readonly level: 'info' | 'warn' | 'error';
  readonly event: string;
  readonly fields: LogFields;
  readonly cause: unknown;
}

function createRecordingLog(): Log & { readonly lines: LogLine[] } {
  const lines: LogLine[] = [];
  const record =
    (level: LogLine['level']) =>
    (event: string, fields: LogFields = {}, cause?: unknown): void => {
      lines.push({ level, event, fields, cause });
    };
  return { lines, info: record('info'), warn: record('warn'), error: record('error') };
}

/** Azurite behind a front that drops every write. */
async function createReadOnlyProxy(connectionString: string) {
  const target = new URL(/TableEndpoint=([^;]+)/.exec(connectionString)?.[1] ?? '');
  const server = createServer((incoming, outgoing) => {
    if (incoming.method !== 'GET') {
      incoming.socket.destroy();
      return;
    }
    const { headers, url: path } = incoming;
    request({ host: target.hostname, port: target.port, path, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    }).end();
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    connectionString: connectionString.replace(target.host, `${target.hostname}:${port}`),
    close: () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  };
}

const TABLES: readonly TableName[] = [
  'managers',
  'routes',
  'states',
  'properties',
  'snapshots',
  'timers',
  'bookings',
  'pending',
  'calls',
  'messages',
  'searches',
];

/** @param settings of the environment, besides the ones that lead to the stand-ins */
export async function createTestApp(settings: Record<string, string> = {}) {
  const clock = { now: START };
  const now = (): number => clock.now;
  const [tables, mailbox, host] = await Promise.all([createTables(), createMailbox(), createFunctionsHost()]);
  const redirectUri = `${host.url}/calendar/auth/callback`;
  const microsoft = await createMicrosoft({ now, redirectUris: [redirectUri] });
  const log = createRecordingLog();
  const environment: Record<string, string> = {
    MICROSOFT_CLIENT_ID: microsoft.clientId,
    MICROSOFT_CLIENT_SECRET: microsoft.clientSecret,
    MICROSOFT_REDIRECT_URI: redirectUri,
    MICROSOFT_LOGIN_ENDPOINT: microsoft.url,
    MICROSOFT_GRAPH_ENDPOINT: microsoft.url,
    TOKEN_ENCRYPTION_KEYS: `one:${KEY(1)}`,
    ALLOW_UNAUTHENTICATED_WEBHOOK: 'true',
    AzureWebJobsStorage: tables.connectionString,
    SMTP_URL: mailbox.smtpUrl,
    MAIL_FROM: 'PeteRental <calendar@peterental.example>',
    ...settings,
  };
  const servicesWith = (changes: Record<string, string> = {}, limits: Limits = PATIENT): App => {
    const result = readConfig({ ...environment, ...changes });
    if (!result.ok) throw new Error(JSON.stringify(result.problems));
    return createApp(result.config, { now, log, ...limits });
  };
  const services = servicesWith();
  useApp(services);
  const proxy = await createReadOnlyProxy(tables.connectionString);
  const storage = { kind: 'connection_string', connectionString: tables.connectionString } as const;
  const access = createTableAccess(storage, PATIENT);

  return {
    clock,
    log,
    mailbox,
    microsoft,
    services,
    tables: access,
    url: host.url,
    /** Another instance of the app, with some settings changed. @param limits default: `PATIENT` */
    servicesWith,
    /** Another instance, whose tables can be read but not written. */
    servicesReadOnly: () => servicesWith({ AzureWebJobsStorage: proxy.connectionString }),
    runTimer: (name: string) => host.runTimer(name),
    signal: () => AbortSignal.timeout(300_000),

    request(path: string, init: RequestInit = {}): Promise<Response> {
      return fetch(new URL(path, host.url), { redirect: 'manual', ...init });
    },

    async json(
      path: string,
      init: RequestInit = {},
    ): Promise<{ status: number; body: Record<string, unknown> }> {
      const response = await this.request(path, init);
      return { status: response.status, body: (await response.json()) as Record<string, unknown> };
    },

    post(path: string, body: unknown) {
      return this.json(path, {
        method: 'POST',
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json' },
      });
    },

    async status(userId: string): Promise<Record<string, unknown>> {
      return (await this.json(`/calendar/auth/status?user_id=${encodeURIComponent(userId)}`)).body;
    },

    async startLink(userId: string, calendarEmail = ''): Promise<string> {
      const query = new URLSearchParams({ user_id: userId, calendar_email: calendarEmail });
      const { body } = await this.json(`/calendar/auth/start?${query.toString()}`);
      return String(body['authorization_url']);
    },

    /** Opens a link, presses the button and signs in; gives back the way home and this browser's cookie. */
    async goToMicrosoft(link: string, person: string, decision?: 'accept' | 'cancel' | 'return') {
      const started = await this.press(link);
      expect(started.status).toBe(303);
      const cookie = started.headers.get('set-cookie')?.split(';')[0] ?? '';
      const callback = await microsoft.signIn(started.headers.get('location') ?? '', person, decision);
      return { callback, cookie };
    },

    /** The button of the page behind a link. */
    async press(link: string, headers: Record<string, string> = {}): Promise<Response> {
      return (await this.openPage(link))(headers);
    },

    /** Opens the page behind a link, and gives back what presses its button. */
    async openPage(link: string): Promise<(headers?: Record<string, string>) => Promise<Response>> {
      const page = await this.request(link);
      const formToken = /name="form_token" value="([^"]+)"/.exec(await page.text())?.[1] ?? '';
      return (headers = {}) =>
        this.request(link, { method: 'POST', body: new URLSearchParams({ form_token: formToken }), headers });
    },

    comeBack(callback: string, cookie: string, accept = 'application/json'): Promise<Response> {
      return this.request(callback, { headers: { cookie, accept } });
    },

    /** The whole trip. */
    async connect(link: string, person: string): Promise<Response> {
      const { callback, cookie } = await this.goToMicrosoft(link, person);
      return this.comeBack(callback, cookie);
    },

    async invite(
      userId: string,
      calendarEmail: string,
      more: Record<string, unknown> = {},
    ): Promise<CaughtMail> {
      const { status } = await this.post('/calendar/auth/invite', {
        user_id: userId,
        calendar_email: calendarEmail,
        ...more,
      });
      expect(status).toBe(202);
      const mail = mailbox.messages().at(-1);
      if (!mail) throw new Error('No mail came');
      return mail;
    },

    linkIn(mail: CaughtMail | undefined, kind: 'connect' | 'disconnect' = 'connect'): string {
      const link = new RegExp(`http\\S+/calendar/${kind}/\\S+`).exec(mail?.text ?? '')?.[0];
      if (link === undefined) throw new Error(`The mail has no ${kind} link`);
      return link;
    },

    /** Everything that stands in the tables, as text. */
    async dump(): Promise<string> {
      const rows = [];
      for (const table of TABLES) {
        for await (const page of access.query(table, ''))
          rows.push(...page.map((row) => ({ table, ...row })));
      }
      return JSON.stringify(rows);
    },

    /** The first moment again: nobody is known, nothing was mailed, Microsoft has no faults, and this app serves the host. */
    async reset(): Promise<void> {
      useApp(services);
      clock.now = START;
      mailbox.reset();
      microsoft.reset();
      microsoft.allowRedirectUri(redirectUri);
      log.lines.length = 0;
      await this.clearTables();
    },

    /** Deletes every row. */
    async clearTables(): Promise<void> {
      for (const table of TABLES) {
        for await (const page of access.query(table, '')) {
          for (const { partitionKey, rowKey } of page) await access.delete(table, partitionKey, rowKey);
        }
      }
    },

    async close(): Promise<void> {
      useApp(undefined);
      await Promise.all([host.close(), mailbox.close(), microsoft.close(), proxy.close()]);
      await tables.close();
    },
  };
}

export type TestApp = Awaited<ReturnType<typeof createTestApp>>;

/** One app for all tests of a file. It is made before them, reset before each, and closed after them. */
export function useTestApp(settings: Record<string, string> = {}): TestApp {
  const app = {} as TestApp;
  beforeAll(async () => {
    Object.assign(app, await createTestApp(settings));
  });
  beforeEach(() => app.reset());
  afterAll(() => app.close());
  return app;
}

/** A body as the API answers it: `{error: {code}}`. */
export async function errorCodeOf(response: Response): Promise<unknown> {
  return ((await response.json()) as { error?: { code?: string } }).error?.code;
}

/** Waits for what happens in the background. */
export async function eventually(check: () => boolean | Promise<boolean>): Promise<void> {
  // A test that never sees it is ended by its own limit.
  while (!(await check())) await new Promise((resolve) => setTimeout(resolve, 50));
}
