import { describe, expect, test } from '@jest/globals';
import type { ListedProperty } from '../../shared/properties/property.ts';
import { home } from '../properties/homes.ts';
import { ASSISTANT, createConversation, MANAGER, toolCallsBody } from '../support/conversation.ts';
import type { Conversation } from '../support/conversation.ts';

const dogs = { dogs: 'yes', cats: 'no', note: 'Great for families' } as const;

const CALLED = { userId: MANAGER, language: null, assistantIds: [ASSISTANT], timeZone: null, policies: {} };

function createRentalLine(homes: readonly ListedProperty[] = listings()): Conversation {
  const line = createConversation();
  line.homes.push(...homes.map((one) => ({ ...one, userId: MANAGER })));
  return line;
}

function listings(): ListedProperty[] {
  return [
    home('1000 Rambling Oaks', {
      propertyId: 'ro-6',
      unit: '6',
      rent: 975,
      pets: dogs,
      availableOn: '2026-10-01',
    }),
    home('1000 Rambling Oaks', {
      propertyId: 'ro-12',
      unit: '12',
      rent: 1100,
      pets: dogs,
      availableOn: '2026-10-01',
    }),
    home('829 Western Ave', {
      propertyId: 'w-829',
      rent: 1250,
      pets: dogs,
      availableOn: '2026-10-02',
      aliases: ['The secret alias'],
      features: ['Garage', 'Perfect for young professionals'],
      viewing: {
        hours: null,
        durationMinutes: null,
        noticeMinutes: null,
        daysAhead: null,
        horizonDays: null,
        dailyLimit: null,
        accessNote: 'Lockbox 4711',
      },
    }),
    home('1405 Crossing Way', { propertyId: 'c-1405', rent: 1300, pets: dogs, availableOn: '2026-10-03' }),
    home('77 Fox Crossing', {
      propertyId: 'f-77',
      bedrooms: 3,
      rent: 1500,
      pets: null,
      availableOn: '2026-10-03',
    }),
    home('9 Gone St', { propertyId: 'g-9', status: 'rented' }),
  ];
}

function idsOf(result: { rentals?: readonly { property_id: string; spoken: boolean }[] } | object): string[] {
  const rentals = 'rentals' in result ? (result.rentals ?? []) : [];
  return rentals.map(({ property_id, spoken }) => (spoken ? property_id : `(${property_id})`));
}

