// What a caller hears, over the webhook, of a change whose outcome nobody knows, and of requests that cannot be right.
import { describe, expect, test } from '@jest/globals';
import { MINUTE, useTestApp } from '../support/test-app.ts';
import { connectManager, expectAction, HOUSE, KAVYA, onlyEvent, PETE } from '../support/voice-agent.ts';

const app = useTestApp();

const AT_TEN = { property_address: HOUSE, start_time: '2026-12-01T10:00:00-06:00' };
const AT_ELEVEN = { ...AT_TEN, start_time: '2026-12-01T11:00:00-06:00' };
const UNKNOWN = {
  code: 'outcome_unknown',
  retryable: true,
  response: "I'm not sure that went through. Let me check.",
};

describe('a change whose answer was lost', () => {
  test('is said to be uncertain, and the same tool call finds out that it was carried out', async () => {
    const manager = await connectManager(app, PETE);
    const call = manager.phone();
    app.microsoft.setFault({ path: '/v1.0/$batch', drop: 'after', times: 3 });
    expect(expectAction(await call.ask('set_appointment', AT_TEN, 'tool-1'), 'error')).toMatchObject(UNKNOWN);
    const booked = expectAction(await call.ask('set_appointment', AT_TEN, 'tool-1'), 'booked');
    expect(booked.appointment.start_time).toBe(AT_TEN.start_time);
    expect(manager.events()).toHaveLength(1);
  });

  test('leaves only one viewing if the caller asks for another time instead', async () => {
    const manager = await connectManager(app, PETE);
    const call = manager.phone();
    app.microsoft.setFault({ path: '/v1.0/me/events', lands: 'on_release', drop: 'before', times: 3 });
    expectAction(await call.ask('set_appointment', AT_TEN), 'error');
    app.microsoft.clearFaults();
    expectAction(await call.ask('set_appointment', AT_ELEVEN), 'booked');
    await app.microsoft.release();
    app.clock.now += 15 * MINUTE;
    await app.runTimer('sweep');
    expect(onlyEvent(manager).from).toBe('2026-12-01T17:00:00.000Z');
    const found = expectAction(await manager.phone().ask('find_appointments'), 'appointments');
    expect(found.appointments.map(({ start_time }) => start_time)).toEqual([AT_ELEVEN.start_time]);
  });

  test('of a move or a cancellation is said to be uncertain, too, and is settled by the next request', async () => {
    const manager = await connectManager(app, PETE);
    const call = manager.phone();
    expectAction(await call.ask('set_appointment', AT_TEN), 'booked');
    app.microsoft.setFault({
      path: '/v1.0/me/events/*',
      method: 'PATCH',
      lands: 'on_release',
      drop: 'before',
      times: 3,
    });
    const moving = { new_start_time: AT_ELEVEN.start_time };
    expect(expectAction(await call.ask('reschedule_appointment', moving), 'error')).toMatchObject(UNKNOWN);
    app.microsoft.clearFaults();
    const found = expectAction(await call.ask('find_appointments'), 'appointments');
    expect(found.appointments.map(({ start_time }) => start_time)).toEqual([AT_TEN.start_time]);
    await app.microsoft.release();
    expect(onlyEvent(manager).from).toBe('2026-12-01T16:00:00.000Z');

    app.microsoft.setFault({ path: '/v1.0/me/events/*', method: 'DELETE', drop: 'before', times: 3 });
    expect(expectAction(await call.ask('cancel_appointment', {}, 'tool-9'), 'error')).toMatchObject(UNKNOWN);
    expectAction(await call.ask('cancel_appointment', {}, 'tool-9'), 'cancelled');
    expect(manager.events()).toEqual([]);
  });

  test.each([
    ['its time, by the same tool call', { start_time: AT_TEN.start_time }, ['tool-9', 'tool-9']],
    ['its time, by another tool call', { start_time: AT_TEN.start_time }, ['tool-8', 'tool-9']],
    ['its place, by another tool call', { appointment: 'the first one' }, ['tool-8', 'tool-9']],
  ])('of a cancellation by %s is gone on with, and no other viewing is touched', async (_, which, ids) => {
    const manager = await connectManager(app, PETE);
    const call = manager.phone();
    expectAction(await call.ask('set_appointment', AT_TEN), 'booked');
    expectAction(await call.ask('set_appointment', { ...AT_ELEVEN, property_address: '7 Elm' }), 'booked');
    app.microsoft.setFault({ path: '/v1.0/me/events/*', method: 'DELETE', drop: 'before', times: 3 });
    const [first, second] = ids;
    expectAction(await call.ask('cancel_appointment', which, first), 'error');
    const cancelled = expectAction(await call.ask('cancel_appointment', which, second), 'cancelled');
    expect(cancelled.appointment.start_time).toBe(AT_TEN.start_time);
    expect(onlyEvent(manager).from).toBe('2026-12-01T17:00:00.000Z');
  });

  test('of a cancellation is gone on with also in a portfolio', async () => {
    const portfolio = 'cancelled-twice';
    const manager = await connectManager(app, PETE, { portfolio });
    await connectManager(app, KAVYA, { portfolio });
    const call = manager.phone();
    expectAction(await call.ask('set_appointment', AT_TEN), 'booked');
    app.microsoft.setFault({ path: '/v1.0/me/events/*', method: 'DELETE', drop: 'before', times: 3 });
    expectAction(await call.ask('cancel_appointment'), 'error');
    expectAction(await call.ask('cancel_appointment'), 'cancelled');
    expect(manager.events()).toEqual([]);
  });

  test.each([
    ['words', 'December 1 at 11 AM', {}],
    ['a time', AT_ELEVEN.start_time, { portfolio: 'lakeview' }],
  ])(
    'of a move to %s is gone on with by the same tool call, and not taken back first',
    async (_, to, more) => {
      const manager = await connectManager(app, PETE, more);
      if ('portfolio' in more) await connectManager(app, KAVYA, more);
      const call = manager.phone();
      const guest = { attendee_email: 'ann@guests.example' };
      expectAction(await call.ask('set_appointment', { ...AT_TEN, ...guest }), 'booked');
      app.microsoft.setFault({ path: '/v1.0/me/events/*', method: 'PATCH', drop: 'after', times: 3 });
      const move = () => call.ask('reschedule_appointment', { new_start_time: to }, 'tool-7');
      expect(expectAction(await move(), 'error')).toMatchObject(UNKNOWN);
      const told = app.microsoft.invitations().length;
      const { appointment } = expectAction(await move(), 'rescheduled');
      expect(appointment.start_time).toBe(AT_ELEVEN.start_time);
      expect(onlyEvent(manager).from).toBe('2026-12-01T17:00:00.000Z');
      expect(app.microsoft.invitations().slice(told).length).toBeLessThanOrEqual(1);
    },
  );

  test('does not raise the two round trips of a successful booking', async () => {
    const manager = await connectManager(app, PETE);
    app.microsoft.clearRequests();
    expectAction(await manager.phone().ask('set_appointment', AT_TEN), 'booked');
    expect(app.microsoft.graphTrips()).toBe(2);
  });
});

