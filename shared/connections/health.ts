import type { ConnectionStatus } from './connection.ts';
import type { ConnectionContext } from './context.ts';

export interface ConnectionsHealth {
  readonly connections: Readonly<Record<ConnectionStatus, number>>;
  /** Of those that are connected; null where none is. */
  readonly oldestRefreshAt: number | null;
}

const KEPT_MS = 60_000;

/**
 * Counts the connections. Anyone may ask for it as often as he likes, so the tables are read once a minute.
 * @returns a function that throws `storage_unavailable`, `deadline_exceeded`
 */
export function createConnectionsHealth(
  context: ConnectionContext,
): (signal: AbortSignal) => Promise<ConnectionsHealth> {
  let kept: { readonly until: number; readonly health: Promise<ConnectionsHealth> } | undefined;

  const count = async (signal: AbortSignal): Promise<ConnectionsHealth> => {
    const connections = { connected: 0, reconnect_required: 0, disconnected: 0 };
    let oldestRefreshAt: number | null = null;
    for await (const page of context.store.scan(null, signal)) {
      for (const { status, refreshedAt } of page) {
        connections[status]++;
        if (status !== 'connected' || refreshedAt === null) continue;
        oldestRefreshAt = Math.min(oldestRefreshAt ?? refreshedAt, refreshedAt);
      }
    }
    return { connections, oldestRefreshAt };
  };

  return (signal) => {
    if (kept && kept.until > context.now()) return kept.health;
    const health = count(signal);
    kept = { until: context.now() + KEPT_MS, health };
    // A failure is not kept.
    health.catch(() => (kept = undefined));
    return health;
  };
}
