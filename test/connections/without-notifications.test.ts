// CALENDAR_NOTIFICATIONS=false: nothing is asked for that notifications alone need.
import { expect, test } from '@jest/globals';
import { DAY, useTestApp } from '../support/test-app.ts';

const app = useTestApp({ CALENDAR_NOTIFICATIONS: 'false' });

test('A consent without notifications survives a refresh by an app that would like them', async () => {
  const link = await app.startLink('pete');
  const started = await app.press(link);
  expect(started.headers.get('location')).not.toMatch(/Calendars\.Read(?!Write)/);
  expect((await app.connect(link, 'pete@lakeviewrentals.example')).status).toBe(200);
  app.clock.now += DAY;
  const wishing = app.servicesWith({ CALENDAR_NOTIFICATIONS: 'true' });
  expect(await wishing.connections.keepAlive()).toMatchObject({ refreshed: 1, reconnect: 0 });
  expect(await app.status('pete')).toMatchObject({ status: 'connected' });
});