describe('find_rentals', () => {
  test('names three homes, how many there are, and goes on with "more"', async () => {
    const line = createRentalLine();
    const first = await line.call('find_rentals', {});
    expect(first).toMatchObject({ action: 'present_rentals', total: 5 });
    expect(idsOf(first)).toEqual(['ro-6', 'ro-12', 'w-829', '(c-1405)', '(f-77)']);
    expect(first.response).toBe(
      'I have 5. First: unit 6 at 1000 Rambling Oaks, two bedrooms, nine seventy-five a month. Second: unit 12 at 1000 Rambling Oaks, two bedrooms, eleven hundred a month. Third: 829 Western Avenue, two bedrooms, twelve fifty a month. Which one interests you, or shall I go on?',
    );
    const second = await line.call('find_rentals', { more: true });
    expect(idsOf(second)).toEqual(['c-1405', 'f-77']);
    const third = await line.call('find_rentals', { more: 'true' });
    expect(third).toMatchObject({ action: 'no_rentals', rentals: [] });
  });

  test.each([
    ['one was proposed', '828 Western'],
    ['some were asked about', '1000 Rambling Oaks'],
    ['one was said to be gone', '9 Gone Street'],
    ['one was described', '829 Western'],
  ])('goes on with the same search after %s', async (_, said) => {
    const line = createRentalLine();
    await line.call('find_rentals', {});
    await line.call('describe_rental', { property_address: said });
    const rest = await line.call('find_rentals', { more: true });
    expect(rest).toMatchObject({ action: 'present_rentals', total: 5 });
    expect(idsOf(rest)).toEqual(['c-1405', 'f-77']);
  });

  test('goes on without homes that can no longer be viewed', async () => {
    const line = createRentalLine();
    await line.call('find_rentals', {});
    const at = line.homes.findIndex(({ propertyId }) => propertyId === 'c-1405');
    for (const status of ['hidden', 'rented'] as const) {
      line.homes.splice(at, 1, home('1405 Crossing Way', { propertyId: 'c-1405', userId: MANAGER, status }));
      expect(idsOf(await line.call('find_rentals', { more: true }))).toEqual(['f-77']);
      await line.call('find_rentals', {});
    }
  });

  test('says what a listing leaves out of those that "more" names, too', async () => {
    const line = createRentalLine([
      ...['1', '2', '3'].map((number) => home(`${number} Elm St`, { rent: 900 })),
      home('4 Elm St', { propertyId: 'e-4', rent: null }),
    ]);
    await line.call('find_rentals', { max_rent: '1000' });
    const rest = await line.call('find_rentals', { more: true });
    expect(rest).toMatchObject({ rentals: [{ property_id: 'e-4', unknown: ['max_rent'] }] });
    expect(rest.response).toContain('rent not stated');
  });

  test('filters by what the caller names, and says what a listing leaves out', async () => {
    const line = createRentalLine();
    const found = await line.call('find_rentals', { bedrooms: '3', pets: 'a dog' });
    expect(found).toMatchObject({
      action: 'present_rentals',
      total: 1,
      rentals: [{ property_id: 'f-77', unknown: ['pets'] }],
    });
    expect(found.response).toBe(
      'I have one: 77 Fox Crossing, three bedrooms, fifteen hundred a month, pets not stated. Would you like to see it?',
    );
  });

  test('gives one criterion up if nothing fits, and says which', async () => {
    const line = createRentalLine();
    const found = await line.call('find_rentals', {
      bedrooms: '2',
      max_rent: 'nine hundred',
      area: 'Norman',
    });
    expect(found).toMatchObject({
      action: 'present_rentals',
      relaxed: 'max_rent',
      rentals: [{ property_id: 'ro-6' }],
    });
    expect(found.response).toContain('For a little more');
  });

  test('reads the day to move in, in words too', async () => {
    const line = createRentalLine([
      home('1 Elm St', { availableOn: '2027-01-15' }),
      home('2 Elm St', { availableOn: '2026-10-01' }),
    ]);
    const found = await line.call('find_rentals', { move_in: 'next month' });
    expect(found).toMatchObject({ action: 'present_rentals', total: 1, rentals: [{ address: '2 Elm St' }] });
    expect(await line.call('find_rentals', { move_in: 'when the cows come home' })).toMatchObject({
      action: 'invalid_request',
      reason: 'unreadable_date',
    });
  });

  test.each([
    [{ bedrooms: 'plenty' }, 'unreadable_bedrooms'],
    [{ max_rent: 'cheap' }, 'unreadable_max_rent'],
    [{ pets: 'a parrot' }, 'unreadable_pets'],
    [{ feature: 'a safe neighborhood' }, 'unreadable_feature'],
    [{ move_in: `next month${' please'.repeat(30)} no wait, in January` }, 'unreadable_date'],
  ])('asks again for %j', async (args, reason) => {
    expect(await createRentalLine().call('find_rentals', args)).toMatchObject({
      action: 'invalid_request',
      reason,
    });
  });

  test('keeps criteria and results without the person', async () => {
    const line = createRentalLine();
    await line.call('find_rentals', { bedrooms: '3' });
    expect(line.searches).toEqual([
      expect.objectContaining({
        results: ['f-77'],
        total: 1,
        criteria: expect.objectContaining({ bedrooms: { min: 3, max: 3 } }),
      }),
    ]);
    expect(JSON.stringify(line.searches)).not.toMatch(/\+1/);
  });

  test('says so if nothing is listed', async () => {
    expect(await createRentalLine([]).call('find_rentals', {})).toMatchObject({
      action: 'no_rentals',
      total: 0,
    });
  });
});

describe('describe_rental', () => {
  test('tells listed facts alone, and what is missing', async () => {
    const line = createRentalLine();
    line.managers[0] = { ...CALLED, policies: { applications: 'Apply online' } };
    const told = await line.call('describe_rental', { property_address: '829 western' });
    expect(told).toMatchObject({
      action: 'rental_details',
      rental: { property_id: 'w-829', features: ['Garage'] },
    });
    expect(told.response).toBe(
      '829 Western Avenue is a home with two bedrooms and one bath in Norman. It rents for twelve fifty a month. It is available now. Dogs are allowed; cats are not allowed. About applications: Apply online. It is listed with garage.',
    );
    const bare = await line.call('describe_rental', { property_address: '77 Fox Crossing' });
    expect(bare.response).toContain(
      'The listing does not say whether pets are allowed. Shall I take a message for the manager?',
    );
  });

  test('never tells what callers must not hear', async () => {
    const told = await createRentalLine().call('describe_rental', { property_address: '829 Western Avenue' });
    expect(JSON.stringify(told)).not.toMatch(/4711|alias|professionals|families/);
  });

  test('is about the home last named, and about "the second one"', async () => {
    const line = createRentalLine();
    await line.call('find_rentals', {});
    expect(await line.call('describe_rental', { property_address: 'the second one' })).toMatchObject({
      rental: { property_id: 'ro-12' },
    });
    expect(await line.call('describe_rental', {})).toMatchObject({ rental: { property_id: 'ro-12' } });
    expect(await line.call('describe_rental', { property_address: 'the fifth one' })).toMatchObject({
      action: 'invalid_request',
      reason: 'no_such_option',
    });
  });
});

