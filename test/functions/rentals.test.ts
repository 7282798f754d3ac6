// From an imported file to a booked viewing, over HTTP: the way of a listing to a manager's calendar.
import { describe, expect, test } from '@jest/globals';
import '../../functions/properties.ts';
import '../../functions/property-import.ts';
import '../../functions/property.ts';
import { START, useTestApp } from '../support/test-app.ts';
import { connectManager, expectAction, KAVYA, onlyEvent, PETE, roundTrips } from '../support/voice-agent.ts';
import type { CalledManager } from '../support/voice-agent.ts';

const app = useTestApp({ TRUST_TOOL_USER_ID: 'true' });

const CSV = `property_id,address,unit,city,state,postal_code,status,bedrooms,rent,dogs,cats,available_on,description
ro-6,1000 Rambling Oaks,6,Norman,OK,73072,available,2,975,yes,no,2026-10-01,Perfect for families
ro-12,1000 Rambling Oaks,12,Norman,OK,73072,available,2,1100,yes,no,2026-10-02,
w-829,829 Western Ave,,Norman,OK,73069,available,3,1400,no,no,2026-10-01,
g-9,9 Gone St,,Norman,OK,73069,rented,2,900,yes,yes,,
`;
const TEN = '2026-12-01T10:00:00-06:00';

async function importHomes({ userId }: CalledManager, csv = CSV): Promise<void> {
  const response = await app.request(`/managers/${userId}/properties/import`, {
    method: 'POST',
    headers: { 'content-type': 'text/csv' },
    body: csv,
  });
  expect([response.status, await response.json()]).toMatchObject([200, { applied: true, unreadable: [] }]);
}

describe('An imported home', () => {
  test('is searched for, asked about, and booked with its own spelling', async () => {
    const manager = await connectManager(app, PETE);
    await importHomes(manager);
    const { ask } = manager.phone();
    const found = expectAction(
      await ask('find_rentals', { bedrooms: 'two', pets: 'a dog' }),
      'present_rentals',
    );
    expect(found.rentals.map(({ property_id, spoken }) => [property_id, spoken])).toEqual([
      ['ro-6', true],
      ['ro-12', true],
    ]);
    expect(JSON.stringify(found)).not.toContain('families');
    expectAction(await ask('get_availability', { property_address: 'the second one' }), 'present_slots');
    const asked = expectAction(
      await ask('set_appointment', { property_address: 'one thousand one rambling oaks', start_time: TEN }),
      'property_unknown',
    );
    expect(asked.rentals.map(({ property_id }) => property_id)).toEqual(['ro-6', 'ro-12']);
    expect(manager.events()).toEqual([]);
    const booked = expectAction(
      await ask('set_appointment', {
        property_address: 'unit twelve at one thousand rambling oaks',
        start_time: TEN,
        attendee_name: 'Ann',
      }),
      'booked',
    );
    expect(booked.appointment.property_address).toBe('1000 Rambling Oaks, unit 12');
    const { event, from } = onlyEvent(manager);
    expect(from).toBe(new Date(TEN).toISOString());
    expect(event.subject).toBe('Property Viewing - 1000 Rambling Oaks, unit 12');
    expect(JSON.stringify(event)).toContain('"1000 Rambling Oaks, unit 12"');
    const moved = await ask('reschedule_appointment', {
      appointment: 'the one on Rambling Oaks',
      new_start_time: '2026-12-01T14:00:00-06:00',
    });
    expectAction(moved, 'rescheduled');
  });

  test.each([
    ['Buckingham Palace', 'property_unknown'],
    ['1000 Rambling Oaks', 'which_property'],
    ['9 Gone Street', 'property_unavailable'],
    ['829 Western in Tulsa', 'property_unknown'],
  ] as const)('is not found as "%s", and nothing is booked', async (said, action) => {
    const manager = await connectManager(app, PETE);
    await importHomes(manager);
    const about = { property_address: said, start_time: TEN, attendee_name: 'Ann' };
    expectAction(await manager.phone().ask('set_appointment', about), action);
    expectAction(await manager.askFlat('set_appointment', about), action);
    expect(manager.events()).toEqual([]);
  });

  test('is found without a request to Graph, and booked with two', async () => {
    const manager = await connectManager(app, PETE);
    await importHomes(manager);
    const { ask } = manager.phone();
    const before = roundTrips(app).length;
    await ask('find_rentals', {});
    await ask('describe_rental', { property_address: '829 western' });
    await ask('set_appointment', { property_address: 'Buckingham Palace', start_time: TEN });
    expect(roundTrips(app).length).toBe(before);
    expectAction(
      await ask('set_appointment', { property_address: '829 western', start_time: TEN }),
      'booked',
    );
    expect(roundTrips(app).length).toBe(before + 2);
  });

  test('is viewed in its own hours, and its access instructions are only in the event', async () => {
    const manager = await connectManager(app, PETE);
    const body = JSON.stringify({
      address: '829 Western Ave',
      status: 'available',
      viewing: { hours: { tue: [['18:00', '20:00']] }, access_note: 'Lockbox 4711' },
    });
    const response = await app.request(`/managers/${manager.userId}/properties/w-829`, {
      method: 'PUT',
      body,
    });
    expect(response.status).toBe(201);
    const { ask } = manager.phone();
    expect(
      expectAction(
        await ask('set_appointment', { property_address: '829 western', start_time: TEN }),
        'invalid_request',
      ).reason,
    ).toBe('outside_hours');
    const offered = expectAction(
      await ask('get_availability', { property_address: '829 western', preferred_date: '2026-12-01' }),
      'present_slots',
    );
    const [first] = offered.available_slots;
    const booked = await ask('set_appointment', {
      property_address: '829 western',
      start_time: first?.start_time,
    });
    expectAction(booked, 'booked');
    expect(JSON.stringify(booked)).not.toContain('4711');
    expect(JSON.stringify(onlyEvent(manager).event)).toContain('Lockbox 4711');
  });
});

test('Two managers of a portfolio share homes, and the home decides whose calendar is booked', async () => {
  const portfolio = `portfolio-${START}`;
  const pete = await connectManager(app, PETE, { portfolio });
  const kavya = await connectManager(app, KAVYA, { portfolio });
  await importHomes(pete, 'property_id,address,status\nw-829,829 Western Ave,available\n');
  await importHomes(kavya, 'property_id,address,status\nc-1405,1405 Crossing Way,available\n');
  const { ask } = pete.phone();
  expect(expectAction(await ask('find_rentals'), 'present_rentals').total).toBe(2);
  const about = { property_address: 'fourteen oh five crossing', attendee_name: 'Ann' };
  const { available_slots } = expectAction(await ask('get_availability', about), 'present_slots');
  const [slot] = available_slots;
  expectAction(await ask('set_appointment', { ...about, start_time: slot?.start_time }), 'booked');
  expect([pete.events().length, kavya.events().length]).toEqual([0, 1]);
  const found = expectAction(await ask('find_appointments'), 'appointments');
  expect(found.appointments.map(({ property_address }) => property_address)).toEqual(['1405 Crossing Way']);
  expectAction(await ask('cancel_appointment', { appointment: 'the one on Crossing Way' }), 'cancelled');
  expect(kavya.events()).toEqual([]);
});
