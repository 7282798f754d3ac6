import { describe, expect, test } from '@jest/globals';
import { DEFAULT_RULES } from '../../shared/scheduling/schedule.ts';
import { createConversation, MANAGER } from '../support/conversation.ts';
import type { Conversation } from '../support/conversation.ts';

async function said(
  line: Conversation,
  name: string,
  args: Record<string, unknown> = {},
  options = {},
): Promise<string> {
  return (await line.call(name, args, options)).response;
}
const HOUSE = { property_address: '12 Main Street' };

describe('an offer of times', () => {
  test('speaks three of at most ten, each with its machine time', async () => {
    const answer = await createConversation().call('get_availability', HOUSE);
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
    [{ preferred_date: 'tomorrow at 3' }, 'I have tomorrow at 3 PM. Would that work?'],
    [{ preferred_date: 'tomorrow around 3' }, /^I have tomorrow at 2:30 PM, 3 PM or 3:30 PM\./],
    [{ preferred_date: '2026-11-24T15:00:00-06:00' }, 'I have tomorrow at 3 PM. Would that work?'],
    [{ preferred_date: 'any day' }, /^I have today/],
    [{ preferred_date: 'this weekend' }, /^I have nothing then\. The nearest times are /],
    [{ preferred_date: 'tomorrow after 5' }, /^I have nothing then\. The nearest times are /],
    [{ preferred_date: '2020-01-01' }, /^That time has already passed\. I have /],
    [{ preferred_date: 'whichever Blursday' }, /^I'm sorry, I didn't catch the day\./],
    [{ days_ahead: '2', part_of_day: 'evening' }, /^I have nothing then\. /],
  ])('for %j the caller hears "%s"', async (args, expected) => {
    expect(await said(createConversation(), 'get_availability', args)).toEqual(
      typeof expected === 'string' ? expected : expect.stringMatching(expected),
    );
  });

  test('says how far it looked if the caller named no day', async () => {
    const line = createConversation();
    line.bookingServices.calendar(MANAGER).busy = [
      { start: Date.parse('2026-11-23T00:00:00Z'), end: Date.parse('2026-12-01T00:00:00Z') },
    ];
    expect(await said(line, 'get_availability')).toMatch(
      /^I have nothing in the next 7 days\. The nearest times are /,
    );
  });
});

