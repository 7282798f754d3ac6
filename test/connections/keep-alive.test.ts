import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createTestApp, DAY, eventually, HOUR, MINUTE, START } from '../support/test-app.ts';
import type { TestApp } from '../support/test-app.ts';
import type { Person } from '../../sandbox/microsoft/people.ts';

const TOKEN_PATH = '/common/oauth2/v2.0/token';
const PETE = 'pete@lakeviewrentals.example';

let world: TestApp;

beforeAll(async () => {
  world = await createTestApp();
});
afterAll(() => world.close());
beforeEach(async () => {
  world.clock.now = START;
  await world.clearTables();
  world.mailbox.reset();
  world.microsoft.reset();
  world.microsoft.allowRedirectUri(`${world.url}/calendar/auth/callback`);
  world.log.lines.length = 0;
});

async function connectMany(count: number): Promise<string[]> {
  const users = Array.from({ length: count }, (_, index) => `manager-${index}`);
  for (const user of users) await world.connect(await world.startLink(user), PETE);
  world.microsoft.clearRequests();
  return users;
}
function refreshes() {
  return world.microsoft.requests().filter(({ path }) => path === TOKEN_PATH).length;
}
function run(options?: { sliceMs?: number; pageSize?: number }) {
  return world.services.connections.keepAlive(options);
}
async function canBook(user: string): Promise<boolean> {
  const access = await world.services.connections.access(user, world.signal());
  return (
    access.ok &&
    access.accessToken().then(
      () => true,
      () => false,
    )
  );
}

describe('ninety idle days', () => {
  test('end a connection that nobody keeps alive', async () => {
    await connectMany(1);
    world.clock.now += 91 * DAY;
    expect(await canBook('manager-0')).toBe(false);
    expect(await world.status('manager-0')).toMatchObject({ status: 'reconnect_required' });
    await eventually(() => world.mailbox.messages().length === 1);
  });

  test('are nothing to a connection that the timer keeps alive', async () => {
    await connectMany(1);
    for (let day = 1; day <= 91; day++) {
      world.clock.now = START + day * DAY;
      await world.runTimer('keepAlive');
    }
    expect(await canBook('manager-0')).toBe(true);
    expect(world.mailbox.messages().length).toBe(0);
    expect(world.log.lines.filter(({ event }) => event === 'timer_completed')).toHaveLength(91);
  });
});

