// The order matters: the browser is checked before the state is spent, so that whoever comes by with somebody else's state
// cannot use it up; the state is spent before the code is redeemed; and nothing is stored before a calendar call has worked.
import { timingSafeEqual } from 'node:crypto';
import { AppError, isAppError } from '../core/errors.ts';
import type { ErrorCode } from '../core/errors.ts';
import { defaultManager } from '../managers/manager.ts';
import { readConnectLink } from './connect-link.ts';
import type { Account, Connection, ManagerRecord, SignIn, Trip } from './connection.ts';
import type { ConnectionContext } from './context.ts';
import { cookieNameOf, hashOf } from './start-consent.ts';
import { connectUrl } from './urls.ts';

export interface Callback {
  readonly query: URLSearchParams;
  /** This browser's cookie of that name. */
  readonly cookie: (name: string) => string | null;
}

export type CallbackOutcome =
  | { readonly kind: 'connected'; readonly calendarEmail: string; readonly timeZone: string | null }
  /** An administrator came back: he allowed it for his organisation, or did not. */
  | { readonly kind: 'admin_returned'; readonly allowed: boolean }
  | Refused;

export interface Refused {
  readonly kind: 'refused';
  readonly code: ErrorCode;
  /** The page to start again from; null where the link is spent. */
  readonly retryUrl: string | null;
  /** Where the wrong account signed in. */
  readonly accounts?: { readonly expected: string; readonly actual: string };
  /** Where an administrator can approve; good for 7 days. */
  readonly adminUrl?: string;
}

const ADMIN_LIFETIME_MS = 7 * 24 * 3_600_000;
const SAVE_ATTEMPTS = 3;

function isEqual(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}

/** @throws `state_invalid`, `link_expired`, `link_used`, `wrong_browser` */
async function takeTrip(
  context: ConnectionContext,
  { query, cookie }: Callback,
  signal: AbortSignal,
): Promise<Trip> {
  const state = query.get('state') ?? '';
  if (!/^[\w-]{43}$/.test(state))
    throw new AppError('state_invalid', 'This is not a sign-in that we started');
  const key = hashOf(state);
  const found = await context.states.find(key, signal);
  if (!found) throw new AppError('state_invalid', 'This is not a sign-in that we started');
  const { trip } = found;
  if (!trip) throw new AppError('link_used', 'This sign-in has already been used');
  const browser = cookie(cookieNameOf(key));
  if (browser === null || !isEqual(hashOf(browser), trip.cookieHash)) {
    throw new AppError('wrong_browser', 'This sign-in was started in another browser');
  }
  if (found.expiresAt <= context.now()) throw new AppError('link_expired', 'This sign-in took too long');
  if (!(await context.states.spend(key, found, signal))) {
    throw new AppError('link_used', 'This sign-in has already been used');
  }
  return trip;
}

/** Microsoft's own words for why there is no code. @see https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2.1 */
function refusalOf(query: URLSearchParams): ErrorCode | null {
  switch (query.get('error')) {
    case null:
      return query.has('code') ? null : 'microsoft_rejected';
    case 'access_denied':
      return query.get('error_subcode') === 'cancel' ? 'consent_cancelled' : 'admin_approval_required';
    case 'server_error':
    case 'temporarily_unavailable':
      return 'microsoft_unreachable';
    default:
      return 'microsoft_rejected';
  }
}

function refused(context: ConnectionContext, trip: Trip, code: ErrorCode): Refused {
  return {
    kind: 'refused',
    code,
    retryUrl:
      code === 'link_used' || code === 'link_expired' ? null : connectUrl(context.publicOrigin, trip.link),
  };
}

/** Microsoft tells a cancelled consent from one that only an administrator can give badly, so both come with his link. */
async function refusedConsent(context: ConnectionContext, trip: Trip, code: ErrorCode): Promise<Refused> {
  const state = await context.links.make('admin', { userId: trip.userId }, ADMIN_LIFETIME_MS);
  return { ...refused(context, trip, code), adminUrl: context.login.adminConsentUrl(state) };
}