describe('a viewing is booked', () => {
  test('by "the second one" of the times offered, for the property that was asked about', async () => {
    const line = createConversation();
    await line.call('get_availability', HOUSE);
    expect(
      await line.call('set_appointment', { start_time: 'the second one', attendee_name: 'Ann' }),
    ).toMatchObject({
      action: 'booked',
      response: 'Your viewing of 12 Main Street is booked for Monday, November 23 at 12:30 PM.',
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

  test('an invitation is promised only if one goes out, and an e-mail that cannot be read is said to be so', async () => {
    const line = createConversation();
    const book = (start_time: string, attendee_email: string) =>
      said(line, 'set_appointment', { ...HOUSE, start_time, attendee_email });
    expect(await book('tomorrow at 2 PM', 'ann@example.com')).toMatch(
      /An invitation is on its way to your email\.$/,
    );
    expect(await book('tomorrow at 3 PM', 'ann at example')).toMatch(
      /3 PM\. I couldn't read the email address, so no invitation went out\. Could you spell it again\?$/,
    );
  });

  test('what was offered on another call, or to nobody known, is not remembered', async () => {
    const line = createConversation();
    await line.call('get_availability', HOUSE);
    const args = { ...HOUSE, start_time: 'the second one' };
    const other = await line.call('set_appointment', args, { callId: 'call-2' });
    expect(other).toMatchObject({ action: 'invalid_request', reason: 'nothing_offered' });
    const flat = await line.send({ functionCall: { name: 'set_appointment', parameters: args } });
    expect(flat).toMatchObject({ result: { reason: 'nothing_offered' } });
  });

  test('after a conflict, "the first one" is the first of the times offered instead', async () => {
    const line = createConversation();
    line.bookingServices.calendar(MANAGER).busy = [
      { start: Date.parse('2026-11-24T20:00:00Z'), end: Date.parse('2026-11-24T21:00:00Z') },
    ];
    const taken = await line.call('set_appointment', { ...HOUSE, start_time: 'tomorrow at two' });
    expect(taken).toMatchObject({
      action: 'conflict',
      reason: 'busy',
      response: "I'm sorry, that time is not free. I have tomorrow at 1 PM or 1:30 PM.",
      available_slots: [{ spoken: true }, { spoken: true }],
    });
    expect(await said(line, 'set_appointment', { ...HOUSE, start_time: 'the first one' })).toMatch(
      /Tuesday, November 24 at 1 PM\.$/,
    );
  });

  test('after a question with times, "the last one" is the last of those times', async () => {
    const line = createConversation();
    await line.call('get_availability', { ...HOUSE, preferred_date: 'tomorrow' });
    expect(await said(line, 'set_appointment', { start_time: 'tomorrow' })).toMatch(
      /^I have tomorrow at 9 AM, /,
    );
    expect(await said(line, 'set_appointment', { start_time: 'the first one' })).toMatch(
      /Tuesday, November 24 at 9 AM\.$/,
    );
  });

  test('a property whose name cannot be read aloud is called "the property"', async () => {
    const booking = { property_address: '***', start_time: 'tomorrow at two' };
    expect(await said(createConversation(), 'set_appointment', booking)).toBe(
      'Your viewing of the property is booked for Tuesday, November 24 at 2 PM.',
    );
  });

  test.each([
    [{ start_time: 'tomorrow at two' }, 'missing_property', 'Which property would you like to see?'],
    [HOUSE, 'missing_time', 'What day and time would you like?'],
    [
      { ...HOUSE, start_time: 'tomorrow' },
      'which_time',
      'I have tomorrow at 9 AM, noon or 4:30 PM. Which works best?',
    ],
    [
      { ...HOUSE, start_time: 'at two' },
      'which_day',
      'Do you mean today at 2 PM, tomorrow at 2 PM, or Wednesday, November 25 at 2 PM?',
    ],
    [
      { ...HOUSE, start_time: 'soonish' },
      'unreadable_time',
      "I'm sorry, I didn't catch the time. Please say the day and the time, like Tuesday at 2 PM.",
    ],
    [
      { ...HOUSE, start_time: '2025-11-24T14:00:00-06:00' },
      'past',
      /^That time has already passed\. I have /,
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
  ])('the arguments %j book nothing, for the reason %s', async (args, reason, expected) => {
    const answer = await createConversation().call('set_appointment', args);
    expect(answer).toMatchObject({ action: 'invalid_request', reason });
    expect(answer.response).toEqual(
      typeof expected === 'string' ? expected : expect.stringMatching(expected),
    );
  });

  test('a caller with as many viewings as they may have is told to move or cancel one', async () => {
    const line = createConversation();
    line.bookingServices.calendar(MANAGER).schedule = {
      ...line.bookingServices.calendar(MANAGER).schedule,
      rules: { ...DEFAULT_RULES, callerLimit: 1 },
    };
    await line.call('set_appointment', { ...HOUSE, start_time: 'tomorrow at 2 PM' });
    expect(await line.call('set_appointment', { ...HOUSE, start_time: 'tomorrow at 3 PM' })).toMatchObject({
      reason: 'caller_limit',
    });
  });
});

test('the app speaks the language of the assistant, else that of the manager', async () => {
  const line = createConversation();
  line.managers[0] = {
    userId: MANAGER,
    language: 'es-US',
    assistantIds: ['assistant-1'],
    timeZone: null,
    policies: {},
  };
  expect(await said(line, 'cancel_appointment')).toBe('No veo ninguna visita suya próximamente.');
  await line.call('get_availability', HOUSE);
  expect(await said(line, 'set_appointment', { start_time: 'la segunda' })).toBe(
    'Su visita a 12 Main Street queda reservada para el lunes 23 de noviembre a las 12:30 de la tarde.',
  );
  const message = {
    type: 'tool-calls',
    call: { id: 'c', type: 'inboundPhoneCall', assistantId: 'assistant-1' },
    assistant: { transcriber: { provider: 'deepgram', language: 'en-US' } },
    toolCallList: [{ id: 't', name: 'take_message', arguments: {} }],
  };
  expect(JSON.stringify(await line.send({ message }))).toContain('What message should I pass on?');
});
