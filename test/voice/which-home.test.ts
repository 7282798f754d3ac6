// Which home a call is about: whatever is asked, answered and looked at in between, nothing is booked for a home that the
// caller did not name.
import { describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { AppError } from '../../shared/core/errors.ts';
import type { ListedProperty } from '../../shared/properties/property.ts';
import type { OpenCallRecord } from '../../shared/voice/call-memory.ts';
import type { WebhookOptions } from '../../shared/vapi/webhook.ts';
import type { VoicePorts } from '../../shared/voice/ports.ts';
import type { ToolResult } from '../../shared/voice/tool-result.ts';
import { home } from '../properties/homes.ts';
import { createConversation, MANAGER, OTHER, phoneCall, withCallRecord } from '../support/conversation.ts';
import type { Conversation } from '../support/conversation.ts';

/** Tuesday, December 1, 2026. */
const TEN = '2026-12-01T10:00:00-06:00';

/** A line of two managers who share their homes. */
function createHomesLine(
  homes: readonly ListedProperty[],
  overrides: Partial<VoicePorts> = {},
  options: Partial<WebhookOptions> = {},
): Conversation {
  const line = createConversation({ ...options, overrides });
  line.homes.push(...homes.map((one) => (one.userId === 'pete' ? { ...one, userId: MANAGER } : one)));
  line.managers.push({
    userId: OTHER,
    language: null,
    assistantIds: ['a-2'],
    timeZone: null,
    policies: {},
  });
  line.members.push(OTHER);
  return line;
}

function crossingHomes(): ListedProperty[] {
  return [
    home('829 Western Ave', { propertyId: 'w-829' }),
    home('1405 Crossing Way', { propertyId: 'c-1405' }),
    home('1411 Crossing Way', { propertyId: 'c-1411' }),
  ];
}

function book(line: Conversation, said?: string): Promise<ToolResult> {
  return line.call('set_appointment', { property_address: said, start_time: TEN });
}

function describeHome(line: Conversation, said: string): Promise<ToolResult> {
  return line.call('describe_rental', { property_address: said });
}

function bookedOf(line: Conversation): readonly string[] {
  return [MANAGER, OTHER].flatMap((userId) => line.bookingServices.calendar(userId).changes);
}

/** Takes a home out of the listings, as an operator does in the middle of a call. */
function hide(line: Conversation, propertyId: string): void {
  const at = line.homes.findIndex((one) => one.propertyId === propertyId);
  const found = line.homes[at];
  if (found !== undefined) line.homes[at] = { ...found, status: 'hidden' };
}

describe('After "Did you mean 829 Western Avenue?"', () => {
  async function createAskedLine(): Promise<Conversation> {
    const line = createHomesLine(crossingHomes());
    expect(await describeHome(line, '828 Western')).toMatchObject({
      action: 'property_unknown',
      rentals: [{ property_id: 'w-829' }],
    });
    return line;
  }

  test.each([
    'the one on Crossing Way',
    'the one on Elm Street',
    'right, but the other one',
    'esa no',
    'that one no',
    'yeah, no',
    'sure, the other one',
    'yes or no',
    'yes, which one is the one',
    'right side of the street',
    'eso no, la otra',
    'correct, not that one',
    'yes, the one on Good Street',
    'yes, Perfect Drive',
    'sí, la de Perfecto Avenue',
    'yes, with the marvelous porch',
  ])('an answer that only begins like yes takes no home: "%s"', async (said) => {
    const line = await createAskedLine();
    expect((await book(line, said)).action).toMatch(/^(?:which_property|property_unknown)$/);
    expect(bookedOf(line)).toEqual([]);
  });

  test.each([
    'yes',
    'Yes, please.',
    'yes that one',
    "that's it",
    'yeah, that is right',
    'um, yes I would like to see it',
    'the one',
    'correct, thank you',
    'sí, por favor',
    'esa',
    'sí, esa casa',
    'yes, that works',
    "yes, that's the house",
    'yes, sounds good',
    'sure, go ahead',
    "yes, let's do it",
    'yes sir, that would be great',
    'sí, esa misma',
    'sí, perfecto',
    'sí, de acuerdo',
  ])('"%s" takes it', async (said) => {
    const line = await createAskedLine();
    expect(await book(line, said)).toMatchObject({ action: 'booked' });
    expect(bookedOf(line)).toEqual(['book 829 Western Ave']);
  });

  test('nothing that denies the yes, or names another home beside it, takes it', async () => {
    const yes = fc.constantFrom('yes', 'sure', 'right', 'that one', 'the one', 'esa', 'sí', 'claro');
    const filler = fc.constantFrom('', 'please', 'um', 'thank you', 'that one', 'por favor');
    const turn = fc.constantFrom(
      ...['no', 'not that', 'but the other one', 'or another', 'on Crossing Way', 'the one on Elm Street'],
      ...['unit 12', '1411', 'wait', 'never mind', 'scratch that', 'la otra', 'no gracias', 'which one'],
    );
    await fc.assert(
      fc.asyncProperty(yes, filler, turn, filler, async (...words) => {
        const line = await createAskedLine();
        const said = words.join(' ').replace(/ +/g, ' ').trim();
        const result = await book(line, said);
        expect([said, bookedOf(line).filter((change) => change.includes('829'))]).toEqual([said, []]);
        expect([said, result.action]).not.toEqual([said, 'error']);
      }),
      { numRuns: 200 },
    );
  });

  test('"yes" takes it no more once another home was named, even if that one could not be booked', async () => {
    const line = await createAskedLine();
    const calendar = line.bookingServices.calendar(MANAGER);
    calendar.fault = () => Promise.reject(new AppError('outcome_unknown', 'Outlook is down'));
    expect(await book(line, '1405 Crossing Way')).toMatchObject({ action: 'error', retryable: true });
    calendar.fault = null;
    expect(await book(line, 'yes')).toMatchObject({ action: 'booked' });
    expect(bookedOf(line)).toEqual(['book 1405 Crossing Way']);
  });

  test('"yes" takes it no more once another question was asked', async () => {
    const line = await createAskedLine();
    expect(await describeHome(line, 'Buckingham Palace')).toMatchObject({ action: 'property_unknown' });
    expect((await book(line, 'yes')).action).toMatch(/^(?:which_property|property_unknown)$/);
    expect(bookedOf(line)).toEqual([]);
  });

  test('"yes" takes no home that is hidden by then', async () => {
    const line = await createAskedLine();
    hide(line, 'w-829');
    expect(await book(line, 'yes')).toMatchObject({ action: 'property_unavailable' });
    expect(bookedOf(line)).toEqual([]);
  });
});

test('Words that were asked about are no answer if a model says them again', async () => {
  const line = createHomesLine([home('829 Western Ave')]);
  for (const said of ['that one', 'that one']) {
    expect(await book(line, said)).toMatchObject({
      action: 'which_property',
      response: 'Do you mean 829 Western Avenue?',
    });
  }
  expect(bookedOf(line)).toEqual([]);
  expect(await book(line, 'yes')).toMatchObject({ action: 'booked' });
});

test('A yes that ends in unknown words leaves the question open', async () => {
  const line = createHomesLine(crossingHomes());
  await describeHome(line, '828 Western');
  expect(await book(line, 'yes, with the marvelous porch')).toMatchObject({
    action: 'which_property',
    rentals: [{ property_id: 'w-829' }],
  });
  expect(await book(line, 'yes')).toMatchObject({ action: 'booked' });
  expect(bookedOf(line)).toEqual(['book 829 Western Ave']);
});

test('A home on a street called like a word of agreement is not taken for agreement', async () => {
  const line = createHomesLine([home('829 Western Ave'), home('12 Perfect Pl'), home('14 Perfect Pl')]);
  await describeHome(line, '828 Western');
  expect((await book(line, 'yes, perfect place')).action).not.toBe('booked');
  expect(bookedOf(line)).toEqual([]);
});

test.each(['yes', 'yes, that one', 'sí, esa'])(
  'A yes that was asked about is the answer when it is said again: "%s"',
  async (said) => {
    const line = createHomesLine([home('829 Western Ave')]);
    await line.call('find_rentals', {});
    expect(await book(line, said)).toMatchObject({ action: 'which_property' });
    expect(await book(line, said)).toMatchObject({ action: 'booked' });
  },
);

describe('The home last named', () => {
  const gone = (userId = MANAGER): ListedProperty =>
    home('9 Gone St', { propertyId: 'g-9', status: 'rented', bedrooms: null, userId });

  test('is one that cannot be viewed, too: nothing else is booked instead', async () => {
    const line = createHomesLine([...crossingHomes(), gone()]);
    await describeHome(line, '829 western');
    expect(await describeHome(line, '9 Gone Street')).toMatchObject({ action: 'property_unavailable' });
    expect(await book(line)).toMatchObject({ action: 'property_unavailable' });
    expect(bookedOf(line)).toEqual([]);
  });

  test('decides who gets the message, even if it cannot be viewed', async () => {
    const line = createHomesLine([...crossingHomes(), gone(OTHER)]);
    await describeHome(line, '829 western');
    await describeHome(line, '9 Gone Street');
    await line.call('take_message', { message: 'When is it free again' });
    expect(line.takenFor).toEqual([OTHER]);
    expect(line.messages).toMatchObject([{ propertyAddress: '9 Gone St' }]);
  });

  test.each([
    ['is asked about', 'the one on Crossing Way'],
    ['is not found', '828 Western'],
    ['is nowhere near', 'Buckingham Palace'],
    ['is no place in the list', 'the fifth one'],
    ['is more than is read', `829 Western${' please'.repeat(30)}`],
  ])('counts no more once another one %s', async (_, said) => {
    const line = createHomesLine(crossingHomes());
    await describeHome(line, '1405 Crossing Way');
    await describeHome(line, said);
    expect(await book(line)).toMatchObject({ action: 'which_property' });
    expect(bookedOf(line)).toEqual([]);
  });

  test.each([{ area: 'Western' }, { more: true }, {}])('counts after a search, too: %j', async (args) => {
    const line = createHomesLine(crossingHomes());
    await describeHome(line, '1405 Crossing Way');
    await line.call('find_rentals', args);
    expect(await book(line)).toMatchObject({ action: 'booked' });
    expect(bookedOf(line)).toEqual(['book 1405 Crossing Way']);
  });

  test.each(['yes', 'that one', 'sí, esa'])(
    'is not taken for one that a search found: "%s" is asked about',
    async (said) => {
      const line = createHomesLine(crossingHomes());
      await describeHome(line, '1405 Crossing Way');
      await line.call('find_rentals', { area: 'Western' });
      expect(await book(line, said)).toMatchObject({
        action: 'which_property',
        rentals: [{ property_id: 'w-829' }],
      });
      expect(bookedOf(line)).toEqual([]);
    },
  );

  test('is the one that was chosen of a list', async () => {
    const line = createHomesLine(crossingHomes());
    await describeHome(line, '1405 Crossing Way');
    const found = await line.call('find_rentals', {});
    const second = found.action === 'present_rentals' ? found.rentals[1]?.address : undefined;
    await describeHome(line, 'the second one');
    expect(await book(line, 'that one')).toMatchObject({ action: 'booked' });
    expect(bookedOf(line)).toEqual([`book ${second}`]);
  });
});

describe('"The second one"', () => {
  const listed = (): ListedProperty[] => [home('1 Elm St'), home('2 Elm St'), home('3 Elm St')];

  test('stays the second of those read aloud if an earlier one is gone', async () => {
    const line = createHomesLine(listed());
    const found = await line.call('find_rentals', {});
    hide(line, found.action === 'present_rentals' ? (found.rentals[0]?.property_id ?? '') : '');
    expect(await book(line, 'the second one')).toMatchObject({ action: 'booked' });
    expect(bookedOf(line)).toEqual(['book 2 Elm St']);
  });

  test('is not available if it is gone itself', async () => {
    const line = createHomesLine(listed());
    const found = await line.call('find_rentals', {});
    const second = found.action === 'present_rentals' ? found.rentals[1]?.property_id : undefined;
    const at = line.homes.findIndex(({ propertyId }) => propertyId === second);
    line.homes.splice(at, 1);
    expect(await book(line, 'the second one')).toMatchObject({ action: 'property_unavailable', rentals: [] });
    expect(await book(line)).toMatchObject({ action: 'which_property' });
    expect(bookedOf(line)).toEqual([]);
  });

  test('"yes" takes none of two, even if one of them is gone', async () => {
    const line = createHomesLine(crossingHomes());
    expect(await describeHome(line, 'the one on Crossing Way')).toMatchObject({ action: 'which_property' });
    hide(line, 'c-1405');
    expect((await book(line, 'yes')).action).not.toBe('booked');
    expect(bookedOf(line)).toEqual([]);
  });
});

describe('Words over 200 characters', () => {
  const long = `829 Western Ave${' please'.repeat(27)} no wait 1405 Crossing Way`;
  const spaced = `829 Western Ave${' '.repeat(1_200)}no wait 1405 Crossing Way`;

  test.each([
    ['words', long],
    ['blanks', spaced],
  ])('name no home, but are asked about: many %s', async (_, said) => {
    const line = createHomesLine(crossingHomes());
    expect((await book(line, said)).action).toMatch(/^(?:invalid_request|property_unknown|which_property)$/);
    expect(bookedOf(line)).toEqual([]);
  });

  test('are an address where no home is listed, as far as 200 characters', async () => {
    const line = createHomesLine([]);
    expect(await book(line, long)).toMatchObject({
      action: 'booked',
      appointment: { property_address: long.slice(0, 200) },
    });
    const offered = await line.call('get_availability', { property_address: long });
    expect(offered).toMatchObject({ action: 'present_slots' });
  });

  test('are refused by their reason where homes are listed', async () => {
    const line = createHomesLine(crossingHomes());
    for (const tool of ['set_appointment', 'get_availability', 'describe_rental'])
      expect(await line.call(tool, { property_address: long, start_time: TEN })).toMatchObject({
        action: 'invalid_request',
        reason: 'unreadable_property',
        response: 'Which property would you like to see?',
      });
  });

  test('point at no viewing', async () => {
    const line = createHomesLine(crossingHomes());
    await book(line, '829 Western');
    const appointment = `the one at 829 Western Ave${' please'.repeat(60)} no not that one`;
    expect((await line.call('cancel_appointment', { appointment })).action).not.toBe('cancelled');
    expect(bookedOf(line)).toEqual(['book 829 Western Ave']);
  });
});

describe('A property_id of digits or letters alone', () => {
  const numbered = (): ListedProperty[] => [
    home('829 Western Ave', { propertyId: '1001' }),
    home('1405 Crossing Way', { propertyId: '1002' }),
    home('77 Fox Crossing', { propertyId: 'main' }),
  ];

  test('names its home once an answer of the call gave it, however long ago', async () => {
    const line = createHomesLine(numbered());
    await describeHome(line, '829 western');
    await describeHome(line, '1405 crossing way');
    await describeHome(line, 'Buckingham Palace');
    expect(await describeHome(line, '1001')).toMatchObject({ rental: { address: '829 Western Ave' } });
    await line.call('find_rentals', {});
    expect(await describeHome(line, 'main')).toMatchObject({ rental: { address: '77 Fox Crossing' } });
    expect(await book(line, '1002')).toMatchObject({ action: 'booked' });
    expect(bookedOf(line)).toEqual(['book 1405 Crossing Way']);
  });

  test('is described even if the memory of the call cannot be read', async () => {
    const failing = withCallRecord({
      recall: () => Promise.reject(new AppError('storage_unavailable', 'The tables are down')),
    });
    const line = createHomesLine(numbered(), failing);
    expect(await describeHome(line, '829 western')).toMatchObject({ rental: { property_id: '1001' } });
    expect(line.logged).toContain('call_memory_failed');
  });

  test('is what a caller may have said, and no id, before that', async () => {
    const line = createHomesLine(numbered());
    await describeHome(line, '829 western');
    expect(await book(line, '1002')).toMatchObject({ action: 'property_unknown' });
    expect(await book(line, 'main')).toMatchObject({ action: 'property_unknown' });
    expect(bookedOf(line)).toEqual([]);
  });

  test.each([
    ['a house number', [home('1001 Elm St')]],
    ['a house number of two homes', [home('1001 Elm St', { unit: '1' }), home('1001 Elm St', { unit: '2' })]],
    ['a unit', [home('55 Elm St', { unit: '1001' })]],
  ])('is asked about if it may as well be %s', async (_, others) => {
    const line = createHomesLine([...numbered(), ...others]);
    await describeHome(line, '829 western');
    expect(await book(line, '1001')).toMatchObject({ action: 'which_property' });
    expect(bookedOf(line)).toEqual([]);
  });

  test('is asked about if it may as well be the number of a home that is gone', async () => {
    const line = createHomesLine([...numbered(), home('1001 Elm St', { status: 'rented' })]);
    await describeHome(line, '829 western');
    expect((await book(line, '1001')).action).not.toBe('booked');
    expect(bookedOf(line)).toEqual([]);
  });
});

describe('Several tool calls in one message', () => {
  async function send(
    line: Conversation,
    ...calls: readonly (readonly [string, Record<string, unknown>])[]
  ): Promise<ToolResult[]> {
    const toolCallList = calls.map(([name, args], at) => ({ id: `together-${at}`, name, arguments: args }));
    const reply = (await line.send({
      message: { type: 'tool-calls', call: phoneCall(), toolCallList },
    })) as { results: { result: string }[] };
    return reply.results.map(({ result }) => JSON.parse(result) as ToolResult);
  }

  test('are of the home that the calls before them named', async () => {
    // What the first call leaves behind is written late.
    const { openCallRecord } = createConversation().ports;
    const slow: OpenCallRecord = (...call) => {
      const record = openCallRecord(...call);
      return {
        ...record,
        async remember(changes, now) {
          for (let turn = 50; turn > 0; turn -= 1) await new Promise(setImmediate);
          await record.remember(changes, now);
        },
      };
    };
    const line = createHomesLine(crossingHomes(), { openCallRecord: slow });
    await describeHome(line, '829 western');
    const [, booked] = await send(
      line,
      ['describe_rental', { property_address: '1405 Crossing Way' }],
      ['set_appointment', { start_time: TEN }],
    );
    expect(booked).toMatchObject({ action: 'booked' });
    expect(bookedOf(line)).toEqual(['book 1405 Crossing Way']);
  });

  test('cost work in proportion to their number', async () => {
    const line = createHomesLine(crossingHomes());
    async function countWaits(calls: number): Promise<number> {
      const many = Array.from({ length: calls }, () => ['unheard_of', {}] as const);
      const waits = jest.spyOn(Promise.prototype, 'then');
      try {
        const results = await send(line, ...many);
        expect(results.map(({ action }) => action)).toEqual(many.map(() => 'invalid_request'));
        return waits.mock.calls.length;
      } finally {
        waits.mockRestore();
      }
    }
    const few = await countWaits(200);
    expect(await countWaits(2_000)).toBeLessThan(few * 12);
  });

  test('leave behind what the last of them said, however long the first took', async () => {
    const line = createHomesLine(crossingHomes());
    let asked = 0;
    line.bookingServices.calendar(MANAGER).fault = async () => {
      // The first listing is the slower one.
      for (let turn = (asked += 1) === 1 ? 50 : 0; turn > 0; turn -= 1) await new Promise(setImmediate);
    };
    await send(
      line,
      ['get_availability', { property_address: '829 western', preferred_date: 'tomorrow' }],
      ['get_availability', { property_address: '1405 Crossing Way', preferred_date: '2026-12-01' }],
    );
    line.bookingServices.calendar(MANAGER).fault = null;
    const booked = await line.call('set_appointment', { start_time: 'the first one' });
    expect(booked).toMatchObject({
      action: 'booked',
      appointment: { property_address: '1405 Crossing Way' },
    });
    const start = booked.action === 'booked' ? booked.appointment.start_time : '';
    expect(start.slice(0, 10)).toBe('2026-12-01');
  });

  describe('of which the first hangs', () => {
    const colleagues = (): ListedProperty[] => [
      home('829 Western Ave', { propertyId: 'w-829' }),
      home('1405 Crossing Way', { propertyId: 'c-1405', userId: OTHER }),
    ];
    /** The calendar of the called manager answers once something else was done. */
    function hangUntil(line: Conversation, isDone: () => boolean): void {
      line.bookingServices.calendar(MANAGER).fault = async (signal) => {
        while (!isDone() && !signal.aborted) await new Promise(setImmediate);
      };
    }
    const hanging = [
      'get_availability',
      { property_address: '829 western', preferred_date: 'tomorrow' },
    ] as const;

    test('list the times of a colleague meanwhile', async () => {
      const line = createHomesLine(colleagues(), {}, { turnLimitMs: 1 });
      hangUntil(line, () => line.bookingServices.opened.includes(OTHER));
      const results = await send(line, hanging, [
        'get_availability',
        { property_address: '1405 Crossing Way', preferred_date: 'tomorrow' },
      ]);
      expect(results.map(({ action }) => action)).toEqual(['present_slots', 'present_slots']);
    });

    test('book with a colleague meanwhile', async () => {
      const line = createHomesLine(colleagues(), {}, { turnLimitMs: 1 });
      hangUntil(line, () => line.bookingServices.calendar(OTHER).changes.length > 0);
      const [, booked] = await send(line, hanging, [
        'set_appointment',
        { property_address: '1405 Crossing Way', start_time: TEN },
      ]);
      expect(booked).toMatchObject({ action: 'booked' });
    });

    test('take a message meanwhile', async () => {
      const line = createHomesLine(colleagues(), {}, { turnLimitMs: 1 });
      hangUntil(line, () => line.messages.length > 0);
      const [, taken] = await send(line, hanging, ['take_message', { message: 'Please call me' }]);
      expect(taken).toMatchObject({ action: 'message_taken' });
    });

    test('leave behind what the last of them said all the same', async () => {
      const { openCallRecord } = createConversation().ports;
      let hasOffered = false;
      const watched: OpenCallRecord = (...call) => {
        const record = openCallRecord(...call);
        return {
          ...record,
          async remember(changes, now) {
            await record.remember(changes, now);
            hasOffered ||= changes.offered !== undefined;
          },
        };
      };
      const line = createHomesLine(colleagues(), { openCallRecord: watched }, { turnLimitMs: 1 });
      hangUntil(line, () => hasOffered);
      await send(line, hanging, [
        'get_availability',
        { property_address: '1405 Crossing Way', preferred_date: '2026-12-01' },
      ]);
      const booked = await line.call('set_appointment', { start_time: 'the first one' });
      expect(booked).toMatchObject({
        action: 'booked',
        appointment: { property_address: '1405 Crossing Way' },
      });
      expect(booked.action === 'booked' && booked.appointment.start_time.slice(0, 10)).toBe('2026-12-01');
    });
  });
});
