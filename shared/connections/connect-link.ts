import { AppError } from '../core/errors.ts';
import type { ManagerRecord } from './connection.ts';
import type { ConnectionContext } from './context.ts';

/** What a connect link stands for. */
export interface ConnectLink {
  readonly userId: string;
  /** The only account that may connect; null: any. */
  readonly calendarEmail: string | null;
  readonly id: string;
  readonly mailed: boolean;
  readonly issuedAt: number;
}

/**
 * The one judgement on a connect link, whenever it is opened, pressed or come back from.
 * @throws `link_used` once it has connected someone, or a newer invite or a disconnect has ended it.
 */
function assertOpen(link: ConnectLink, record: ManagerRecord): void {
  const connection = record.connection?.value;
  const isSpent =
    connection !== undefined &&
    (connection.linkId === link.id ||
      connection.connectedAt > link.issuedAt ||
      (connection.status === 'disconnected' && connection.updatedAt > link.issuedAt));
  if (isSpent) throw new AppError('link_used', 'This link has already been used');
  if (link.mailed && record.invite?.value.id !== link.id) {
    throw new AppError('link_used', 'This link has been replaced by a newer one');
  }
}

/** @throws `link_invalid`, `link_expired`, `link_used` */
export async function readConnectLink(
  context: ConnectionContext,
  token: string,
  signal: AbortSignal,
): Promise<{ readonly link: ConnectLink; readonly record: ManagerRecord }> {
  const link = await context.links.read('connect', token);
  const record = await context.store.open(link.userId, signal);
  assertOpen(link, record);
  return { link, record };
}
