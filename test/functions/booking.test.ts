// From the operator's link to the event in Outlook: every step over HTTP, for managers around the world.
import { describe, expect, test } from '@jest/globals';
import { DAY, START, useTestApp } from '../support/test-app.ts';
import {
  BERTA,
  connectManager,
  expectAction,
  HOUSE,
  KAVYA,
  onlyEvent,
  PETE,
  send,
} from '../support/voice-agent.ts';

const app = useTestApp({ TRUST_TOOL_USER_ID: 'true' });

describe.each([
  ['Chicago', PETE, '-06:00', '2026-12-01T20:00:00.000Z'],
  ['Berlin', BERTA, '+01:00', '2026-12-01T13:00:00.000Z'],
  ['Kolkata', KAVYA, '+05:30', '2026-12-01T08:30:00.000Z'],
])('a manager in %s', (_, person, offset, instant) => {
  test('is offered, booked and found in Outlook on the manager’s own clock', async () => {
    const manager = await connectManager(app, person);
    const call = manager.phone();
    const offered = expectAction(
      await call.ask('get_availability', { property_address: HOUSE, preferred_date: '2026-12-01' }),
      'present_slots',
    );
    expect(offered.available_slots.every(({ start_time }) => start_time.endsWith(offset))).toBe(true);
    expect(offered.available_slots[0]).toMatchObject({
      start_time: `2026-12-01T09:00:00${offset}`,
      end_time: `2026-12-01T09:30:00${offset}`,
      formatted_time: 'Tuesday, December 1 at 9 AM',
      spoken: true,
    });

    const booked = expectAction(
      await call.ask('set_appointment', { property_address: HOUSE, start_time: '2026-12-01T14:00:00' }),
      'booked',
    );
    expect(booked.response).toBe(`Your viewing of ${HOUSE} is booked for Tuesday, December 1 at 2 PM.`);
    expect(booked.appointment).toMatchObject({
      start_time: `2026-12-01T14:00:00${offset}`,
      end_time: `2026-12-01T14:30:00${offset}`,
      formatted_time: 'Tuesday, December 1 at 2 PM',
    });
    expect(onlyEvent(manager)).toMatchObject({
      from: instant,
      to: new Date(Date.parse(instant) + 30 * 60_000).toISOString(),
    });
  });

  test('can be booked by the flat body, too, at exactly the time that was offered', async () => {
    const manager = await connectManager(app, person);
    const offered = expectAction(
      await manager.askFlat('get_availability', { preferred_date: 'next Tuesday' }),
      'present_slots',
    );
    const [slot] = offered.available_slots;
    const booked = expectAction(
      await manager.askFlat('set_appointment', {
        property_address: HOUSE,
        start_time: slot?.start_time,
        attendee_phone: '+13125550188',
      }),
      'booked',
    );
    expect(booked.appointment.start_time).toBe(slot?.start_time);
    expect(onlyEvent(manager).from).toBe(new Date(slot?.start_time ?? '').toISOString());
    // Said twice within minutes, it is one wish.
    const again = await manager.askFlat('set_appointment', {
      property_address: HOUSE,
      start_time: slot?.start_time,
      attendee_phone: '+13125550188',
    });
    expect(again).toEqual(booked);
    expect(manager.events()).toHaveLength(1);
  });
});

