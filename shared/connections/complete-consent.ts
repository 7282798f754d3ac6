// The order matters. The browser is checked before the state is used up, so that nobody can use up somebody else's. The
// state is used up before the code is redeemed. Nothing is stored before a calendar call has worked.
import { DAY_MS, SECOND_MS } from '../core/duration.ts';
import { deadlineSignal } from '../core/deadline.ts';
import { codeOf, isAppError } from '../core/errors.ts';
import type { ErrorCode } from '../core/errors.ts';
import { AGAIN, done, retryConcurrent } from '../core/retry.ts';
import { accountOf } from '../managers/calendar-watch.ts';
import { endLinks, hasConnection, NO_CALENDAR_WATCH, touchLinks } from '../managers/manager-record.ts';
import type { Connection, ManagerRecord } from '../managers/manager-record.ts';
import { isTimeZoneAssumed } from '../managers/schedule.ts';
import type { MailboxSettings } from '../managers/schedule.ts';
import { readConnectLink } from './connect-link.ts';
import { consumeState } from './consume-state.ts';
import type { Callback } from './consume-state.ts';
import { hashAddress } from './disconnect-link.ts';
import { scheduleOf } from './context.ts';
import type { ConnectionContext } from './context.ts';
import { linkUrl } from './link-tokens.ts';
import type { Account, SignIn } from './microsoft.ts';
import { newProfile } from './new-profile.ts';
import type { PendingSignIn } from './pending-sign-in.ts';
import { scopesToAsk } from './scopes.ts';
import { endSubscription, ensureSubscription, forgetCopy } from './subscription.ts';
import { fixedToken } from './token-source.ts';
import { encryptTokens } from './tokens.ts';

/** How a return from Microsoft ended. */
export type CallbackOutcome =
  | {
      readonly kind: 'connected';
      readonly calendarEmail: string;
      /** IANA name. */
      readonly timeZone: string;
      /** The zone is the default, because the mailbox names none that can be read. */
      readonly timeZoneAssumed: boolean;
    }
  /** An administrator came back, with or without approving the app for the organization. */
  | { readonly kind: 'admin_returned'; readonly allowed: boolean }
  | Refused;

/** A consent that did not connect anybody. */
export interface Refused {
  readonly kind: 'refused';
  readonly code: ErrorCode;
  /** The page to start again from; null if the link no longer works. */
  readonly retryUrl: string | null;
  /** If the wrong account signed in. */
  readonly accounts?: { readonly expected: string; readonly actual: string };
  /** If an administrator may have to approve: where they can, for 7 days, and what for. */
  readonly admin?: { readonly url: string; readonly scopes: readonly string[] };
}

const ADMIN_LIFETIME_MS = 7 * DAY_MS;
/** Graph calls the app back within 10 seconds. */
const SUBSCRIBE_MS = 12 * SECOND_MS;
/** More links than anybody tries at once. */
const MAX_REDUCED_LINKS = 20;
/** An account rarely connects more often than once a month, and disconnect links work for a year. */
const MAX_LINK_IDS = 20;

/** Why Microsoft sent no code; null if it did. @see https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2.1 */
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

function refused(context: ConnectionContext, { link }: PendingSignIn, code: ErrorCode): Refused {
  const isOver = code === 'link_used' || code === 'link_expired';
  return {
    kind: 'refused',
    code,
    retryUrl: isOver ? null : linkUrl(context.publicOrigin, 'connect', link),
  };
}

/**
 * The link goes on without change notifications: an administrator may have approved the calendar alone. If they have approved
 * both, Microsoft grants both all the same.
 */
async function askForLess(
  context: ConnectionContext,
  { userId, linkId }: PendingSignIn,
  signal: AbortSignal,
): Promise<void> {
  try {
    const record = await context.managers.load(userId, signal);
    const links = touchLinks(record, context.now());
    if (links.withoutNotifications.includes(linkId)) return;
    const withoutNotifications = [linkId, ...links.withoutNotifications].slice(0, MAX_REDUCED_LINKS);
    await context.managers.save(record, { links: { ...links, withoutNotifications } }, signal);
  } catch (error) {
    context.log.warn('consent_fallback_not_saved', { code: isAppError(error) ? error.code : 'internal' });
  }
}

/**
 * Microsoft reports an administrator's block and a cancelled consent in the same words, so both come with the administrator's
 * link.
 */
async function refusedConsent(
  context: ConnectionContext,
  signIn: PendingSignIn,
  code: ErrorCode,
  signal: AbortSignal,
): Promise<Refused> {
  if (signIn.scopes.length > scopesToAsk(false).length) await askForLess(context, signIn, signal);
  const scopes = scopesToAsk(context.wantsNotifications);
  const expiresAt = context.now() + ADMIN_LIFETIME_MS;
  const state = await context.links.make('admin', { userId: signIn.userId }, expiresAt);
  return {
    ...refused(context, signIn, code),
    admin: { url: context.identity.adminConsentUrl(state, scopes), scopes },
  };
}

/** Zone and hours are worth having, but no reason to fail: the daily run asks again. */
async function readMailbox(
  context: ConnectionContext,
  { tokens }: SignIn,
  address: string,
  signal: AbortSignal,
): Promise<MailboxSettings> {
  try {
    return await context.profile.readMailbox(fixedToken(tokens.accessToken), address, signal);
  } catch (error) {
    context.log.warn('mailbox_unread', { code: isAppError(error) ? error.code : 'internal' });
    return { timeZone: null, hours: null };
  }
}

interface Consented {
  readonly signIn: SignIn;
  readonly account: Account;
  readonly mailbox: MailboxSettings;
}

