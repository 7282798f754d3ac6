// What Application Insights would be sent, byte for byte: the real exporter, over a network of our own.
import { SpanKind } from '@opentelemetry/api';
import { InMemoryLogRecordExporter } from '@opentelemetry/sdk-logs';
import { AggregationTemporality, InMemoryMetricExporter } from '@opentelemetry/sdk-metrics';
import { InMemorySpanExporter } from '@opentelemetry/sdk-trace-base';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { createHttpHeaders } from '@azure/core-rest-pipeline';
import type { HttpClient } from '@azure/core-rest-pipeline';
import '../functions/vapi-webhook.ts';
import { createLog } from '../shared/core/log.ts';
import { AppError } from '../shared/core/errors.ts';
import { hmacText } from '../shared/core/hash.ts';
import { createAzureExporters } from '../shared/telemetry/azure-monitor.ts';
import { startTelemetry } from '../shared/telemetry/export.ts';
import type { Telemetry } from '../shared/telemetry/export.ts';
import { traceInvocation } from '../shared/telemetry/invocations.ts';
import { recordOutcome, recordRefreshes } from '../shared/telemetry/metrics.ts';
import { inSpan } from '../shared/telemetry/spans.ts';
import { toPathTemplate } from '../shared/telemetry/traced-graph.ts';
import { createTestApp, DAY } from './support/test-app.ts';
import type { TestApp } from './support/test-app.ts';
import { CALLER, DIALLED, toolCallsBody } from './support/conversation.ts';

interface Item {
  readonly name: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly data: {
    readonly baseData: {
      readonly name?: string;
      readonly message?: string;
      readonly responseCode?: string;
      readonly id?: string;
      readonly success?: boolean;
      readonly metrics?: readonly {
        readonly name: string;
        readonly value: number;
        readonly count?: number;
      }[];
      readonly properties?: Readonly<Record<string, string>>;
    };
  };
}

/** Application Insights, as far as the exporter sees it: it takes everything. */
function createIngestion() {
  const bodies: string[] = [];
  const httpClient: HttpClient = {
    sendRequest(request) {
      const body = typeof request.body === 'string' ? request.body : '[]';
      bodies.push(`${request.url}\n${body}`);
      const itemsReceived = (JSON.parse(body) as unknown[]).length;
      const bodyAsText = JSON.stringify({ itemsReceived, itemsAccepted: itemsReceived, errors: [] });
      const headers = createHttpHeaders({ 'content-type': 'application/json' });
      return Promise.resolve({ request, status: 200, headers, bodyAsText });
    },
  };
  const items = (): Item[] => bodies.flatMap((body) => JSON.parse(body.slice(body.indexOf('\n'))) as Item[]);
  return { bodies, httpClient, items };
}

const MANAGER = '+15555551234';
const CALL_ID = '0198f0aa-1111-7222-8333-0123456789ab';
const PETE = 'pete@lakeviewrentals.example';

