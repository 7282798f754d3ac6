import { randomUUID } from 'node:crypto';
import type { Invite, Letter, ManagerRecord, Postman } from './connection.ts';
import { scheduleOf } from './context.ts';
import type { ConnectionContext } from './context.ts';
import { connectUrl, disconnectUrl } from './urls.ts';

const DAY_MS = 24 * 3_600_000;
const INVITE_LIFETIME_MS = 7 * DAY_MS;
/** A mail may be looked up long after it came. */
const DISCONNECT_LIFETIME_MS = 365 * DAY_MS;

export interface InviteRequest {
  readonly userId: string;
  readonly kind: Exclude<Letter['kind'], 'message'>;
  readonly to: string;
  readonly name: string | null;
  /** The only account that may connect; null: any. */
  readonly calendarEmail: string | null;
}

/** Where mail to a manager goes; null where no address of his is known. */
export function addressOf({ manager, connection, invite }: ManagerRecord): string | null {
  return manager?.value.notifyEmail ?? connection?.value.calendarEmail ?? invite?.value.calendarEmail ?? null;
}

export async function makeDisconnectUrl(context: ConnectionContext, userId: string): Promise<string> {
  return disconnectUrl(
    context.publicOrigin,
    await context.links.make('disconnect', { userId }, DISCONNECT_LIFETIME_MS),
  );
}

/**
 * Replaces the manager's open invite and mails the link of the new one. Where the mail is refused, the older invite is put back:
 * nothing is half-kept.
 * @returns null where another instance wrote an invite at the same moment.
 * @throws `mail_failed`, `storage_unavailable`, `deadline_exceeded`
 */
export async function sendInvite(
  context: ConnectionContext,
  postman: Postman,
  request: InviteRequest,
  record: ManagerRecord,
  signal?: AbortSignal,
): Promise<Invite | null> {
  const { userId, calendarEmail } = request;
  const now = context.now();
  const invite: Invite = {
    userId,
    id: randomUUID(),
    calendarEmail,
    sentAt: now,
    expiresAt: now + INVITE_LIFETIME_MS,
  };
  const token = await context.links.make(
    'connect',
    { userId, calendarEmail, id: invite.id, mailed: true },
    INVITE_LIFETIME_MS,
  );
  const saved = await context.store.saveInvite(invite, record.invite?.etag ?? null, signal);
  if (saved.kind === 'changed') return null;
  try {
    await postman.send(
      {
        kind: request.kind,
        to: request.to,
        name: request.name,
        calendarEmail,
        connectUrl: connectUrl(context.publicOrigin, token),
        disconnectUrl: await makeDisconnectUrl(context, userId),
        expiresAt: invite.expiresAt,
        timeZone: scheduleOf(context, record).timeZone,
      },
      signal,
    );
  } catch (error) {
    // Not under the request's own deadline, which may be what cut the mail short.
    await (record.invite
      ? context.store.saveInvite(record.invite.value, saved.etag)
      : context.store.deleteInvite(userId, saved.etag));
    throw error;
  }
  return invite;
}
