import type { Connection } from './connection.ts';
import type { ConnectionContext } from './context.ts';
import { addressOf, sendInvite } from './send-invite.ts';

const WEEK_MS = 7 * 24 * 3_600_000;
/** Longer than a mail takes: another instance steps in only where this one died. */
const CLAIM_MS = 10 * 60_000;

const isDue = (connection: Connection, now: number): boolean =>
  connection.status === 'reconnect_required' &&
  now - (connection.reconnectMailedAt ?? -Infinity) >= WEEK_MS &&
  now >= (connection.mailingUntil ?? 0);

/**
 * Mails the manager a fresh link where his connection is lost: at most once a week, whichever instance notices, until he acts.
 * @throws `mail_failed`, `storage_unavailable`
 */
export const remindToReconnect = async (context: ConnectionContext, userId: string): Promise<void> => {
  const { postman, store, now } = context;
  const signal = AbortSignal.timeout(60_000);
  const record = await store.open(userId, signal);
  const { connection } = record;
  const to = addressOf(record);
  if (!postman || !connection || to === null || !isDue(connection.value, now())) return;

  const claimed = { ...connection.value, mailingUntil: now() + CLAIM_MS };
  const claim = await store.saveConnection(claimed, { keep: connection }, connection.etag, signal);
  if (claim.kind === 'changed') return;
  const settle = async (reconnectMailedAt: number | null): Promise<void> => {
    const { connection: current } = await store.open(userId, signal);
    if (current?.value.status !== 'reconnect_required') return;
    const settled = { ...current.value, mailingUntil: null, reconnectMailedAt };
    await store.saveConnection(settled, { keep: current }, current.etag, signal);
  };
  try {
    const name = record.manager?.value.name ?? null;
    const { calendarEmail } = connection.value;
    await sendInvite(
      context,
      postman,
      { userId, kind: 'reconnect', to, name, calendarEmail },
      record,
      signal,
    );
  } catch (error) {
    await settle(connection.value.reconnectMailedAt);
    throw error;
  }
  await settle(now());
};
