// The caller's own viewings over the webhook, across calls: found, moved, cancelled, and booked once.
import { describe, expect, test } from '@jest/globals';
import { useTestApp } from '../support/test-app.ts';
import { connectManager, expectAction, HOUSE, onlyEvent, PETE, send } from '../support/voice-agent.ts';
import type { CalledManager } from '../support/voice-agent.ts';

const app = useTestApp();

describe('the caller’s viewings', () => {
  const ask = (manager: CalledManager, number?: string | null) => manager.phone(number).ask;

  test('“the second one” is the second that was read aloud on this call, and on no other', async () => {
    const manager = await connectManager(app, PETE);
    const call = manager.phone();
    const { available_slots } = expectAction(
      await call.ask('get_availability', { property_address: HOUSE }),
      'present_slots',
    );
    const second = available_slots.filter(({ spoken }) => spoken)[1];
    expect(second).toBeDefined();
    expect(
      expectAction(
        await ask(manager)('set_appointment', { property_address: HOUSE, start_time: 'the second one' }),
        'invalid_request',
      ).reason,
    ).toBe('nothing_offered');
    const booked = expectAction(
      await call.ask('set_appointment', { start_time: 'the second one' }),
      'booked',
    );
    expect(booked.appointment).toMatchObject({
      start_time: second?.start_time,
      property_address: HOUSE,
    });
    expect(onlyEvent(manager).from).toBe(new Date(second?.start_time ?? '').toISOString());
  });

  test('are found on another call, moved and cancelled, and the invited guest hears of it', async () => {
    const manager = await connectManager(app, PETE);
    const booked = expectAction(
      await ask(manager)('set_appointment', {
        property_address: HOUSE,
        start_time: '2026-12-01T10:30:00-06:00',
        attendee_email: 'ann@guests.example',
      }),
      'booked',
    );
    const later = manager.phone();
    const found = expectAction(await later.ask('find_appointments'), 'appointments');
    expect(found.appointments).toEqual([booked.appointment]);
    expect(found.response).toBe(`You have one viewing: ${HOUSE}, Tuesday, December 1 at 10:30 AM.`);

    const moved = expectAction(
      await later.ask('reschedule_appointment', { new_start_time: 'December 2 at 3 PM' }),
      'rescheduled',
    );
    expect(moved.appointment).toMatchObject({
      appointment_id: booked.appointment.appointment_id,
      event_id: booked.appointment.event_id,
      start_time: '2026-12-02T15:00:00-06:00',
    });
    expect(onlyEvent(manager).from).toBe('2026-12-02T21:00:00.000Z');

    // Somebody else takes the time that has become free, and does not see the first caller's.
    const other = manager.phone('+13125550123');
    expect(expectAction(await other.ask('find_appointments'), 'appointments').appointments).toEqual([]);
    expectAction(
      await other.ask('set_appointment', {
        property_address: '7 Elm',
        start_time: booked.appointment.start_time,
      }),
      'booked',
    );

    const cancelled = expectAction(
      await later.ask('cancel_appointment', { reason: 'Found a place' }),
      'cancelled',
    );
    expect(cancelled.appointment.appointment_id).toBe(booked.appointment.appointment_id);
    expect(manager.events().map(({ location }) => location)).toEqual(['7 Elm']);
    expect(app.microsoft.invitations().map(({ kind }) => kind)).toEqual([
      'invitation',
      'update',
      'cancellation',
    ]);
    expect(expectAction(await later.ask('find_appointments'), 'appointments').appointments).toEqual([]);
  });

  test('are listed if there are several, and one is chosen by its place in the list', async () => {
    const manager = await connectManager(app, PETE);
    for (const [property_address, start_time] of [
      [HOUSE, '2026-12-01T10:30:00-06:00'],
      ['7 Elm Street', '2026-12-02T11:00:00-06:00'],
    ])
      expectAction(await ask(manager)('set_appointment', { property_address, start_time }), 'booked');
    const call = manager.phone();
    expect(expectAction(await call.ask('cancel_appointment'), 'appointments').appointments).toHaveLength(2);
    expect(manager.events()).toHaveLength(2);
    const cancelled = expectAction(
      await call.ask('cancel_appointment', { appointment: 'the second one' }),
      'cancelled',
    );
    expect(cancelled.appointment.property_address).toBe('7 Elm Street');
    expect(manager.events().map(({ location }) => location)).toEqual([HOUSE]);
  });

  test('are given to a withheld number only for the right name and time together', async () => {
    const manager = await connectManager(app, PETE);
    const start_time = '2026-12-01T10:30:00-06:00';
    expectAction(
      await ask(manager)('set_appointment', {
        property_address: HOUSE,
        start_time,
        attendee_name: 'Ann Lee',
      }),
      'booked',
    );
    const withheld = manager.phone(null);
    for (const wrong of [{}, { attendee_name: 'Ann Lee' }, { start_time }]) {
      expect(await withheld.ask('cancel_appointment', wrong)).toMatchObject({
        action: 'invalid_request',
        reason: 'name_and_time_needed',
      });
    }
    const nameless = await withheld.ask('cancel_appointment', { attendee_name: 'Bob', start_time });
    expect(expectAction(nameless, 'appointments').appointments).toEqual([]);
    expect(manager.events()).toHaveLength(1);
    expectAction(
      await withheld.ask('cancel_appointment', { attendee_name: 'ann lee', start_time }),
      'cancelled',
    );
    expect(manager.events()).toEqual([]);
  });

  test('follow what the manager does with them in Outlook', async () => {
    const manager = await connectManager(app, PETE);
    expectAction(
      await ask(manager)('set_appointment', {
        property_address: HOUSE,
        start_time: '2026-12-01T10:30:00-06:00',
      }),
      'booked',
    );
    const { event } = onlyEvent(manager);
    const start = Date.parse('2026-12-03T16:15:00Z');
    app.microsoft.moveEvent(PETE, event.id, { start, end: start + 30 * 60_000 });
    const found = expectAction(await ask(manager)('find_appointments'), 'appointments');
    expect(found.appointments).toMatchObject([{ start_time: '2026-12-03T10:15:00-06:00' }]);
    app.microsoft.deleteEvent(PETE, event.id);
    app.clock.now += 2 * 60_000;
    expect(expectAction(await ask(manager)('find_appointments'), 'appointments').appointments).toEqual([]);
  });
});

