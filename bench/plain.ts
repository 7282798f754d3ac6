// What this app is measured against: a plain function app of the kind that it replaces, as Microsoft's samples lead one to write it. For every question it
// opens the table of tokens, renews the token if it must, asks Graph for the week, and writes down its free half hours. It knows one
// manager and one tool. It has no deadline, no encryption, no bookings of its own, and speaks no sentence.
import { app } from '@azure/functions';
import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import { TableClient } from '@azure/data-tables';
import { ConfidentialClientApplication } from '@azure/msal-node';
import { Client, MiddlewareFactory } from '@microsoft/microsoft-graph-client';
import type { AuthenticationProvider, Middleware } from '@microsoft/microsoft-graph-client';
import type { Event } from '@microsoft/microsoft-graph-types';
import { formatInTimeZone, fromZonedTime } from 'date-fns-tz';

/** One person's tokens, as Microsoft gave them. */
export interface PlainTokens {
  readonly accessToken: string;
  readonly refreshToken: string;
}

interface TokenRow extends PlainTokens {
  readonly partitionKey: string;
  readonly rowKey: string;
  readonly expiresAt: string;
}

const ZONE = 'America/Chicago';
const DAYS = 7;
const SLOT_MINUTES = 30;
const EARLY_MS = 5 * 60_000;

function setting(name: string): string {
  return process.env[name] ?? '';
}

function openTable(): TableClient {
  return TableClient.fromConnectionString(setting('AzureWebJobsStorage'), 'tokens', {
    allowInsecureConnection: true,
  });
}

function toRow(userId: string, { accessToken, refreshToken }: PlainTokens, expiresAt: Date): TokenRow {
  return {
    partitionKey: 'tokens',
    rowKey: userId,
    accessToken,
    refreshToken,
    expiresAt: expiresAt.toISOString(),
  };
}

/** Takes the place of its consent page. */
export async function savePlainTokens(userId: string, tokens: PlainTokens): Promise<void> {
  const table = openTable();
  await table.createTable();
  await table.upsertEntity(toRow(userId, tokens, new Date(Date.now() + 60 * 60_000)));
}

/** MSAL asks an authority that it does not know for its metadata, and takes none over http: it is given the metadata. */
function createMsalClient(): ConfidentialClientApplication {
  const base = `${setting('MICROSOFT_LOGIN_ENDPOINT')}/common`;
  return new ConfidentialClientApplication({
    auth: {
      clientId: setting('MICROSOFT_CLIENT_ID'),
      clientSecret: setting('MICROSOFT_CLIENT_SECRET'),
      authority: 'https://login.microsoftonline.com/common',
      knownAuthorities: ['login.microsoftonline.com'],
      authorityMetadata: JSON.stringify({
        authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
        token_endpoint: `${base}/oauth2/v2.0/token`,
        issuer: `${base}/v2.0`,
        jwks_uri: `${base}/discovery/v2.0/keys`,
      }),
    },
  });
}

async function getAccessToken(userId: string, keepsToken: boolean): Promise<string> {
  const table = openTable();
  const row = await table.getEntity<TokenRow>('tokens', userId);
  if (keepsToken && Date.parse(row.expiresAt) - Date.now() > EARLY_MS) return row.accessToken;
  const result = await createMsalClient().acquireTokenByRefreshToken({
    refreshToken: row.refreshToken,
    scopes: ['Calendars.ReadWrite'],
  });
  if (!result) throw new Error('Microsoft gave no token');
  const { accessToken, expiresOn } = result;
  if (keepsToken)
    await table.upsertEntity(
      toRow(userId, { accessToken, refreshToken: row.refreshToken }, expiresOn ?? new Date()),
    );
  return accessToken;
}

/** The client's own chain, but for its last part: the client gives a token to Microsoft's hosts alone, and asks the stand-in here. */
function createGraphClient(accessToken: string): Client {
  const provider: AuthenticationProvider = { getAccessToken: () => Promise.resolve(accessToken) };
  const chain = MiddlewareFactory.getDefaultMiddlewareChain(provider);
  const sending: Middleware = {
    async execute(context) {
      const url = String(context.request).replace(
        'https://graph.microsoft.com',
        setting('MICROSOFT_GRAPH_ENDPOINT'),
      );
      context.response = await fetch(url, context.options);
    },
  };
  return Client.initWithMiddleware({ middleware: [...chain.slice(0, -1), sending] });
}

