// What the app says of viewings that the manager moved or deleted in Outlook: each one once, and none of its own writes.
import { beforeEach, expect, jest, test } from '@jest/globals';
import { useApp } from '../../shared/running-app.ts';
import { HOUR, MINUTE, useTestApp } from '../support/test-app.ts';
import { connectManager, expectAction, HOUSE, PETE } from '../support/voice-agent.ts';
import type { CalledManager } from '../support/voice-agent.ts';

const app = useTestApp();

let manager: CalledManager;

beforeEach(async () => {
  useApp(app.services);
  manager = await connectManager(app, PETE);
});

async function book(start_time: string) {
  const answer = await manager.phone().ask('set_appointment', { property_address: HOUSE, start_time });
  return expectAction(answer, 'booked').appointment;
}

/** Runs the timer a minute later, when Graph's own reads show what it has told of. */
async function sweep(): Promise<void> {
  await app.microsoft.deliveriesSettled();
  app.clock.now += MINUTE;
  await app.runTimer('sweep');
}

function told() {
  return app.log.lines.flatMap(({ event, fields }) => (event === 'viewing_followed' ? [fields] : []));
}

test('a viewing that was moved and one that was deleted are told once each', async () => {
  const moved = await book('2026-11-24T09:00:00-06:00');
  const deleted = await book('2026-11-24T11:00:00-06:00');
  await book('2026-11-24T13:00:00-06:00');
  app.clock.now += 5 * MINUTE;
  await sweep();
  expect(told()).toEqual([]);
  const start = Date.parse(moved.start_time) + 24 * HOUR;
  app.microsoft.moveEvent(PETE, moved.event_id, { start, end: start + 30 * MINUTE });
  app.microsoft.deleteEvent(PETE, deleted.event_id);
  await sweep();
  await sweep();
  expect(told()).toHaveLength(2);
  expect(told()).toEqual(
    expect.arrayContaining([
      { booking: moved.appointment_id, change: 'moved' },
      { booking: deleted.appointment_id, change: 'deleted' },
    ]),
  );
});

test('if a listener for changes throws, that is logged, and the viewing has followed all the same', async () => {
  const { event_id, appointment_id } = await book('2026-11-24T09:00:00-06:00');
  app.clock.now += 5 * MINUTE;
  app.microsoft.deleteEvent(PETE, event_id);
  const info = jest.spyOn(app.log, 'info').mockImplementation((event) => {
    if (event === 'viewing_followed') throw new Error('Nobody listens');
  });
  await sweep();
  info.mockRestore();
  expect(app.log.lines.filter(({ event }) => event === 'change_listener_failed')).toMatchObject([
    { fields: { booking: appointment_id } },
  ]);
  await book('2026-11-24T09:00:00-06:00');
});
