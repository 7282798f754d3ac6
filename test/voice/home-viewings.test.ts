// Viewings of listed homes, from the words of a caller to the calendar of the manager who shows the home.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { ListedProperty, PropertyViewing } from '../../shared/properties/property.ts';
import { readingsOf } from '../properties/ear/say-number.ts';
import { home } from '../properties/homes.ts';
import { createConversation, MANAGER, OTHER } from '../support/conversation.ts';
import type { Conversation } from '../support/conversation.ts';

const NO_VIEWING: PropertyViewing = {
  hours: null,
  durationMinutes: null,
  noticeMinutes: null,
  daysAhead: null,
  horizonDays: null,
  dailyLimit: null,
  accessNote: null,
};
/** Tuesday, December 1, 2026. */
const TEN = '2026-12-01T10:00:00-06:00';

function createHomesLine(...homes: readonly ListedProperty[]): Conversation {
  const line = createConversation();
  line.homes.push(...homes.map((one) => (one.userId === 'pete' ? { ...one, userId: MANAGER } : one)));
  return line;
}

function listings(): ListedProperty[] {
  return [
    home('1000 Rambling Oaks', { propertyId: 'ro-6', unit: '6' }),
    home('1000 Rambling Oaks', { propertyId: 'ro-12', unit: '12' }),
    home('829 Western Ave', { propertyId: 'w-829' }),
    home('9 Gone St', { propertyId: 'g-9', status: 'rented' }),
  ];
}

