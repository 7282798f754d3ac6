import { describe, expect, test } from '@jest/globals';
import { AppError } from '../../shared/errors.ts';
import { DEFAULT_RULES } from '../../shared/scheduling/schedule.ts';
import { createLine, MANAGER } from './line.ts';
import type { Line } from './line.ts';

const said = async (
  line: Line,
  name: string,
  args: Record<string, unknown> = {},
  options = {},
): Promise<string> => (await line.call(name, args, options)).response;
const HOUSE = { property_address: '12 Main Street' };

describe('offering', () => {
  test('speaks three of at most ten, each with its machine time', async () => {
    const answer = await createLine().call('get_availability', HOUSE);
    if (answer.action !== 'present_slots') throw new Error(answer.action);
    expect(answer.response).toBe(
      'For 12 Main Street, I have today at 10:30 AM or 12:30 PM, or tomorrow at 9 AM. Which works best?',
    );
    expect(answer.available_slots).toHaveLength(10);
    expect(answer.available_slots.filter(({ spoken }) => spoken)).toHaveLength(3);
    expect(answer.available_slots[0]).toEqual({
      start_time: '2026-11-23T10:30:00-06:00',
      end_time: '2026-11-23T11:00:00-06:00',
      duration_minutes: 30,
      formatted_time: 'Monday, November 23 at 10:30 AM',
      spoken: true,
    });
  });

  test.each([
    [
      { preferred_date: 'next Tuesday' },
      'I have Tuesday, December 1 at 9 AM, noon or 4:30 PM. Which works best?',
    ],
    [{ preferred_date: '2026-11-25', part_of_day: 'morning' }, /^I have Wednesday, November 25 at 9 AM, /],
    [{ preferred_date: 'Friday afternoon' }, /^I have Friday, November 27 at noon, /],
    [{ preferred_date: 'tomorrow at 3' }, /^I have tomorrow at 2:30 PM, 3 PM or 3:30 PM\./],
    [{ preferred_date: '2026-11-24T15:00:00-06:00' }, /^I have tomorrow at 2:30 PM, 3 PM or 3:30 PM\./],
    [{ preferred_date: 'any day' }, /^I have today/],
    [{ preferred_date: 'this weekend' }, /^I have nothing then\. The nearest times are /],
    [{ preferred_date: '2020-01-01' }, /^I have nothing then\. The nearest /],
    [{ preferred_date: 'whichever Blursday' }, /^I'm sorry, I didn't catch the day\./],
    [{ days_ahead: '2', part_of_day: 'evening' }, /^I have nothing then\. /],
  ])('%j', async (args, expected) => {
    expect(await said(createLine(), 'get_availability', args)).toEqual(
      typeof expected === 'string' ? expected : expect.stringMatching(expected),
    );
  });

  test('says how far it looked where nothing was wished for', async () => {
    const line = createLine();
    line.desks.calendar(MANAGER).busy = [
      { start: Date.parse('2026-11-23T00:00:00Z'), end: Date.parse('2026-12-01T00:00:00Z') },
    ];
    expect(await said(line, 'get_availability')).toMatch(
      /^I have nothing in the next 7 days\. The nearest times are /,
    );
  });
});

