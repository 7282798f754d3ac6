// Hazard: every instance keeps indexes in memory. A change first marks the records of all members, then writes the homes
// and the index, then marks a new version: a request that reads a record in between reads the index again. A change that is cut
// short leaves its mark; the next change of that portfolio builds the index again from the homes.
import { randomUUID } from 'node:crypto';
import { startDeadline } from '../core/deadline.ts';
import { AppError } from '../core/errors.ts';
import { pause } from '../core/retry.ts';
import type { ListedProperty } from './property.ts';
import type { PropertiesMark } from '../managers/manager-record.ts';
import type { Managers } from '../managers/managers.ts';
import { toListed } from './stored-home.ts';
import type { Group, HomeWrites, PropertiesLock, PropertyStore, VersionedHome } from './store.ts';
import { MINUTE_MS, SECOND_MS } from '../core/duration.ts';

/** At most so many homes a portfolio. */
export const MAX_PROPERTIES = 5_000;

/** Longer than the longest import. An interrupted change blocks the others for so long. */
const LEASE_MS = 3 * MINUTE_MS;
const LOCK_WAIT_MS = 8 * SECOND_MS;
const LOCK_POLL_MS = 100;

/** What a change of homes works with. */
export interface ChangeContext {
  readonly store: PropertyStore;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** What a change of one manager's homes works with. */
export interface HomesContext extends ChangeContext {
  readonly managers: Pick<Managers, 'read'>;
}

/** The homes while a change is decided. Nobody else can change them in that time. */
export interface CurrentHomes {
  /** The homes of the manager. */
  readonly own: readonly ListedProperty[];
  /** The homes of the portfolio's other managers. */
  readonly others: readonly ListedProperty[];
  /** The manager's homes as they are stored. */
  readHomes(): Promise<readonly VersionedHome[]>;
}

/** What a change writes and removes, and the result for its caller. */
export interface ChangeDecision<T> extends HomeWrites {
  readonly result: T;
  /** Runs once the homes are written, while still nobody else can change them. */
  readonly afterwards?: () => Promise<void>;
}

/**
 * Changes homes of one manager, while no other change of the portfolio can run.
 * @throws `not_found` if the manager has been deleted by then; `concurrent_update` if others go on changing the portfolio for 8 seconds; `portfolio_full`
 */
export async function changeHomes<T>(
  context: HomesContext,
  userId: string,
  signal: AbortSignal,
  decide: (current: CurrentHomes) => Promise<ChangeDecision<T>>,
): Promise<T> {
  const { store } = context;
  const known = await store.readMark(userId, signal);
  const portfolio = known?.portfolio ?? null;
  const lock = await lockGroups(context, [groupOf(userId, portfolio)], signal);
  try {
    // A DELETE of the manager erases the homes under the same lock, and what is written after it would stay for good.
    await context.managers.read(userId, signal);
    const mark = await store.readMark(userId, signal);
    if ((mark?.portfolio ?? null) !== portfolio) {
      throw new AppError('concurrent_update', 'The manager is just moving to another portfolio');
    }
    return await changeLocked(context, userId, mark, signal, decide);
  } finally {
    await lock.release();
  }
}

async function changeLocked<T>(
  context: ChangeContext,
  userId: string,
  mark: PropertiesMark | null,
  signal: AbortSignal,
  decide: (current: CurrentHomes) => Promise<ChangeDecision<T>>,
): Promise<T> {
  const { store } = context;
  const members = mark?.members ?? [userId];
  const readHomes = once(() => store.readHomes(userId, signal));
  const isCutShort = mark?.isChanging === true;
  const own = isCutShort
    ? (await readHomes()).map(({ home }) => toListed(home, userId))
    : await store.readIndex(userId, signal);
  const otherMembers = members.filter((member) => member !== userId);
  const others = (await Promise.all(otherMembers.map((member) => store.readIndex(member, signal)))).flat();
  const { put, remove, result, afterwards } = await decide({ own, others, readHomes });
  if (put.length > 0 || remove.length > 0 || isCutShort) {
    const index = applyTo(own, { put, remove }, userId);
    if (index.length + others.length > MAX_PROPERTIES && index.length > own.length) {
      throw new AppError('portfolio_full', `A portfolio holds at most ${MAX_PROPERTIES} properties`);
    }
    await withMarks(context, { portfolio: mark?.portfolio ?? null, members }, signal, () =>
      store.writeHomes(userId, { put, remove }, index, signal),
    );
  }
  await afterwards?.();
  return result;
}

/** Runs a change between the two marks, for every member. */
export async function withMarks(
  { store }: ChangeContext,
  { portfolio, members }: Pick<PropertiesMark, 'portfolio' | 'members'>,
  signal: AbortSignal,
  change: () => Promise<void>,
): Promise<void> {
  const mark = async (isChanging: boolean): Promise<void> => {
    const value = { version: randomUUID(), portfolio, members, isChanging };
    await Promise.all(members.map((member) => store.writeMark(member, value, signal)));
  };
  await mark(true);
  await change();
  await mark(false);
}

/** Whose homes are changed together: a portfolio's, or one manager's if they are in none. */
export function groupOf(userId: string, portfolio: string | null): Group {
  return portfolio === null ? { kind: 'manager', userId } : { kind: 'portfolio', name: portfolio };
}

/** Waits until nobody else changes these groups. @throws `concurrent_update` after 8 seconds */
export async function lockGroups(
  { store, now }: ChangeContext,
  groups: readonly Group[],
  signal: AbortSignal,
): Promise<PropertiesLock> {
  // The tables' own time counts, too.
  const waiting = startDeadline(LOCK_WAIT_MS, signal);
  try {
    for (;;) {
      const lock = await store.tryLock(groups, { now: now(), leaseMs: LEASE_MS }, signal);
      if (lock) return lock;
      if (waiting.signal.aborted) break;
      await pause(LOCK_POLL_MS, signal);
    }
  } finally {
    waiting.clear();
  }
  throw new AppError('concurrent_update', 'The properties are being changed by others');
}

function applyTo(
  own: readonly ListedProperty[],
  { put, remove }: HomeWrites,
  userId: string,
): ListedProperty[] {
  const index = new Map(own.map((property) => [property.propertyId, property]));
  for (const { home } of put) index.set(home.propertyId, toListed(home, userId));
  for (const propertyId of remove) index.delete(propertyId);
  return [...index.values()].sort((a, b) => (a.propertyId < b.propertyId ? -1 : 1));
}

function once<T>(work: () => Promise<T>): () => Promise<T> {
  let started: Promise<T> | undefined;
  return () => (started ??= work());
}