describe('A viewing of a listed home', () => {
  test('is booked for the home that was named, by the listing’s spelling', async () => {
    const line = createHomesLine(...listings());
    const booked = await line.call('set_appointment', {
      property_address: 'unit six at one thousand rambling oaks drive',
      start_time: TEN,
      attendee_name: 'Ann',
    });
    expect(booked).toMatchObject({
      action: 'booked',
      appointment: { property_address: '1000 Rambling Oaks, unit 6' },
      response: 'Your viewing of unit 6 at 1000 Rambling Oaks is booked for Tuesday, December 1 at 10 AM.',
    });
    expect(line.bookingServices.calendar(MANAGER).changes).toEqual(['book 1000 Rambling Oaks, unit 6']);
  });

  test('is found by the name and the time of a caller without a number, by the hours of the home', async () => {
    const evenings = { ...NO_VIEWING, hours: { tue: [['17:00', '20:00']] } } as const;
    const line = createHomesLine(
      ...listings(),
      home('3 Late Lane', { propertyId: 'l-3', viewing: evenings }),
    );
    const booked = await line.call('set_appointment', {
      property_address: '3 Late Lane',
      start_time: '2026-12-01T19:00:00-06:00',
      attendee_name: 'Ann',
    });
    expect(booked).toMatchObject({ action: 'booked' });
    const withheld = { callId: 'call-2', number: null };
    const pointer = { attendee_name: 'Ann', start_time: 'Tuesday, December 1 at 7' };
    expect(await line.call('find_appointments', pointer, withheld)).toMatchObject({
      appointments: [{ property_address: '3 Late Lane' }],
    });
    const moved = { ...pointer, new_start_time: 'half an hour earlier' };
    expect(await line.call('reschedule_appointment', moved, withheld)).toMatchObject({
      appointment: { start_time: '2026-12-01T18:30:00-06:00' },
    });
    const late = { attendee_name: 'Ann', start_time: 'Tuesday, December 1 at 6:30' };
    expect(await line.call('cancel_appointment', late, withheld)).toMatchObject({ action: 'cancelled' });
  });

  test('is not found by a time that the hours of its own home read otherwise', async () => {
    const mornings = { ...NO_VIEWING, hours: { tue: [['06:00', '09:00']] } } as const;
    const evenings = { ...NO_VIEWING, hours: { tue: [['17:00', '20:00']] } } as const;
    const [early, late] = [
      home('3 Early Lane', { propertyId: 'e-3', viewing: mornings }),
      home('3 Late Lane', { propertyId: 'l-3', viewing: evenings }),
    ];
    const line = createHomesLine(...listings(), early, late);
    const booking = { property_address: '3 Late Lane', start_time: '2026-12-01T19:00:00-06:00' };
    await line.call('set_appointment', { ...booking, attendee_name: 'Ann' });
    // Its hours have changed since: "at 7" is in the morning there.
    line.homes.splice(line.homes.length - 1, 1, { ...late, userId: MANAGER, viewing: mornings });
    const pointer = { attendee_name: 'Ann', start_time: 'Tuesday, December 1 at 7' };
    await line.call('cancel_appointment', pointer, { callId: 'call-2', number: null });
    expect(line.bookingServices.calendar(MANAGER).bookings.size).toBe(1);
  });

  test.each([
    ['Buckingham Palace', 'property_unknown'],
    ['828 Western', 'property_unknown'],
    ['1000 Rambling Oaks', 'which_property'],
    ['829', 'which_property'],
    ['9 Gone Street', 'property_unavailable'],
    ['the third one', 'invalid_request'],
  ])('is not booked for "%s"', async (said, action) => {
    const line = createHomesLine(...listings());
    const times = { property_address: said, start_time: TEN, attendee_name: 'Ann' };
    expect(await line.call('set_appointment', times)).toMatchObject({ action });
    // Nor if a model says the same once more.
    expect(await line.call('set_appointment', times)).toMatchObject({ action });
    expect(await line.call('get_availability', { property_address: said })).toMatchObject({ action });
    expect(line.bookingServices.calendar(MANAGER).changes).toEqual([]);
    expect(line.bookingServices.opened).toEqual([]);
  });

  test('is judged by its home before its time', async () => {
    const line = createHomesLine(...listings());
    const both = { property_address: 'Buckingham Palace', start_time: 'whenever' };
    expect(await line.call('set_appointment', both)).toMatchObject({ action: 'property_unknown' });
  });

  test('without an address is of the home last named, and else asked about', async () => {
    const line = createHomesLine(...listings());
    expect(await line.call('set_appointment', { start_time: TEN })).toMatchObject({
      action: 'which_property',
    });
    await line.call('get_availability', { property_address: '829 western' });
    expect(await line.call('set_appointment', { start_time: 'the first one' })).toMatchObject({
      action: 'booked',
      appointment: { property_address: '829 Western Ave' },
    });
  });

  test('is asked about even if only one home is listed', async () => {
    const line = createHomesLine(home('829 Western Ave'));
    expect(await line.call('set_appointment', { start_time: TEN })).toMatchObject({
      action: 'which_property',
      rentals: [{ address: '829 Western Ave' }],
    });
  });

  test('takes any text as an address if nothing is listed', async () => {
    const line = createHomesLine();
    expect(
      await line.call('set_appointment', { property_address: 'Buckingham Palace', start_time: TEN }),
    ).toMatchObject({ action: 'booked', appointment: { property_address: 'Buckingham Palace' } });
  });

  test('is of "the second one" of those that were read aloud', async () => {
    const line = createHomesLine(...listings());
    expect(await line.call('find_rentals', {})).toMatchObject({
      rentals: [{ property_id: 'w-829' }, { property_id: 'ro-6' }, { property_id: 'ro-12' }],
    });
    expect(
      await line.call('set_appointment', { property_address: 'the second one', start_time: TEN }),
    ).toMatchObject({ action: 'booked', appointment: { property_address: '1000 Rambling Oaks, unit 6' } });
  });

  test('is found again by its home', async () => {
    const line = createHomesLine(...listings());
    await line.call('set_appointment', { property_address: '829 Western', start_time: TEN });
    await line.call('set_appointment', {
      property_address: '1000 rambling oaks unit 6',
      start_time: '2026-12-01T11:00:00-06:00',
    });
    const cancelled = await line.call('cancel_appointment', { appointment: 'the one on rambling oaks' });
    expect(cancelled).toMatchObject({
      action: 'cancelled',
      appointment: { property_address: '1000 Rambling Oaks, unit 6' },
    });
  });
});

