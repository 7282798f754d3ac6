// What callers say, over the webhook: from the words to what is booked, moved, cancelled or offered.
import { describe, expect, test } from '@jest/globals';
import { createConversation, MANAGER, NOW, withCallRecord } from '../support/conversation.ts';
import type { Conversation } from '../support/conversation.ts';
import { SCHEDULE } from './understanding/reading.ts';

const HOUSE = { property_address: '12 Main Street', attendee_name: 'Ann Example' };
/** Thursday, November 26, 4:50 in the morning. */
const THURSDAY = Date.parse('2026-11-26T04:50:00-06:00');

function createThursday(): Conversation {
  const line = createConversation();
  line.advance(THURSDAY - NOW);
  line.bookingServices.calendar(MANAGER).schedule = SCHEDULE;
  return line;
}

async function say(line: Conversation, tool: string, args: Record<string, unknown>): Promise<string> {
  const answer = await line.call(tool, args);
  return 'reason' in answer ? `${answer.reason}: ${answer.response}` : answer.response;
}

describe('a viewing moves by words that count from it', () => {
  test.each([
    ['a week later at 2 PM', 'Tuesday, December 15 at 2 PM'],
    ['two days later at 2 PM', 'Thursday, December 10 at 2 PM'],
    ['2 PM instead', 'Tuesday, December 8 at 2 PM'],
    ['an hour later', 'Tuesday, December 8 at noon'],
    ['half an hour earlier', 'Tuesday, December 8 at 10:30 AM'],
    ['push it back two hours', 'Tuesday, December 8 at 1 PM'],
    ['same time the next day', 'Wednesday, December 9 at 11 AM'],
    ['same time on Friday', 'Friday, November 27 at 11 AM'],
    ['una hora más tarde', 'Tuesday, December 8 at noon'],
    ['el mismo día a las 4', 'Tuesday, December 8 at 4 PM'],
  ])('"%s" is %s', async (words, expected) => {
    const line = createThursday();
    await line.call('set_appointment', { ...HOUSE, start_time: '2026-12-08T11:00:00-06:00' });
    expect(await say(line, 'reschedule_appointment', { new_start_time: words })).toBe(
      `Your viewing of 12 Main Street has moved from Tuesday, December 8 at 11 AM to ${expected}.`,
    );
  });

  test.each([
    ['the next day', /^which_time: I have Wednesday, December 9 at 8 AM, /],
    ['an hour', /^unreadable_time: /],
    ['later', /^unreadable_time: /],
  ])('"%s" is asked about', async (words, expected) => {
    const line = createThursday();
    await line.call('set_appointment', { ...HOUSE, start_time: '2026-12-08T11:00:00-06:00' });
    expect(await say(line, 'reschedule_appointment', { new_start_time: words })).toMatch(expected);
  });
});

describe('a caller with two viewings', () => {
  async function createTwo(): Promise<Conversation> {
    const line = createThursday();
    await line.call('set_appointment', { ...HOUSE, start_time: '2026-12-08T11:00:00-06:00' });
    await line.call('set_appointment', {
      ...HOUSE,
      property_address: '44 Elm Street',
      start_time: '2026-12-09T11:00:00-06:00',
    });
    await line.call('find_appointments', {});
    return line;
  }

  test.each([
    ['the second one', '44 Elm Street'],
    ['the one on Wednesday', '44 Elm Street'],
    ['the Elm Street one', '44 Elm Street'],
    ['la del martes', '12 Main Street'],
    ['the viewing on December 8', '12 Main Street'],
  ])('cancels "%s", which is %s', async (appointment, address) => {
    expect(await say(await createTwo(), 'cancel_appointment', { appointment })).toMatch(
      new RegExp(`^Your viewing of ${address}, .* is cancelled\\.$`),
    );
  });

  test('cancels nothing for one that is cancelled already, but asks about the only one left', async () => {
    const line = await createTwo();
    await line.call('cancel_appointment', { appointment: 'the Elm Street one' });
    expect(await say(line, 'cancel_appointment', { appointment: 'the Elm Street one' })).toBe(
      'I see only one viewing: 12 Main Street, Tuesday, December 8 at 11 AM. Do you mean that one?',
    );
    expect(line.bookingServices.calendar(MANAGER).bookings.size).toBe(1);
    expect(await say(line, 'cancel_appointment', { appointment: 'that one' })).toMatch(
      /^Your viewing of 12 Main Street/,
    );
  });

  test.each([['not the first one'], ['the one on Friday'], ['the blue one'], ['the one at 11'], ['either']])(
    'cancels none for "%s", but is asked which',
    async (appointment) => {
      const line = await createTwo();
      expect(await say(line, 'cancel_appointment', { appointment })).toMatch(/^Which viewing do you mean: /);
      expect(line.bookingServices.calendar(MANAGER).bookings.size).toBe(2);
    },
  );
});

