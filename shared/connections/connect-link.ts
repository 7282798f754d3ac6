import { SECOND_MS } from '../core/duration.ts';
import { AppError } from '../core/errors.ts';
import type { ManagerRecord } from '../managers/manager-record.ts';
import type { ConnectionContext } from './context.ts';

/** What a connect link says. */
export interface ConnectLink {
  readonly userId: string;
  /** The only account that may connect; null if any may. */
  readonly calendarEmail: string | null;
  readonly id: string;
  readonly mailed: boolean;
  /** Epoch milliseconds, like `expiresAt`. */
  readonly issuedAt: number;
  readonly expiresAt: number;
}

/** Instances' clocks may differ by this much. */
const CLOCK_SKEW_MS = 10 * SECOND_MS;

/** The instant that a link made now has to be issued at, so that no earlier end of links meets it. */
export function issueInstant({ links }: Pick<ManagerRecord, 'links'>, now: number): number {
  const endedAt = links?.value.endedAt ?? 0;
  return Math.max(now, endedAt + CLOCK_SKEW_MS + 1);
}

/**
 * Whether a connect link still works. One function decides it at every step: when the page is opened, when its button is
 * pressed, and when the browser comes back from Microsoft.
 * @throws AppError `link_used` once it has connected someone, or if a later invite, connect, disconnect or deletion ended it
 */
function assertUnused(link: ConnectLink, { invite, links }: ManagerRecord): void {
  if (link.mailed) {
    if (invite?.value.id === link.id) return;
    throw new AppError('link_used', 'This link has been used, or a newer one has replaced it');
  }
  if (link.issuedAt <= (links?.value.endedAt ?? 0) + CLOCK_SKEW_MS) {
    throw new AppError('link_used', 'This link has been used or ended');
  }
}

/** @throws AppError `link_invalid`, `link_expired`, `link_used` */
export async function readConnectLink(
  context: ConnectionContext,
  token: string,
  signal: AbortSignal,
): Promise<{ readonly link: ConnectLink; readonly record: ManagerRecord }> {
  const link = await context.links.read('connect', token);
  const record = await context.managers.load(link.userId, signal);
  assertUnused(link, record);
  return { link, record };
}
