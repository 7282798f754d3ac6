// From each format's file to a viewing in Outlook, and what becomes of it when the home is rented.
import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { useTestApp } from '../support/test-app.ts';
import { connectManager, expectAction, PETE } from '../support/voice-agent.ts';
import '../../functions/property-import.ts';
import '../../functions/property.ts';

const app = useTestApp();

function importText(userId: string, content: string, type: string, query = 'source=file') {
  return app.json(`/managers/${userId}/properties/import?${query}`, {
    method: 'POST',
    body: content,
    headers: { 'content-type': type },
  });
}

describe.each([
  ['own.csv', 'text/csv', 'unit six at one thousand rambling oaks', '1000 Rambling Oaks', '2026-12-16T10:00'],
  [
    'appfolio.csv',
    'text/csv',
    'unit 6 at a thousand Rambling Oaks',
    '1000 Rambling Oaks',
    '2026-12-16T10:00',
  ],
  [
    'buildium.csv',
    'text/csv',
    'thirteen nine ten Crossing Way East',
    '13910 Crossing Way East',
    '2026-12-02T10:00',
  ],
  ['doorloop.csv', 'text/csv', 'seventy seven Maple Court', '77 Maple Ct', '2026-12-02T10:00'],
  ['rentvine.csv', 'text/csv', 'eight twenty nine Western', '829 Western Ave', '2026-12-02T10:00'],
  ['mits-4.xml', 'application/xml', 'two ten Elm Street', '210 Elm St', '2026-12-02T10:00'],
  ['buildium.xml', 'application/xml', '13910 Crossing Way', '13910 Crossing Way East', '2026-12-02T10:00'],
  ['hotpads.xml', 'application/xml', 'ninety nine Lahoma', '99 Lahoma Ave', '2026-12-02T10:00'],
  [
    'rental-data.json',
    'application/json',
    'unit six at 1000 Rambling Oaks',
    '1000 Rambling Oaks',
    '2026-12-02T10:00',
  ],
])('a caller and the homes of %s:', (name, type, said, address, start_time) => {
  test('one is booked by what the caller says, in the listing’s spelling', async () => {
    const manager = await connectManager(app, PETE);
    const imported = await importText(
      manager.userId,
      readFileSync(`test/properties/listings/${name}`, 'utf8'),
      type,
    );
    expect(imported.body).toMatchObject({ applied: true });
    const booked = await manager.phone().ask('set_appointment', { property_address: said, start_time });
    expect(expectAction(booked, 'booked').appointment.property_address).toContain(address);
  });
});

test('A viewing stays if its home is rented, the import reports it, and the manager gets a mail', async () => {
  const manager = await connectManager(app, PETE);
  const rows = ['one,1 Main St,900', 'two,22 Cedar Ln,950'];
  const csv = (lines: readonly string[]) => ['property_id,address,rent', ...lines].join('\n');
  await importText(manager.userId, csv(rows), 'text/csv');
  const call = manager.phone();
  const wish = {
    property_address: '22 Cedar Lane',
    start_time: '2026-12-01T14:00',
    attendee_name: 'Ann Example',
  };
  const { appointment } = expectAction(await call.ask('set_appointment', wish), 'booked');
  const dry = await importText(manager.userId, csv(rows.slice(0, 1)), 'text/csv', 'source=file&dry_run=true');
  expect(dry.body).toMatchObject({ applied: false, gone: 1, affected_viewings: [{ property_id: 'two' }] });
  expect(app.mailbox.messages()).toHaveLength(0);
  const report = await importText(manager.userId, csv(rows.slice(0, 1)), 'text/csv');
  expect(report.body).toMatchObject({
    gone: 1,
    affected_viewings: [
      {
        appointment_id: appointment.appointment_id,
        property_id: 'two',
        start_time: '2026-12-01T20:00:00.000Z',
        attendee_name: 'Ann Example',
      },
    ],
  });
  const [mail] = app.mailbox.messages();
  expect(mail?.subject).toBe('Viewings are booked for rentals that are no longer listed');
  expect(mail?.text).toContain('Tuesday, December 1 at 2:00 PM CST: 22 Cedar Ln');
  expect(app.microsoft.events(PETE)).toHaveLength(1);
  const refused = await manager
    .phone('+13125550111')
    .ask('set_appointment', { ...wish, start_time: '2026-12-02T14:00' });
  expectAction(refused, 'property_unavailable');
  const moved = await call.ask('reschedule_appointment', { new_start_time: '2026-12-02T15:00' });
  expectAction(moved, 'rescheduled');
});
