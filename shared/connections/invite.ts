import { AppError } from '../core/errors.ts';
import { defaultManager } from '../managers/manager.ts';
import type { ManagerRecord, Postman, TakenMessage } from './connection.ts';
import { scheduleOf } from './context.ts';
import type { ConnectionContext } from './context.ts';
import { addressOf, makeDisconnectUrl, sendInvite } from './send-invite.ts';

const HOUR_MS = 3_600_000;

export interface NewInvite {
  readonly userId: string;
  /** The only account that may connect. */
  readonly calendarEmail: string;
  readonly name: string | null;
  /** Where mail goes instead. */
  readonly notifyEmail: string | null;
}

function postmanOf({ postman }: ConnectionContext): Postman {
  if (postman) return postman;
  throw new AppError(
    'mail_not_configured',
    'Mail is not configured: set SMTP_URL or ACS_ENDPOINT, and MAIL_FROM',
  );
}

/**
 * Mails a manager the link to connect his calendar; it ends an older one. Safe to repeat.
 * @throws `mail_not_configured`, `mail_failed`, `storage_unavailable`
 */
export async function inviteManager(
  context: ConnectionContext,
  { userId, calendarEmail, name, notifyEmail }: NewInvite,
  signal: AbortSignal,
): Promise<{ readonly expiresAt: number }> {
  const postman = postmanOf(context);
  const record = await context.store.open(userId, signal);
  const request = {
    userId,
    kind: 'invite' as const,
    to: notifyEmail ?? record.manager?.value.notifyEmail ?? calendarEmail,
    name: name ?? record.manager?.value.name ?? null,
    calendarEmail,
  };
  const invite = await sendInvite(context, postman, request, record, signal);
  if (!invite) throw new AppError('storage_unavailable', 'Another invite for this manager was sent just now');
  await context.store.ensureManager({ ...defaultManager(userId, name), notifyEmail }, signal);
  return { expiresAt: invite.expiresAt };
}

export type SendLinkOutcome =
  | 'sent'
  /** One was sent within the hour. */
  | 'sent_before'
  /** Nothing to connect. */
  | 'connected'
  /** No address of the manager is known. */
  | 'no_address';

function boundAccount({ connection, invite }: ManagerRecord): string | null {
  return connection?.value.calendarEmail ?? invite?.value.calendarEmail ?? null;
}

/**
 * Mails the manager a link because a caller met a calendar that is not connected: to the address on file, once an hour.
 * @throws `mail_not_configured`, `mail_failed`, `storage_unavailable`, `deadline_exceeded`
 */
export async function sendLink(
  context: ConnectionContext,
  userId: string,
  signal: AbortSignal,
): Promise<SendLinkOutcome> {
  const postman = postmanOf(context);
  const record = await context.store.open(userId, signal);
  if (record.connection?.value.status === 'connected') return 'connected';
  const to = addressOf(record);
  if (to === null) return 'no_address';
  const sentAt = record.invite?.value.sentAt ?? -Infinity;
  if (context.now() - sentAt < HOUR_MS) return 'sent_before';
  const request = {
    userId,
    kind: 'link' as const,
    to,
    name: record.manager?.value.name ?? null,
    calendarEmail: boundAccount(record),
  };
  const invite = await sendInvite(context, postman, request, record, signal);
  return invite ? 'sent' : 'sent_before';
}

/**
 * Mails the manager what a caller left for him.
 * @throws `mail_not_configured`, `mail_failed`, `storage_unavailable`, `deadline_exceeded`
 */
export async function mailMessage(
  context: ConnectionContext,
  userId: string,
  message: TakenMessage,
  signal: AbortSignal,
): Promise<void> {
  const postman = postmanOf(context);
  const record = await context.store.open(userId, signal);
  const to = addressOf(record);
  if (to === null) throw new AppError('mail_failed', 'No address of the manager is known');
  const { timeZone } = scheduleOf(context, record);
  const letter = {
    kind: 'message' as const,
    to,
    name: record.manager?.value.name ?? null,
    disconnectUrl: await makeDisconnectUrl(context, userId),
    message,
    timeZone,
  };
  await postman.send(letter, signal);
}