describe('around a change of the clocks,', () => {
  // Open on Sundays, too, when the clocks change.
  const hours = Object.fromEntries(
    ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'].map((day) => [day, [['00:00', '23:00']]]),
  );

  test.each([
    ['the last day of summer', PETE, '2026-10-30T12:00:00Z', '2026-10-31T14:00:00', '2026-10-31T19:00:00Z'],
    ['the day it ends', PETE, '2026-10-30T12:00:00Z', '2026-11-01T14:00:00', '2026-11-01T20:00:00Z'],
    [
      'the hour that comes twice',
      PETE,
      '2026-10-30T12:00:00Z',
      '2026-11-01T01:30:00',
      '2026-11-01T06:30:00Z',
    ],
    ['the day after', PETE, '2026-10-30T12:00:00Z', '2026-11-02T14:00:00', '2026-11-02T20:00:00Z'],
    ['the last day of winter', PETE, '2027-03-12T12:00:00Z', '2027-03-13T14:00:00', '2027-03-13T20:00:00Z'],
    ['the day it begins', PETE, '2027-03-12T12:00:00Z', '2027-03-14T14:00:00', '2027-03-14T19:00:00Z'],
    ['the hour that is skipped', PETE, '2027-03-12T12:00:00Z', '2027-03-14T02:00:00', '2027-03-14T08:00:00Z'],
    [
      'Berlin’s last day of summer',
      BERTA,
      '2026-10-23T12:00:00Z',
      '2026-10-24T14:00:00',
      '2026-10-24T12:00:00Z',
    ],
    ['Berlin’s day it ends', BERTA, '2026-10-23T12:00:00Z', '2026-10-25T14:00:00', '2026-10-25T13:00:00Z'],
    [
      'Berlin’s hour that comes twice',
      BERTA,
      '2026-10-23T12:00:00Z',
      '2026-10-25T02:30:00',
      '2026-10-25T00:30:00Z',
    ],
    ['Berlin’s day it begins', BERTA, '2027-03-26T12:00:00Z', '2027-03-28T14:00:00', '2027-03-28T12:00:00Z'],
    [
      'Kolkata, where nothing changes',
      KAVYA,
      '2027-03-26T12:00:00Z',
      '2027-03-28T14:00:00',
      '2027-03-28T08:30:00Z',
    ],
  ])('a viewing is booked at the right instant: %s', async (_, person, now, local, instant) => {
    app.clock.now = Date.parse(now);
    const manager = await connectManager(app, person, { hours });
    const call = manager.phone();
    const { available_slots } = expectAction(
      await call.ask('get_availability', { preferred_date: local.slice(0, 10) }),
      'present_slots',
    );
    for (const { start_time, duration_minutes, end_time } of available_slots) {
      expect(start_time.slice(0, 10)).toBe(local.slice(0, 10));
      expect(Date.parse(end_time) - Date.parse(start_time)).toBe(duration_minutes * 60_000);
    }
    expectAction(await call.ask('set_appointment', { property_address: HOUSE, start_time: local }), 'booked');
    expect(onlyEvent(manager).from).toBe(new Date(instant).toISOString());
  });
});