test('another home at a start that the call has booked is refused, and the first one is named', async () => {
  const manager = await connectManager(app, PETE);
  const call = manager.phone();
  expectAction(await call.ask('set_appointment', AT_TEN), 'booked');
  const answer = await call.ask('set_appointment', { ...AT_TEN, property_address: '99 Elm Avenue' });
  const conflict = expectAction(answer, 'conflict');
  expect(conflict.reason).toBe('already_booked');
  expect(conflict.response).toContain(HOUSE);
  expect(conflict.available_slots).toHaveLength(2);
  expect(manager.events()).toHaveLength(1);
});

test('an e-mail address that comes later on the call is added, and the answer says so', async () => {
  const manager = await connectManager(app, PETE);
  const call = manager.phone();
  expect(expectAction(await call.ask('set_appointment', AT_TEN), 'booked').invitation).toBe('none');
  const again = { ...AT_TEN, attendee_email: 'ann@guests.example' };
  expect(expectAction(await call.ask('set_appointment', again), 'booked').invitation).toBe('sent');
  expect(onlyEvent(manager).event.attendees).toMatchObject([{ address: 'ann@guests.example' }]);
});

test('an e-mail address that Graph refuses is said to be unreadable', async () => {
  const manager = await connectManager(app, PETE);
  const attendee = 'ann@refused.example';
  app.microsoft.setFault({ path: '/v1.0/me/events*', attendee, status: 400, times: 9 });
  const booked = await manager.phone().ask('set_appointment', { ...AT_TEN, attendee_email: attendee });
  const { invitation, response } = expectAction(booked, 'booked');
  expect(invitation).toBe('unreadable_email');
  expect(response).toContain('no invitation went out');
  expect(manager.events()).toHaveLength(1);
});

test('after five wrong names and times, a message is offered instead of a result', async () => {
  const manager = await connectManager(app, PETE);
  expectAction(
    await manager.phone().ask('set_appointment', { ...AT_TEN, attendee_name: 'Ann Lee' }),
    'booked',
  );
  const guesser = manager.phone(null);
  const ask = (start: string) =>
    guesser.ask('find_appointments', { attendee_name: 'ann lee', start_time: start });
  for (const hour of ['09:00', '09:30', '11:00', '11:30', '12:00'])
    expectAction(await ask(`2026-12-01T${hour}:00-06:00`), 'appointments');
  const refused = expectAction(await ask(AT_TEN.start_time), 'invalid_request');
  expect(refused.reason).toBe('too_many_misses');
  expect(refused.response).toContain('leave a message');
});

test.each(['9999-12-31', '9999-12-31T23:59:00-06:00', '0000-01-01', '0001-01-01T00:00:00Z', '9998-12-31'])(
  'a date as far away as %s is answered like any other that cannot be booked',
  async (preferred_date) => {
    const manager = await connectManager(app, PETE);
    const { action } = await manager.phone().ask('get_availability', { preferred_date });
    expect(['present_slots', 'invalid_request']).toContain(action);
  },
);
