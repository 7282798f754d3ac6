// A manager's entry is what says how he is called; the rows under `routes` are an index to it, and a claim: one assistant or
// number belongs to one manager. The two are written apart, so a claim that its manager's entry does not back is a left-over of
// a write that failed: it leads nowhere and may be taken, but not while it may still be on its way.
import { AppError } from '../core/errors.ts';
import type { Manager } from './manager.ts';
import type { ManagerStore, Route } from './store.ts';

const ON_ITS_WAY_MS = 60_000;
const CLAIM_ATTEMPTS = 3;

function routesOf(manager: Manager): Route[] {
  return [
    ...manager.assistantIds.map((id) => ({ kind: 'assistant' as const, id })),
    ...manager.phoneNumbers.map((id) => ({ kind: 'number' as const, id })),
  ];
}

function isSame(a: Route, b: Route): boolean {
  return a.kind === b.kind && a.id === b.id;
}

export function lists(manager: Manager | undefined, route: Route): boolean {
  return manager !== undefined && routesOf(manager).some((own) => isSame(own, route));
}

async function claim(
  store: ManagerStore,
  route: Route,
  userId: string,
  now: number,
  signal: AbortSignal,
): Promise<void> {
  for (let attempt = 0; attempt < CLAIM_ATTEMPTS; attempt++) {
    const found = await store.readRoute(route, signal);
    if (found?.userId === userId) return;
    if (found) {
      const owner = await store.read(found.userId, signal);
      if (now - found.claimedAt < ON_ITS_WAY_MS || lists(owner?.manager, route)) {
        const field = route.kind === 'assistant' ? 'assistant_ids' : 'phone_numbers';
        throw new AppError('already_taken', `One of the ${field} belongs to another manager`, {
          details: [{ field, message: 'belongs to another manager' }],
        });
      }
    }
    const claimed = await store.claimRoute(route, userId, now, found?.etag ?? null, signal);
    if (claimed === 'claimed') return;
  }
  throw new AppError('already_taken', 'Another manager is being given the same assistant or number');
}

/** Takes all that the entry is going to list. @throws `already_taken` */
export async function claimRoutes(
  store: ManagerStore,
  manager: Manager,
  now: number,
  signal: AbortSignal,
): Promise<void> {
  for (const route of routesOf(manager)) await claim(store, route, manager.userId, now, signal);
}

/** Gives back what the manager had and has no more. */
export async function releaseRoutes(
  store: ManagerStore,
  before: Manager,
  after: Manager | null,
  signal: AbortSignal,
): Promise<void> {
  for (const route of routesOf(before)) {
    if (after && lists(after, route)) continue;
    const found = await store.readRoute(route, signal);
    if (found?.userId === before.userId) await store.releaseRoute(route, found.etag, signal);
  }
}