describe('the telemetry of a consent, a call and a timer', () => {
  let app: TestApp;
  const ingestion = createIngestion();
  let telemetry: Telemetry;
  let items: Item[];
  /** Every secret and every personal word that came by. */
  const secrets: string[] = [];

  beforeAll(async () => {
    // The SDK's telemetry of itself goes to Microsoft, not to us.
    process.env['APPLICATION_INSIGHTS_NO_STATSBEAT'] = 'true';
    app = await createTestApp();
    telemetry = startTelemetry(
      createAzureExporters(
        'InstrumentationKey=00000000-0000-0000-0000-000000000001;IngestionEndpoint=https://ingestion.example/',
        undefined,
        { httpClient: ingestion.httpClient },
      ),
      1,
    );
    await app.request(`/managers/${encodeURIComponent(MANAGER)}`, {
      method: 'PUT',
      body: JSON.stringify({
        name: 'Pete Sampson',
        notify_email: PETE,
        assistant_ids: ['assistant-1'],
        phone_numbers: [DIALLED],
      }),
    });
    const link = await app.startLink(MANAGER, PETE);
    const { callback, cookie } = await app.goToMicrosoft(link, PETE);
    await app.comeBack(callback, cookie);
    const home = new URL(callback);
    secrets.push(
      link.split('/').at(-1) ?? '',
      home.searchParams.get('code') ?? '',
      home.searchParams.get('state') ?? '',
      cookie.split('=')[1] ?? '',
      callback,
    );
    await app.json(`/calendar/auth/status?user_id=${encodeURIComponent(MANAGER)}`);
    await app.request('/vapi/webhook', {
      method: 'POST',
      body: JSON.stringify(
        toolCallsBody(
          'take_message',
          { message: 'Is a small dog allowed?', name: 'Ann Caller', property_address: '12 Lakeview Drive' },
          { callId: CALL_ID },
        ),
      ),
    });
    app.clock.now += DAY;
    await app.runTimer('keepAlive');
    await app.request('/calendar/connect/a-token-that-is-no-token');

    const silent = (['info', 'warn', 'error'] as const).map((level) =>
      jest.spyOn(console, level).mockImplementation(() => undefined),
    );
    const log = createLog();
    for (const { level, event, fields, cause } of app.log.lines) {
      if (level === 'error') log.error(event, fields, cause);
      else log[level](event, fields);
    }
    log.error(
      'mail_failed',
      {},
      new AppError('mail_failed', 'Refused', { cause: new Error(`550 <${PETE}>`) }),
    );
    for (const spy of silent) spy.mockRestore();
    await telemetry.flush();
    items = ingestion.items();
  });
  afterAll(async () => {
    await telemetry.stop();
    await app.close();
  });

  const named = (name: string): Item[] => items.filter(({ data }) => data.baseData.name === name);
  const metric = (name: string) =>
    items.flatMap(({ data }) =>
      (data.baseData.metrics ?? [])
        .filter((each) => each.name === name)
        .map((each) => ({ ...each, properties: data.baseData.properties })),
    );

  test('the webhook is one span, with its tool, outcome, call and a hash of the manager', () => {
    const [span, ...others] = named('vapi.webhook');
    expect(others).toEqual([]);
    expect(span?.data.baseData.properties).toMatchObject({
      'peterental.tool': 'take_message',
      'peterental.outcome': 'message_taken',
      'peterental.manager': expect.stringMatching(/^[\w-]{16}$/),
      'vapi.call_id': CALL_ID,
    });
  });

  test('the hash of the manager is keyed with a key of its own, and not with an encryption key', () => {
    const hashes = app.services.config.encryptionKeys.map(({ bytes }) =>
      hmacText(bytes, MANAGER).slice(0, 16),
    );
    expect(hashes).not.toHaveLength(0);
    expect(hashes).not.toContain(named('vapi.webhook')[0]?.data.baseData.properties?.['peterental.manager']);
  });

  test('table calls are children of the webhook span, in the same operation', () => {
    const [webhook] = named('vapi.webhook');
    const [request] = named('POST /vapi/webhook');
    expect(request?.data.baseData).toMatchObject({ responseCode: '200', success: true });
    expect(webhook?.tags['ai.operation.parentId']).toBe(request?.data.baseData.id);
    const children = items.filter(({ tags }) => tags['ai.operation.parentId'] === webhook?.data.baseData.id);
    expect(children.map(({ data }) => data.baseData.name)).toEqual(
      expect.arrayContaining(['get calls', 'transact messages']),
    );
  });

  test('pages, callback and Graph requests are named by their route templates', () => {
    const names = items.map(({ data }) => data.baseData.name);
    expect(names).toEqual(
      expect.arrayContaining([
        'GET /calendar/connect/{token}',
        'GET /calendar/auth/callback',
        'GET /calendar/auth/status',
        'PUT /managers/{user_id}',
        'GET /v1.0/me',
        'POST /v1.0/me/calendar/getSchedule',
        'keepAlive',
      ]),
    );
  });

  test('metrics are exported: response time, and connections by status', () => {
    expect(metric('peterental.answer_ms')).toMatchObject([{ count: 1 }]);
    expect(metric('peterental.connections')).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ value: 1, properties: expect.objectContaining({ status: 'connected' }) }),
      ]),
    );
  });

  test('the daily run tells how many calendars tell of their changes', () => {
    expect(metric('peterental.subscriptions')).toMatchObject([
      { value: 1, properties: { state: 'on' } },
      { value: 0, properties: { state: 'off' } },
    ]);
  });

  test('log lines are exported under the event name that the alerts query', () => {
    const events = items.flatMap(({ name, data: { baseData } }) =>
      name.endsWith('.Message') ? [(JSON.parse(baseData.message ?? '{}') as { event?: string }).event] : [],
    );
    expect(events).toEqual(expect.arrayContaining(['webhook_answered', 'mail_failed']));
  });

  test('no token, code, number, address, name or spoken word is exported', () => {
    const sent = ingestion.bodies.join('\n');
    expect(secrets.every((secret) => secret.length > 10)).toBe(true);
    const words = [
      'small dog',
      'Ann Caller',
      '12 Lakeview',
      'Sampson',
      'lakeviewrentals',
      '550 <',
      'a-token-that',
    ];
    const digits = [MANAGER, CALLER, DIALLED].map((number) => number.slice(1));
    for (const word of [...secrets, ...words, ...digits]) {
      expect(sent.includes(word) || sent.includes(encodeURIComponent(word)) ? word : null).toBeNull();
    }
    expect(sent).not.toMatch(/[?&](code|state|user_id)=|eyJ[\w-]{10}|Bearer /);
  });
});

