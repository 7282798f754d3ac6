import { describe, expect, test } from '@jest/globals';
import { isToolName, readEmail, readPhone, readToolArguments } from '../../shared/voice/tools/definitions.ts';

describe('what a model writes as arguments', () => {
  test.each<[string, Record<string, unknown>, Record<string, unknown>]>([
    [
      'is read as the schema says',
      { property_address: '12 Main', days_ahead: 3 },
      { property_address: '12 Main', days_ahead: 3 },
    ],
    [
      'may be a number instead of text, and text instead of a number',
      { property_address: 12, days_ahead: '3' },
      { property_address: '12', days_ahead: 3 },
    ],
    [
      'is left out if it is empty, null or "N/A"',
      { property_address: 'N/A', preferred_date: '', part_of_day: null },
      {},
    ],
    [
      'is left out if it is of another type',
      { property_address: {}, days_ahead: 'soon', preferred_date: ['x'] },
      {},
    ],
    ['is left out if it is out of range', { days_ahead: 0 }, {}],
    ['keeps no key that is not the tool’s', { start_time: 'x', constructor: 'x', ['__proto__']: 'x' }, {}],
    [
      'is one line',
      { property_address: ' 12\r\nMain\u2028 \u0000St\u202e ' },
      { property_address: '12 Main St' },
    ],
    [
      'names a part of the day in its own words',
      { part_of_day: 'in the Evening' },
      { part_of_day: 'in the Evening' },
    ],
  ])('%s', (_, args, expected) => {
    expect(readToolArguments('get_availability', args)).toEqual(expected);
  });

  test('is cut if it is too long, and never through the middle of an emoji', () => {
    const read = readToolArguments('take_message', { message: `${'x'.repeat(999)}🏠` });
    expect(read).toEqual({ message: 'x'.repeat(999) });
  });

  const WORDS = [
    ['get_availability', 'part_of_day', 'preferred_date'],
    ['find_rentals', 'bedrooms', 'max_rent', 'area', 'pets', 'feature'],
    ['set_appointment', 'start_time', 'attendee_email', 'attendee_phone'],
    ['find_appointments', 'start_time'],
    ['reschedule_appointment', 'appointment', 'new_start_time', 'start_time'],
    ['cancel_appointment', 'appointment', 'start_time'],
    ['take_message', 'phone'],
  ] as const;

  test.each(WORDS.flatMap(([tool, ...fields]) => fields.map((field) => [tool, field] as const)))(
    'that is read as words is never cut to words that are read: %s, %s',
    (tool, field) => {
      const long = `the first one${' please'.repeat(50)} no wait, the second one`;
      expect(readToolArguments(tool, { [field]: long })).toEqual({ [field]: long });
      const blank = ` ${'\u200b\ud800'.repeat(1_000)}`;
      expect(readToolArguments(tool, { [field]: `the first one${blank}no wait, the second one` })).toEqual({
        [field]: 'the first one no wait, the second one',
      });
      const endless = readToolArguments(tool, { [field]: 'the first one '.repeat(1_000) });
      expect(String(Object.values(endless ?? {})).length).toBeGreaterThan(200);
    },
  );

  test('is null if it is no object', () => {
    expect(readToolArguments('take_message', null)).toBeNull();
  });
});

test.each([
  ['(312) 555-0111', '+13125550111'],
  ['+44 20 7946 0958', '+442079460958'],
  ['1 312 555 0111', '+13125550111'],
  ['12', null],
  ['call me', null],
  [`312 555 0111 ${'please '.repeat(30)}`, null],
  [undefined, null],
])('the phone number "%s" of the attendee is read as %s', (given, expected) => {
  expect(readPhone(given)).toBe(expected);
});

test.each([
  ['Ann@Example.com', 'ann@example.com'],
  ['ann at example dot com', 'ann@example.com'],
  ['ann @example.com', 'ann@example.com'],
  ['ann', null],
  [`${'a'.repeat(200)}@example.com`, null],
])('the e-mail address "%s" of the attendee is read as %s', (given, expected) => {
  expect(readEmail(given)).toBe(expected);
});

test('"constructor" and the like, which every object has, are no tools', () => {
  expect(['constructor', '__proto__', 'toString', 'take_message'].filter(isToolName)).toEqual([
    'take_message',
  ]);
});
