import { describe, expect, test } from '@jest/globals';
import { matchClock } from '../../shared/microsoft/custom-time-zone.ts';
import { useTestApp } from '../support/test-app.ts';

const app = useTestApp();

describe('a mailbox with a custom time zone', () => {
  test.each([
    ['cora@lakeviewrentals.example', 'America/Los_Angeles'],
    ['tess@lakeviewrentals.example', 'Etc/GMT+7'],
  ])('of %s gets the zone with the same clock', async (person, timeZone) => {
    await app.connect(await app.startLink('pete'), person);
    expect(await app.status('pete')).toMatchObject({ time_zone: timeZone, time_zone_assumed: false });
    const { body } = await app.json('/health');
    expect(body['counts']).toMatchObject({ assumed_time_zones: 0 });
  });

  test.each(['kira@lakeviewrentals.example', 'milo@lakeviewrentals.example'])(
    'of %s gets the default zone; the page, the status and /health say so',
    async (person) => {
      const { callback, cookie } = await app.goToMicrosoft(await app.startLink('pete'), person);
      const page = await (await app.comeBack(callback, cookie, 'text/html')).text();
      expect(page).toContain('America/Chicago');
      expect(page).toContain('this one is assumed');
      expect(await app.status('pete')).toMatchObject({
        time_zone: 'America/Chicago',
        time_zone_assumed: true,
      });
      app.clock.now += 61_000;
      expect((await app.json('/health')).body).toMatchObject({
        status: 'degraded',
        counts: { assumed_time_zones: 1 },
      });
    },
  );

  test('is assumed no longer once the operator sets a zone', async () => {
    await app.connect(await app.startLink('pete'), 'kira@lakeviewrentals.example');
    const body = JSON.stringify({ name: 'Kira', time_zone: 'Asia/Kamchatka' });
    expect((await app.request('/managers/pete', { method: 'PUT', body })).status).toBe(200);
    expect(await app.status('pete')).toMatchObject({
      time_zone: 'Asia/Kamchatka',
      time_zone_assumed: false,
    });
  });

  test('is also connected if Graph returns no working hours', async () => {
    app.microsoft.setFault({
      path: '/v1.0/me/calendar/getSchedule',
      status: 200,
      body: { value: [{ workingHours: null }] },
      times: 9,
    });
    const answer = await app.connect(await app.startLink('pete'), 'pete@lakeviewrentals.example');
    expect(answer.status).toBe(200);
    expect(await app.status('pete')).toMatchObject({ time_zone_assumed: true });
  });
});

describe('a clock that Graph describes', () => {
  const never = { month: 0, dayOccurrence: 0, dayOfWeek: 'sunday' };
  const europe = {
    standardOffset: { month: 10, dayOccurrence: 5, dayOfWeek: 'sunday' },
    daylightOffset: { month: 3, dayOccurrence: 5, dayOfWeek: 'sunday', daylightBias: -60 },
  };
  const fixed = { standardOffset: never, daylightOffset: { ...never, daylightBias: 0 } };

  test.each([
    [{ name: 'x', bias: -60, ...europe }, 'Europe/Berlin'],
    [{ name: 'x', bias: 0, ...fixed }, 'UTC'],
    [{ name: 'x', bias: -330, ...fixed }, 'Asia/Kolkata'],
    [{ name: 'x', bias: -60, ...fixed }, 'Etc/GMT-1'],
    [{ name: 'x', bias: 17, ...fixed }, null],
    [{ name: 'x', bias: -600, ...europe }, null],
    [{ name: 'x' }, null],
  ])('as %j is the zone %s', (zone, expected) => {
    expect(matchClock(zone)).toBe(expected);
  });
});