describe('A home’s own viewing rules', () => {
  const evenings = {
    ...NO_VIEWING,
    hours: { tue: [['18:00', '20:00']] },
    durationMinutes: 60,
    accessNote: 'Lockbox 4711',
  } as const;

  test('decide what is offered and what is booked alike', async () => {
    const line = createHomesLine(home('829 Western Ave', { viewing: evenings }));
    const offered = await line.call('get_availability', {
      property_address: '829 western',
      preferred_date: '2026-12-01',
    });
    const slots = offered.action === 'present_slots' ? offered.available_slots : [];
    expect(slots.map(({ start_time }) => start_time.slice(11, 16))).toEqual(['18:00', '18:30', '19:00']);
    expect(
      await line.call('set_appointment', { property_address: '829 western', start_time: TEN }),
    ).toMatchObject({ action: 'invalid_request', reason: 'outside_hours' });
    expect(
      await line.call('set_appointment', {
        property_address: '829 western',
        start_time: '2026-12-01T18:00:00-06:00',
      }),
    ).toMatchObject({ action: 'booked', appointment: { end_time: '2026-12-01T19:00:00-06:00' } });
  });

  test('of a home that comes soon allow viewings from its day', async () => {
    const line = createHomesLine(
      home('829 Western Ave', { status: 'coming_soon', availableOn: '2026-12-03' }),
    );
    const early = { property_address: '829 western', start_time: TEN };
    const refused = await line.call('set_appointment', early);
    expect(refused).toMatchObject({ action: 'invalid_request', reason: 'not_yet' });
    expect(refused.response).toContain('829 Western Avenue can be viewed from Thursday, December 3.');
    const slots = refused.action === 'invalid_request' ? (refused.available_slots ?? []) : [];
    expect(slots.map(({ start_time }) => start_time.slice(0, 10))).toEqual(['2026-12-03', '2026-12-03']);
    expect(
      await line.call('get_availability', { property_address: '829 western', preferred_date: '2026-12-01' }),
    ).toMatchObject({ action: 'invalid_request', reason: 'not_yet' });
    expect(
      await line.call('set_appointment', { ...early, start_time: '2026-12-03T10:00:00-06:00' }),
    ).toMatchObject({ action: 'booked' });
  });
});

describe('A move', () => {
  test('is read by the rules of the home, which it is checked by', async () => {
    const evenings = {
      ...NO_VIEWING,
      hours: { tue: [['17:00', '20:00']], wed: [['17:00', '20:00']] },
    } as const;
    const line = createHomesLine(home('829 Western Ave', { viewing: evenings }));
    const about = { property_address: '829 western', start_time: 'December 1 at 5 PM' };
    expect(await line.call('set_appointment', about)).toMatchObject({ action: 'booked' });
    // The manager is closed at 7 in the morning and in the evening; this home is open in the evening.
    expect(await line.call('reschedule_appointment', { new_start_time: 'December 2 at 7' })).toMatchObject({
      action: 'rescheduled',
      appointment: { start_time: '2026-12-02T19:00:00-06:00' },
    });
  });

  test('to before the home can be seen is told the day from which it can', async () => {
    const line = createHomesLine(
      home('829 Western Ave', { status: 'coming_soon', availableOn: '2026-12-03' }),
    );
    const about = { property_address: '829 western', start_time: '2026-12-03T10:00:00-06:00' };
    expect(await line.call('set_appointment', about)).toMatchObject({ action: 'booked' });
    for (const new_start_time of [TEN, 'December 1 at 10 AM']) {
      const refused = await line.call('reschedule_appointment', { new_start_time });
      expect(refused).toMatchObject({ action: 'invalid_request', reason: 'not_yet' });
      expect(refused.response).toContain('can be viewed from Thursday, December 3.');
    }
  });
});