test('a repeated tool call books once and gets the first result word for word', async () => {
  // At its limit already, the caller is not refused what they have.
  const manager = await connectManager(app, PETE, { rules: { caller_limit: 1, daily_limit: 1 } });
  const call = manager.phone();
  const body = call.body('set_appointment', {
    property_address: HOUSE,
    start_time: '2026-12-01T10:30:00-06:00',
  });
  const [first, ...others] = await Promise.all([1, 2, 3, 4].map(() => send(app, body)));
  expect(first).toMatchObject([{ action: 'booked' }]);
  for (const other of others) expect(other).toEqual(first);
  expect(await send(app, body)).toEqual(first);
  expect(manager.events()).toHaveLength(1);
});

test('a cancelled time can be booked again, on the same call and with the same words', async () => {
  const manager = await connectManager(app, PETE, {
    rules: { caller_limit: 1, daily_limit: 1, grid_minutes: 15, buffer_minutes: 15 },
  });
  const call = manager.phone();
  const first = '2026-12-01T10:30:00-06:00';
  const near = '2026-12-01T10:45:00-06:00';
  const book = () => call.ask('set_appointment', { property_address: HOUSE, start_time: first });
  const move = async (new_start_time: string) =>
    expectAction(await call.ask('reschedule_appointment', { new_start_time }), 'rescheduled');

  const booked = expectAction(await book(), 'booked');
  // Over its own time and buffer, and back: a day and a caller at their limits are no obstacle to that.
  expect((await move(near)).appointment.start_time).toBe(near);
  expect((await move(first)).appointment.start_time).toBe(first);
  expect((await move(near)).appointment.start_time).toBe(near);
  expect(onlyEvent(manager).from).toBe(new Date(near).toISOString());
  expect(expectAction(await book(), 'conflict').reason).toBe('day_full');

  expectAction(await call.ask('cancel_appointment'), 'cancelled');
  expect(manager.events()).toEqual([]);
  const again = expectAction(await book(), 'booked');
  expect(again.appointment.appointment_id).not.toBe(booked.appointment.appointment_id);
  expect(onlyEvent(manager).from).toBe(new Date(first).toISOString());
  await app.runTimer('sweep');
  expect(onlyEvent(manager).from).toBe(new Date(first).toISOString());
});

