// A manager's profile says how the manager is called. The rows of `routes` are an index to it and a claim: one assistant
// or line belongs to one manager. The two are written apart. A claim that its manager's profile does not back is left
// over from a write that failed: it leads nowhere and may be taken, but not while it may still be on its way.
import { AppError } from '../core/errors.ts';
import { MINUTE_MS } from '../core/duration.ts';
import type { Manager } from './manager.ts';
import type { ManagerRecord } from './manager-record.ts';
import type { ManagerRepository } from './repository.ts';

/** How a call names a manager. */
export interface CallRoute {
  readonly kind: 'assistant' | 'number';
  /** VAPI's assistant id; or the dialled line: E.164, or a `sip:` address. */
  readonly id: string;
}

const ON_ITS_WAY_MS = MINUTE_MS;
const CLAIM_ATTEMPTS = 3;

function routesOf(manager: Manager): CallRoute[] {
  return [
    ...manager.assistantIds.map((id) => ({ kind: 'assistant' as const, id })),
    ...manager.phoneNumbers.map((id) => ({ kind: 'number' as const, id })),
  ];
}

/** Whether calls by this route are for this manager. */
export function hasRoute(manager: Manager | undefined, { kind, id }: CallRoute): boolean {
  return manager !== undefined && routesOf(manager).some((own) => own.kind === kind && own.id === id);
}

function alreadyTaken({ kind }: CallRoute): AppError {
  const field = kind === 'assistant' ? 'assistant_ids' : 'phone_numbers';
  return new AppError('already_taken', `One of the ${field} belongs to another manager`, {
    details: [{ field, message: 'belongs to another manager' }],
  });
}

async function claim(
  repository: ManagerRepository,
  route: CallRoute,
  { userId, profile }: ManagerRecord,
  now: number,
  signal: AbortSignal,
): Promise<void> {
  for (let attempt = 0; attempt < CLAIM_ATTEMPTS; attempt++) {
    const found = await repository.readRoute(route, signal);
    const isOwn = found?.userId === userId;
    // A claim that the profile does not back yet may be old: others may take it until it is made again.
    if (isOwn && hasRoute(profile?.value, route)) return;
    if (found && !isOwn) {
      const owner = await repository.load(found.userId, signal);
      if (now - found.claimedAt < ON_ITS_WAY_MS || hasRoute(owner.profile?.value, route)) {
        throw alreadyTaken(route);
      }
    }
    const claimed = await repository.claimRoute(route, userId, now, found?.etag ?? null, signal);
    if (claimed === 'claimed') return;
  }
  // Others are claiming it at this moment: one of them has it.
  throw alreadyTaken(route);
}

/** Claims all routes that the profile is going to list. @param before the manager's record. @throws AppError `already_taken` */
export async function claimRoutes(
  repository: ManagerRepository,
  before: ManagerRecord,
  manager: Manager,
  now: number,
  signal: AbortSignal,
): Promise<void> {
  for (const route of routesOf(manager)) await claim(repository, route, before, now, signal);
}

/** Gives back the routes that the manager had and no longer has. @param after null: the manager is deleted */
export async function releaseRoutes(
  repository: ManagerRepository,
  before: Manager,
  after: Manager | null,
  signal: AbortSignal,
): Promise<void> {
  for (const route of routesOf(before)) {
    if (after && hasRoute(after, route)) continue;
    const found = await repository.readRoute(route, signal);
    if (found?.userId === before.userId) await repository.releaseRoute(route, found.etag, signal);
  }
}
