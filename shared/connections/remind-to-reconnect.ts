import { deadlineSignal } from '../core/deadline.ts';
import { DAY_MS, MINUTE_MS } from '../core/duration.ts';
import { hasConnection } from '../managers/manager-record.ts';
import type { ManagerRecord } from '../managers/manager-record.ts';
import type { ConnectionContext } from './context.ts';
import { sendOwnLink } from './send-invite.ts';

const INTERVAL_MS = 7 * DAY_MS;
/** An invite this young may be on its way just now: another instance is sending it, or the operator was. */
const ON_ITS_WAY_MS = 10 * MINUTE_MS;
const DEADLINE_MS = MINUTE_MS;

function isDue({ connection, invite }: ManagerRecord, now: number): boolean {
  return (
    connection?.value.status === 'reconnect_required' &&
    now - (connection.value.reconnectMailedAt ?? -Infinity) >= INTERVAL_MS &&
    now - (invite?.value.sentAt ?? -Infinity) >= ON_ITS_WAY_MS
  );
}

/**
 * Mails the manager a link if the connection is lost: at most once a week over all instances, until they connect.
 * @throws AppError `mail_failed`, `storage_unavailable`, `deadline_exceeded`
 */
export async function remindToReconnect(context: ConnectionContext, userId: string): Promise<void> {
  if (!context.mailer) return;
  const signal = deadlineSignal(DEADLINE_MS);
  const record = await context.managers.load(userId, signal);
  if (!isDue(record, context.now())) return;
  if (!(await sendOwnLink(context, record, 'reconnect', signal))) return;

  const latest = await context.managers.load(userId, signal);
  if (!hasConnection(latest) || latest.connection.value.status !== 'reconnect_required') return;
  const connection = { ...latest.connection.value, reconnectMailedAt: context.now() };
  // If somebody else writes at this moment, the manager may be reminded once more than needed.
  await context.managers.save(latest, { connection }, signal);
}