describe('A portfolio of two managers', () => {
  function createPortfolioLine(): Conversation {
    const line = createHomesLine(
      home('829 Western Ave', { propertyId: 'w-829' }),
      home('1405 Crossing Way', { propertyId: 'c-1405', userId: OTHER }),
    );
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

  test('books with the manager who shows the home', async () => {
    const line = createPortfolioLine();
    await line.call('set_appointment', { property_address: '1405 crossing way', start_time: TEN });
    expect(line.bookingServices.calendar(OTHER).changes).toEqual(['book 1405 Crossing Way']);
    expect(line.bookingServices.calendar(MANAGER).changes).toEqual([]);
  });

  test('speaks of the calendar of that manager if it is not connected', async () => {
    const line = createPortfolioLine();
    line.bookingServices.calendar(OTHER).requireAuth = 'disconnected';
    const about = { property_address: '1405 crossing way', start_time: TEN };
    expect(await line.call('set_appointment', about)).toMatchObject({
      action: 'require_auth',
      reason: 'disconnected',
    });
    expect(
      await line.call('set_appointment', { property_address: '829 western', start_time: TEN }),
    ).toMatchObject({ action: 'booked' });
  });

  test('finds, moves and cancels viewings with any of them', async () => {
    const line = createPortfolioLine();
    await line.call('set_appointment', { property_address: '829 western', start_time: TEN });
    await line.call('set_appointment', {
      property_address: '1405 crossing way',
      start_time: '2026-12-01T11:00:00-06:00',
    });
    expect(await line.call('find_appointments', {})).toMatchObject({
      appointments: [{ property_address: '829 Western Ave' }, { property_address: '1405 Crossing Way' }],
    });
    expect(
      await line.call('reschedule_appointment', {
        appointment: 'the one on Crossing Way',
        new_start_time: '2026-12-02T11:00:00-06:00',
      }),
    ).toMatchObject({ action: 'rescheduled', appointment: { property_address: '1405 Crossing Way' } });
    expect(await line.call('cancel_appointment', { appointment: 'the second one' })).toMatchObject({
      action: 'cancelled',
      appointment: { property_address: '1405 Crossing Way' },
    });
    expect(await line.call('cancel_appointment', {})).toMatchObject({
      action: 'cancelled',
      appointment: { property_address: '829 Western Ave' },
    });
  });

  describe('in two time zones', () => {
    const DENVER = 'America/Denver';
    /** The manager who was called is in Chicago, the other one in Denver, an hour earlier. */
    function createTwoClocksLine(): Conversation {
      const line = createPortfolioLine();
      const calendar = line.bookingServices.calendar(OTHER);
      calendar.schedule = { ...calendar.schedule, timeZone: DENVER };
      return line;
    }
    const ON_CROSSING_WAY = { property_address: '1405 crossing way' };

    test('speaks of each viewing on the clock of its own manager', async () => {
      const line = createTwoClocksLine();
      const booked = await line.call('set_appointment', {
        ...ON_CROSSING_WAY,
        start_time: 'December 1 at 10 AM',
      });
      expect(booked).toMatchObject({ appointment: { start_time: '2026-12-01T10:00:00-07:00' } });
      await line.call('set_appointment', {
        property_address: '829 western',
        start_time: 'December 1 at 2 PM',
      });
      const found = await line.call('find_appointments', {});
      expect(found).toMatchObject({
        appointments: [
          { start_time: '2026-12-01T10:00:00-07:00', formatted_time: 'Tuesday, December 1 at 10 AM' },
          { start_time: '2026-12-01T14:00:00-06:00', formatted_time: 'Tuesday, December 1 at 2 PM' },
        ],
      });
      expect(found.response).toContain('1405 Crossing Way, Tuesday, December 1 at 10 AM');
      const cancelled = await line.call('cancel_appointment', { appointment: 'the one at 10 AM' });
      expect(cancelled).toMatchObject({
        action: 'cancelled',
        appointment: { property_address: '1405 Crossing Way', start_time: '2026-12-01T10:00:00-07:00' },
      });
      expect(cancelled.response).toContain('December 1 at 10 AM');
    });

    test.each(['2026-12-02T11:00', 'December 2 at 11 AM', 'a day later at 11'])(
      'moves a viewing to "%s" on the clock of its own manager',
      async (new_start_time) => {
        const line = createTwoClocksLine();
        await line.call('set_appointment', { ...ON_CROSSING_WAY, start_time: 'December 1 at 10 AM' });
        const moved = await line.call('reschedule_appointment', { new_start_time });
        expect(moved).toMatchObject({
          action: 'rescheduled',
          appointment: { start_time: '2026-12-02T11:00:00-07:00' },
        });
        expect(moved.response).toContain('11 AM');
      },
    );

    test('says on that clock why a viewing cannot be moved, and to when it can', async () => {
      const line = createTwoClocksLine();
      await line.call('set_appointment', { ...ON_CROSSING_WAY, start_time: 'December 1 at 10 AM' });
      // Open in Chicago, and closed in Denver.
      const refused = await line.call('reschedule_appointment', {
        new_start_time: '2026-12-02T09:00:00-06:00',
      });
      expect(refused).toMatchObject({
        action: 'invalid_request',
        reason: 'outside_hours',
        available_slots: [
          { start_time: '2026-12-02T09:00:00-07:00', formatted_time: 'Wednesday, December 2 at 9 AM' },
          {},
        ],
      });
    });

    test('knows a caller without a number by their name and the time on that clock', async () => {
      const line = createTwoClocksLine();
      await line.call(
        'set_appointment',
        { ...ON_CROSSING_WAY, start_time: 'December 1 at 10 AM', attendee_name: 'Ann' },
        { number: null },
      );
      expect(
        await line.call(
          'cancel_appointment',
          { attendee_name: 'Ann', start_time: 'December 1 at 10 AM' },
          { number: null },
        ),
      ).toMatchObject({ action: 'cancelled', appointment: { start_time: '2026-12-01T10:00:00-07:00' } });
    });
  });

  test('takes messages for the manager of the home last spoken of', async () => {
    const line = createPortfolioLine();
    await line.call('take_message', { message: 'Hello' });
    await line.call('describe_rental', { property_address: '1405 crossing way' });
    await line.call('take_message', { message: 'Is there a garage' });
    expect(line.takenFor).toEqual([MANAGER, OTHER]);
  });
});

test('Nothing that is said of one listed home books another', async () => {
  const homes = [
    home('120 Main St', { unit: '3' }),
    home('123 Main St'),
    home('120 Maine St', { city: 'Moore' }),
    home('1203 Main St', { city: 'Moore' }),
    home('20 3rd St'),
    home('23 Main St'),
  ];
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...homes),
      fc.nat(),
      fc.constantFrom('', ' Street', ' Avenue'),
      fc.boolean(),
      async (meant, reading, type, saysCity) => {
        const [house = '', street = ''] = meant.address.split(' ');
        const readings = readingsOf(Number(house));
        const unit = meant.unit === null ? '' : ` unit ${meant.unit}`;
        const city = saysCity ? ` in ${meant.city ?? ''}` : '';
        const said = `${readings[reading % readings.length] ?? ''} ${street}${type}${unit}${city}`;
        const line = createHomesLine(...homes);
        const result = await line.call('set_appointment', { property_address: said, start_time: TEN });
        const written = meant.unit === null ? meant.address : `${meant.address}, unit ${meant.unit}`;
        expect([said, result.action]).toEqual([said, expect.stringMatching(/^(?:booked|which_property)$/)]);
        if (result.action === 'booked') {
          expect([said, result.appointment.property_address]).toEqual([said, written]);
        }
      },
    ),
    { numRuns: 150 },
  );
});
