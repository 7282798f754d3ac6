import { AppError } from '../core/errors.ts';
import { contactOf } from '../managers/contact.ts';
import { openInvite } from '../managers/manager-record.ts';
import type { EmailContent, ConnectEmailKind } from '../notifications/email.ts';
import type { ConnectionContext } from './context.ts';
import { connectedAccount, makeDisconnectUrl } from './disconnect-link.ts';
import { requireMailer } from './send-invite.ts';

/** Any mail without a connect link of its own. */
export type ManagerEmail = Exclude<EmailContent, { readonly kind: ConnectEmailKind }>;

/**
 * Mails a manager something, with the link that disconnects their account.
 * @throws AppError `mail_not_configured`; `mail_failed`, also if no address is known; `storage_unavailable`, `deadline_exceeded`
 */
export async function mailManager(
  context: ConnectionContext,
  userId: string,
  content: ManagerEmail,
  signal: AbortSignal,
): Promise<void> {
  const mailer = requireMailer(context);
  const record = await context.managers.load(userId, signal);
  const { email, name, timeZone } = contactOf(record, context.defaultTimeZone);
  if (email === null) throw new AppError('mail_failed', 'No address of the manager is known');
  const invited = openInvite(record, context.now())?.calendarEmail ?? null;
  const account = connectedAccount(record) ?? (invited === null ? null : { calendarEmail: invited });
  const disconnectUrl = account && (await makeDisconnectUrl(context, userId, account));
  await mailer.send({ ...content, to: email, name, timeZone, disconnectUrl }, signal);
}