test('everything offered can be booked, and nothing that clashes is offered', async () => {
  const manager = await connectManager(app, PETE, {
    hours: { tue: [['09:00', '12:00']] },
    rules: { duration_minutes: 45, grid_minutes: 15, buffer_minutes: 15, daily_limit: 2 },
  });
  let caller = 100;
  const other = () => manager.phone(`+1312555${1000 + (caller += 1)}`);
  const offer = async () => {
    const answer = await other().ask('get_availability', { preferred_date: '2026-12-01' });
    return expectAction(answer, 'present_slots').available_slots.map(({ start_time }) => start_time);
  };
  const [first] = await offer();
  expect(first).toBe('2026-12-01T09:00:00-06:00');
  const book = (start_time = '') => other().ask('set_appointment', { property_address: HOUSE, start_time });
  expectAction(await book(first), 'booked');
  const [second] = await offer();
  // Forty-five minutes, and fifteen kept clear.
  expect(second).toBe('2026-12-01T10:00:00-06:00');
  expect(expectAction(await book('2026-12-01T09:45:00-06:00'), 'conflict').reason).toBe('busy');
  expectAction(await book(second), 'booked');
  for (const start of await offer()) expect(start).not.toMatch(/^2026-12-01/);
  expect(expectAction(await book('2026-12-01T11:00:00-06:00'), 'conflict')).toMatchObject({
    reason: 'day_full',
    available_slots: [
      { start_time: '2026-12-08T09:00:00-06:00' },
      { start_time: '2026-12-08T09:15:00-06:00' },
    ],
  });
});

