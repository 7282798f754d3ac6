// How often one answer asks Microsoft and the tables anything: each time is a wait for a caller on the line.
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import '../../functions/property.ts';
import { useApp } from '../../shared/running-app.ts';
import { MINUTE, START, useTestApp } from '../support/test-app.ts';
import { connectManager, expectAction, HOUSE, PETE, roundTrips } from '../support/voice-agent.ts';

const app = useTestApp();

const BOOKING = { property_address: HOUSE, start_time: '2026-12-01T09:00:00-06:00' };

/** Connected, asked once, and nothing counted yet. */
async function warm() {
  const manager = await connectManager(app, PETE);
  expectAction(await manager.phone().ask('get_availability'), 'present_slots');
  app.microsoft.clearRequests();
  return manager;
}

/** The tables behind a front that notes what is asked of them. */
async function createCountingTables(connectionString: string) {
  const target = new URL(/TableEndpoint=([^;]+)/.exec(connectionString)?.[1] ?? '');
  const asked: string[] = [];
  const server = createServer((incoming, outgoing) => {
    const { method, headers, url: path = '' } = incoming;
    asked.push(`${method ?? ''} ${/\/(\$?\w+)(?:\(|\?|$)/.exec(path)?.[1] ?? path}`);
    const forwarded = request(
      { host: target.hostname, port: target.port, method, path, headers },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      },
    );
    incoming.pipe(forwarded);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    asked,
    connectionString: connectionString.replace(target.host, `${target.hostname}:${port}`),
    close: () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  };
}

/** Connected, and Graph tells of no change: a thousand notifications at once would be a test of the machine. */
async function connectSilently() {
  const manager = await connectManager(app, PETE);
  app.microsoft.setDelivery({ arrives: 'never', times: Infinity });
  app.microsoft.clearRequests();
  return manager;
}

describe('round trips to Graph:', () => {
  test('free times take one, even with 1,000 events', async () => {
    const manager = await connectSilently();
    for (let count = 0; count < 1_000; count += 1) {
      // All of Tuesday and Wednesday, in many pieces.
      const start = Date.parse('2026-11-24T06:00:00Z') + count * 3 * MINUTE;
      app.microsoft.addEvent(PETE, { start, end: start + 3 * MINUTE });
    }
    const { available_slots } = expectAction(await manager.phone().ask('get_availability'), 'present_slots');
    expect(available_slots.map(({ start_time }) => start_time.slice(0, 10))).not.toContain('2026-11-24');
    expect(available_slots.length).toBeGreaterThan(2);
    expect(roundTrips(app)).toEqual(['GET /v1.0/me/calendarView 200']);
  });

  test('a booking takes two', async () => {
    const manager = await warm();
    expectAction(await manager.phone().ask('set_appointment', BOOKING), 'booked');
    expect(roundTrips(app)).toEqual(['GET /v1.0/me/calendarView 200', 'POST /v1.0/$batch 200']);
  });

  test('more events than a page holds are read to the last one', async () => {
    const manager = await connectSilently();
    for (let count = 0; count < 1_100; count += 1)
      app.microsoft.addEvent(PETE, { start: START + count, end: START + count + 1, showAs: 'free' });
    const start = Date.parse('2026-11-24T06:00:00Z');
    app.microsoft.addEvent(PETE, { start, end: start + 24 * 60 * MINUTE, showAs: 'oof' });
    const { available_slots } = expectAction(await manager.phone().ask('get_availability'), 'present_slots');
    expect(available_slots.map(({ start_time }) => start_time.slice(0, 10))).not.toContain('2026-11-24');
    expect(roundTrips(app)).toHaveLength(2);
  });
});

test('free times take two reads of the tables, at most, once the manager is known', async () => {
  const { storage } = app.services.config;
  if (storage.kind !== 'connection_string') throw new Error('The tables are not here');
  const manager = await warm();
  const counted = await createCountingTables(storage.connectionString);
  useApp(app.servicesWith({ AzureWebJobsStorage: counted.connectionString }));
  try {
    expectAction(await manager.phone().ask('get_availability'), 'present_slots');
    counted.asked.length = 0;
    expectAction(await manager.phone().ask('get_availability'), 'present_slots');
    expect(counted.asked.filter((one) => one.startsWith('GET')).toSorted()).toEqual([
      'GET bookings',
      'GET managers',
    ]);
  } finally {
    useApp(app.services);
    await counted.close();
  }
});

test('finding a home takes no read of its own once the homes are in memory', async () => {
  const { storage } = app.services.config;
  if (storage.kind !== 'connection_string') throw new Error('The tables are not here');
  const manager = await warm();
  const path = `/managers/${manager.userId}/properties/west`;
  const put = (rent: number) =>
    app.request(path, { method: 'PUT', body: JSON.stringify({ address: '829 Western Ave', rent }) });
  expect((await put(900)).status).toBe(201);
  const counted = await createCountingTables(storage.connectionString);
  const counting = app.servicesWith({ AzureWebJobsStorage: counted.connectionString });
  const ask = async () => {
    useApp(counting);
    counted.asked.length = 0;
    const wish = { property_address: 'eight twenty nine Western' };
    expectAction(await manager.phone().ask('get_availability', wish), 'present_slots');
    return counted.asked.filter((one) => one.startsWith('GET')).toSorted();
  };
  try {
    expect(await ask()).toContain('GET properties');
    expect(await ask()).toEqual(['GET bookings', 'GET managers']);
    useApp(app.services);
    expect((await put(950)).status).toBe(200);
    expect(await ask()).toContain('GET properties');
  } finally {
    useApp(app.services);
    await counted.close();
  }
});
