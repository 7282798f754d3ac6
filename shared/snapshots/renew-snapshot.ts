// Reading a calendar from Graph, and keeping what was read.
import { randomUUID } from 'node:crypto';
import type { BusyReader, CalendarEvent } from '../booking/calendar.ts';
import { deadlineSignal } from '../core/deadline.ts';
import { SECOND_MS } from '../core/duration.ts';
import { codeOf } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import { accountOf } from '../managers/calendar-watch.ts';
import type { SnapshotHeader } from '../managers/calendar-watch.ts';
import type { ConnectedRecord } from '../managers/manager-record.ts';
import type { ManagerRepository } from '../managers/repository.ts';
import { liveSubscription } from './judge-snapshot.ts';
import type { NotificationRules, Question } from './judge-snapshot.ts';
import type { SnapshotStore } from './snapshot-store.ts';

/** What a copy is stored with. */
export interface RenewOptions {
  readonly store: SnapshotStore;
  readonly managers: ManagerRepository;
  readonly notifications: NotificationRules;
  readonly log: Log;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** How long storing the copy may take, in milliseconds. Default 2,000. */
  readonly saveMs?: number;
}

/** How long storing a copy may take. The answer waits for it, so it must leave most of a request's time. */
const SAVE_MS = 2 * SECOND_MS;

/**
 * Asks Graph, and stores the answer if Graph also notifies us of changes. A copy that cannot be stored is not a failure.
 * @param record as it was read before: only changes that are known by then can be in the answer
 * @throws what `BusyReader` throws
 */
export async function renewSnapshot(
  options: RenewOptions,
  record: ConnectedRecord,
  calendar: BusyReader,
  { window: asked, timeZone }: Question,
  signal?: AbortSignal,
): Promise<readonly CalendarEvent[]> {
  const { store, managers, notifications, log, now, saveMs = SAVE_MS } = options;
  const readAt = now();
  // Homes may be booked further ahead than the manager: what a question has needed once, the next one may need.
  const window = { start: asked.start, end: Math.max(asked.end, record.snapshot?.value.window.end ?? 0) };
  const events = await calendar.read(window);
  const subscription = liveSubscription(record, readAt, notifications);
  if (!subscription || !record.change) return events;
  const header: SnapshotHeader = {
    version: randomUUID(),
    readAt,
    window,
    timeZone,
    subscriptionId: subscription.id,
    account: accountOf(record.connection.value),
    changeId: record.change.value.changeId,
  };
  try {
    const saving = deadlineSignal(saveMs, signal);
    await store.save(record.userId, header, events, saving);
    // The subscription is written as it was, under its etag: a disconnect or a DELETE in between has removed it, and a header
    // that came after that would stay for good.
    const saved = await managers.save(record, { subscription, snapshot: header }, saving);
    // If somebody else was faster, theirs is as good.
    if (!saved) await store.deleteVersion(record.userId, header.version, saving);
  } catch (error) {
    log.warn('snapshot_not_stored', { code: codeOf(error) });
  }
  return events;
}