function toConnection(
  context: ConnectionContext,
  trip: Trip,
  signIn: SignIn,
  account: Account,
  mailbox: Connection['mailbox'],
  { connection: previous }: ManagerRecord,
): Connection {
  const now = context.now();
  const isSameAccount =
    previous?.value.tenantId === signIn.tenantId && previous.value.objectId === signIn.objectId;
  return {
    userId: trip.userId,
    status: 'connected',
    calendarEmail: trip.calendarEmail ?? account.primaryAddress,
    tenantId: signIn.tenantId,
    objectId: signIn.objectId,
    scope: signIn.scope,
    // What could not be read this time has not changed.
    mailbox: isSameAccount && mailbox.timeZone === null ? previous.value.mailbox : mailbox,
    createdAt: isSameAccount ? previous.value.createdAt : now,
    connectedAt: now,
    linkId: trip.linkId,
    updatedAt: now,
    refreshedAt: now,
    expiresAt: signIn.tokens.expiresAt,
    reconnectSince: null,
    reason: null,
    reconnectMailedAt: null,
  };
}

/** Zone and hours are worth having, but no reason to fail: the daily timer asks again. */
async function readMailbox(
  context: ConnectionContext,
  { tokens }: SignIn,
  address: string,
  signal: AbortSignal,
): Promise<Connection['mailbox']> {
  try {
    return await context.mailboxes.readMailbox(tokens.accessToken, address, signal);
  } catch (error) {
    context.log.warn('mailbox_unread', { code: isAppError(error) ? error.code : 'internal' });
    return { timeZone: null, hours: null };
  }
}

/** Stores the connection while the link is still open; whoever comes second finds it used. */
async function connect(
  context: ConnectionContext,
  trip: Trip,
  signIn: SignIn,
  account: Account,
  signal: AbortSignal,
): Promise<Connection> {
  const mailbox = await readMailbox(context, signIn, account.primaryAddress, signal);
  for (let attempt = 0; attempt < SAVE_ATTEMPTS; attempt++) {
    const { record } = await readConnectLink(context, trip.link, signal);
    const connection = toConnection(context, trip, signIn, account, mailbox, record);
    const etag = record.connection?.etag ?? null;
    const saved = await context.store.saveConnection(connection, signIn.tokens, etag, signal);
    if (saved.kind === 'changed') continue;
    if (record.invite) await context.store.deleteInvite(trip.userId, record.invite.etag, signal);
    if (!record.manager)
      await context.store.ensureManager(defaultManager(trip.userId, account.displayName), signal);
    return connection;
  }
  throw new AppError('storage_unavailable', 'The connection could not be stored');
}

async function goThrough(
  context: ConnectionContext,
  trip: Trip,
  code: string,
  signal: AbortSignal,
): Promise<CallbackOutcome> {
  const { codeVerifier, nonce, calendarEmail } = trip;
  const signIn = await context.login.redeem({ code, codeVerifier, nonce, signal });
  const account = await context.mailboxes.readAccount(signIn, signal);
  if (calendarEmail !== null && !account.addresses.includes(calendarEmail.toLowerCase())) {
    const accounts = { expected: calendarEmail, actual: account.primaryAddress };
    return { ...refused(context, trip, 'wrong_account'), accounts };
  }
  if (!(await context.mailboxes.hasCalendar(signIn.tokens.accessToken, signal))) {
    return refused(context, trip, 'no_mailbox');
  }
  const connection = await connect(context, trip, signIn, account, signal);
  return {
    kind: 'connected',
    calendarEmail: connection.calendarEmail,
    timeZone: connection.mailbox.timeZone,
  };
}

/**
 * The way back from Microsoft. What goes wrong after the state was taken is `refused`, with its code and a way on.
 * @throws `state_invalid`, `wrong_browser`, `link_used`, `link_expired`, `link_invalid` where there is no such trip.
 */
export async function completeConsent(
  context: ConnectionContext,
  callback: Callback,
  signal: AbortSignal,
): Promise<CallbackOutcome> {
  const { query } = callback;
  const state = query.get('state') ?? '';
  // The state of an administrator's trip is a token of ours: days pass, and it is another person's browser.
  if (state.includes('.')) {
    await context.links.read('admin', state);
    return { kind: 'admin_returned', allowed: query.get('admin_consent') === 'True' && !query.has('error') };
  }
  const trip = await takeTrip(context, callback, signal);
  const refusal = refusalOf(query);
  if (refusal === 'consent_cancelled' || refusal === 'admin_approval_required') {
    return refusedConsent(context, trip, refusal);
  }
  if (refusal !== null) return refused(context, trip, refusal);
  try {
    return await goThrough(context, trip, query.get('code') ?? '', signal);
  } catch (error) {
    if (!isAppError(error)) throw error;
    context.log.warn('consent_failed', { code: error.code });
    return refused(context, trip, error.code);
  }
}
