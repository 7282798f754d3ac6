/**
 * What Graph sends when a calendar changes. Anybody may send such a body, so nothing in it is believed but a client state of
 * ours, and nothing is read from the tables.
 * @see https://learn.microsoft.com/graph/change-notifications-delivery-webhooks
 */
import { randomUUID } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { codeOf } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import { mapConcurrently } from '../core/concurrency.ts';
import type { CalendarChangeStore, ChangeMark } from './calendar-changes.ts';
import type { ClientStates } from './client-state.ts';

/** What the notification endpoint works with. */
export interface ReceiveOptions {
  readonly changes: CalendarChangeStore;
  readonly clientStates: ClientStates;
  readonly log: Log;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** What came of one request. */
export interface NotificationReport {
  /** Items with a client state that the app made. */
  readonly accepted: number;
  /** Items that have none. */
  readonly dropped: number;
  /** Calendars that were marked. */
  readonly marked: number;
  /** Calendars that are no longer connected. */
  readonly unknown: number;
  /** Calendars whose mark could not be written: Graph has to repeat the request. */
  readonly failed: number;
}

/** After so many items, other requests have their turn: a body of strangers' client states takes a while to check. */
const ITEMS_AT_ONCE = 250;
const CONCURRENT_WRITES = 16;
/** Graph's are GUIDs. */
const SUBSCRIPTION_ID = /^[\w-]{1,64}$/;

interface Item {
  readonly clientState: string;
  readonly subscriptionId: string | null;
  readonly lifecycleEvent: string | null;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function textIn(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function toItem(value: unknown): Item | null {
  if (!isRecord(value)) return null;
  const clientState = textIn(value['clientState']);
  if (clientState === null) return null;
  const subscriptionId = textIn(value['subscriptionId']);
  return {
    clientState,
    subscriptionId: subscriptionId !== null && SUBSCRIPTION_ID.test(subscriptionId) ? subscriptionId : null,
    lifecycleEvent: textIn(value['lifecycleEvent']),
  };
}

/** The items of a body of any shape: its size is their only limit. Null for each one that is not an item. */
export function parseNotifications(body: Uint8Array): readonly (Item | null)[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(new TextDecoder().decode(body));
  } catch {
    return [null];
  }
  const value: unknown = isRecord(parsed) ? parsed['value'] : null;
  if (!Array.isArray(value)) return [null];
  return value.map(toItem);
}

/** What the items say about each calendar, as one mark for each. */
async function marksOf(items: readonly (Item | null)[], { clientStates, now }: ReceiveOptions) {
  const known = new Map<string, string | null>();
  const calendarOf = (clientState: string): string | null => {
    const found = known.get(clientState);
    if (found !== undefined) return found;
    const calendarKey = clientStates.read(clientState);
    known.set(clientState, calendarKey);
    return calendarKey;
  };
  const changedAt = now();
  const marks = new Map<string, ChangeMark>();
  let accepted = 0;
  for (const [index, item] of items.entries()) {
    if (index > 0 && index % ITEMS_AT_ONCE === 0) await setImmediate();
    const calendarKey = item && calendarOf(item.clientState);
    if (!item || calendarKey === null) continue;
    accepted += 1;
    const mark = marks.get(calendarKey) ?? { changeId: randomUUID(), changedAt };
    const isRemoved = item.lifecycleEvent === 'subscriptionRemoved' && item.subscriptionId !== null;
    // An ended subscription is tried to be renewed, too: a later message about another one overwrites which one has ended.
    const needsRenewal = isRemoved || item.lifecycleEvent === 'reauthorizationRequired';
    marks.set(calendarKey, {
      ...mark,
      ...(isRemoved && { removedId: item.subscriptionId }),
      ...(needsRenewal && { needsRenewal: true }),
    });
  }
  return { marks, accepted };
}

/** Marks each calendar that the body names, by one write each. No body makes it throw. */
export async function receiveNotifications(
  options: ReceiveOptions,
  body: Uint8Array,
  signal: AbortSignal,
): Promise<NotificationReport> {
  const items = parseNotifications(body);
  const { marks, accepted } = await marksOf(items, options);
  const outcomes = await mapConcurrently([...marks], CONCURRENT_WRITES, async ([calendarKey, mark]) => {
    try {
      return (await options.changes.mark(calendarKey, mark, signal)) ? 'marked' : 'unknown';
    } catch (error) {
      options.log.error('notification_not_marked', { code: codeOf(error) }, error);
      return 'failed';
    }
  });
  const count = (wanted: string): number => outcomes.filter((outcome) => outcome === wanted).length;
  return {
    accepted,
    dropped: items.length - accepted,
    marked: count('marked'),
    unknown: count('unknown'),
    failed: count('failed'),
  };
}