describe('booking', () => {
  test('by the place in what was offered, for the property asked about', async () => {
    const line = createLine();
    await line.call('get_availability', HOUSE);
    expect(
      await line.call('set_appointment', { start_time: 'the second one', attendee_name: 'Ann' }),
    ).toMatchObject({
      action: 'booked',
      response: 'Your viewing of 12 Main Street is booked for today at 12:30 PM.',
      appointment: {
        appointment_id: 'booking-1',
        event_id: 'event-booking-1',
        subject: 'Property Viewing - 12 Main Street',
        property_address: '12 Main Street',
        start_time: '2026-11-23T12:30:00-06:00',
        end_time: '2026-11-23T13:00:00-06:00',
        formatted_time: 'Monday, November 23 at 12:30 PM',
        web_link: 'https://outlook.example/booking-1',
      },
    });
  });

  test('an invitation is spoken of only where one goes out', async () => {
    const line = createLine();
    const book = (start_time: string, attendee_email: string) =>
      said(line, 'set_appointment', { ...HOUSE, start_time, attendee_email });
    expect(await book('tomorrow at 2 PM', 'ann@example.com')).toMatch(
      /An invitation is on its way to your email\.$/,
    );
    expect(await book('tomorrow at 3 PM', 'ann at example')).toMatch(/3 PM\.$/);
  });

  test('what was offered on another call, or to nobody known, is not remembered', async () => {
    const line = createLine();
    await line.call('get_availability', HOUSE);
    const args = { ...HOUSE, start_time: 'the second one' };
    const other = await line.call('set_appointment', args, { callId: 'call-2' });
    expect(other).toMatchObject({ action: 'invalid_request', reason: 'nothing_offered' });
    const flat = await line.send({ functionCall: { name: 'set_appointment', parameters: args } });
    expect(flat).toMatchObject({ result: { reason: 'nothing_offered' } });
  });

  test('the times offered instead are what "the first one" means next', async () => {
    const line = createLine();
    line.desks.calendar(MANAGER).busy = [
      { start: Date.parse('2026-11-24T20:00:00Z'), end: Date.parse('2026-11-24T21:00:00Z') },
    ];
    const taken = await line.call('set_appointment', { ...HOUSE, start_time: 'tomorrow at two' });
    expect(taken).toMatchObject({
      action: 'conflict',
      reason: 'busy',
      response: "I'm sorry, that time is not free. I could offer tomorrow at 1 PM or 1:30 PM.",
      available_slots: [{ spoken: true }, { spoken: true }],
    });
    expect(await said(line, 'set_appointment', { ...HOUSE, start_time: 'the first one' })).toMatch(
      /tomorrow at 1 PM\.$/,
    );
  });

  test.each([
    [{ start_time: 'tomorrow at two' }, 'missing_property', 'Which property would you like to see?'],
    [HOUSE, 'missing_time', 'What day and time would you like?'],
    [{ ...HOUSE, start_time: 'tomorrow' }, 'missing_time', 'What time would you like tomorrow?'],
    [{ ...HOUSE, start_time: 'at two' }, 'missing_day', 'Which day do you mean?'],
    [
      { ...HOUSE, start_time: 'soonish' },
      'unreadable_time',
      "I'm sorry, I didn't catch the time. Please say the day and the time, like Tuesday at 2 PM.",
    ],
    [
      { ...HOUSE, start_time: '2025-11-24T14:00:00-06:00' },
      'past',
      /^That time has already passed\. I could offer /,
    ],
    [
      { ...HOUSE, start_time: 'today at 10 AM' },
      'notice',
      /^I'm sorry, that is too soon to arrange a viewing\. /,
    ],
    [{ ...HOUSE, start_time: '2027-11-24T14:00:00-06:00' }, 'horizon', /I can book up to 60 days ahead\. /],
    [
      { ...HOUSE, start_time: 'tomorrow at 7 PM' },
      'outside_hours',
      /^I'm sorry, that is outside viewing hours\. /,
    ],
    [
      { ...HOUSE, start_time: 'tomorrow at 2:10 PM' },
      'off_grid',
      /^I'm sorry, no viewing starts at that time\. /,
    ],
  ])('%j cannot be', async (args, reason, expected) => {
    const answer = await createLine().call('set_appointment', args);
    expect(answer).toMatchObject({ action: 'invalid_request', reason });
    expect(answer.response).toEqual(
      typeof expected === 'string' ? expected : expect.stringMatching(expected),
    );
  });

  test('more than a caller may have is refused with what can be done', async () => {
    const line = createLine();
    line.desks.calendar(MANAGER).schedule = {
      ...line.desks.calendar(MANAGER).schedule,
      rules: { ...DEFAULT_RULES, callerLimit: 1 },
    };
    await line.call('set_appointment', { ...HOUSE, start_time: 'tomorrow at 2 PM' });
    expect(await line.call('set_appointment', { ...HOUSE, start_time: 'tomorrow at 3 PM' })).toMatchObject({
      reason: 'caller_limit',
    });
  });
});

