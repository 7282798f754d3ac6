// Names, numbers and addresses as they are said on the phone.
import { describe, expect, test } from '@jest/globals';
import { readSpokenEmail } from '../../../shared/voice/understanding/contacts/spoken-email.ts';
import { readSpokenPhone } from '../../../shared/voice/understanding/contacts/spoken-phone.ts';

describe('an e-mail address is read as it is said', () => {
  test.each([
    ['ann dot lee at example dot com', 'ann.lee@example.com'],
    ['Ann.Lee@Example.com.', 'ann.lee@example.com'],
    ['ann @ example.com', 'ann@example.com'],
    ['ana guion bajo paz arroba ejemplo punto com', 'ana_paz@ejemplo.com'],
    ['a n n at g mail dot com', 'ann@gmail.com'],
    ['ann underscore twenty five at example dot com', 'ann_25@example.com'],
    ['ann plus homes at example dot co dot uk please', 'ann+homes@example.co.uk'],
    ['josé arroba ejemplo punto com', 'jose@ejemplo.com'],
  ])('"%s" is %s', (said, expected) => {
    expect(readSpokenEmail(said)).toBe(expected);
  });
});

describe('an e-mail address that may be written in more than one way is not read', () => {
  test.each([
    ['ann lee at example dot com'],
    ['ann at example'],
    ['ann'],
    ['ann at home dot com or at work dot com'],
    ['ann at example dot com tomorrow'],
    ['josé@ejemplo.com'],
    ['my mail is ann at example dot com'],
    [''],
  ])('"%s" is not read', (said) => {
    expect(readSpokenEmail(said)).toBeNull();
  });
});

describe('a phone number is read in digits and in words', () => {
  test.each([
    ['three one two, five five five, oh one double one', '+13125550111'],
    ['tres uno dos cinco cinco cinco cero uno uno uno', '+13125550111'],
    ['one eight hundred five five five twelve twelve', '+18005551212'],
    ['my number is (312) 555-0111', '+13125550111'],
    ['+44 20 7946 0958', '+442079460958'],
  ])('"%s" is %s', (said, expected) => {
    expect(readSpokenPhone(said)).toBe(expected);
  });

  test.each([['call me'], ['three one two'], ['312 555 0111 extension 4'], ['']])(
    '"%s" is no phone number',
    (said) => {
      expect(readSpokenPhone(said)).toBeNull();
    },
  );
});
