/**
 * Random mixes of listings, bookings, the manager's own edits and notifications that come late, twice, out of order, never, or from
 * a stranger, on three instances, while clocks jump, keys are rotated, rules and zone change and another account is connected: no
 * booking stands over busy time, and no listing is older than it may be. SNAPSHOT_RUNS sets how many; SNAPSHOT_SEED repeats one.
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import '../../functions/sweep.ts';
import type { DeliveryRule } from '../../sandbox/microsoft/deliveries.ts';
import type { App } from '../../shared/app.ts';
import { useApp } from '../../shared/running-app.ts';
import { managerKey } from '../../shared/storage/rows.ts';
import { createCalendarHistory } from '../support/calendar-history.ts';
import { createTestApp, HOUR, KEY, MINUTE, START } from '../support/test-app.ts';
import type { TestApp } from '../support/test-app.ts';
import { connectManager, HOUSE, KAVYA, PETE } from '../support/voice-agent.ts';
import type { CalledManager } from '../support/voice-agent.ts';

const RUNS = Number(process.env['SNAPSHOT_RUNS'] ?? 40);
const SEED = Number(process.env['SNAPSHOT_SEED'] ?? 20261126);
const SECOND = 1_000;
const ACCOUNTS = [PETE, KAVYA];
const SETTINGS = { rules: { notice_minutes: 0, caller_limit: 100 } };
const HALF = 30 * MINUTE;
/** Tuesday, 9 to 11 in the manager's zone: everything happens here. */
const STARTS = [0, 1, 2, 3].map((half) => Date.parse('2026-11-24T15:00:00Z') + half * HALF);
const DAY = '2026-11-24';

type Step =
  | { readonly kind: 'list' | 'sweep'; readonly instance: number }
  | { readonly kind: 'book'; readonly instance: number; readonly start: number }
  | { readonly kind: 'busy'; readonly start: number }
  | { readonly kind: 'free' }
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'clock'; readonly ms: number }
  | { readonly kind: 'release'; readonly isReversed: boolean }
  | { readonly kind: 'deliver'; readonly rule: DeliveryRule }
  | {
      readonly kind: 'lifecycle';
      readonly event: 'missed' | 'subscriptionRemoved' | 'reauthorizationRequired';
    }
  | { readonly kind: 'settings'; readonly horizonDays: number; readonly timeZone: string }
  | { readonly kind: 'reconnect'; readonly instance: number; readonly disconnects: boolean };

const instance = fc.nat(2);
const start = fc.constantFrom(...STARTS);
const rule: fc.Arbitrary<DeliveryRule> = fc.oneof(
  fc.constant<DeliveryRule>({ arrives: 'never' }),
  fc.constant<DeliveryRule>({ arrives: 'on_release', times: 3 }),
  fc.constant<DeliveryRule>({ copies: 2 }),
  fc
    .integer({ min: 1, max: 180 })
    .map((seconds): DeliveryRule => ({ arrives: { afterMs: seconds * SECOND } })),
  fc.constantFrom<DeliveryRule>({ forged: 'client_state' }, { forged: 'subscription' }),
);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('list' as const), instance }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('book' as const), instance, start }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('busy' as const), start }) },
  { weight: 2, arbitrary: fc.constant({ kind: 'free' as const }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('deliver' as const), rule }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('wait' as const),
      ms: fc.constantFrom(SECOND, 14 * SECOND, 16 * SECOND, MINUTE, 5 * MINUTE, 16 * MINUTE),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('clock' as const), ms: fc.constantFrom(-HOUR, -MINUTE) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('release' as const), isReversed: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('sweep' as const), instance }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('lifecycle' as const),
      event: fc.constantFrom(
        'missed' as const,
        'subscriptionRemoved' as const,
        'reauthorizationRequired' as const,
      ),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('settings' as const),
      horizonDays: fc.constantFrom(30, 60, 90),
      timeZone: fc.constantFrom('America/Chicago', 'America/New_York'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('reconnect' as const),
      instance,
      disconnects: fc.boolean(),
    }),
  },
);

let app: TestApp;
let instances: App[];
let manager: CalledManager;
/** The one that is connected. */
let account: string;

beforeAll(async () => {
  app = await createTestApp();
  // A rotation is under way: the last one encrypts and signs with the new key already.
  const keys = (...fills: number[]) => ({
    TOKEN_ENCRYPTION_KEYS: fills.map((fill) => `${fill === 1 ? 'one' : 'two'}:${KEY(fill)}`).join(','),
  });
  instances = [keys(1, 2), keys(1, 2), keys(2, 1)].map((setting) => app.servicesWith(setting));
});
afterAll(() => app.close());

