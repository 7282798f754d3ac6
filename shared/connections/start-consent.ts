import { randomBytes, randomUUID } from 'node:crypto';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../core/duration.ts';
import { hashText } from '../core/hash.ts';
import { CALLBACK_PATH } from '../core/paths.ts';
import { issueInstant, readConnectLink } from './connect-link.ts';
import type { ConnectionContext } from './context.ts';
import { makeFormToken, assertFormToken } from './form-token.ts';
import { linkUrl } from './link-tokens.ts';
import { scopesToAsk } from './scopes.ts';

const START_LINK_LIFETIME_MS = 24 * HOUR_MS;
const STATE_LIFETIME_MS = 10 * MINUTE_MS;

/** 256 bits, base64url. */
function randomSecret(): string {
  return randomBytes(32).toString('base64url');
}

/**
 * A link for an operator to pass on: it works for 24 hours, and no mail is sent. It ends no other link.
 * @throws AppError `storage_unavailable`, `deadline_exceeded`
 */
export async function makeStartLink(
  context: ConnectionContext,
  userId: string,
  calendarEmail: string | null,
  signal: AbortSignal,
): Promise<{ readonly url: string; readonly expiresAt: number }> {
  const record = await context.managers.load(userId, signal);
  const expiresAt = context.now() + START_LINK_LIFETIME_MS;
  const claims = { userId, calendarEmail, id: randomUUID(), mailed: false };
  const token = await context.links.make('connect', claims, expiresAt, issueInstant(record, context.now()));
  return { url: linkUrl(context.publicOrigin, 'connect', token), expiresAt };
}

/** What the page behind a connect link shows. */
export interface ConnectPage {
  readonly userId: string;
  /** The only account that may connect; null if any may. */
  readonly calendarEmail: string | null;
  /** The manager's. */
  readonly name: string | null;
  /** What Microsoft will be asked for. */
  readonly scopes: readonly string[];
  /** For the form's hidden field. */
  readonly formToken: string;
}

/** Microsoft is asked for less if an administrator's block met this link before. */
function scopesFor(
  context: ConnectionContext,
  { link, record }: Awaited<ReturnType<typeof readConnectLink>>,
): readonly string[] {
  const isReduced = record.links?.value.withoutNotifications.includes(link.id) ?? false;
  return scopesToAsk(context.wantsNotifications && !isReduced);
}

/** The page behind a connect link. Changes nothing. @throws AppError `link_invalid`, `link_expired`, `link_used` */
export async function showConsent(
  context: ConnectionContext,
  token: string,
  signal: AbortSignal,
): Promise<ConnectPage> {
  const found = await readConnectLink(context, token, signal);
  const { link, record } = found;
  return {
    userId: link.userId,
    calendarEmail: link.calendarEmail,
    name: record.profile?.value.name ?? null,
    scopes: scopesFor(context, found),
    formToken: await makeFormToken(context, token, link.expiresAt),
  };
}

/** A cookie that ties one sign-in to one browser. */
export interface ConsentCookie {
  readonly name: string;
  readonly value: string;
  readonly path: string;
  readonly maxAgeSeconds: number;
  readonly secure: boolean;
}

/**
 * Each sign-in has a cookie of its own, so that two tabs of one browser do not disturb each other. Over https its name begins
 * with `__Host-`: then no other host of the domain can set it, and the browser wants it secure and for all paths.
 */
export function consentCookie(context: ConnectionContext, stateKey: string): Omit<ConsentCookie, 'value'> {
  const secure = context.publicOrigin.startsWith('https:');
  const name = `consent_${stateKey.slice(0, 12)}`;
  return {
    name: secure ? `__Host-${name}` : name,
    path: secure ? '/' : CALLBACK_PATH,
    maxAgeSeconds: STATE_LIFETIME_MS / SECOND_MS,
    secure,
  };
}

/**
 * Begins a sign-in at Microsoft in the browser that pressed the button.
 * @throws AppError `link_invalid`, `link_expired`, `link_used`, `storage_unavailable`, `deadline_exceeded`
 */
export async function startConsent(
  context: ConnectionContext,
  token: string,
  formToken: string,
  signal: AbortSignal,
): Promise<{ readonly url: string; readonly cookie: ConsentCookie }> {
  const found = await readConnectLink(context, token, signal);
  await assertFormToken(context, token, formToken);
  const { link } = found;
  const scopes = scopesFor(context, found);
  const [state, nonce, browser] = [randomSecret(), randomSecret(), randomSecret()] as const;
  const stateKey = hashText(state);
  const { url, codeVerifier } = await context.identity.authorize({ state, nonce, scopes, signal });
  const signIn = {
    userId: link.userId,
    calendarEmail: link.calendarEmail,
    link: token,
    linkId: link.id,
    scopes,
    cookieHash: hashText(browser),
    codeVerifier,
    nonce,
  };
  await context.signIns.save(stateKey, signIn, context.now() + STATE_LIFETIME_MS, signal);
  return { url, cookie: { ...consentCookie(context, stateKey), value: browser } };
}