describe('the caller’s own viewings', () => {
  const createBooked = async (): Promise<Line> => {
    const line = createLine();
    for (const [property_address, start_time] of [
      ['12 Main Street', 'tomorrow at 2 PM'],
      ['7 Oak Court', 'Friday at 10 AM'],
      ['9 Elm Road', 'Friday at 3 PM'],
    ] as const) {
      await line.call(
        'set_appointment',
        { property_address, start_time, attendee_name: 'Ann' },
        { callId: 'before' },
      );
    }
    return line;
  };

  test('are listed across calls, and one of several is asked for', async () => {
    const line = await createBooked();
    expect(await said(line, 'find_appointments')).toBe(
      'You have 3 viewings: 12 Main Street, tomorrow at 2 PM; 7 Oak Court, Friday, November 27 at 10 AM; 9 Elm Road, Friday, November 27 at 3 PM.',
    );
    expect(await line.call('cancel_appointment', {})).toMatchObject({
      action: 'appointments',
      response: expect.stringMatching(/^Which viewing do you mean: /),
      appointments: [
        { appointment_id: 'booking-1' },
        { appointment_id: 'booking-2' },
        { appointment_id: 'booking-3' },
      ],
    });
  });

  test.each([
    ['its id', 'booking-2'],
    ['its place in the list', 'the second one'],
    ['its time', 'Friday at 10'],
    ['its property', 'the one on Oak Court'],
  ])('one is meant by %s, whether it was read aloud on this call or not', async (_, appointment) => {
    for (const isListed of [true, false]) {
      const line = await createBooked();
      if (isListed) await line.call('find_appointments', {});
      expect(await said(line, 'cancel_appointment', { appointment })).toBe(
        'Your viewing of 7 Oak Court, Friday, November 27 at 10 AM, is cancelled.',
      );
    }
  });

  test.each(['the one on Pine Lane', 'the Friday one', 'booking-9', 'next Monday'])(
    'nothing is cancelled for %s, which fits none or more than one',
    async (appointment) => {
      const line = await createBooked();
      expect(await line.call('cancel_appointment', { appointment })).toMatchObject({
        action: 'appointments',
      });
      expect(line.desks.calendar(MANAGER).bookings.size).toBe(3);
    },
  );

  test('the only one need not be named, but another’s name is not passed over', async () => {
    const line = createLine();
    await line.call('set_appointment', { ...HOUSE, start_time: 'tomorrow at 2 PM' });
    expect(await line.call('cancel_appointment', { appointment: 'the Pine Lane one' })).toMatchObject({
      action: 'appointments',
    });
    expect(
      await said(line, 'reschedule_appointment', {
        appointment: 'my viewing',
        new_start_time: 'tomorrow at 3 PM',
      }),
    ).toBe('Your viewing of 12 Main Street has moved from tomorrow at 2 PM to tomorrow at 3 PM.');
    expect(await said(line, 'cancel_appointment')).toBe(
      'Your viewing of 12 Main Street, tomorrow at 3 PM, is cancelled.',
    );
    expect(await line.call('find_appointments', {})).toMatchObject({
      action: 'appointments',
      appointments: [],
    });
  });

  test('a withheld number needs the name and the time', async () => {
    const line = await createBooked();
    const withheld = { number: null };
    expect(await line.call('find_appointments', {}, withheld)).toMatchObject({
      reason: 'name_and_time_needed',
    });
    const wrong = { attendee_name: 'Bob', start_time: 'tomorrow at 2 PM' };
    expect(await line.call('cancel_appointment', wrong, withheld)).toMatchObject({ appointments: [] });
    expect(line.desks.calendar(MANAGER).bookings.size).toBe(3);
  });

  test('a long list is cut to what can be listened to', async () => {
    const line = createLine();
    const { schedule } = line.desks.calendar(MANAGER);
    line.desks.calendar(MANAGER).schedule = { ...schedule, rules: { ...DEFAULT_RULES, callerLimit: 9 } };
    for (let hour = 9; hour < 16; hour++) {
      const property_address =
        'The Residences at Northwestern Commons, 12345 North King Drive, Apartment 1204B';
      await line.call('set_appointment', {
        property_address,
        start_time: `2026-12-0${(hour % 3) + 1}T${String(hour).padStart(2, '0')}:00`,
      });
    }
    const answer = await line.call('find_appointments', {});
    expect(answer.response.split(' ').length).toBeLessThanOrEqual(60);
    expect(answer).toMatchObject({ appointments: { length: 7 } });
    expect(answer.response).toMatch(/^You have 7 viewings: .*; and more\.$/);
  });
});