describe('the event', () => {
  test('says all that the manager needs, and invites who gave an address', async () => {
    const manager = await connectManager(app, PETE);
    const { appointment, response } = expectAction(
      await manager.phone('+13125550177').ask('set_appointment', {
        property_address: HOUSE,
        start_time: '2026-12-01T10:30:00-06:00',
        attendee_name: 'Ann Lee',
        attendee_email: 'ann@guests.example',
        attendee_phone: '+19995550000',
      }),
      'booked',
    );
    expect(response).toBe(
      `Your viewing of ${HOUSE} is booked for Tuesday, December 1 at 10:30 AM. An invitation is on its way to your email.`,
    );
    const { event } = onlyEvent(manager);
    expect(event).toMatchObject({
      subject: `Property Viewing - ${HOUSE}`,
      location: HOUSE,
      showAs: 'busy',
      isOnlineMeeting: false,
      isReminderOn: true,
      reminderMinutesBeforeStart: 60,
      attendees: [{ address: 'ann@guests.example', name: 'Ann Lee', type: 'required' }],
      transactionId: appointment.appointment_id,
    });
    expect(event.body).toEqual({
      contentType: 'html',
      content: [
        '<h2>Property Viewing</h2>',
        `<p><strong>Property:</strong> ${HOUSE}</p>`,
        '<p><strong>Attendee:</strong> Ann Lee</p>',
        '<p><strong>Contact number:</strong> +13125550177</p>',
        '<p>Please arrive 5 minutes early.</p>',
      ].join('\n'),
    });
    expect(event.extendedProperties).toEqual([
      { id: expect.stringMatching(/ Name PeteRentalBookingId$/), value: appointment.appointment_id },
    ]);
    expect(appointment).toMatchObject({
      event_id: expect.stringContaining(event.id),
      subject: `Property Viewing - ${HOUSE}`,
      property_address: HOUSE,
      web_link: expect.stringMatching(/^http/),
    });
    expect(app.microsoft.invitations()).toMatchObject([{ kind: 'invitation', to: 'ann@guests.example' }]);
  });

  test('names a guest without a number if the call gives neither name nor number', async () => {
    const manager = await connectManager(app, PETE);
    expectAction(
      await manager.phone(null).ask('set_appointment', {
        property_address: HOUSE,
        start_time: '2026-12-01T10:30:00-06:00',
        attendee_email: 'not an address',
      }),
      'booked',
    );
    const { event } = onlyEvent(manager);
    expect(event.body.content).toContain('<strong>Attendee:</strong> Guest');
    expect(event.body.content).toContain('<strong>Contact number:</strong> not given');
    expect(event.attendees).toEqual([]);
    expect(app.microsoft.invitations()).toEqual([]);
  });

  test.each([
    ['markup', '<script>alert(1)</script>', '<img src=x onerror=alert(1)> 5 Elm'],
    ['quotes and entities', '"\'&amp;<b>', '"><a href="//evil.example">1 Elm</a>'],
    ['line breaks and control characters', 'Ann\r\nBcc: all@x.example\u0000', '1 Elm\u2028\n\u202e<h1>'],
    ['a flood', 'A'.repeat(5_000), '9 Elm '.repeat(2_000)],
  ])('shows %s as text, and the spoken line has no markup', async (_, attendee_name, property_address) => {
    const manager = await connectManager(app, PETE);
    const start_time = '2026-12-01T10:30:00-06:00';
    const answer = await manager
      .phone()
      .ask('set_appointment', { property_address, start_time, attendee_name });
    // Too long may as well be refused; then nothing is written.
    if (answer.action !== 'booked') {
      expect(answer.action).toBe('invalid_request');
      expect(manager.events()).toEqual([]);
      return;
    }
    const { event } = onlyEvent(manager);
    expect(event.body.content.replace(/<\/?(h2|p|strong)>/g, '')).not.toMatch(/[<>"']/);
    expect(event.body.content.split('\n')).toHaveLength(5);
    expect(event.subject).not.toMatch(/\p{Cc}|\p{Zl}/u);
    expect(event.subject.length).toBeLessThanOrEqual(255);
    expect(event.location).not.toMatch(/\p{Cc}|\p{Zl}/u);
  });
});

test('a forbidden time and a taken time get different responses, both with other times', async () => {
  const manager = await connectManager(app, PETE);
  const call = manager.phone();
  const book = (start_time: string) => call.ask('set_appointment', { property_address: HOUSE, start_time });
  const busy = Date.parse('2026-12-01T16:00:00Z');
  app.microsoft.addEvent(PETE, { start: busy, end: busy + 60 * 60_000 });
  const taken = expectAction(await book('2026-12-01T10:30:00-06:00'), 'conflict');
  expect(taken.available_slots.map(({ start_time }) => start_time)).toEqual([
    '2026-12-01T09:30:00-06:00',
    '2026-12-01T11:00:00-06:00',
  ]);
  for (const [start_time, reason] of [
    ['2026-11-20T10:30:00-06:00', 'past'],
    ['2026-11-23T09:30:00-06:00', 'notice'],
    ['2026-12-01T19:00:00-06:00', 'outside_hours'],
    ['2026-12-01T10:40:00-06:00', 'off_grid'],
    ['2027-06-01T10:30:00-05:00', 'horizon'],
  ] as const) {
    const refused = expectAction(await book(start_time), 'invalid_request');
    expect(refused.reason).toBe(reason);
    expect(refused.available_slots).toHaveLength(2);
  }
  expect(manager.events()).toHaveLength(1);
});

test('several tools of one message are all answered, in their order', async () => {
  const manager = await connectManager(app, PETE);
  const { message } = manager.phone().body('get_availability', {}, 'first');
  const tool = (id: string, name: string, args: unknown) => ({
    id,
    type: 'function',
    function: { name, arguments: args },
  });
  const toolCallList = [
    ...message.toolCallList,
    tool(
      'second',
      'set_appointment',
      '{"property_address":"7 Elm","start_time":"2026-12-01T09:00:00-06:00"}',
    ),
    tool('third', 'set_appointment', { property_address: '7 Elm', start_time: '2026-12-01T09:30:00-06:00' }),
    tool('fourth', 'dance', {}),
  ];
  expect(await send(app, { message: { ...message, toolCallList } })).toMatchObject([
    { action: 'present_slots' },
    { action: 'booked' },
    { action: 'booked' },
    { action: 'invalid_request', reason: 'unknown_tool' },
  ]);
  expect(manager.events()).toHaveLength(2);
});

test('a message says what the caller asked about and was offered', async () => {
  const manager = await connectManager(app, PETE);
  const call = manager.phone('+13125550177');
  await call.ask('get_availability', { property_address: HOUSE, preferred_date: '2026-12-01' });
  expectAction(
    await call.ask('take_message', { message: 'None of these suit me', name: 'Ann' }),
    'message_taken',
  );
  const mail = app.mailbox.messages().at(-1);
  expect(mail?.recipients).toEqual([PETE]);
  expect(mail?.text).toContain(HOUSE);
  expect(mail?.text).toContain('+13125550177');
  expect(mail?.text).toContain('Tuesday, December 1 at 9 AM');
});

test('a token that expired long ago is renewed, and the caller does not notice', async () => {
  const manager = await connectManager(app, PETE);
  app.clock.now = START + 3 * DAY;
  expectAction(await manager.phone().ask('get_availability'), 'present_slots');
  expectAction(
    await manager.phone().ask('set_appointment', { property_address: HOUSE, start_time: '2026-12-01T09:00' }),
    'booked',
  );
});
