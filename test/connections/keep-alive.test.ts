import { describe, expect, test } from '@jest/globals';
import { AppError } from '../../shared/core/errors.ts';
import { useApp } from '../../shared/running-app.ts';
import { DAY, eventually, HOUR, MINUTE, START, useTestApp } from '../support/test-app.ts';
import type { Person } from '../../sandbox/microsoft/people.ts';

const TOKEN_PATH = '/common/oauth2/v2.0/token';
const PETE = 'pete@lakeviewrentals.example';

const app = useTestApp();

async function connectMany(count: number): Promise<string[]> {
  const users = Array.from({ length: count }, (_, index) => `manager-${index}`);
  for (const user of users) await app.connect(await app.startLink(user), PETE);
  app.microsoft.clearRequests();
  return users;
}
function refreshes() {
  return app.microsoft.requests().filter(({ path }) => path === TOKEN_PATH).length;
}
function run(options?: { sliceMs?: number; pageSize?: number }) {
  return app.services.connections.keepAlive(options);
}
async function canBook(user: string): Promise<boolean> {
  const access = await app.services.connections.access(user, app.signal());
  return (
    access.ok &&
    access.accessToken().then(
      () => true,
      () => false,
    )
  );
}

describe('ninety idle days', () => {
  test('end a connection that is never refreshed', async () => {
    await connectMany(1);
    app.clock.now += 91 * DAY;
    expect(await canBook('manager-0')).toBe(false);
    expect(await app.status('manager-0')).toMatchObject({ status: 'reconnect_required' });
    await eventually(() => app.mailbox.messages().length === 1);
  });

  test('do not end a connection that the timer refreshes', async () => {
    await connectMany(1);
    for (let day = 1; day <= 91; day++) {
      app.clock.now = START + day * DAY;
      await app.runTimer('keepAlive');
    }
    expect(await canBook('manager-0')).toBe(true);
    expect(app.mailbox.messages().length).toBe(0);
    expect(app.log.lines.filter(({ event }) => event === 'timer_completed')).toHaveLength(91);
  });
});

