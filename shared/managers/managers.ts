import { retryConcurrent, AGAIN, done } from '../core/retry.ts';
import { AppError } from '../core/errors.ts';
import { assertMet } from '../core/precondition.ts';
import type { Precondition } from '../core/precondition.ts';
import type { ManagerChanges } from './changes.ts';
import { claimRoutes, releaseRoutes } from './call-routing.ts';
import type { Manager } from './manager.ts';
import { endLinks, NO_CALENDAR_WATCH } from './manager-record.ts';
import type { ManagerRecord } from './manager-record.ts';
import type { ManagerRepository, ManagerSummary } from './repository.ts';
import type { MailboxSettings } from './schedule.ts';

/** A manager as an operator sees them. */
export interface StoredManager {
  readonly manager: Manager;
  /** Null if nothing is connected. */
  readonly mailbox: MailboxSettings | null;
  /** Of the profile, not of the mailbox. */
  readonly etag: string;
}

export type { Precondition };

/** Every method throws AppError `storage_unavailable` or `deadline_exceeded`. */
export interface Managers {
  /** @throws AppError `not_found` */
  read(userId: string, signal: AbortSignal): Promise<StoredManager>;
  list(signal: AbortSignal): Promise<readonly StoredManager[]>;
  /**
   * Creates the profile, or replaces all of it.
   * @throws AppError `precondition_failed`; `already_taken` if an assistant or a line belongs to another manager;
   *   `concurrent_update`
   */
  put(
    manager: Manager,
    precondition: Precondition,
    signal: AbortSignal,
  ): Promise<{ readonly etag: string; readonly created: boolean; readonly mailbox: MailboxSettings | null }>;
  /**
   * Deletes the profile with everything that belongs to it. Every earlier link is then invalid. If it throws, either
   * nothing was erased, or the same request finishes it.
   * @throws AppError `precondition_failed`, `not_found`, `concurrent_update`
   */
  remove(userId: string, precondition: Precondition, signal: AbortSignal): Promise<void>;
  /**
   * Erases what else belongs to a manager whose profile is deleted; nothing if they have a profile by now. Whoever makes a new profile under the same id calls it
   * before, so that nothing comes back.
   * @throws AppError `concurrent_update`
   */
  eraseDeleted(userId: string, signal: AbortSignal): Promise<void>;
  /**
   * Finishes deletions that were interrupted. If one fails, the others are still finished.
   * @returns how many
   * @throws what the first that failed threw, after all have had their turn
   */
  finishDeletions(signal: AbortSignal): Promise<number>;
  findByAssistant(assistantId: string, signal: AbortSignal): Promise<Manager | null>;
  /** @param number E.164, or a `sip:` address */
  findByNumber(number: string, signal: AbortSignal): Promise<Manager | null>;
  find(userId: string, signal: AbortSignal): Promise<Manager | null>;
  /** The only manager there is. */
  findOnlyManager(signal: AbortSignal): Promise<Manager | 'none' | 'several'>;
}

/** What managers need from outside. */
export interface ManagersOptions {
  readonly repository: ManagerRepository;
  /** The rooms that store something for managers, in the order in which they are called. */
  readonly changes: readonly ManagerChanges[];
  /** Epoch milliseconds. */
  readonly now: () => number;
}

function mailboxOf(connection: ManagerSummary['connection']): MailboxSettings | null {
  return connection && connection.status !== 'disconnected' ? connection.mailbox : null;
}

function managerNotFound(): AppError {
  return new AppError('not_found', 'There is no such manager');
}

/** The manager as a call needs them: the zone is the mailbox's if the profile sets none. */
function asCalled(record: ManagerRecord | null): Manager | null {
  if (!record?.profile) return null;
  const { value } = record.profile;
  const mailbox = mailboxOf(record.connection?.value ?? null);
  return { ...value, timeZone: value.timeZone ?? mailbox?.timeZone ?? null };
}

/** The managers of the app. `Managers` documents the methods. */
export function createManagers({ repository, changes, now }: ManagersOptions): Managers {
  const erase = async (userId: string, signal: AbortSignal): Promise<void> => {
    for (const change of changes) await change.onDeleted?.(userId, signal);
  };
  const finish = async (record: ManagerRecord, signal: AbortSignal): Promise<void> => {
    await erase(record.userId, signal);
    await repository.finishDeletion(record, signal);
  };

  const find = async (userId: string, signal: AbortSignal): Promise<Manager | null> =>
    asCalled(await repository.loadForRequest(userId, signal));

  return {
    async read(userId, signal) {
      const { profile, connection } = await repository.load(userId, signal);
      if (!profile) throw managerNotFound();
      return {
        manager: profile.value,
        mailbox: mailboxOf(connection?.value ?? null),
        etag: profile.etag,
      };
    },

    async list(signal) {
      const all: StoredManager[] = [];
      for await (const { profile, etag, connection } of repository.list(signal)) {
        all.push({ manager: profile, mailbox: mailboxOf(connection), etag });
      }
      return all;
    },

    put(manager, precondition, signal) {
      return retryConcurrent(
        async () => {
          const before = await repository.load(manager.userId, signal);
          assertMet(precondition, before.profile?.etag ?? null);
          // What the deleted manager had must not come back under the same id.
          if (before.deletion) await erase(manager.userId, signal);
          await claimRoutes(repository, before, manager, now(), signal);
          for (const change of changes) await change.beforePut?.(manager, signal);
          const after = await repository.save(before, { profile: manager }, signal);
          if (!after?.profile) return AGAIN;
          if (before.profile) await releaseRoutes(repository, before.profile.value, manager, signal);
          const mailbox = mailboxOf(after.connection?.value ?? null);
          return done({ etag: after.profile.etag, created: before.profile === null, mailbox });
        },
        { signal },
      );
    },

    remove(userId, precondition, signal) {
      return retryConcurrent(
        async () => {
          const before = await repository.load(userId, signal);
          if (before.deletion && !before.profile) {
            await finish(before, signal);
            return done(undefined);
          }
          if (!before.profile) throw managerNotFound();
          assertMet(precondition, before.profile.etag);
          const erased = {
            profile: null,
            connection: null,
            invite: null,
            links: endLinks(before, now()),
            ...NO_CALENDAR_WATCH,
          };
          const after = await repository.save(before, erased, signal);
          if (!after) return AGAIN;
          for (const change of changes) await change.onDeleting?.(before, signal);
          await releaseRoutes(repository, before.profile.value, null, signal);
          await finish(after, signal);
          return done(undefined);
        },
        { signal },
      );
    },

    async eraseDeleted(userId, signal) {
      // A PUT may have ended the deletion since the caller read of it.
      if ((await repository.load(userId, signal)).deletion) await erase(userId, signal);
    },

    async finishDeletions(signal) {
      const userIds = await repository.listDeletions(signal);
      const failures: unknown[] = [];
      for (const userId of userIds) {
        try {
          const record = await repository.load(userId, signal);
          if (record.deletion) await finish(record, signal);
        } catch (error) {
          failures.push(error);
        }
      }
      if (failures.length > 0) throw failures[0];
      return userIds.length;
    },

    async findByAssistant(id, signal) {
      return asCalled(await repository.findByRoute({ kind: 'assistant', id }, signal));
    },

    async findByNumber(id, signal) {
      return asCalled(await repository.findByRoute({ kind: 'number', id }, signal));
    },

    find,

    async findOnlyManager(signal) {
      const [first, second] = await repository.listIds(2, signal);
      if (first === undefined) return 'none';
      if (second !== undefined) return 'several';
      return (await find(first, signal)) ?? 'none';
    },
  };
}