describe('a caller with two viewings', () => {
  const TEN = '2026-12-01T10:00:00-06:00';
  const NOON = '2026-12-02T12:00:00-06:00';
  async function callerWithTwo() {
    const manager = await connectManager(app, PETE);
    const { ask } = manager.phone();
    for (const start_time of [TEN, NOON])
      expectAction(await ask('set_appointment', { property_address: HOUSE, start_time }), 'booked');
    return { ask };
  }

  test('is asked which one moves "an hour later"', async () => {
    const { ask } = await callerWithTwo();
    const asked = await ask('reschedule_appointment', { new_start_time: 'an hour later' });
    const { appointments } = expectAction(asked, 'appointments');
    expect(appointments.map(({ start_time }) => start_time)).toEqual([TEN, NOON]);
  });

  test('moves the one whose start they name "an hour later"', async () => {
    const { ask } = await callerWithTwo();
    const words = { start_time: NOON, new_start_time: 'an hour later' };
    const { appointment } = expectAction(await ask('reschedule_appointment', words), 'rescheduled');
    expect(appointment.start_time).toBe('2026-12-02T13:00:00-06:00');
  });

  test.each([
    ['start_time', NOON, NOON],
    ['appointment', NOON, NOON],
    ['start_time', '2026-12-02T18:00:00Z', NOON],
    ['start_time', '2026-12-02T12:00:00', NOON],
    ['appointment', '2026-12-01', TEN],
    ['start_time', '2026-12-01T00:00:00Z', TEN],
  ])('can name the one by %s %s', async (field, text, start) => {
    const { ask } = await callerWithTwo();
    const { appointment } = expectAction(await ask('cancel_appointment', { [field]: text }), 'cancelled');
    expect(appointment.start_time).toBe(start);
  });

  test.each([{ start_time: TEN }, { appointment: 'the one on Tuesday' }])(
    'means by %j the one that is there now, not the one that was there when they were listed',
    async (which) => {
      const { ask } = await callerWithTwo();
      const { appointments } = expectAction(await ask('find_appointments'), 'appointments');
      const move = async (appointment: string, new_start_time: string) =>
        expectAction(await ask('reschedule_appointment', { appointment, new_start_time }), 'rescheduled');
      await move('the first one', '2026-12-03T10:00:00-06:00');
      await move('the second one', TEN);
      const { appointment } = expectAction(await ask('cancel_appointment', which), 'cancelled');
      expect(appointment.appointment_id).toBe(appointments[1]?.appointment_id);
    },
  );

  test('is asked if a day that was one viewing’s when they were listed is now that of two', async () => {
    const { ask } = await callerWithTwo();
    expectAction(await ask('find_appointments'), 'appointments');
    const move = { appointment: 'the first one', new_start_time: '2026-12-02T11:00:00-06:00' };
    expectAction(await ask('reschedule_appointment', move), 'rescheduled');
    const asked = await ask('cancel_appointment', { appointment: 'the Wednesday one' });
    expect(expectAction(asked, 'appointments').appointments).toHaveLength(2);
  });

  test('cancels the second that was read aloud, also after the first is gone', async () => {
    const { ask } = await callerWithTwo();
    expectAction(await ask('find_appointments'), 'appointments');
    expectAction(await ask('cancel_appointment', { appointment: 'the first one' }), 'cancelled');
    const gone = await ask('cancel_appointment', { appointment: 'the first one' });
    expect(expectAction(gone, 'appointments').appointments).toMatchObject([{ start_time: NOON }]);
  });

  test.each(['the last one', 'the third one'])(
    'does not cancel by “%s” a viewing that was booked after the list was read aloud',
    async (appointment) => {
      const { ask } = await callerWithTwo();
      const { appointments } = expectAction(await ask('find_appointments'), 'appointments');
      const other = { property_address: '7 Elm Street', start_time: '2026-12-03T10:00:00-06:00' };
      const booked = expectAction(await ask('set_appointment', other), 'booked').appointment;
      await ask('cancel_appointment', { appointment });
      const left = expectAction(await ask('find_appointments'), 'appointments').appointments;
      expect(left.map(({ appointment_id }) => appointment_id)).toEqual([
        appointments[0]?.appointment_id,
        ...(appointment === 'the third one' ? [appointments[1]?.appointment_id] : []),
        booked.appointment_id,
      ]);
    },
  );

  test.each(['the later one', 'the earlier one', 'the latest one', 'the soonest one'])(
    'is asked what “%s” means if the order of the list is no longer that of the times',
    async (appointment) => {
      const { ask } = await callerWithTwo();
      expectAction(await ask('find_appointments'), 'appointments');
      const move = { appointment: 'the earlier one', new_start_time: '2026-12-03T10:00:00-06:00' };
      expectAction(await ask('reschedule_appointment', move), 'rescheduled');
      const asked = await ask('cancel_appointment', { appointment });
      expect(expectAction(asked, 'appointments').appointments).toHaveLength(2);
    },
  );

  test('is asked what “the later one” means if one that was booked since is later than all of the list', async () => {
    const { ask } = await callerWithTwo();
    expectAction(await ask('find_appointments'), 'appointments');
    const other = { property_address: '7 Elm Street', start_time: '2026-12-03T10:00:00-06:00' };
    expectAction(await ask('set_appointment', other), 'booked');
    const asked = await ask('cancel_appointment', { appointment: 'the later one' });
    expect(expectAction(asked, 'appointments').appointments).toHaveLength(2);
  });

  test('points by “the first one” at that viewing alone, although another has moved to its old time', async () => {
    const { ask } = await callerWithTwo();
    expectAction(await ask('find_appointments'), 'appointments');
    expectAction(await ask('cancel_appointment', { appointment: 'the first one' }), 'cancelled');
    const move = { appointment: 'the second one', new_start_time: TEN };
    expectAction(await ask('reschedule_appointment', move), 'rescheduled');
    const gone = await ask('cancel_appointment', { appointment: 'the first one' });
    expect(expectAction(gone, 'appointments').appointments).toMatchObject([{ start_time: TEN }]);
  });

  test('cancels nothing by a time that agrees only on the clock on the wall', async () => {
    const { ask } = await callerWithTwo();
    expectAction(await ask('cancel_appointment', { start_time: '2026-12-02T12:00:00Z' }), 'appointments');
    expect(expectAction(await ask('find_appointments'), 'appointments').appointments).toHaveLength(2);
  });
});