describe('what is offered fits the words', () => {
  test.each([
    [
      { preferred_date: 'after 5 pm tomorrow' },
      'I have tomorrow at 5 PM, 6 PM or 7:30 PM. Which works best?',
    ],
    [{ preferred_date: 'first available' }, 'I have today at 8 AM, 8:30 AM or 9 AM. Which works best?'],
    [
      { preferred_date: 'the latest you have tomorrow' },
      'I have tomorrow at 6:30 PM, 7 PM or 7:30 PM. Which works best?',
    ],
    [
      { preferred_date: 'tomorrow', part_of_day: 'evening' },
      'I have tomorrow at 5 PM, 6 PM or 7:30 PM. Which works best?',
    ],
    [{ part_of_day: 'por la tarde', preferred_date: 'el viernes' }, /^I have tomorrow at noon, /],
    [{ preferred_date: 'last Tuesday' }, /^past: That time has already passed\. I have today at /],
    [{ preferred_date: 'in three months' }, /^horizon: I'm sorry, that is too far ahead: /],
    [
      { preferred_date: 'Friday the 5th' },
      /^which_day: Do you mean Friday, December 4 at .* or Saturday, December 5 at /,
    ],
    [{ preferred_date: 'tomorrow', part_of_day: 'in the blurgh' }, /^unreadable_date: /],
    [{ preferred_date: 'tomorrow after the parade' }, /^unreadable_date: /],
    [{ preferred_date: `tomorrow ${'please '.repeat(40)}` }, /^unreadable_date: /],
  ])('%j is answered with %s', async (args, expected) => {
    const said = await say(createThursday(), 'get_availability', args);
    expect(said).toEqual(typeof expected === 'string' ? expected : expect.stringMatching(expected));
  });
});

describe('a weekday and a date that disagree are asked about, but not as a choice if one of the days is closed', () => {
  const NINE_TO_FIVE = [['09:00', '17:00']] as const;
  const WEEKDAYS = { wed: NINE_TO_FIVE, thu: NINE_TO_FIVE, fri: NINE_TO_FIVE };

  test.each([
    [
      { preferred_date: 'Friday the 5th' },
      'which_day: I have Friday, December 4 at 9 AM, noon or 4:30 PM. Which works best?',
    ],
    [{ preferred_date: 'Friday the 5th at 2 PM' }, 'which_day: Do you mean Friday, December 4 at 2 PM?'],
    [
      { preferred_date: 'Thursday the 4th' },
      'which_day: Do you mean Thursday, December 3 at 9 AM, or Friday, December 4 at 9 AM?',
    ],
    [{ preferred_date: 'Saturday the 6th' }, 'which_day: Which day do you mean?'],
  ])('%j is answered with "%s"', async (args, expected) => {
    const line = createThursday();
    line.bookingServices.calendar(MANAGER).schedule = { ...SCHEDULE, hours: WEEKDAYS };
    expect(await say(line, 'get_availability', args)).toBe(expected);
  });
});

describe('an hour follows the viewing that was spoken of last, not an older offer', () => {
  /** Spoken: Tuesday at some times, 11 AM among them. */
  async function createAfterOffer(): Promise<Conversation> {
    const line = createConversation();
    line.bookingServices.calendar(MANAGER).schedule = SCHEDULE;
    await line.call('get_availability', { preferred_date: 'tomorrow between 10:30 and 11:30', ...HOUSE });
    return line;
  }
  const WEDNESDAY = { ...HOUSE, start_time: 'Wednesday at 10 AM' };

  test('once it is booked', async () => {
    const line = await createAfterOffer();
    await line.call('set_appointment', WEDNESDAY);
    expect(await say(line, 'reschedule_appointment', { new_start_time: '11 AM instead' })).toMatch(
      /to Wednesday, November 25 at 11 AM\.$/,
    );
    expect(await say(line, 'reschedule_appointment', { new_start_time: 'at noon' })).toMatch(
      /to Wednesday, November 25 at noon\.$/,
    );
    const other = { ...HOUSE, property_address: '44 Elm Street', start_time: 'at 11' };
    expect(await say(line, 'set_appointment', other)).toMatch(/for Wednesday, November 25 at 11 AM\.$/);
  });

  test('once it is moved, cancelled, or the only one listed', async () => {
    for (const [tool, args] of [
      ['reschedule_appointment', { new_start_time: 'Friday at 10' }],
      ['cancel_appointment', {}],
      ['find_appointments', {}],
    ] as const) {
      const line = await createAfterOffer();
      await line.call('set_appointment', WEDNESDAY, { callId: 'before' });
      const day = tool === 'reschedule_appointment' ? 'Friday, November 27' : 'Wednesday, November 25';
      await line.call(tool, args);
      const other = { ...HOUSE, property_address: '44 Elm Street', start_time: 'at 11' };
      expect(await say(line, 'set_appointment', other)).toContain(`for ${day} at 11 AM.`);
    }
  });

  test('but what was offered stays offered, and a new offer comes after it', async () => {
    const line = await createAfterOffer();
    await line.call('set_appointment', WEDNESDAY);
    const other = { ...HOUSE, property_address: '44 Elm Street' };
    expect(await say(line, 'set_appointment', { ...other, start_time: 'the one at 11' })).toMatch(
      /for Tuesday, November 24 at 11 AM\.$/,
    );
    await line.call('get_availability', { preferred_date: 'Friday', ...HOUSE });
    expect(
      await say(line, 'reschedule_appointment', {
        appointment: 'the Main Street one',
        new_start_time: 'at 11',
      }),
    ).toMatch(/to Friday, November 27 at 11 AM\.$/);
  });

  test('but it is asked for the day if another viewing moves', async () => {
    const line = await createAfterOffer();
    await line.call('set_appointment', { ...HOUSE, start_time: 'Thursday at 10 AM' }, { callId: 'before' });
    await line.call('set_appointment', { ...WEDNESDAY, property_address: '44 Elm Street' });
    const args = { appointment: 'the Main Street one', new_start_time: '11 AM' };
    expect(await say(line, 'reschedule_appointment', args)).toMatch(/^which_day: /);
  });

  test('also if its times are to be offered', async () => {
    const line = await createAfterOffer();
    await line.call('set_appointment', WEDNESDAY);
    expect(await say(line, 'get_availability', { preferred_date: 'at 11', ...HOUSE })).toBe(
      'For 12 Main Street, I have Wednesday, November 25 at 11 AM. Would that work?',
    );
  });

  test('and a memory that fails changes nothing of what is answered', async () => {
    const fails = (): Promise<never> => Promise.reject(new Error('no memory'));
    const line = createConversation({ overrides: withCallRecord({ recall: fails, remember: fails }) });
    expect(await say(line, 'set_appointment', { ...HOUSE, start_time: '2026-11-25T10:00:00-06:00' })).toBe(
      'Your viewing of 12 Main Street is booked for Wednesday, November 25 at 10 AM.',
    );
    expect(line.logged).toContain('call_memory_failed');
  });
});

test('a start that was offered by the clock on the wall, but is written as UTC, is asked about', async () => {
  const line = createThursday();
  await line.call('get_availability', { preferred_date: 'tomorrow', ...HOUSE });
  expect(await say(line, 'set_appointment', { ...HOUSE, start_time: '2026-11-27T12:00:00Z' })).toBe(
    'which_time: Do you mean tomorrow at noon?',
  );
  expect(line.bookingServices.calendar(MANAGER).bookings.size).toBe(0);
});

describe('midnight', () => {
  function createNightLine(timeZone: string): Conversation {
    const line = createThursday();
    const hours = [['00:00', '24:00']] as const;
    const always = { mon: hours, tue: hours, wed: hours, thu: hours, fri: hours, sat: hours, sun: hours };
    line.bookingServices.calendar(MANAGER).schedule = { ...SCHEDULE, timeZone, hours: always };
    return line;
  }
  const NIGHT = { preferred_date: 'tomorrow at midnight', ...HOUSE };

  test.each([
    ['UTC', '2026-11-27T00:00:00+00:00', 'Friday, November 27'],
    ['UTC', '2026-11-27T00:00:00Z', 'Friday, November 27'],
    ['Europe/London', '2026-11-27T00:00', 'Friday, November 27'],
    ['America/Chicago', '2026-11-27T00:00:00', 'Friday, November 27'],
    ['America/Chicago', '2026-11-27T06:00:00Z', 'Friday, November 27'],
  ])('that was offered in %s is booked by "%s"', async (zone, start_time, day) => {
    const line = createNightLine(zone);
    await line.call('get_availability', NIGHT);
    expect(await say(line, 'set_appointment', { ...HOUSE, start_time })).toBe(
      `Your viewing of 12 Main Street is booked for ${day} at 12 AM.`,
    );
    // The viewing is pointed at by its own start.
    await line.call('set_appointment', { ...HOUSE, property_address: '44 Elm Street', start_time: NOON });
    expect(await say(line, 'cancel_appointment', { appointment: start_time })).toMatch(
      /^Your viewing of 12 Main Street, .* is cancelled\.$/,
    );
  });
  const NOON = 'tomorrow at noon';

  test.each(['2026-11-27T00:00:00+00:00', '2026-11-27T00:00:00Z', '2026-11-27'])(
    'that was not offered is the day that "%s" names',
    async (start_time) => {
      const line = createNightLine('UTC');
      expect(await say(line, 'set_appointment', { ...HOUSE, start_time })).toMatch(/^which_time: /);
    },
  );

  test('in UTC that was offered as an evening is that evening', async () => {
    const line = createNightLine('America/Chicago');
    await line.call('get_availability', { preferred_date: 'tomorrow at 6 PM', ...HOUSE });
    expect(await say(line, 'set_appointment', { ...HOUSE, start_time: '2026-11-28T00:00:00Z' })).toBe(
      'Your viewing of 12 Main Street is booked for Friday, November 27 at 6 PM.',
    );
  });

  test('on the clock on the wall that was offered, but is written as UTC, is asked about', async () => {
    const line = createNightLine('America/Chicago');
    await line.call('get_availability', NIGHT);
    expect(await say(line, 'set_appointment', { ...HOUSE, start_time: '2026-11-27T00:00:00Z' })).toMatch(
      /^which_time: Do you mean .*tomorrow at 12 AM/,
    );
  });
});

describe('a part of the day of which a word is not used is asked about', () => {
  test.each([
    'mornings Eastern',
    'morning, Eastern time',
    'that',
    'the second one in the morning',
    'tomorrow morning',
    'morning never mind',
    'in the morning unless it rains',
  ])('"%s"', async (part_of_day) => {
    const args = { ...HOUSE, preferred_date: 'tomorrow', part_of_day };
    expect(await say(createThursday(), 'get_availability', args)).toMatch(/^unreadable_date: /);
  });

  test.each(['afternoon, Central time', 'afternoon local time'])(
    "but '%s' names the manager's own clock",
    async (part_of_day) => {
      const args = { ...HOUSE, preferred_date: 'tomorrow', part_of_day };
      expect(await say(createThursday(), 'get_availability', args)).toMatch(/^For 12 Main Street, I have /);
    },
  );

  test('but an order is kept to, and the home may be named', async () => {
    const args = {
      ...HOUSE,
      preferred_date: 'tomorrow',
      part_of_day: 'the latest you have in the afternoon',
    };
    const expected = 'For 12 Main Street, I have tomorrow at 3:30 PM, 4 PM or 4:30 PM. Which works best?';
    expect(await say(createThursday(), 'get_availability', args)).toBe(expected);
    const named = { ...args, part_of_day: 'the latest in the afternoon at Main Street' };
    expect(await say(createThursday(), 'get_availability', named)).toBe(expected);
    const two = { ...args, preferred_date: 'the soonest tomorrow' };
    expect(await say(createThursday(), 'get_availability', two)).toMatch(/^unreadable_date: /);
  });
});

test('a set of times is asked about with free times that fit it', async () => {
  const line = createThursday();
  expect(await say(line, 'set_appointment', { ...HOUSE, start_time: 'tomorrow between 2 and 3:30' })).toBe(
    'which_time: Do you mean tomorrow at 2 PM, 2:30 PM or 3 PM?',
  );
  expect(await say(line, 'set_appointment', { ...HOUSE, start_time: 'the second one' })).toBe(
    'Your viewing of 12 Main Street is booked for Friday, November 27 at 2:30 PM.',
  );
});