describe('a message', () => {
  const MESSAGE = { message: 'Is a small dog allowed?', name: 'Ann' };

  test('is mailed with the caller’s number and what the call was about, and said back', async () => {
    const line = createLine();
    await line.call('get_availability', HOUSE);
    expect(await line.call('take_message', { ...MESSAGE, phone: '+13125550111' })).toEqual({
      action: 'message_taken',
      mailed: true,
      response: 'I have sent the manager your message and your number: Is a small dog allowed.',
    });
    expect(line.mailed).toMatchObject([
      {
        text: 'Is a small dog allowed?',
        name: 'Ann',
        callerNumber: '+13125550199',
        givenNumber: null,
        propertyAddress: '12 Main Street',
        offered: [
          'Monday, November 23 at 10:30 AM',
          'Monday, November 23 at 12:30 PM',
          'Tuesday, November 24 at 9 AM',
        ],
      },
    ]);
  });

  test('said twice on a call is one message and one mail; on another call it is another', async () => {
    const line = createLine();
    const first = await said(line, 'take_message', MESSAGE);
    expect(await said(line, 'take_message', MESSAGE)).toBe(first);
    expect(line.mailed).toHaveLength(1);
    await said(line, 'take_message', MESSAGE, { callId: 'call-2' });
    expect(line.mailed).toHaveLength(2);
  });

  test('of a body without a call is one message for ten minutes', async () => {
    const line = createLine();
    const send = () => line.send({ functionCall: { name: 'take_message', parameters: MESSAGE } });
    await send();
    line.advance(599_000);
    await send();
    expect(line.messages).toHaveLength(1);
    line.advance(2_000);
    await send();
    expect(line.messages).toHaveLength(2);
  });

  test.each(['mail_not_configured', 'mail_failed'] as const)(
    'is kept where mail cannot leave (%s), and the line says no more',
    async (code) => {
      const mailMessage = () => Promise.reject(new AppError(code, 'no'));
      const line = createLine({ overrides: { mailMessage } });
      expect(await line.call('take_message', MESSAGE, { number: null })).toEqual({
        action: 'message_taken',
        mailed: false,
        response: 'I have kept your message for the manager: Is a small dog allowed.',
      });
      expect(line.messages).toHaveLength(1);
    },
  );

  test('can be left whatever the calendar is like, and whatever the memory of the call', async () => {
    const { calls } = createLine().ports;
    const recall = () => Promise.reject(new AppError('storage_unavailable', 'down'));
    const line = createLine({ overrides: { calls: { ...calls, recall } } });
    line.desks.calendar(MANAGER).requireAuth = 'disconnected';
    expect(await line.call('take_message', MESSAGE)).toMatchObject({ action: 'message_taken' });
    expect(line.desks.opened).toEqual([]);
  });

  test('that cannot be kept is not said to be, nor offered again', async () => {
    const { messages } = createLine().ports;
    const keep = () => Promise.reject(new AppError('storage_unavailable', 'down'));
    const line = createLine({ overrides: { messages: { ...messages, keep } } });
    expect(await line.call('take_message', MESSAGE)).toMatchObject({
      action: 'error',
      retryable: true,
      response: "I'm sorry, I couldn't take the message. Please try again in a moment.",
    });
  });

  test('without words is asked for', async () => {
    expect(await createLine().call('take_message', { name: 'Ann' })).toMatchObject({
      reason: 'missing_message',
    });
  });
});

describe('the link', () => {
  test.each([
    ['sent', 'link_sent'],
    ['sent_before', 'invalid_request'],
    ['connected', 'invalid_request'],
    ['no_address', 'invalid_request'],
  ] as const)('%s is %s', async (outcome, action) => {
    const line = createLine({ overrides: { sendLink: () => Promise.resolve(outcome) } });
    expect(await line.call('send_authorization_link', { email: 'thief@example.com' })).toMatchObject({
      action,
    });
  });

  test('where mail is not configured, is an error that says so and no more', async () => {
    const sendLink = () => Promise.reject(new AppError('mail_not_configured', 'no'));
    const answer = await createLine({ overrides: { sendLink } }).call('send_authorization_link', {});
    expect(answer).toMatchObject({
      action: 'error',
      code: 'mail_not_configured',
      response: "I'm sorry, I couldn't send the link.",
    });
  });
});

test('the language is the assistant’s, else the manager’s', async () => {
  const line = createLine();
  line.managers[0] = { userId: MANAGER, language: 'es-US', assistantIds: ['assistant-1'] };
  expect(await said(line, 'cancel_appointment')).toBe('No veo ninguna visita suya próximamente.');
  await line.call('get_availability', HOUSE);
  expect(await said(line, 'set_appointment', { start_time: 'la segunda' })).toBe(
    'Su visita a 12 Main Street queda reservada para hoy a las 12:30 de la tarde.',
  );
  const message = {
    type: 'tool-calls',
    call: { id: 'c', type: 'inboundPhoneCall', assistantId: 'assistant-1' },
    assistant: { transcriber: { provider: 'deepgram', language: 'en-US' } },
    toolCallList: [{ id: 't', name: 'take_message', arguments: {} }],
  };
  expect(JSON.stringify(await line.send({ message }))).toContain('What message should I pass on?');
});
