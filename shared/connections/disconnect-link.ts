import { DAY_MS } from '../core/duration.ts';
import { hashText } from '../core/hash.ts';
import type { Connection, ManagerRecord } from '../managers/manager-record.ts';
import type { ConnectionContext } from './context.ts';
import { linkUrl } from './link-tokens.ts';
import type { LinkClaims } from './link-tokens.ts';

/** A mail may be looked up long after it came. */
const LIFETIME_MS = 365 * DAY_MS;

/** Which account a disconnect link is about. */
export type LinkedAccount = LinkClaims<'disconnect'>['account'];

/** The address of the page that disconnects this account, and no other. */
export async function makeDisconnectUrl(
  context: ConnectionContext,
  userId: string,
  account: LinkedAccount,
): Promise<string> {
  const expiresAt = context.now() + LIFETIME_MS;
  const token = await context.links.make('disconnect', { userId, account }, expiresAt);
  return linkUrl(context.publicOrigin, 'disconnect', token);
}

/** The account that is connected, or was last; null if there is none. */
export function connectedAccount({ connection }: ManagerRecord): LinkedAccount | null {
  if (!connection) return null;
  const { tenantId, objectId } = connection.value;
  return { tenantId, objectId };
}

/** How a connection stores an address of its account. @param address in lower case */
export function hashAddress(address: string): string {
  return hashText('address', address);
}

/** Whether the link is about this connection, and there is still something to disconnect. */
export function isAbout(account: LinkedAccount, connection: Connection): boolean {
  if (connection.status === 'disconnected') return false;
  if ('linkId' in account) return connection.linkIds.includes(account.linkId);
  if ('calendarEmail' in account) {
    const address = account.calendarEmail.toLowerCase();
    return (
      connection.calendarEmail.toLowerCase() === address ||
      connection.addressHashes.includes(hashAddress(address))
    );
  }
  return connection.tenantId === account.tenantId && connection.objectId === account.objectId;
}
