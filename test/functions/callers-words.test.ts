// From a caller's words to the event in Outlook: every step over HTTP.
import { beforeEach, expect, test } from '@jest/globals';
import { useTestApp } from '../support/test-app.ts';
import { connectManager, expectAction, HOUSE, onlyEvent, PETE } from '../support/voice-agent.ts';
import type { CalledManager } from '../support/voice-agent.ts';

const app = useTestApp({ TRUST_TOOL_USER_ID: 'true' });
let manager: CalledManager;
const OPEN = [['08:00', '20:00']];
const HOURS = { mon: OPEN, tue: OPEN, wed: OPEN, thu: OPEN, fri: OPEN, sat: OPEN, sun: OPEN };

beforeEach(async () => {
  manager = await connectManager(app, PETE, { hours: HOURS });
});

function askFor(words: string) {
  return manager.askFlat('set_appointment', {
    property_address: HOUSE,
    start_time: words,
    attendee_name: 'Ann Example',
  });
}

test.each([
  ['Friday the 4th at 10', '2026-12-04T16:00:00.000Z'],
  ['el viernes 4 a las 10', '2026-12-04T16:00:00.000Z'],
  ['tomorrow at ten thirty, no wait, at four', '2026-11-24T22:00:00.000Z'],
])('a viewing asked for by "%s" is booked at %s', async (words, expected) => {
  expectAction(await askFor(words), 'booked');
  expect(onlyEvent(manager).from).toBe(expected);
});

test.each(['del lunes en ocho a las 4 de la tarde', 'tomorrow before noon', 'tomorrow at 3 unless it rains'])(
  'a caller who says "%s" is asked which time they mean, and nothing is booked',
  async (words) => {
    expectAction(await askFor(words), 'invalid_request');
    expect(manager.events()).toEqual([]);
  },
);

test('one call offers, books, moves and cancels by what the caller says', async () => {
  const call = manager.phone();
  const offered = expectAction(
    await call.ask('get_availability', { property_address: HOUSE, preferred_date: 'tomorrow after 5' }),
    'present_slots',
  );
  expect(offered.available_slots.map(({ start_time }) => start_time.slice(11, 16))).toEqual([
    '17:00',
    '17:30',
    '18:00',
    '18:30',
    '19:00',
    '19:30',
  ]);
  const booked = expectAction(
    await call.ask('set_appointment', {
      start_time: 'not the first, the second',
      attendee_name: 'Ann Example',
      attendee_email: 'ann dot lee at example dot com',
    }),
    'booked',
  );
  expect(booked.response).toMatch(/ is booked for Tuesday, November 24 at /);
  expect(booked.invitation).toBe('sent');
  expect(booked.appointment.start_time).toBe(
    offered.available_slots.filter(({ spoken }) => spoken)[1]?.start_time,
  );

  const moved = expectAction(
    await call.ask('reschedule_appointment', { new_start_time: 'same time the next day' }),
    'rescheduled',
  );
  expect(moved.response).toMatch(/ to Wednesday, November 25 at /);
  expectAction(await call.ask('cancel_appointment', { appointment: 'the one on Wednesday' }), 'cancelled');
  expect(manager.events()).toEqual([]);
});
