import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createTestApp } from '../support/test-app.ts';
import type { TestApp } from '../support/test-app.ts';
import { connectManager, expectAction, HOUSE, PETE } from '../support/voice-agent.ts';
import '../../functions/manager-viewings.ts';

let app: TestApp;

beforeAll(async () => {
  app = await createTestApp();
});
afterAll(() => app.close());

async function list(userId: string, query = '') {
  return app.json(`/managers/${userId}/viewings?${query}`);
}

test('An operator reads the viewings of some days, page by page, with the state of each', async () => {
  const manager = await connectManager(app, PETE);
  for (const start_time of ['2026-12-01T14:00', '2026-12-02T10:00', '2026-12-03T11:00']) {
    const call = manager.phone();
    expectAction(await call.ask('set_appointment', { property_address: HOUSE, start_time }), 'booked');
  }
  const all = await list(manager.userId);
  expect(all).toMatchObject({
    status: 200,
    body: {
      viewings: [
        {
          date: '2026-12-01',
          state: 'booked',
          start_time: '2026-12-01T14:00:00-06:00',
          end_time: '2026-12-01T14:30:00-06:00',
          property_address: HOUSE,
        },
        { date: '2026-12-02' },
        { date: '2026-12-03' },
      ],
    },
  });
  const some = await list(manager.userId, 'from=2026-12-02&to=2026-12-02');
  expect(some.body['viewings']).toMatchObject([{ date: '2026-12-02' }]);
  const first = await list(manager.userId, 'limit=2');
  expect(first.body['viewings']).toHaveLength(2);
  const second = await list(manager.userId, `limit=2&next=${encodeURIComponent(String(first.body['next']))}`);
  expect(second.body).toMatchObject({ viewings: [{ date: '2026-12-03' }] });
  expect(second.body).not.toHaveProperty('next');
});

test('Invalid dates, a range of over a year and a forged page mark are refused; an unknown manager is not found', async () => {
  const manager = await connectManager(app, PETE);
  for (const query of [
    'from=2026-02-30',
    'to=soon',
    'from=2026-12-02&to=2026-12-01',
    'from=2026-01-01&to=2027-06-01',
    'next=zzz',
    `next=${Buffer.from('properties:a').toString('base64url')}`,
  ]) {
    expect((await list(manager.userId, query)).status).toBe(400);
  }
  expect((await list('nobody')).status).toBe(404);
});
