import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { AppError } from '../core/errors.ts';
import { readConnectLink } from './connect-link.ts';
import type { ConnectLink } from './connect-link.ts';
import type { ManagerRecord } from './connection.ts';
import type { ConnectionContext } from './context.ts';
import { CALLBACK_PATH } from '../core/paths.ts';
import { connectUrl } from './urls.ts';

const HOUR_MS = 3_600_000;
const START_LINK_LIFETIME_MS = 24 * HOUR_MS;
const FORM_LIFETIME_MS = 12 * HOUR_MS;
const STATE_LIFETIME_MS = 10 * 60_000;

export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
function secret(): string {
  return randomBytes(32).toString('base64url');
}

/** A link for an operator to hand on: 24 hours, no mail. */
export async function makeStartLink(
  context: ConnectionContext,
  userId: string,
  calendarEmail: string | null,
): Promise<{ readonly url: string; readonly expiresAt: number }> {
  const claims = { userId, calendarEmail, id: randomUUID(), mailed: false };
  const token = await context.links.make('connect', claims, START_LINK_LIFETIME_MS);
  return { url: connectUrl(context.publicOrigin, token), expiresAt: context.now() + START_LINK_LIFETIME_MS };
}

export interface ConnectPage {
  readonly userId: string;
  readonly calendarEmail: string | null;
  /** The manager's. */
  readonly name: string | null;
  /** For the form's hidden field. */
  readonly formToken: string;
}

/** What the page behind a connect link shows. Changes nothing. @throws `link_invalid`, `link_expired`, `link_used` */
export async function showConsent(
  context: ConnectionContext,
  token: string,
  signal: AbortSignal,
): Promise<ConnectPage> {
  const { link, record } = await readConnectLink(context, token, signal);
  const formToken = await context.links.make('form', { link: hashOf(token) }, FORM_LIFETIME_MS);
  return { ...describe(link, record), formToken };
}

function describe(link: ConnectLink, record: ManagerRecord): Omit<ConnectPage, 'formToken'> {
  return {
    userId: link.userId,
    calendarEmail: link.calendarEmail,
    name: record.manager?.value.name ?? null,
  };
}

/** @throws `link_invalid`, `link_expired` where the form is not of the page behind this very link. */
export async function assertOwnForm(
  context: ConnectionContext,
  token: string,
  formToken: string,
): Promise<void> {
  const { link } = await context.links.read('form', formToken);
  if (link !== hashOf(token)) throw new AppError('link_invalid', 'The form belongs to another link');
}

/** A cookie that ties one trip to one browser; sent back to the callback alone. */
export interface ConsentCookie {
  readonly name: string;
  readonly value: string;
  readonly path: string;
  readonly maxAgeSeconds: number;
}

/** Each trip has a cookie of its own, so that two tabs of one browser do not disturb each other. */
export function cookieNameOf(stateKey: string): string {
  return `consent_${stateKey.slice(0, 12)}`;
}

/** Begins a trip to Microsoft in the browser that pressed the button. @throws like `showConsent`, and `storage_unavailable` */
export async function startConsent(
  context: ConnectionContext,
  token: string,
  formToken: string,
  signal: AbortSignal,
): Promise<{ readonly url: string; readonly cookie: ConsentCookie }> {
  const { link } = await readConnectLink(context, token, signal);
  await assertOwnForm(context, token, formToken);

  const [state, nonce, browser] = [secret(), secret(), secret()] as const;
  const stateKey = hashOf(state);
  const { url, codeVerifier } = await context.login.authorize({ state, nonce, signal });
  const trip = {
    userId: link.userId,
    calendarEmail: link.calendarEmail,
    link: token,
    linkId: link.id,
    cookieHash: hashOf(browser),
    codeVerifier,
    nonce,
  };
  await context.states.save(stateKey, trip, context.now() + STATE_LIFETIME_MS, signal);
  return {
    url,
    cookie: {
      name: cookieNameOf(stateKey),
      value: browser,
      path: CALLBACK_PATH,
      maxAgeSeconds: STATE_LIFETIME_MS / 1_000,
    },
  };
}
