import { AppError } from '../core/errors.ts';
import { assertMet } from '../core/precondition.ts';
import type { Precondition } from '../core/precondition.ts';
import type { ManagerChanges } from './changes.ts';
import type { Mailbox } from './schedule.ts';
import type { Manager } from './manager.ts';
import type { ManagerStore, Route, StoredManager } from './store.ts';
import { claimRoutes, lists, releaseRoutes } from './call-routing.ts';

export type { Precondition };

/** Every method throws `storage_unavailable` or `deadline_exceeded`. */
export interface Managers {
  read(userId: string, signal: AbortSignal): Promise<StoredManager | null>;
  list(signal: AbortSignal): Promise<readonly StoredManager[]>;
  /**
   * Replaces the whole entry, or makes it.
   * @throws `precondition_failed`; `already_taken` where an assistant or a number belongs to another manager
   */
  put(
    manager: Manager,
    precondition: Precondition,
    signal: AbortSignal,
  ): Promise<{ readonly etag: string; readonly created: boolean; readonly mailbox: Mailbox | null }>;
  /** The entry with its connection and invites. @throws `precondition_failed`, `not_found` */
  remove(userId: string, precondition: Precondition, signal: AbortSignal): Promise<void>;
  findByAssistant(assistantId: string, signal: AbortSignal): Promise<Manager | null>;
  /** @param number E.164 */
  findByNumber(number: string, signal: AbortSignal): Promise<Manager | null>;
  find(userId: string, signal: AbortSignal): Promise<Manager | null>;
  /** The only manager there is. */
  findSole(signal: AbortSignal): Promise<Manager | 'none' | 'several'>;
}

/** Who is called by what changes rarely, and every call asks. Another instance's writes show after this. */
const CACHE_MS = 30_000;
const CACHE_SIZE = 1_000;
const WRITE_ATTEMPTS = 3;

function createCache<T>(now: () => number) {
  const kept = new Map<string, { readonly until: number; readonly value: T }>();
  return {
    async through(key: string, load: () => Promise<T>): Promise<T> {
      const hit = kept.get(key);
      if (hit && hit.until > now()) return hit.value;
      const value = await load();
      if (kept.size >= CACHE_SIZE) kept.clear();
      kept.set(key, { until: now() + CACHE_MS, value });
      return value;
    },
    clear: () => {
      kept.clear();
    },
  };
}

export function createManagers(
  store: ManagerStore,
  now: () => number,
  changes: ManagerChanges | null = null,
): Managers {
  const cache = createCache<Manager | null>(now);
  const sole = createCache<Manager | 'none' | 'several'>(now);
  const forget = (): void => {
    cache.clear();
    sole.clear();
  };

  const find = async (userId: string, signal: AbortSignal): Promise<Manager | null> =>
    (await store.read(userId, signal))?.manager ?? null;

  const findByRoute = (route: Route, signal: AbortSignal): Promise<Manager | null> =>
    cache.through(`${route.kind} ${route.id}`, async () => {
      const found = await store.readRoute(route, signal);
      const manager = found && (await find(found.userId, signal));
      return manager && lists(manager, route) ? manager : null;
    });

  return {
    read: (userId, signal) => store.read(userId, signal),
    list: (signal) => store.list(signal),

    async put(manager, precondition, signal) {
      for (let attempt = 0; attempt < WRITE_ATTEMPTS; attempt++) {
        const before = await store.read(manager.userId, signal);
        assertMet(precondition, before?.etag ?? null);
        await claimRoutes(store, manager, now(), signal);
        await changes?.beforePut(manager, signal);
        const written = await store.write(manager, before?.etag ?? null, signal);
        forget();
        if (written.kind === 'changed') continue;
        if (before) await releaseRoutes(store, before.manager, manager, signal);
        return { etag: written.etag, created: before === null, mailbox: before?.mailbox ?? null };
      }
      throw new AppError('precondition_failed', 'The entry is being changed by others');
    },

    async remove(userId, precondition, signal) {
      for (let attempt = 0; attempt < WRITE_ATTEMPTS; attempt++) {
        const before = await store.read(userId, signal);
        if (!before) throw new AppError('not_found', 'There is no such manager');
        assertMet(precondition, before.etag);
        await changes?.beforeRemove(userId, signal);
        const removed = await store.remove(userId, before.etag, signal);
        forget();
        if (removed === 'changed') continue;
        await releaseRoutes(store, before.manager, null, signal);
        return;
      }
      throw new AppError('precondition_failed', 'The entry is being changed by others');
    },

    findByAssistant: (id, signal) => findByRoute({ kind: 'assistant', id }, signal),
    findByNumber: (id, signal) => findByRoute({ kind: 'number', id }, signal),
    find: (userId, signal) => cache.through(`user ${userId}`, () => find(userId, signal)),

    findSole: (signal) =>
      sole.through('', async () => {
        const [first, second] = await store.firstTwo(signal);
        if (first === undefined) return 'none';
        if (second !== undefined) return 'several';
        return (await find(first, signal)) ?? 'none';
      }),
  };
}
