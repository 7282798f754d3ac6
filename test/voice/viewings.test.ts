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

describe('the caller’s own viewings', () => {
  const createBooked = async (): Promise<Conversation> => {
    const line = createConversation();
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

  test('are listed across calls, and the caller is asked which of several they mean', async () => {
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
      expect(line.bookingServices.calendar(MANAGER).bookings.size).toBe(3);
    },
  );

  test('the only one need not be named, but another’s name is not passed over', async () => {
    const line = createConversation();
    await line.call('set_appointment', { ...HOUSE, start_time: 'tomorrow at 2 PM' });
    expect(await line.call('cancel_appointment', { appointment: 'the Pine Lane one' })).toMatchObject({
      action: 'appointments',
    });
    expect(
      await said(line, 'reschedule_appointment', {
        appointment: 'my viewing',
        new_start_time: 'tomorrow at 3 PM',
      }),
    ).toBe(
      'Your viewing of 12 Main Street has moved from Tuesday, November 24 at 2 PM to Tuesday, November 24 at 3 PM.',
    );
    expect(await said(line, 'cancel_appointment')).toBe(
      'Your viewing of 12 Main Street, tomorrow at 3 PM, is cancelled.',
    );
    expect(await line.call('find_appointments', {})).toMatchObject({
      action: 'appointments',
      appointments: [],
    });
  });

  test('a day is enough if the caller has one viewing on it', async () => {
    const line = await createBooked();
    expect(await line.call('find_appointments', { start_time: 'tomorrow' })).toMatchObject({
      appointments: [{ appointment_id: 'booking-1' }],
    });
    expect(await said(line, 'cancel_appointment', { start_time: 'tomorrow' })).toMatch(
      /^Your viewing of 12 Main Street, .* is cancelled\.$/,
    );
    expect(await line.call('cancel_appointment', { start_time: 'Friday' })).toMatchObject({
      action: 'appointments',
    });
    const withheld = await line.call(
      'cancel_appointment',
      { attendee_name: 'Ann', start_time: 'Friday' },
      { number: null, callId: 'withheld' },
    );
    expect(withheld).toMatchObject({ action: 'invalid_request', reason: 'which_time' });
  });

  test('a withheld number needs the name and the time', async () => {
    const line = await createBooked();
    const withheld = { number: null };
    expect(await line.call('find_appointments', {}, withheld)).toMatchObject({
      reason: 'name_and_time_needed',
    });
    const wrong = { attendee_name: 'Bob', start_time: 'tomorrow at 2 PM' };
    expect(await line.call('cancel_appointment', wrong, withheld)).toMatchObject({ appointments: [] });
    expect(line.bookingServices.calendar(MANAGER).bookings.size).toBe(3);
  });

  test.each(['en', 'es'])('a long list is cut to what can be listened to (%s)', async (language) => {
    const line = createConversation();
    line.managers[0] = {
      userId: MANAGER,
      language,
      assistantIds: ['assistant-1'],
      timeZone: null,
      policies: {},
    };
    const { schedule } = line.bookingServices.calendar(MANAGER);
    line.bookingServices.calendar(MANAGER).schedule = {
      ...schedule,
      rules: { ...DEFAULT_RULES, callerLimit: 9 },
    };
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
    expect(answer.response).toMatch(/^(You have 7 viewings: .*; and more|Tiene 7 visitas: .*; y más)\.$/);
    const which = await line.call('cancel_appointment', {});
    expect(which.response.split(' ').length).toBeLessThanOrEqual(60);
  });
});
