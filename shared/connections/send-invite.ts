import { deadlineSignal } from '../core/deadline.ts';
import { randomUUID } from 'node:crypto';
import { DAY_MS, MINUTE_MS } from '../core/duration.ts';
import { AppError } from '../core/errors.ts';
import { contactOf } from '../managers/contact.ts';
import { endLinks, openInvite, touchLinks } from '../managers/manager-record.ts';
import type { Invite, ManagerRecord } from '../managers/manager-record.ts';
import type { ConnectEmailKind, Mailer } from '../notifications/email.ts';
import type { ConnectionContext } from './context.ts';
import { connectedAccount, makeDisconnectUrl } from './disconnect-link.ts';
import type { LinkedAccount } from './disconnect-link.ts';
import { linkUrl } from './link-tokens.ts';

const INVITE_LIFETIME_MS = 7 * DAY_MS;
const UNDO_MS = MINUTE_MS;

/** @throws AppError `mail_not_configured` */
export function requireMailer({ mailer }: ConnectionContext): Mailer {
  if (mailer) return mailer;
  throw new AppError(
    'mail_not_configured',
    'Mail is not configured: set SMTP_URL or ACS_ENDPOINT, and MAIL_FROM',
  );
}

/** The account that the mail's disconnect link is about. */
function accountOf(invite: Invite, record: ManagerRecord): LinkedAccount {
  const connected = record.connection?.value;
  const isSame = connected && connected.calendarEmail === invite.calendarEmail;
  const account = isSame || invite.calendarEmail === null ? connectedAccount(record) : null;
  if (account) return account;
  return invite.calendarEmail === null ? { linkId: invite.id } : { calendarEmail: invite.calendarEmail };
}

/**
 * Saves the invite, then mails its link. If the mail fails, everything is as it was.
 * @returns false if another instance wrote an invite at the same moment; then nothing is mailed
 */
async function saveAndMail(
  context: ConnectionContext,
  record: ManagerRecord,
  invite: Invite,
  mail: { readonly kind: ConnectEmailKind; readonly name: string | null; readonly endsLinks: boolean },
  signal: AbortSignal,
): Promise<boolean> {
  const mailer = requireMailer(context);
  const now = context.now();
  const links = mail.endsLinks ? endLinks(record, now) : touchLinks(record, now);
  const { userId } = record;
  const { calendarEmail, id, expiresAt } = invite;
  const token = await context.links.make('connect', { userId, calendarEmail, id, mailed: true }, expiresAt);
  const disconnectUrl = await makeDisconnectUrl(context, userId, accountOf(invite, record));
  const saved = await context.managers.save(record, { invite, links }, signal);
  if (!saved) return false;
  try {
    await mailer.send(
      {
        kind: mail.kind,
        to: invite.mailedTo,
        name: mail.name,
        timeZone: contactOf(record, context.defaultTimeZone).timeZone,
        disconnectUrl,
        calendarEmail,
        connectUrl: linkUrl(context.publicOrigin, 'connect', token),
        expiresAt,
      },
      signal,
    );
  } catch (error) {
    const before = {
      invite: record.invite?.value ?? null,
      // Written even if there were none: its version tells whether a later invite has come.
      links: record.links?.value ?? touchLinks(record, now),
    };
    // Not under the request's own deadline, which may be what cut the mail short.
    await context.managers.save(saved, before, deadlineSignal(UNDO_MS));
    throw error;
  }
  return true;
}

/** A mail with a connect link. */
export interface InviteRequest {
  readonly kind: ConnectEmailKind;
  readonly to: string;
  readonly name: string | null;
  /** The only account that may connect; null if any may. */
  readonly calendarEmail: string | null;
  /** The operator's invite ends every older link; one that the app sends by itself ends none but the invite it replaces. */
  readonly endsLinks: boolean;
}

/**
 * Mails a new link, which replaces the one that was mailed before.
 * @returns null if another instance wrote an invite at the same moment
 * @throws AppError `mail_not_configured`, `mail_failed`, `storage_unavailable`, `deadline_exceeded`
 */
export async function sendInvite(
  context: ConnectionContext,
  record: ManagerRecord,
  { kind, to, name, calendarEmail, endsLinks }: InviteRequest,
  signal: AbortSignal,
): Promise<Invite | null> {
  const now = context.now();
  const invite: Invite = {
    id: randomUUID(),
    calendarEmail,
    mailedTo: to,
    sentAt: now,
    expiresAt: now + INVITE_LIFETIME_MS,
  };
  return (await saveAndMail(context, record, invite, { kind, name, endsLinks }, signal)) ? invite : null;
}

/**
 * Mails a link that the app sends by itself, for a reminder or a caller. While an invite is open, it is that same link, to
 * the invite's own address: the operator's latest word stays, and nothing ends.
 * @returns whether a mail went out: false if no address is known, or another instance is sending one
 * @throws AppError `mail_not_configured`, `mail_failed`, `storage_unavailable`, `deadline_exceeded`
 */
export async function sendOwnLink(
  context: ConnectionContext,
  record: ManagerRecord,
  kind: 'reconnect' | 'link',
  signal: AbortSignal,
): Promise<boolean> {
  const { connection, invite } = record;
  const { email, name } = contactOf(record, context.defaultTimeZone);
  const lost = connection?.value.calendarEmail ?? null;
  const calendarEmail = invite ? invite.value.calendarEmail : lost;
  // Whoever was never connected gets no mail about a lost connection.
  const isSame = kind === 'link' || calendarEmail === null || calendarEmail === lost;
  const mail = { kind: isSame ? kind : ('invite' as const), name, endsLinks: false };
  const open = openInvite(record, context.now());
  if (open) return saveAndMail(context, record, { ...open, sentAt: context.now() }, mail, signal);
  if (email === null) return false;
  const request = { ...mail, to: email, calendarEmail };
  return (await sendInvite(context, record, request, signal)) !== null;
}
