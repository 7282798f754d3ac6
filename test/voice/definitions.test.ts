import { describe, expect, test } from '@jest/globals';
import { isToolName, readEmail, readPhone, readToolArguments } from '../../shared/voice/tools/definitions.ts';

describe('what a model writes', () => {
  test.each<[string, Record<string, unknown>, Record<string, unknown>]>([
    [
      'is read as the schema says',
      { property_address: '12 Main', days_ahead: 3 },
      { property_address: '12 Main', days_ahead: 3 },
    ],
    [
      'may be a number where text is meant, and text where a number is',
      { property_address: 12, days_ahead: '3' },
      { property_address: '12', days_ahead: 3 },
    ],
    ['is nothing where it says so', { property_address: 'N/A', preferred_date: '', part_of_day: null }, {}],
    [
      'is left out where it is no such thing',
      { property_address: {}, days_ahead: 'soon', preferred_date: ['x'] },
      {},
    ],
    ['is left out where it is out of range', { days_ahead: 0 }, {}],
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

  test('is cut where it is too long, also through a character of two halves', () => {
    const read = readToolArguments('take_message', { message: `${'x'.repeat(999)}🏠` });
    expect(read).toEqual({ message: 'x'.repeat(999) });
  });

  test('is nothing at all where it is no object', () => {
    expect(readToolArguments('take_message', null)).toBeNull();
  });
});

test.each([
  ['(312) 555-0111', '+13125550111'],
  ['+44 20 7946 0958', '+442079460958'],
  ['1 312 555 0111', '+13125550111'],
  ['12', null],
  ['call me', null],
  [undefined, null],
])('the number %s is %s', (given, expected) => {
  expect(readPhone(given)).toBe(expected);
});

test.each([
  ['Ann@Example.com', 'ann@example.com'],
  ['ann at example dot com', 'ann@example.com'],
  ['ann @example.com', 'ann@example.com'],
  ['ann', null],
])('mail to %s goes to %s', (given, expected) => {
  expect(readEmail(given)).toBe(expected);
});

test('no name of Object’s own is a tool', () => {
  expect(['constructor', '__proto__', 'toString', 'take_message'].filter(isToolName)).toEqual([
    'take_message',
  ]);
});