describe('A home that the words do not name for certain', () => {
  test('is asked about, and the answer tells it apart', async () => {
    const line = createRentalLine();
    const asked = await line.call('describe_rental', { property_address: '1000 Rambling Oaks' });
    expect(asked).toMatchObject({
      action: 'which_property',
      response: 'There are units 6 and 12 at 1000 Rambling Oaks. Which one do you mean?',
    });
    for (const said of ['twelve', 'number 12', 'unit twelve please']) {
      await line.call('describe_rental', { property_address: '1000 Rambling Oaks' });
      expect([said, await line.call('describe_rental', { property_address: said })]).toMatchObject([
        said,
        { rental: { property_id: 'ro-12' } },
      ]);
    }
  });

  test('is asked about if "number two" may be the second home or unit 2', async () => {
    const line = createRentalLine([home('5 Elm St', { unit: '2' }), home('5 Elm St', { unit: '4' })]);
    await line.call('describe_rental', { property_address: '5 Elm' });
    expect(await line.call('describe_rental', { property_address: 'number two' })).toMatchObject({
      action: 'which_property',
    });
    expect(await line.call('describe_rental', { property_address: 'the second one' })).toMatchObject({
      rental: { unit: '2' },
    });
  });

  test('is proposed if its number is one digit off, and "yes" takes it', async () => {
    const line = createRentalLine();
    const asked = await line.call('describe_rental', { property_address: '828 Western' });
    expect(asked).toMatchObject({
      action: 'property_unknown',
      rentals: [{ property_id: 'w-829', spoken: true }],
    });
    expect(asked.response).toContain('Did you mean 829 Western Avenue?');
    expect(await line.call('describe_rental', { property_address: 'yes' })).toMatchObject({
      rental: { property_id: 'w-829' },
    });
  });

  test('is unknown if no listing is near', async () => {
    expect(
      await createRentalLine().call('describe_rental', { property_address: 'Buckingham Palace' }),
    ).toMatchObject({
      action: 'property_unknown',
      rentals: [],
    });
  });

  test('is said to be rented, with similar ones instead', async () => {
    const gone = await createRentalLine().call('describe_rental', { property_address: '9 Gone Street' });
    expect(gone).toMatchObject({
      action: 'property_unavailable',
      rentals: [{ property_id: 'ro-6' }, { property_id: 'ro-12' }],
    });
  });

  test('has to be named, even if only one is listed', async () => {
    const line = createRentalLine(listings().slice(2, 3));
    expect(await line.call('describe_rental', {})).toMatchObject({
      action: 'which_property',
      response: 'Do you mean 829 Western Avenue?',
    });
  });
});

test('In Spanish the same is said in Spanish', async () => {
  const line = createRentalLine();
  line.managers[0] = { ...CALLED, language: 'es' };
  const found = await line.call('find_rentals', { bedrooms: 'tres' });
  expect(found.response).toBe(
    'Tengo una: 77 Fox Crossing, tres recámaras, 1500 dólares al mes. ¿Le gustaría verla?',
  );
});

test('A question that no tool answers is given the facts of the home last spoken of', async () => {
  const line = createRentalLine();
  const callOptions = { callId: 'call-with-questions' };
  const body = {
    message: {
      ...(toolCallsBody('x', {}, callOptions) as { message: object }).message,
      type: 'knowledge-base-request',
      toolCallList: undefined,
    },
  };
  expect(await line.send(body)).toEqual({ documents: [] });
  await line.call('describe_rental', { property_address: '829 Western' }, callOptions);
  const { documents } = (await line.send(body)) as { documents: { content: string }[] };
  expect(documents[0]?.content).toContain('829 Western Avenue is a home with two bedrooms');
  expect(JSON.stringify(documents)).not.toMatch(/4711|alias|professionals|families/);
});
