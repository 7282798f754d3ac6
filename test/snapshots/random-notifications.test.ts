/**
 * Random mixes of listings, bookings, the manager's own edits and notifications that come late, twice, out of order, never, or from
 * a stranger, on three instances: no booking stands over busy time, and no listing is older than it may be. SNAPSHOT_RUNS sets how
 * many; SNAPSHOT_SEED repeats one.
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import '../../functions/sweep.ts';
import type { DeliveryRule } from '../../sandbox/microsoft/deliveries.ts';
import type { App } from '../../shared/app.ts';
import { useApp } from '../../shared/running-app.ts';
import { managerKey } from '../../shared/storage/rows.ts';
import { createTestApp, HOUR, MINUTE, START } from '../support/test-app.ts';
import type { TestApp } from '../support/test-app.ts';
import { connectManager, HOUSE, PETE } from '../support/voice-agent.ts';
import type { CalledManager } from '../support/voice-agent.ts';

const RUNS = Number(process.env['SNAPSHOT_RUNS'] ?? 40);
const SEED = Number(process.env['SNAPSHOT_SEED'] ?? 20261126);
const SECOND = 1_000;
/** A copy may be so old, and the last change that was told of so much younger than the copy. */
const MAX_AGE = 15 * MINUTE;
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
    };

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
);

let app: TestApp;
let instances: App[];
let manager: CalledManager;

beforeAll(async () => {
  app = await createTestApp();
  instances = [app.servicesWith(), app.servicesWith(), app.servicesWith()];
});
afterAll(() => app.close());

/** What the manager's own calendar was like, and when it was changed and we were told. */
interface History {
  /** Real time: it never jumps. */
  elapsed: number;
  /** How far the app's clock was set back: by so much more may a copy be older. */
  setBackMs: number;
  /** Which of the changes was the last when we were last told of one. */
  told: number;
  changeId: unknown;
  readonly changes: { readonly at: number; readonly busy: ReadonlySet<number> }[];
}

function busyStarts(): Set<number> {
  const events = app.microsoft.events(PETE).filter(({ subject }) => subject === 'Own');
  return new Set(events.map(({ when }) => (when.isAllDay ? 0 : when.start)));
}

/** No two viewings overlap, and none was booked over time that was busy then. */
function expectBookedWell(booked: ReadonlyMap<number, boolean>): void {
  for (const [at, wasBusy] of booked) expect({ at, wasBusy }).toEqual({ at, wasBusy: false });
  const viewings = app.microsoft.events(PETE).filter(({ subject }) => subject !== 'Own');
  const starts = viewings.map(({ when }) => (when.isAllDay ? 0 : when.start));
  expect(new Set(starts).size).toBe(starts.length);
}

/** What was offered was free at some moment that is recent enough. */
function expectRecent(offered: readonly string[], { elapsed, setBackMs, told, changes }: History): void {
  const since = elapsed - MAX_AGE - setBackMs;
  const recent = changes.filter((_, index) => index >= told && (changes[index + 1]?.at ?? elapsed) >= since);
  const isTrue = recent.some(({ busy }) =>
    STARTS.every((at) => !(busy.has(at) && offered.includes(new Date(at).toISOString()))),
  );
  expect(isTrue).toBe(true);
}

/** A notification may tell of an older change: whoever reads after it sees all that were made by then. */
async function noteTold(history: History): Promise<void> {
  const row = await app.tables.getOrNull('managers', managerKey(manager.userId), 'calendar-change');
  if (row?.['change_id'] === history.changeId) return;
  history.changeId = row?.['change_id'];
  history.told = history.changes.length - 1;
}

async function run(steps: readonly Step[]): Promise<void> {
  await app.reset();
  useApp(app.services);
  manager = await connectManager(app, PETE, { rules: { notice_minutes: 0, caller_limit: 100 } });
  const history: History = {
    elapsed: 0,
    setBackMs: 0,
    told: 0,
    changeId: undefined,
    changes: [{ at: 0, busy: new Set() }],
  };
  const booked = new Map<number, boolean>();
  const noteChange = (): void => {
    history.changes.push({ at: history.elapsed, busy: busyStarts() });
  };
  const list = async (): Promise<void> => {
    const answer = await manager.phone().ask('get_availability', { preferred_date: DAY });
    const slots = answer.action === 'present_slots' ? answer.available_slots : [];
    const offered = slots.map(({ start_time }) => new Date(start_time).toISOString());
    expectRecent(offered, history);
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
        const answer = await manager
          .phone(`+1312555${String(1000 + history.changes.length)}`)
          .ask('set_appointment', {
            property_address: HOUSE,
            start_time: new Date(one.start).toISOString(),
          });
        if (answer.action === 'booked') booked.set(one.start, wasBusy);
        break;
      }
      case 'busy':
        app.microsoft.addEvent(PETE, { start: one.start, end: one.start + HALF, subject: 'Own' });
        noteChange();
        break;
      case 'free': {
        const own = app.microsoft.events(PETE).find(({ subject }) => subject === 'Own');
        if (own) app.microsoft.deleteEvent(PETE, own.id);
        noteChange();
        break;
      }
      case 'wait':
        app.clock.now += one.ms;
        history.elapsed += one.ms;
        await app.microsoft.runDue();
        break;
      case 'clock':
        history.setBackMs -= one.ms;
        app.clock.now = Math.max(START, app.clock.now + one.ms);
        break;
      case 'release':
        await app.microsoft.release('notification', one.isReversed ? 'reversed' : undefined);
        break;
      case 'deliver':
        app.microsoft.setDelivery(one.rule);
        break;
      case 'lifecycle':
        app.microsoft.sendLifecycle(PETE, one.event);
        break;
    }
    await app.microsoft.deliveriesSettled();
    await noteTold(history);
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
  RUNS * 15_000,
);