describe('the daily run', () => {
  test('refreshes every account once a day, however often the timer fires', async () => {
    await connectMany(5);
    expect(await run()).toMatchObject({ outcome: 'completed', refreshed: 5, failed: 0 });
    expect(await run()).toMatchObject({ outcome: 'skipped' });
    expect(refreshes()).toBe(5);
    world.clock.now += DAY;
    expect(await run()).toMatchObject({ outcome: 'completed', refreshed: 5 });
    expect(refreshes()).toBe(10);
  });

  test('continues where it was cut, and leaves nobody out', async () => {
    const users = await connectMany(7);
    const outcomes = [];
    for (let slice = 0; slice < 10; slice++) {
      const report = await run({ sliceMs: 0, pageSize: 2 });
      outcomes.push(report.outcome);
      if (report.outcome === 'completed') break;
      world.clock.now += MINUTE;
    }
    expect(outcomes).toEqual(['cut', 'cut', 'cut', 'cut', 'completed']);
    expect(refreshes()).toBe(users.length);
    for (const user of users) {
      expect(Date.parse(String((await world.status(user))['last_refreshed_at']))).toBeGreaterThanOrEqual(
        START,
      );
    }
  });

  test('is finished before the next one begins, if midnight overtakes it', async () => {
    await connectMany(4);
    expect(await run({ sliceMs: 0, pageSize: 3 })).toMatchObject({ outcome: 'cut' });
    world.clock.now += DAY;
    expect(await run()).toMatchObject({ outcome: 'completed', refreshed: 1 });
    expect(await run()).toMatchObject({ outcome: 'completed', refreshed: 4 });
  });

  test('is worked on by one instance at a time', async () => {
    await connectMany(3);
    const others = [world.servicesWith(), world.servicesWith(), world.servicesWith()];
    const reports = await Promise.all([run(), ...others.map(({ connections }) => connections.keepAlive())]);
    expect(reports.map(({ outcome }) => outcome).sort()).toEqual([
      'completed',
      'skipped',
      'skipped',
      'skipped',
    ]);
    expect(refreshes()).toBe(3);
  });

  test('is taken over from an instance that died, after its lease', async () => {
    await connectMany(2);
    const row = { partitionKey: 'keepAlive', rowKey: 'cursor', run: '2026-11-23', done: false };
    await world.tables.upsert('timers', { ...row, leased_until: START + 7 * MINUTE });
    expect(await run()).toMatchObject({ outcome: 'skipped' });
    world.clock.now += 8 * MINUTE;
    expect(await run()).toMatchObject({ outcome: 'completed', refreshed: 2 });
  });

  test('survives one bad account', async () => {
    const users = await connectMany(3);
    const [bad = ''] = users;
    for await (const page of world.tables.query(
      'managers',
      `RowKey eq 'connection' and user_id eq '${bad}'`,
    )) {
      for (const row of page) await world.tables.upsert('managers', { ...row, tokens0: 'broken' });
    }
    expect(await run()).toMatchObject({ outcome: 'completed', refreshed: 2, failed: 1 });
    expect(world.log.lines.map(({ event }) => event)).toContain('keep_alive_account_failed');
    expect(await world.status(bad)).toMatchObject({ status: 'connected' });
  });

  test('waits if Microsoft asks for it, and then refreshes those it deferred', async () => {
    await connectMany(3);
    world.microsoft.setFault({
      path: TOKEN_PATH,
      status: 429,
      code: 'temporarily_unavailable',
      retryAfter: 1,
      times: 3,
    });
    const began = performance.now();
    expect(await run()).toMatchObject({ outcome: 'completed', refreshed: 3, failed: 0 });
    expect(performance.now() - began).toBeGreaterThan(900);
  });

  test('is cut if Microsoft asks for more time than there is, and leaves nobody out', async () => {
    const users = await connectMany(12);
    const connectedAt = world.clock.now;
    world.clock.now += HOUR;
    world.microsoft.setFault({
      path: TOKEN_PATH,
      status: 429,
      code: 'temporarily_unavailable',
      retryAfter: 600,
      after: 3,
      times: 1,
    });
    const report = await run();
    expect(report).toMatchObject({ outcome: 'cut', failed: 0 });
    expect(report.refreshed).toBeLessThan(12);
    world.clock.now += 15 * MINUTE;
    expect(await run()).toMatchObject({ outcome: 'completed', failed: 0 });
    for (const user of users) {
      expect(Date.parse(String((await world.status(user))['last_refreshed_at']))).toBeGreaterThan(
        connectedAt,
      );
    }
  });

  test('mails the manager about a revoked grant, and about no temporary error', async () => {
    await connectMany(1);
    world.microsoft.setFault({ path: TOKEN_PATH, status: 503, times: 9 });
    expect(await run()).toMatchObject({ refreshed: 0, failed: 1 });
    expect(world.mailbox.messages().length).toBe(0);
    world.microsoft.clearFaults();
    world.microsoft.revoke(PETE);
    world.clock.now += DAY;
    expect(await run()).toMatchObject({ reconnect: 1 });
    expect(world.mailbox.messages().length).toBe(1);
    expect(await world.status('manager-0')).toMatchObject({ status: 'reconnect_required' });
  });

  test('reads zone and hours anew, and keeps them where Microsoft tells none', async () => {
    await connectMany(1);
    const pete = world.microsoft
      .people()
      .find(({ userPrincipalName }) => userPrincipalName === PETE) as Person;
    const hours = { daysOfWeek: ['monday'], startTime: '08:03:00.0000000', endTime: '16:58:00.0000000' };
    pete.workingHours = { ...hours, timeZone: { name: 'Eastern Standard Time' } };
    await run();
    expect(await world.status('manager-0')).toMatchObject({ time_zone: 'America/New_York' });
    const { body } = await world.json('/managers/manager-0');
    expect(body['hours']).toEqual({ mon: [['08:05', '16:55']] });
    delete pete.workingHours;
    world.clock.now += DAY;
    await run();
    expect(await world.status('manager-0')).toMatchObject({ time_zone: 'America/New_York' });
  });

  test('deletes sign-ins that have expired', async () => {
    await world.press(await world.startLink('somebody'));
    const states = async () =>
      (JSON.parse(await world.dump()) as { table: string }[]).filter(({ table }) => table === 'states')
        .length;
    expect(await states()).toBe(1);
    world.clock.now += HOUR;
    await run();
    expect(await states()).toBe(0);
  });
});
