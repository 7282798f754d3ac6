import { describe, expect, test } from '@jest/globals';
import {
  parseCallerNumber,
  parseEmail,
  parseLineAddress,
  parsePhoneNumber,
  parseUserId,
} from '../../shared/core/identifiers.ts';

function idOf(raw: string) {
  const result = parseUserId(raw);
  return result.ok ? result.userId : null;
}

describe('a user id', () => {
  test.each([
    '+15555551234',
    '+1 555 555 1234',
    ' 15555551234',
    ' 1 (555) 555-1234',
    '15555551234',
    '+1.555.555.1234',
  ])('written %j is the phone number', (raw) => {
    expect(idOf(raw)).toBe('+15555551234');
  });

  test.each([
    '+1',
    '+155',
    '+999999999999999999',
    '',
    ' ',
    'a/b',
    'a\\b',
    'a?b',
    'a#b',
    'a%b',
    'a\nb',
    'a\u0000b',
    'x'.repeat(129),
  ])('may not be %j', (raw) => {
    expect(idOf(raw)).toBeNull();
  });

  test('is lower case if it is an e-mail address, and a space becomes a plus again', () => {
    expect(idOf('Pete@Example.COM')).toBe('pete@example.com');
    expect(idOf('pete rental@example.com')).toBe('pete+rental@example.com');
  });

  test('is otherwise a name, unchanged', () => {
    expect(idOf('Pete')).toBe('Pete');
    expect(idOf('  Müller & Söhne ')).toBe('Müller & Söhne');
    expect(idOf('12345')).toBe('12345');
    expect(idOf('+15555551234x')).toBe('+15555551234x');
    expect(idOf('x'.repeat(128))).toBe('x'.repeat(128));
  });

  test('is the same when it is read again', () => {
    for (const raw of ['+1 555 555 1234', 'Pete@Example.com', 'Müller', '42']) {
      const once = idOf(raw);
      expect(once === null ? null : idOf(once)).toBe(once);
    }
  });
});

test('a phone number is read without its spaces, and a withheld or empty one is refused', () => {
  expect(parsePhoneNumber('+49 30 901820')).toBe('+4930901820');
  expect(parsePhoneNumber('anonymous')).toBeNull();
  expect(parsePhoneNumber('')).toBeNull();
});

describe('the number of a caller', () => {
  test.each(['+13125550199', '+1 (312) 555-0199', '+442079460958', '+4930901820'])('may be %s', (number) => {
    expect(parseCallerNumber(number)).toBe(parsePhoneNumber(number));
  });

  test.each([
    ['ANONYMOUS', '+266696687'],
    ['RESTRICTED', '+7378742833'],
    ['RESTRICTED in Texas', '+17378742833'],
    ['BLOCKED', '+2562533'],
    ['UNKNOWN', '+8656696'],
    ['UNAVAILABLE', '+86282452253'],
    ['a number that is not assigned', '+15555551234'],
    ['zeros', '+10000000000'],
  ])('is nobody’s if it is %s', (_, number) => {
    expect(parseCallerNumber(number)).toBeNull();
  });
});

test.each([
  ['+1 312 555 0100', '+13125550100'],
  ['13125550100', '+13125550100'],
  ['sip:Pete@SIP.Example.com', 'sip:Pete@sip.example.com'],
  ['SIPS:pete@sip.vapi.ai:5061;transport=tls', 'sip:pete@sip.vapi.ai'],
])('a phone line written %j is dialled as %j', (text, address) => {
  expect(parseLineAddress(text)).toBe(address);
});

test.each(['sip:pete', 'sip:pete@', 'pete@example.com', 'anonymous'])('a phone line cannot be %j', (text) => {
  expect(parseLineAddress(text)).toBeNull();
});

test('an e-mail address becomes lower case, and is refused if there is anything around it', () => {
  expect(parseEmail(' Ann@Example.com ')).toBe('ann@example.com');
  expect(parseEmail('Ann <ann@example.com>')).toBeNull();
  expect(parseEmail('ann@example.com\r\nBcc: x@example.com')).toBeNull();
});