async function toConnection(
  context: ConnectionContext,
  pending: PendingSignIn,
  { signIn, account, mailbox }: Consented,
  previous: Connection | undefined,
): Promise<Connection> {
  const now = context.now();
  const { tenantId, objectId, scopes, tokens } = signIn;
  const same = previous?.tenantId === tenantId && previous.objectId === objectId ? previous : null;
  return {
    status: 'connected',
    calendarEmail: pending.calendarEmail ?? account.primaryAddress,
    addressHashes: [...new Set(account.addresses)].map(hashAddress),
    tenantId,
    objectId,
    scopes,
    // What could not be read this time has not changed.
    mailbox: same && mailbox.timeZone === null ? same.mailbox : mailbox,
    createdAt: same?.createdAt ?? now,
    connectedAt: now,
    linkIds: [pending.linkId, ...(same?.linkIds ?? [])].slice(0, MAX_LINK_IDS),
    updatedAt: now,
    refreshedAt: now,
    expiresAt: tokens.expiresAt,
    reconnectSince: null,
    reason: null,
    reconnectMailedAt: null,
    tokens: await encryptTokens(context.encryption, pending.userId, signIn, tokens),
  };
}

/** Stores the connection if the link still works, and ends all links. Of two who come back at once, one is stored. */
function saveConnection(
  context: ConnectionContext,
  pending: PendingSignIn,
  consented: Consented,
  signal: AbortSignal,
): Promise<ManagerRecord> {
  return retryConcurrent(
    async () => {
      const { record } = await readConnectLink(context, pending.link, signal);
      const name = consented.account.displayName;
      const previous = record.connection?.value;
      const isSame = previous !== undefined && accountOf(previous) === accountOf(consented.signIn);
      const saved = await context.managers.save(
        record,
        {
          connection: await toConnection(context, pending, consented, record.connection?.value),
          invite: null,
          links: endLinks(record, context.now()),
          // What was known of another account's calendar must not answer for this one's.
          ...(!isSame && NO_CALENDAR_WATCH),
          ...(!record.profile && { profile: await newProfile(context, record, name, signal) }),
        },
        signal,
      );
      if (!saved) return AGAIN;
      if (!isSame) {
        await endSubscription(context, record, signal);
        await forgetCopy(context, record, signal);
      }
      return done(saved);
    },
    { signal },
  );
}

/** Listings are faster with it, and nothing depends on it: if it fails, the daily run makes it. */
async function subscribe(
  context: ConnectionContext,
  record: ManagerRecord,
  { tokens }: SignIn,
  signal: AbortSignal,
): Promise<void> {
  if (!hasConnection(record)) return;
  try {
    const source = fixedToken(tokens.accessToken);
    await ensureSubscription(context, record, source, deadlineSignal(SUBSCRIBE_MS, signal));
  } catch (error) {
    context.log.warn('subscription_not_made', { code: codeOf(error) });
  }
}

async function exchangeCode(
  context: ConnectionContext,
  pending: PendingSignIn,
  code: string,
  signal: AbortSignal,
): Promise<CallbackOutcome> {
  const { codeVerifier, nonce, calendarEmail, scopes } = pending;
  const signIn = await context.identity.redeem({ code, codeVerifier, nonce, scopes, signal });
  const account = await context.profile.readAccount(signIn, signal);
  if (calendarEmail !== null && !account.addresses.includes(calendarEmail.toLowerCase())) {
    const accounts = { expected: calendarEmail, actual: account.primaryAddress };
    return { ...refused(context, pending, 'wrong_account'), accounts };
  }
  if (!(await context.profile.hasCalendar(signIn.tokens.accessToken, signal))) {
    return refused(context, pending, 'no_mailbox');
  }
  const mailbox = await readMailbox(context, signIn, account.primaryAddress, signal);
  const record = await saveConnection(context, pending, { signIn, account, mailbox }, signal);
  await subscribe(context, record, signIn, signal);
  return {
    kind: 'connected',
    calendarEmail: record.connection?.value.calendarEmail ?? account.primaryAddress,
    timeZone: scheduleOf(context, record).timeZone,
    timeZoneAssumed: isTimeZoneAssumed(
      record.profile?.value ?? null,
      record.connection?.value.mailbox ?? mailbox,
    ),
  };
}

/**
 * The way back from Microsoft. What goes wrong after the state was used up is `refused`, with its code and a way on.
 * @throws AppError `state_invalid`, `wrong_browser`, `link_used`, `link_expired`, `link_invalid` if there is no such sign-in
 */
export async function completeConsent(
  context: ConnectionContext,
  callback: Callback,
  signal: AbortSignal,
): Promise<CallbackOutcome> {
  const { query } = callback;
  const state = query.get('state') ?? '';
  // The state of an administrator's consent is a token of ours: days may pass, and it is another person's browser.
  if (state.includes('.')) {
    await context.links.read('admin', state);
    return { kind: 'admin_returned', allowed: query.get('admin_consent') === 'True' && !query.has('error') };
  }
  const pending = await consumeState(context, callback, signal);
  const refusal = refusalOf(query);
  if (refusal === 'consent_cancelled' || refusal === 'admin_approval_required') {
    return refusedConsent(context, pending, refusal, signal);
  }
  if (refusal !== null) return refused(context, pending, refusal);
  try {
    return await exchangeCode(context, pending, query.get('code') ?? '', signal);
  } catch (error) {
    if (!isAppError(error)) throw error;
    context.log.warn('consent_failed', { code: error.code });
    return refused(context, pending, error.code);
  }
}
