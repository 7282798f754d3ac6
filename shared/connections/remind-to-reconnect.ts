import type { ManagerRecord } from './connection.ts';
import type { ConnectionContext } from './context.ts';
import { addressOf, sendInvite } from './send-invite.ts';

const WEEK_MS = 7 * 24 * 3_600_000;
/** An invite this young may be on its way just now: another instance is at it, or the operator was. */
const ON_ITS_WAY_MS = 10 * 60_000;

function isDue({ connection, invite }: ManagerRecord, now: number): boolean {
  return (
    connection?.value.status === 'reconnect_required' &&
    now - (connection.value.reconnectMailedAt ?? -Infinity) >= WEEK_MS &&
    now - (invite?.value.sentAt ?? -Infinity) >= ON_ITS_WAY_MS
  );
}

/**
 * Mails the manager a fresh link where his connection is lost: at most once a week, whichever instance notices, until he acts.
 * @throws `mail_failed`, `storage_unavailable`
 */
export async function remindToReconnect(context: ConnectionContext, userId: string): Promise<void> {
  const { postman, store, now } = context;
  const signal = AbortSignal.timeout(60_000);
  const record = await store.open(userId, signal);
  const to = addressOf(record);
  if (!postman || to === null || !isDue(record, now())) return;

  const name = record.manager?.value.name ?? null;
  const calendarEmail = record.connection?.value.calendarEmail ?? null;
  const request = { userId, kind: 'reconnect' as const, to, name, calendarEmail };
  if (!(await sendInvite(context, postman, request, record, signal))) return;

  const { connection } = await store.open(userId, signal);
  if (connection?.value.status !== 'reconnect_required') return;
  const told = { ...connection.value, reconnectMailedAt: now() };
  await store.saveConnection(told, { keep: connection }, connection.etag, signal);
}