async function readEvents(accessToken: string, from: number, to: number): Promise<Event[]> {
  const answer = (await createGraphClient(accessToken)
    .api('/me/calendarView')
    .header('Prefer', 'outlook.timezone="UTC"')
    .query({ startDateTime: new Date(from).toISOString(), endDateTime: new Date(to).toISOString() })
    .select('subject,start,end,showAs,isCancelled')
    .orderby('start/dateTime')
    .top(200)
    .get()) as { value: Event[] };
  return answer.value;
}

/** In the form in which the agent is answered, as our app answers it. */
interface FreeTime {
  readonly start_time: string;
  readonly end_time: string;
  readonly duration_minutes: number;
  readonly formatted_time: string;
}

function toFreeTime(start: Date, end: Date): FreeTime {
  return {
    start_time: formatInTimeZone(start, ZONE, "yyyy-MM-dd'T'HH:mm:ssxxx"),
    end_time: formatInTimeZone(end, ZONE, "yyyy-MM-dd'T'HH:mm:ssxxx"),
    duration_minutes: SLOT_MINUTES,
    formatted_time: formatInTimeZone(start, ZONE, "EEEE, MMMM d 'at' h:mm a"),
  };
}

function findFreeTimes(events: readonly Event[], now: number): FreeTime[] {
  const busy = events
    .filter(({ showAs, isCancelled }) => showAs !== 'free' && isCancelled !== true)
    .map(({ start, end }) => ({
      start: Date.parse(`${start?.dateTime ?? ''}Z`),
      end: Date.parse(`${end?.dateTime ?? ''}Z`),
    }));
  const free: FreeTime[] = [];
  for (let day = 0; day < DAYS; day++) {
    const date = formatInTimeZone(addDays(now, day), ZONE, 'yyyy-MM-dd');
    if (Number(formatInTimeZone(addDays(now, day), ZONE, 'i')) > 5) continue;
    const closes = fromZonedTime(`${date}T17:00`, ZONE);
    let start = fromZonedTime(`${date}T09:00`, ZONE);
    while (start < closes) {
      const end = addMinutes(start, SLOT_MINUTES);
      const isFree = !busy.some((one) => one.start < end.getTime() && start.getTime() < one.end);
      if (start.getTime() > now && isFree) free.push(toFreeTime(start, end));
      start = end;
    }
  }
  return free;
}

function addDays(at: number, days: number): Date {
  return new Date(at + days * 24 * 60 * 60_000);
}

function addMinutes(at: Date, minutes: number): Date {
  return new Date(at.getTime() + minutes * 60_000);
}

/** @param keepsToken false: every question renews the token, as the shortest of the samples do */
async function answer(request: HttpRequest, keepsToken: boolean): Promise<HttpResponseInit> {
  const body = (await request.json()) as { functionCall: { parameters: { user_id: string } } };
  const accessToken = await getAccessToken(body.functionCall.parameters.user_id, keepsToken);
  const now = Date.now();
  const events = await readEvents(accessToken, now, now + DAYS * 24 * 60 * 60_000);
  const free = findFreeTimes(events, now);
  const response =
    free.length === 0
      ? 'There is no free time this week.'
      : `The next free times are ${free
          .slice(0, 3)
          .map((one) => one.formatted_time)
          .join(', ')}.`;
  const action = free.length === 0 ? 'no_availability' : 'present_slots';
  return { jsonBody: { result: { response, action, available_slots: free.slice(0, 10) } } };
}

/** Registers it in the app's place. */
export function registerPlainApp(keepsToken: boolean): void {
  app.http('vapiWebhook', {
    methods: ['POST'],
    authLevel: 'anonymous',
    route: 'vapi/webhook',
    handler: (request) => answer(request, keepsToken),
  });
}
