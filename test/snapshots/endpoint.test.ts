// POST /microsoft/notifications under a storm, under fuzz, and by its cost: what it writes, what it reads, what it counts.
import crypto from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { InMemoryLogRecordExporter } from '@opentelemetry/sdk-logs';
import { AggregationTemporality, InMemoryMetricExporter } from '@opentelemetry/sdk-metrics';
import type { DataPoint } from '@opentelemetry/sdk-metrics';
import { InMemorySpanExporter } from '@opentelemetry/sdk-trace-base';
import fc from 'fast-check';
import { createClientStates } from '../../shared/connections/client-state.ts';
import { useApp } from '../../shared/running-app.ts';
import { managerKey } from '../../shared/storage/rows.ts';
import { startTelemetry } from '../../shared/telemetry/export.ts';
import { DAY, eventually, MINUTE, useTestApp } from '../support/test-app.ts';
import { KAVYA, PETE } from '../support/voice-agent.ts';
import { watchTables } from '../support/watched-tables.ts';
import type { WatchedTables } from '../support/watched-tables.ts';

const app = useTestApp();
const PATH = '/microsoft/notifications';
let tables: WatchedTables;

beforeEach(() => {
  useApp(app.services);
  tables = watchTables(app);
});
afterEach(() => {
  tables.stop();
});

function post(body: string | Uint8Array, query = ''): Promise<Response> {
  return app.request(`${PATH}${query}`, { method: 'POST', body });
}

async function connect(userId: string, person: string): Promise<string> {
  await app.connect(await app.startLink(userId), person);
  return app.microsoft.subscriptions(person)[0]?.clientState ?? '';
}

describe('the handshake', () => {
  test('asks neither the tables nor Microsoft anything, not even on a new instance', async () => {
    useApp(app.servicesWith());
    tables.sent.length = 0;
    app.microsoft.clearRequests();
    const response = await post('', '?validationToken=hello');
    expect([response.status, await response.text()]).toEqual([200, 'hello']);
    expect(tables.sent).toEqual([]);
    expect(app.microsoft.requests()).toEqual([]);
  });

  test('gives back any token as it was, as plain text', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 300 }), async (token) => {
        const response = await post('', `?${new URLSearchParams({ validationToken: token }).toString()}`);
        expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8');
        expect(await response.text()).toBe(token);
      }),
      { numRuns: 50 },
    );
  });
});

test('a storm of 10,000 notifications costs one merge for each calendar and request, and asks Graph nothing', async () => {
  const clientStates = [await connect('pete', PETE), await connect('kavya', KAVYA)];
  const item = (index: number) => ({
    subscriptionId: `subscription-${index % 7}`,
    changeType: 'updated',
    clientState: clientStates[index % 2],
  });
  const body = JSON.stringify({ value: Array.from({ length: 100 }, (_, index) => item(index)) });
  tables.sent.length = 0;
  app.microsoft.clearRequests();
  for (let wave = 0; wave < 10; wave += 1) {
    const answers = await Promise.all(Array.from({ length: 10 }, () => post(body)));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 202));
  }
  expect(tables.sent).toEqual(Array.from({ length: 2 * 100 }, () => 'PATCH'));
  expect(app.microsoft.requests()).toEqual([]);
});

test('whatever a stranger sends, the answer is 202 or 413, and nothing is read or written', async () => {
  const clientState = await connect('pete', PETE);
  const stranger = createClientStates([{ id: 'one', bytes: crypto.randomBytes(32) }]);
  const forged = fc.constantFrom(
    stranger.make(managerKey('pete')).clientState,
    clientState.slice(0, -1),
    `${clientState}=`,
    clientState.toUpperCase(),
    `${managerKey('kavya')}${clientState.slice(43)}`,
  );
  const item = fc.record({
    clientState: fc.oneof(forged, fc.jsonValue()),
    subscriptionId: fc.oneof(fc.constant(app.microsoft.subscriptions(PETE)[0]?.id), fc.jsonValue()),
    lifecycleEvent: fc.constantFrom('subscriptionRemoved', 'reauthorizationRequired', 'missed', null, 7),
    __proto__: fc.jsonValue(),
  });
  const body = fc.oneof(
    fc.uint8Array({ maxLength: 2_000 }),
    fc.json(),
    fc.array(item, { maxLength: 30 }).map((value) => JSON.stringify({ value })),
    fc.constant(`{"value":${'['.repeat(100_000)}`),
    fc.constant('x'.repeat(4 * 1024 * 1024 + 1)),
  );
  const before = await app.dump();
  tables.sent.length = 0;
  app.microsoft.clearRequests();
  await fc.assert(
    fc.asyncProperty(body, async (sent) => {
      expect((await post(sent)).status).toBe(sent.length > 4 * 1024 * 1024 ? 413 : 202);
    }),
    { numRuns: 150 },
  );
  expect(tables.sent).toEqual([]);
  expect(app.microsoft.requests()).toEqual([]);
  expect(await app.dump()).toBe(before);
});

