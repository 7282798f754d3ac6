import { HOUR_MS } from '../core/duration.ts';
import { AppError } from '../core/errors.ts';
import { AGAIN, done, retryConcurrent } from '../core/retry.ts';
import { contactOf } from '../managers/contact.ts';
import { openInvite } from '../managers/manager-record.ts';
import type { ConnectionContext } from './context.ts';
import { newProfile } from './new-profile.ts';
import { requireMailer, sendInvite, sendOwnLink } from './send-invite.ts';

/** An operator's request to invite a manager. */
export interface NewInvite {
  readonly userId: string;
  /** The only account that may connect. */
  readonly calendarEmail: string;
  readonly name: string | null;
  /** The address that the mail goes to instead. */
  readonly notifyEmail: string | null;
}

/**
 * Mails a manager the operator's link to connect a calendar. It ends every older link. Safe to repeat.
 * @throws AppError `mail_not_configured`, `mail_failed`, `concurrent_update`, `storage_unavailable`, `deadline_exceeded`
 */
export async function inviteManager(
  context: ConnectionContext,
  { userId, calendarEmail, name, notifyEmail }: NewInvite,
  signal: AbortSignal,
): Promise<{ readonly expiresAt: number }> {
  requireMailer(context);
  const record = await context.managers.load(userId, signal);
  // Before the mail: what cannot be erased now leaves nobody with a link that the operator was told nothing of.
  if (record.deletion) await context.eraseDeleted(userId, signal);
  const request = {
    kind: 'invite' as const,
    to: notifyEmail ?? record.profile?.value.notifyEmail ?? calendarEmail,
    name: name ?? record.profile?.value.name ?? null,
    calendarEmail,
    endsLinks: true,
  };
  const invite = await sendInvite(context, record, request, signal);
  if (!invite) throw new AppError('concurrent_update', 'Another link was sent to this manager just now');
  await ensureProfile(context, userId, name, notifyEmail, signal);
  return { expiresAt: invite.expiresAt };
}

function ensureProfile(
  context: ConnectionContext,
  userId: string,
  name: string | null,
  notifyEmail: string | null,
  signal: AbortSignal,
): Promise<void> {
  return retryConcurrent(
    async () => {
      const record = await context.managers.load(userId, signal);
      if (record.profile) return done(undefined);
      const profile = { ...(await newProfile(context, record, name, signal)), notifyEmail };
      return (await context.managers.save(record, { profile }, signal)) ? done(undefined) : AGAIN;
    },
    { signal },
  );
}

/** What became of a caller's request that the manager be sent a link. */
export type SendLinkOutcome =
  | 'sent'
  /** One was sent within the last hour. */
  | 'sent_before'
  /** A calendar is connected already. */
  | 'connected'
  /** No address of the manager is known. */
  | 'no_address';

/**
 * Mails the manager a link because a caller met a calendar that is not connected: once an hour at most.
 * @throws AppError `mail_not_configured`, `mail_failed`, `storage_unavailable`, `deadline_exceeded`
 */
export async function sendLink(
  context: ConnectionContext,
  userId: string,
  signal: AbortSignal,
): Promise<SendLinkOutcome> {
  requireMailer(context);
  const record = await context.managers.load(userId, signal);
  if (record.connection?.value.status === 'connected') return 'connected';
  const { email } = contactOf(record, context.defaultTimeZone);
  if (email === null && !openInvite(record, context.now())) return 'no_address';
  const sentAt = record.invite?.value.sentAt ?? -Infinity;
  if (context.now() - sentAt < HOUR_MS) return 'sent_before';
  return (await sendOwnLink(context, record, 'link', signal)) ? 'sent' : 'sent_before';
}