function busyStarts(): Set<number> {
  const events = app.microsoft.events(account).filter(({ subject }) => subject === 'Own');
  return new Set(events.map(({ when }) => (when.isAllDay ? 0 : when.start)));
}

/** No two viewings overlap, and none was booked over time that was busy then. */
function expectBookedWell(booked: ReadonlyMap<number, boolean>): void {
  for (const [at, wasBusy] of booked) expect({ at, wasBusy }).toEqual({ at, wasBusy: false });
  for (const person of ACCOUNTS) {
    const viewings = app.microsoft.events(person).filter(({ subject }) => subject !== 'Own');
    const starts = viewings.map(({ when }) => (when.isAllDay ? 0 : when.start));
    expect(new Set(starts).size).toBe(starts.length);
  }
}

/** Another one with each notification, and with each subscription. */
async function changeId(): Promise<unknown> {
  const row = await app.tables.getOrNull('managers', managerKey(manager.userId), 'calendar-change');
  return row?.['change_id'];
}

/** The other account takes the place of the one that is connected. */
async function reconnect(disconnects: boolean): Promise<void> {
  if (disconnects) await app.post('/calendar/auth/disconnect', { user_id: manager.userId });
  account = account === PETE ? KAVYA : PETE;
  const connected = await app.connect(await app.startLink(manager.userId), account);
  expect(connected.status).toBe(200);
}

async function run(steps: readonly Step[]): Promise<void> {
  await app.reset();
  useApp(instances[0]);
  account = PETE;
  manager = await connectManager(app, PETE, SETTINGS);
  const history = createCalendarHistory(STARTS, busyStarts);
  let known = await changeId();
  const booked = new Map<number, boolean>();
  let callers = 0;
  const list = async (): Promise<void> => {
    const answer = await manager.phone().ask('get_availability', { preferred_date: DAY });
    const slots = answer.action === 'present_slots' ? answer.available_slots : [];
    history.expectRecent(slots.map(({ start_time }) => start_time));
  };
  for (const one of steps) {
    if ('instance' in one) useApp(instances[one.instance]);
    switch (one.kind) {
      case 'list':
        await list();
        break;
      case 'sweep':
        await app.runTimer('sweep');
        break;
      case 'book': {
        const wasBusy = busyStarts().has(one.start);
        callers += 1;
        const answer = await manager.phone(`+1312555${String(1000 + callers)}`).ask('set_appointment', {
          property_address: HOUSE,
          start_time: new Date(one.start).toISOString(),
        });
        if (answer.action === 'booked') booked.set(one.start, wasBusy);
        break;
      }
      case 'busy':
        app.microsoft.addEvent(account, { start: one.start, end: one.start + HALF, subject: 'Own' });
        history.change();
        break;
      case 'free': {
        const own = app.microsoft.events(account).find(({ subject }) => subject === 'Own');
        if (own) app.microsoft.deleteEvent(account, own.id);
        history.change();
        break;
      }
      case 'wait':
        app.clock.now += one.ms;
        history.wait(one.ms);
        await app.microsoft.runDue();
        break;
      case 'clock':
        history.setBack(-one.ms);
        app.clock.now = Math.max(START, app.clock.now + one.ms);
        break;
      case 'release':
        await app.microsoft.release('notification', one.isReversed ? 'reversed' : undefined);
        break;
      case 'deliver':
        app.microsoft.setDelivery(one.rule);
        break;
      case 'lifecycle':
        app.microsoft.sendLifecycle(account, one.event);
        break;
      case 'settings': {
        const rules = { ...SETTINGS.rules, horizon_days: one.horizonDays };
        await manager.put({ rules, time_zone: one.timeZone });
        break;
      }
      case 'reconnect':
        await reconnect(one.disconnects);
        // What the other account's calendar was like does not matter any more.
        history.change();
        history.tell();
        break;
    }
    await app.microsoft.deliveriesSettled();
    const latest = await changeId();
    // It may tell of an older change: whoever reads after it sees all that were made by then.
    if (latest !== known) history.tell();
    known = latest;
  }
  expectBookedWell(booked);
}

test(
  'whatever notifications do, nothing is booked over busy time and no listing is too old',
  async () => {
    await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 16 }), run), {
      numRuns: RUNS,
      seed: SEED,
      endOnFailure: true,
    });
  },
  RUNS * 60_000,
);