test('strangers, junk, huge bodies and bodies that break off are counted', async () => {
  const metrics = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const telemetry = startTelemetry({
    spans: new InMemorySpanExporter(),
    logs: new InMemoryLogRecordExporter(),
    metrics,
  });
  const dropped = async (): Promise<number> => {
    metrics.reset();
    await telemetry.flush();
    const points: readonly DataPoint<unknown>[] = metrics
      .getMetrics()
      .flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope) => scope.metrics))
      .filter(({ descriptor }) => descriptor.name === 'peterental.notifications')
      .flatMap((one): readonly DataPoint<unknown>[] => one.dataPoints)
      .filter(({ attributes }) => attributes['outcome'] === 'dropped');
    return Number(points[0]?.value ?? 0);
  };
  try {
    await post(JSON.stringify({ value: [{ clientState: 'a stranger’s' }] }));
    expect(await dropped()).toBe(1);
    await post('junk');
    expect(await dropped()).toBe(2);
    expect((await post('x'.repeat(4 * 1024 * 1024 + 1))).status).toBe(413);
    expect(await dropped()).toBe(3);
    const { hostname, port } = new URL(app.url);
    const headers = { 'transfer-encoding': 'chunked' };
    const sending = httpRequest({ hostname, port, path: PATH, method: 'POST', headers });
    sending.on('error', () => undefined);
    sending.write('{', () => sending.destroy());
    await eventually(async () => (await dropped()) === 4);
  } finally {
    await telemetry.stop();
  }
});

describe('a client state', () => {
  const KEYS = [2, 1].map((fill) => ({ id: String(fill), bytes: new Uint8Array(32).fill(fill) }));
  const states = createClientStates(KEYS);

  test('is compared in constant time, as a whole and under every key, whatever is wrong with it', () => {
    const { clientState } = states.make(managerKey('pete'));
    const at = (index: number) =>
      `${clientState.slice(0, index)}${clientState[index] === 'A' ? 'B' : 'A'}${clientState.slice(index + 1)}`;
    const compare = jest.spyOn(crypto, 'timingSafeEqual');
    try {
      for (const [given, found] of [
        [clientState, managerKey('pete')],
        [createClientStates(KEYS.slice(1)).make(managerKey('pete')).clientState, managerKey('pete')],
        [at(0), null],
        [at(50), null],
        [at(67), null],
        [at(109), null],
      ] as const) {
        compare.mockClear();
        expect(states.read(given)).toBe(found);
        const lengths = compare.mock.calls.map(([one, other]) => [one.byteLength, other.byteLength]);
        expect(lengths).toEqual([
          [43, 43],
          [43, 43],
        ]);
      }
    } finally {
      compare.mockRestore();
    }
  });

  test('has one spelling: other letters for the same bytes are a stranger’s', () => {
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const { clientState } = states.make(managerKey('pete'));
    const spellings = Array.from(letters, (letter) => `${clientState.slice(0, -1)}${letter}`);
    expect(spellings.filter((one) => states.read(one) !== null)).toEqual([clientState]);
  });
});

describe('that Graph has ended the subscription', () => {
  const removed = (clientState: string, subscriptionId: string | undefined) =>
    post(
      JSON.stringify({
        value: [{ clientState, subscriptionId, lifecycleEvent: 'subscriptionRemoved' }],
      }),
    );

  test('is not forgotten when a late message about an older one comes after it', async () => {
    const clientState = await connect('pete', PETE);
    app.microsoft.sendLifecycle(PETE, 'subscriptionRemoved');
    await app.microsoft.deliveriesSettled();
    expect((await removed(clientState, 'an-older-one')).status).toBe(202);
    expect(app.microsoft.subscriptions(PETE)).toEqual([]);
    app.clock.now += MINUTE;
    await app.runTimer('sweep');
    expect(app.microsoft.subscriptions(PETE)).toHaveLength(1);
    expect(await app.status('pete')).toMatchObject({ notifications: { state: 'on' } });
  });

  test('is no reason to end the one that lives, if it is about an older one', async () => {
    const clientState = await connect('pete', PETE);
    const [before] = app.microsoft.subscriptions(PETE);
    expect((await removed(clientState, 'an-older-one')).status).toBe(202);
    app.clock.now += MINUTE;
    await app.runTimer('sweep');
    expect(app.microsoft.subscriptions(PETE)).toMatchObject([{ id: before?.id }]);
  });
});

test('a subscription that cannot be renewed for another reason is ended before a new one is made', async () => {
  await connect('pete', PETE);
  const [before] = app.microsoft.subscriptions(PETE);
  app.microsoft.setFault({ method: 'PATCH', path: '/v1.0/subscriptions/*', status: 400 });
  app.clock.now += DAY;
  await app.runTimer('keepAlive');
  const [after, ...others] = app.microsoft.subscriptions(PETE);
  expect(others).toEqual([]);
  expect(after?.id).not.toBe(before?.id);
});
