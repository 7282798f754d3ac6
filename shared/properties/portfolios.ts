// What a change of a manager's entry means for the homes: who shares them with whom, and how long a viewing may be.
import { AppError } from '../core/errors.ts';
import type { ManagerChanges } from '../managers/changes.ts';
import { groupOf, lockGroups, MAX_PROPERTIES, withMarks } from './change.ts';
import type { ChangeContext } from './change.ts';
import type { ListedProperty } from './property.ts';
import { assertViewingFits } from './viewing-rules.ts';

/** At most so many managers a portfolio. */
const MAX_MEMBERS = 50;

/**
 * Keeps portfolios up to date with changes of managers.
 * Before a PUT it throws AppError `invalid_request` if viewings and buffers no longer fit, `property_id_taken`, `portfolio_full`,
 * or `concurrent_update`.
 */
export function createPortfolios(context: ChangeContext): ManagerChanges {
  const { store } = context;

  async function readAll(userIds: readonly string[], signal: AbortSignal): Promise<ListedProperty[]> {
    return (await Promise.all(userIds.map((userId) => store.readIndex(userId, signal)))).flat();
  }

  async function membersOf(userId: string, portfolio: string | null, signal: AbortSignal): Promise<string[]> {
    if (portfolio === null) return [];
    const members = await store.readMembers(groupOf(userId, portfolio), signal);
    return members.filter((member) => member !== userId);
  }

  /** Takes a manager with their homes from one portfolio to another; null is none. */
  async function move(
    userId: string,
    from: string | null,
    to: string | null,
    signal: AbortSignal,
  ): Promise<void> {
    const lock = await lockGroups(context, [groupOf(userId, from), groupOf(userId, to)], signal);
    try {
      const [left, joined] = [await membersOf(userId, from, signal), await membersOf(userId, to, signal)];
      const own = await store.readIndex(userId, signal);
      const others = await readAll(joined, signal);
      assertRoom(own, others, joined.length + 1);
      await withMarks(context, { portfolio: from, members: left }, signal, async () => {
        if (from !== null) await store.removeMember(groupOf(userId, from), userId, signal);
        if (to !== null) await store.addMember(groupOf(userId, to), userId, signal);
        await withMarks(context, { portfolio: to, members: [...joined, userId] }, signal, () =>
          Promise.resolve(),
        );
      });
    } finally {
      await lock.release();
    }
  }

  return {
    async beforePut(manager, signal) {
      const { userId, portfolio, rules } = manager;
      const mark = await store.readMark(userId, signal);
      if (mark) assertViewingFits(await store.readIndex(userId, signal), rules, 'rules.buffer_minutes');
      if ((mark?.portfolio ?? null) !== portfolio)
        await move(userId, mark?.portfolio ?? null, portfolio, signal);
    },

    async onDeleted(userId, signal) {
      const mark = await store.readMark(userId, signal);
      if (mark && mark.portfolio !== null) await move(userId, mark.portfolio, null, signal);
      for (const { sourceId } of await store.readSources(userId, signal)) {
        await store.removeSource(userId, sourceId, signal);
      }
      const lock = await lockGroups(context, [groupOf(userId, null)], signal);
      try {
        await store.removeHomes(userId, signal);
        await store.removeMark(userId, signal);
      } finally {
        await lock.release();
      }
    },
  };
}

function assertRoom(
  own: readonly ListedProperty[],
  others: readonly ListedProperty[],
  members: number,
): void {
  const ids = new Set(others.map(({ propertyId }) => propertyId));
  const taken = own.find(({ propertyId }) => ids.has(propertyId));
  if (taken) {
    const message = `The portfolio already has a property with the id ${taken.propertyId}`;
    throw new AppError('property_id_taken', message);
  }
  if (own.length + others.length > MAX_PROPERTIES) {
    throw new AppError('portfolio_full', `A portfolio holds at most ${MAX_PROPERTIES} properties`);
  }
  if (members > MAX_MEMBERS) {
    throw new AppError('portfolio_full', `A portfolio has at most ${MAX_MEMBERS} managers`);
  }
}
