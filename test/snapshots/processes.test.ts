/**
 * Three real processes share one stored copy: each change is told to one of them, and listings and bookings are asked of all. No
 * listing is older than it may be, and no booking stands over busy time. PROCESS_STEPS sets how long it goes on; PROCESS_SEED
 * repeats it.
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { managerKey } from '../../shared/storage/rows.ts';
import { createCalendarHistory } from '../support/calendar-history.ts';
import { createInstances } from '../support/instances.ts';
import type { Instances } from '../support/instances.ts';
import { MINUTE } from '../support/test-app.ts';
import { connectManager, HOUSE, PETE, roundTrips } from '../support/voice-agent.ts';
import type { CalledManager } from '../support/voice-agent.ts';

const PROCESSES = 3;
const STEPS = Number(process.env['PROCESS_STEPS'] ?? 60);
const SEED = Number(process.env['PROCESS_SEED'] ?? 20261126);
const SECOND = 1_000;
const HALF = 30 * MINUTE;
/** Tuesday from 9 to 11 in the manager's zone: everything happens here. */
const STARTS = [0, 1, 2, 3].map((half) => Date.parse('2026-11-24T15:00:00Z') + half * HALF);
const VIEW = 'GET /v1.0/me/calendarView 200';

let instances: Instances;
let manager: CalledManager;
let callers = 0;

beforeAll(async () => {
  instances = await createInstances(PROCESSES);
  const rules = { notice_minutes: 0, caller_limit: 100 };
  manager = await connectManager(instances.app, PETE, { rules });
});
afterAll(() => instances.close());

async function list(instance: number): Promise<string[]> {
  instances.choose(instance);
  const answer = await manager.phone().ask('get_availability', { preferred_date: '2026-11-24' });
  return answer.action === 'present_slots' ? answer.available_slots.map(({ start_time }) => start_time) : [];
}

/** Round trips of listings, one on each process. */
async function tripsOfAll(): Promise<string[][]> {
  const trips: string[][] = [];
  for (let instance = 0; instance < PROCESSES; instance += 1) {
    instances.app.microsoft.clearRequests();
    await list(instance);
    trips.push(roundTrips(instances.app));
  }
  return trips;
}

function addBusy(start: number): void {
  instances.app.microsoft.addEvent(PETE, { start, end: start + HALF, subject: 'Own' });
}

function busyStarts(): Set<number> {
  const own = manager.events().filter(({ subject }) => subject === 'Own');
  return new Set(own.map(({ when }) => (when.isAllDay ? 0 : when.start)));
}

async function changeId(): Promise<unknown> {
  const row = await instances.app.tables.getOrNull('managers', managerKey(manager.userId), 'calendar-change');
  return row?.['change_id'];
}

test('the copy that one process has read answers on all, and a change that one was told of ends it on all', async () => {
  const { microsoft } = instances.app;
  await instances.wait(MINUTE);
  expect(await tripsOfAll()).toEqual([[VIEW], [], []]);
  instances.choose(2);
  addBusy(STARTS[0] ?? 0);
  await microsoft.deliveriesSettled();
  await instances.wait(MINUTE);
  const offered = await Promise.all([list(0), list(0), list(0)]);
  for (const starts of offered) expect(starts.map(Date.parse)).not.toContain(STARTS[0]);
  await list(1);
  expect(await tripsOfAll()).toEqual([[], [], []]);
  // The timer runs on one of them, and all are served by what it has read.
  addBusy(STARTS[1] ?? 0);
  await microsoft.deliveriesSettled();
  await instances.wait(MINUTE);
  await instances.sweep(1);
  expect(await tripsOfAll()).toEqual([[], [], []]);
  expect((await list(0)).map(Date.parse)).not.toContain(STARTS[1]);
});

type Step =
  | { readonly kind: 'list' | 'sweep'; readonly instance: number }
  | { readonly kind: 'book' | 'busy'; readonly instance: number; readonly start: number }
  | { readonly kind: 'free'; readonly instance: number }
  | { readonly kind: 'lose' | 'delay' }
  | { readonly kind: 'wait'; readonly ms: number };

const instance = fc.nat(PROCESSES - 1);
const start = fc.constantFrom(...STARTS);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('list' as const), instance }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('book' as const), instance, start }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('busy' as const), instance, start }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('free' as const), instance }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('lose' as const, 'delay' as const) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('sweep' as const), instance }) },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('wait' as const),
      ms: fc.constantFrom(SECOND, 14 * SECOND, 16 * SECOND, MINUTE, 5 * MINUTE),
    }),
  },
);

/** All processes are asked for one time at once. */
async function bookOnAll(at: number): Promise<boolean> {
  const answers = [];
  for (let instance = 0; instance < PROCESSES; instance += 1) {
    callers += 1;
    instances.choose(instance);
    answers.push(
      manager.phone(`+1312555${1_000 + callers}`).ask('set_appointment', {
        property_address: HOUSE,
        start_time: new Date(at).toISOString(),
      }),
    );
  }
  const actions = (await Promise.all(answers)).map(({ action }) => action);
  expect(actions.filter((action) => action === 'booked').length).toBeLessThanOrEqual(1);
  expect(actions.filter((action) => !['booked', 'conflict', 'invalid_request'].includes(action))).toEqual([]);
  return actions.includes('booked');
}

test(`over ${STEPS} steps nothing is booked over busy time and no listing is too old, whichever process is asked`, async () => {
  const { microsoft } = instances.app;
  const history = createCalendarHistory(STARTS, busyStarts);
  let known = await changeId();
  const [steps = []] = fc.sample(fc.array(step, { minLength: STEPS, maxLength: STEPS }), {
    numRuns: 1,
    seed: SEED,
  });
  for (const one of steps) {
    if ('instance' in one) instances.choose(one.instance);
    switch (one.kind) {
      case 'list':
        history.expectRecent(await list(one.instance));
        break;
      case 'sweep':
        await instances.sweep(one.instance);
        break;
      case 'book': {
        const wasBusy = busyStarts().has(one.start);
        if (await bookOnAll(one.start)) expect(wasBusy).toBe(false);
        break;
      }
      case 'busy':
        addBusy(one.start);
        history.change();
        break;
      case 'free': {
        const own = manager.events().find(({ subject }) => subject === 'Own');
        if (own) microsoft.deleteEvent(PETE, own.id);
        history.change();
        break;
      }
      case 'lose':
        microsoft.setDelivery({ arrives: 'never' });
        break;
      case 'delay':
        microsoft.setDelivery({ arrives: { afterMs: 3 * MINUTE } });
        break;
      case 'wait':
        history.wait(one.ms);
        await instances.wait(one.ms);
        break;
    }
    await microsoft.deliveriesSettled();
    const now = await changeId();
    if (now !== known) history.tell();
    known = now;
  }
  const viewings = manager.events().filter(({ subject }) => subject !== 'Own');
  const starts = viewings.map(({ when }) => (when.isAllDay ? 0 : when.start));
  expect(new Set(starts).size).toBe(starts.length);
  expect(starts.length).toBeGreaterThan(0);
});