describe('tail sampling', () => {
  const start = () => {
    const spans = new InMemorySpanExporter();
    const metrics = new InMemoryMetricExporter(AggregationTemporality.DELTA);
    const telemetry = startTelemetry({ spans, metrics, logs: new InMemoryLogRecordExporter() });
    return { spans, metrics, telemetry };
  };

  test('exports every failed invocation, every tool call, and about a tenth of the rest', async () => {
    const { spans, telemetry } = start();
    const invoke = (name: string, attributes: Record<string, string>, fail: boolean) =>
      inSpan(name, SpanKind.SERVER, attributes, () =>
        inSpan(`${name} child`, SpanKind.CLIENT, {}, () =>
          fail ? Promise.reject(new Error(PETE)) : Promise.resolve(),
        ).catch(() => undefined),
      );
    for (let count = 0; count < 500; count++) {
      if (count < 20) await invoke('bad', {}, true);
      if (count < 20) await invoke('tool', { 'peterental.tool': 'take_message' }, false);
      await invoke('rest', {}, false);
    }
    await telemetry.flush();
    const count = (name: string): number =>
      spans.getFinishedSpans().filter((span) => span.name === name).length;
    expect([count('bad'), count('bad child'), count('tool'), count('tool child')]).toEqual([20, 20, 20, 20]);
    expect(count('rest')).toBe(count('rest child'));
    expect(count('rest')).toBeGreaterThan(10);
    expect(count('rest')).toBeLessThan(150);
    expect(
      JSON.stringify(spans.getFinishedSpans().map(({ status, events }) => [status, events])),
    ).not.toContain('pete');
    await telemetry.stop();
  });

  test('a trace that the host began is continued even if the host exports nothing', async () => {
    const { spans, telemetry } = start();
    const traceParent = '00-11111111111111111111111111111111-2222222222222222-00';
    const timer = { functionName: 'sweep', route: undefined, method: undefined, traceParent };
    await expect(
      traceInvocation(timer, () => Promise.reject(new AppError('storage_unavailable', PETE))),
    ).rejects.toThrow();
    await telemetry.flush();
    const [span] = spans.getFinishedSpans();
    expect(span).toMatchObject({
      name: 'sweep',
      attributes: { 'error.type': 'storage_unavailable' },
      parentSpanContext: { spanId: '2222222222222222' },
    });
    expect(span?.spanContext().traceId).toBe('1'.repeat(32));
    expect(JSON.stringify([span?.attributes, span?.status, span?.events])).not.toContain('pete');
    await telemetry.stop();
  });

  test('a function that throws is recorded with status 500, as the host answers', async () => {
    const { spans, telemetry } = start();
    const page = {
      functionName: 'manager',
      route: 'managers/{user_id}',
      method: 'GET',
      traceParent: undefined,
    };
    await expect(traceInvocation(page, () => Promise.reject(new Error(PETE)))).rejects.toThrow();
    await telemetry.flush();
    expect(spans.getFinishedSpans()).toMatchObject([
      { name: 'GET /managers/{user_id}', attributes: { 'http.response.status_code': 500 } },
    ]);
    await telemetry.stop();
  });

  test('bookings and conflicts are counted, and other outcomes are not', async () => {
    const { metrics, telemetry } = start();
    for (const action of ['booked', 'booked', 'conflict', 'repeated', 'error']) recordOutcome(action);
    await telemetry.flush();
    const counted = metrics
      .getMetrics()
      .flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope) => scope.metrics))
      .map(({ descriptor, dataPoints }) => [descriptor.name, dataPoints[0]?.value]);
    expect(counted).toEqual([
      ['peterental.bookings', 2],
      ['peterental.conflicts', 1],
    ]);
    await telemetry.stop();
  });

  test('what the sweep did to calendars is counted by outcome, and what it did not do is not', async () => {
    const { metrics, telemetry } = start();
    recordRefreshes({ refreshed: 2, followed: 0, resubscribed: 0, unfinished: 1 });
    recordRefreshes({ refreshed: 1, followed: 0, resubscribed: 0, unfinished: 0 });
    await telemetry.flush();
    const counted = metrics
      .getMetrics()
      .flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope) => scope.metrics))
      .filter(({ descriptor }) => descriptor.name === 'peterental.refreshes')
      .flatMap(({ dataPoints }) =>
        dataPoints.map(({ attributes, value }) => [attributes['outcome'], value] as const),
      );
    expect(counted).toEqual([
      ['refreshed', 3],
      ['unfinished', 1],
    ]);
    await telemetry.stop();
  });
});

test('a Graph path is recorded without ids, addresses and query', () => {
  const template = (path: string): string => toPathTemplate(`https://graph.microsoft.com${path}`);
  expect(template(`/v1.0/users/${PETE}/calendarView?startDateTime=x`)).toBe('/v1.0/users/{id}/calendarView');
  expect(template('/v1.0/me/events/AAMkAGI2/cancel')).toBe('/v1.0/me/events/{id}/cancel');
  expect(template('/v1.0/me/calendar/getSchedule')).toBe('/v1.0/me/calendar/getSchedule');
});
