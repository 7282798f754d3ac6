// When a stored copy may answer a listing: each condition by itself, at its very limit.
import { describe, expect, test } from '@jest/globals';
import type { ConnectedRecord, Connection } from '../../shared/managers/manager-record.ts';
import type {
  ActiveSubscription,
  CalendarChange,
  SnapshotHeader,
} from '../../shared/managers/calendar-watch.ts';
import { isGoodWhileGraphFails, judgeSnapshot } from '../../shared/snapshots/judge-snapshot.ts';
import type { CalendarWatch, NotificationRules } from '../../shared/snapshots/judge-snapshot.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const DAY = 24 * 60 * MINUTE;
const NOW = Date.parse('2026-11-24T15:00:00Z');
const ACCOUNT = { tenantId: 'a tenant', objectId: 'an object' };
const QUESTION = { window: { start: NOW, end: NOW + 60 * DAY }, timeZone: 'America/Chicago' };

const RULES: NotificationRules = { isOn: true, isListed: (keyId) => keyId === 'one' };
const OFF: NotificationRules = { ...RULES, isOn: false };

interface Changes {
  readonly subscription?: Partial<ActiveSubscription> | null;
  readonly change?: Partial<CalendarChange> | null;
  readonly snapshot?: Partial<SnapshotHeader> | null;
}

/** A calendar whose copy is good, but for what is changed. */
function watchWith({ subscription = {}, change = {}, snapshot = {} }: Changes = {}): CalendarWatch {
  const stored = <T>(value: T) => ({ value, etag: 'an etag' });
  const connection = stored({ ...ACCOUNT, status: 'connected' } as Connection);
  return {
    connection,
    subscription:
      subscription &&
      stored<ActiveSubscription>({
        ...{ state: 'on', id: 'a subscription', ...ACCOUNT, expiresAt: NOW + DAY, keyId: 'one' },
        ...subscription,
      }),
    change:
      change &&
      stored<CalendarChange>({
        ...{ changeId: 'a change', changedAt: NOW - 10 * MINUTE, isPending: false, askedAt: 0 },
        ...{ removedId: null, needsRenewal: false },
        ...change,
      }),
    snapshot:
      snapshot &&
      stored<SnapshotHeader>({
        ...{ version: 'a version', readAt: NOW - 5 * MINUTE, window: QUESTION.window },
        ...{ timeZone: QUESTION.timeZone, subscriptionId: 'a subscription' },
        ...{ account: `${ACCOUNT.tenantId} ${ACCOUNT.objectId}`, changeId: 'a change' },
        ...snapshot,
      }),
  } satisfies Pick<ConnectedRecord, 'connection' | 'subscription' | 'change' | 'snapshot'>;
}

const { window } = QUESTION;

describe('a copy', () => {
  test('that meets every condition answers', () => {
    expect(judgeSnapshot(watchWith(), QUESTION, NOW, RULES)).toBe('good');
  });

  test.each<[string, Changes, ReturnType<typeof judgeSnapshot>]>([
    ['there is none', { snapshot: null }, 'none'],
    ['nothing is subscribed', { subscription: null }, 'not_subscribed'],
    ['the subscription has just expired', { subscription: { expiresAt: NOW } }, 'not_subscribed'],
    ['the subscription is another account’s', { subscription: { objectId: 'other' } }, 'not_subscribed'],
    ['it was read under an earlier subscription', { subscription: { id: 'a new one' } }, 'not_subscribed'],
    ['Graph has ended the subscription', { change: { removedId: 'a subscription' } }, 'not_subscribed'],
    ['the key of the subscription was dropped', { subscription: { keyId: 'two' } }, 'not_subscribed'],
    ['Graph wants the subscription renewed first', { change: { needsRenewal: true } }, 'not_subscribed'],
    ['changes are not noted', { change: null }, 'not_subscribed'],
    ['it is a moment older than 15 minutes', { snapshot: { readAt: NOW - 15 * MINUTE - 1 } }, 'too_old'],
    ['it was read by a clock that is far ahead', { snapshot: { readAt: NOW + 6 * SECOND } }, 'too_old'],
    [
      'it was read less than 15 seconds after the last change',
      { change: { changedAt: NOW - 5 * MINUTE - 15 * SECOND + 1 } },
      'changed',
    ],
    ['a change has been told since', { change: { changeId: 'another' } }, 'changed'],
    [
      'a change has been told since, by a clock that is behind',
      { change: { changeId: 'another', changedAt: NOW - DAY } },
      'changed',
    ],
    ['it is another account’s', { snapshot: { account: 'a tenant another' } }, 'other_account'],
    ['it was read in another zone', { snapshot: { timeZone: 'America/New_York' } }, 'other_zone'],
    ['it begins too late', { snapshot: { window: { ...window, start: window.start + 1 } } }, 'too_small'],
    ['it ends too early', { snapshot: { window: { ...window, end: window.end - 1 } } }, 'too_small'],
  ])('does not answer if %s', (_, changes, verdict) => {
    expect(judgeSnapshot(watchWith(changes), QUESTION, NOW, RULES)).toBe(verdict);
  });

  test('does not answer if notifications are switched off', () => {
    expect(judgeSnapshot(watchWith(), QUESTION, NOW, OFF)).toBe('not_subscribed');
  });

  test.each<[string, Changes]>([
    [
      'it is 15 minutes old to the moment',
      { snapshot: { readAt: NOW - 15 * MINUTE }, change: { changedAt: 0 } },
    ],
    [
      'it was read 15 seconds after the last change',
      { change: { changedAt: NOW - 5 * MINUTE - 15 * SECOND } },
    ],
    ['no change was ever told', { change: { changedAt: 0 } }],
    ['an earlier subscription has ended', { change: { removedId: 'an earlier one' } }],
    ['it covers more', { snapshot: { window: { start: window.start - 1, end: window.end + 1 } } }],
  ])('still answers if %s', (_, changes) => {
    expect(judgeSnapshot(watchWith(changes), QUESTION, NOW, RULES)).toBe('good');
  });
});

describe('while Graph does not answer, a copy', () => {
  const isGood = (changes: Changes, rules = RULES): boolean =>
    isGoodWhileGraphFails(watchWith(changes), QUESTION, NOW, rules);

  test.each<[string, Changes]>([
    ['24 hours old', { snapshot: { readAt: NOW - DAY } }],
    ['read before the last change', { change: { changeId: 'another', changedAt: NOW } }],
    ['of a subscription whose key was dropped', { subscription: { keyId: 'two' } }],
    ['of a subscription that has ended', { change: { removedId: 'a subscription' } }],
  ])('%s will do', (_, changes) => {
    expect(isGood(changes)).toBe(true);
  });

  test.each<[string, Changes]>([
    ['a moment older than 24 hours', { snapshot: { readAt: NOW - DAY - 1 } }],
    ['of another account', { snapshot: { account: 'a tenant another' } }],
    ['read in another zone', { snapshot: { timeZone: 'America/New_York' } }],
    ['that covers too little', { snapshot: { window: { ...window, end: window.end - 1 } } }],
    ['of a manager without notifications', { subscription: null }],
  ])('%s will not do', (_, changes) => {
    expect(isGood(changes)).toBe(false);
  });

  test('will not do if notifications are switched off', () => {
    expect(isGood({}, OFF)).toBe(false);
  });
});