describe('the daily run', () => {
  test('refreshes every account once a day, however often the timer fires', async () => {
    await connectMany(5);
    expect(await run()).toMatchObject({ outcome: 'completed', refreshed: 5, failed: 0 });
    expect(await run()).toMatchObject({ outcome: 'skipped' });
    expect(refreshes()).toBe(5);
    app.clock.now += DAY;
    expect(await run()).toMatchObject({ outcome: 'completed', refreshed: 5 });
    expect(refreshes()).toBe(10);
  });

  test('continues after an interruption, and skips nobody', async () => {
    const users = await connectMany(7);
    const outcomes = [];
    for (let slice = 0; slice < 10; slice++) {
      const report = await run({ sliceMs: 0, pageSize: 2 });
      outcomes.push(report.outcome);
      if (report.outcome === 'completed') break;
      app.clock.now += MINUTE;
    }
    expect(outcomes).toEqual(['cut', 'cut', 'cut', 'cut', 'completed']);
    expect(refreshes()).toBe(users.length);
    for (const user of users) {
      expect(Date.parse(String((await app.status(user))['last_refreshed_at']))).toBeGreaterThanOrEqual(START);
    }
  });

  test('is finished before the next one begins, if midnight overtakes it', async () => {
    await connectMany(4);
    expect(await run({ sliceMs: 0, pageSize: 3 })).toMatchObject({ outcome: 'cut' });
    app.clock.now += DAY;
    expect(await run()).toMatchObject({ outcome: 'completed', refreshed: 1 });
    expect(await run()).toMatchObject({ outcome: 'completed', refreshed: 4 });
  });

  test('is worked on by one instance at a time', async () => {
    await connectMany(3);
    const others = [app.servicesWith(), app.servicesWith(), app.servicesWith()];
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
    await app.tables.upsert('timers', { ...row, leased_until: START + 7 * MINUTE });
    expect(await run()).toMatchObject({ outcome: 'skipped' });
    app.clock.now += 8 * MINUTE;
    expect(await run()).toMatchObject({ outcome: 'completed', refreshed: 2 });
  });

  test('survives one bad account', async () => {
    const users = await connectMany(3);
    const [bad = ''] = users;
    for await (const page of app.tables.query('managers', `RowKey eq 'connection' and user_id eq '${bad}'`)) {
      for (const row of page) await app.tables.upsert('managers', { ...row, tokens0: 'broken' });
    }
    expect(await run()).toMatchObject({ outcome: 'completed', refreshed: 2, failed: 1 });
    expect(app.log.lines.map(({ event }) => event)).toContain('keep_alive_account_failed');
    expect(await app.status(bad)).toMatchObject({ status: 'connected' });
  });

  test('waits if Microsoft asks for it, and then refreshes those it deferred', async () => {
    await connectMany(3);
    app.microsoft.setFault({
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

  test('stops if Microsoft asks for a longer wait than there is time, and later skips nobody', async () => {
    const users = await connectMany(12);
    const connectedAt = app.clock.now;
    app.clock.now += HOUR;
    app.microsoft.setFault({
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
    app.clock.now += 15 * MINUTE;
    expect(await run()).toMatchObject({ outcome: 'completed', failed: 0 });
    for (const user of users) {
      expect(Date.parse(String((await app.status(user))['last_refreshed_at']))).toBeGreaterThan(connectedAt);
    }
  });

  test('mails the manager about a revoked grant, and about no temporary error', async () => {
    await connectMany(1);
    app.microsoft.setFault({ path: TOKEN_PATH, status: 503, times: 9 });
    expect(await run()).toMatchObject({ refreshed: 0, failed: 1 });
    expect(app.mailbox.messages().length).toBe(0);
    app.microsoft.clearFaults();
    app.microsoft.revoke(PETE);
    app.clock.now += DAY;
    expect(await run()).toMatchObject({ reconnect: 1 });
    expect(app.mailbox.messages().length).toBe(1);
    expect(await app.status('manager-0')).toMatchObject({ status: 'reconnect_required' });
  });

  test('reads zone and hours again, and leaves them unchanged if Microsoft returns none', async () => {
    await connectMany(1);
    const pete = app.microsoft.people().find(({ userPrincipalName }) => userPrincipalName === PETE) as Person;
    const hours = { daysOfWeek: ['monday'], startTime: '08:03:00.0000000', endTime: '16:58:00.0000000' };
    pete.workingHours = { ...hours, timeZone: { name: 'Eastern Standard Time' } };
    await run();
    expect(await app.status('manager-0')).toMatchObject({ time_zone: 'America/New_York' });
    const { body } = await app.json('/managers/manager-0');
    expect(body['hours']).toEqual({ mon: [['08:05', '16:55']] });
    delete pete.workingHours;
    app.clock.now += DAY;
    await run();
    expect(await app.status('manager-0')).toMatchObject({ time_zone: 'America/New_York' });
    app.microsoft.setFault({
      path: '/v1.0/me/calendar/getSchedule',
      status: 200,
      body: { value: [{ workingHours: null }] },
    });
    app.clock.now += DAY;
    expect(await run()).toMatchObject({ refreshed: 1, failed: 0 });
    expect(await app.status('manager-0')).toMatchObject({ time_zone: 'America/New_York' });
  });

  describe('and the rest of the day’s work', () => {
    const RUN = { partitionKey: 'keepAlive', rowKey: 'cursor', run: '2026-11-23' };
    const completed = () => app.log.lines.filter(({ event }) => event === 'daily_run_completed');

    test('are done once a day', async () => {
      await connectMany(1);
      await app.runTimer('keepAlive');
      app.clock.now += 15 * MINUTE;
      await app.runTimer('keepAlive');
      expect(completed()).toMatchObject([{ fields: { reencrypted: 0 } }]);
    });

    test('are done even if the connections cannot be counted', async () => {
      const down = new AppError('storage_unavailable', 'down');
      const health = () => Promise.reject(down);
      useApp({ ...app.services, connections: { ...app.services.connections, health } });
      await app.runTimer('keepAlive').catch(() => undefined);
      expect(completed()).toHaveLength(1);
    });

    test('go on after the instance died between the two', async () => {
      await app.tables.upsert('timers', { ...RUN, done: true, leased_until: 0 });
      await app.runTimer('keepAlive');
      expect(completed()).toHaveLength(1);
    });

    test('wait until every account has been renewed', async () => {
      await app.tables.upsert('timers', { ...RUN, done: false, leased_until: START + 7 * MINUTE });
      await app.runTimer('keepAlive');
      expect(completed()).toEqual([]);
      app.clock.now += 15 * MINUTE;
      await app.runTimer('keepAlive');
      expect(completed()).toHaveLength(1);
    });
  });

  test('deletes sign-ins that have expired', async () => {
    await app.press(await app.startLink('somebody'));
    const states = async () =>
      (JSON.parse(await app.dump()) as { table: string }[]).filter(({ table }) => table === 'states').length;
    expect(await states()).toBe(1);
    app.clock.now += HOUR;
    await run();
    expect(await states()).toBe(0);
  });
});
