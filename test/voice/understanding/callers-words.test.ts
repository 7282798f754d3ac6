// What callers say about time, and what it means: cases that readers of dates are known to get wrong.
import { describe, expect, test } from '@jest/globals';
import { offeredAt, start, wish, at } from './reading.ts';

/** Spoken on the call before: tomorrow at 8 AM, noon and 5 PM. */
const TOMORROW = { offered: offeredAt('2026-11-27 08:00', '2026-11-27 12:00', '2026-11-27 17:00') };
const MOVE = { viewing: at('2026-12-08 11:00') };

describe('a caller who names one start is booked at it', () => {
  test.each([
    ['December 20 10am', '2026-12-20 10:00'],
    ['December 20 12pm', '2026-12-20 12:00'],
    ['Friday 4th at 10 am', '2026-12-04 10:00'],
    ['Monday 7th at 3 pm', '2026-12-07 15:00'],
    ['el viernes 4 a las 10', '2026-12-04 10:00'],
    ['tomorrow at nine-thirty', '2026-11-27 09:30'],
    ['tomorrow at twelve-thirty', '2026-11-27 12:30'],
    ['tomorrow at 2.30 pm', '2026-11-27 14:30'],
    ['tomorrow at ten past two', '2026-11-27 14:10'],
    ['tomorrow at five to three', '2026-11-27 14:55'],
    ['mañana a las diez para las tres', '2026-11-27 14:50'],
    ['mañana a las cinco menos diez', '2026-11-27 16:50'],
    ['tomorrow at 3 PM, actually 4 PM', '2026-11-27 16:00'],
    ['de hoy en ocho a las 3', '2026-12-03 15:00'],
    ['del lunes en ocho a las 4', '2026-12-07 16:00'],
    ['Thursday, December 3 at 2 PM Eastern', '2026-12-03 13:00'],
    ['2026-12-03T14:00:00 America/New_York', '2026-12-03 13:00'],
    ['next week on Tuesday at 10', '2026-12-01 10:00'],
    ['el martes de la semana que viene a las 10', '2026-12-01 10:00'],
    ['tomorrow at 3 pm for the 2 bedroom', '2026-11-27 15:00'],
    ['no problem, Tuesday at 10', '2026-12-01 10:00'],
    ['no worries, tomorrow at 3', '2026-11-27 15:00'],
  ])('"%s" is %s', (words, expected) => {
    expect(start(words)).toBe(expected);
  });
});

describe('a caller who points at what was offered is booked at it', () => {
  test.each([
    ['not the first one, the second', '2026-11-27 12:00'],
    ['the morning one', '2026-11-27 08:00'],
    ['an hour after noon', '2026-11-27 13:00'],
    ['not noon', 'which_time'],
    ['not the first one', 'which_time'],
  ])('"%s" is %s', (words, expected) => {
    expect(start(words, TOMORROW)).toBe(expected);
  });
});

describe('a caller who moves a viewing counts from it', () => {
  test.each([
    ['a week later at 2 PM', '2026-12-15 14:00'],
    ['two days later at 2 PM', '2026-12-10 14:00'],
    ['2 PM instead', '2026-12-08 14:00'],
  ])('"%s" is %s', (words, expected) => {
    expect(start(words, MOVE)).toBe(expected);
  });
});

describe('a "but" adds a time to a day, and a day to a time', () => {
  test.each([
    ['three days later, but at two', '2026-12-11 14:00'],
    ['the next day but at two', '2026-12-09 14:00'],
    ['same time but on Friday', '2026-12-04 11:00'],
    ['at 10, but on Friday', '2026-12-04 10:00'],
    ['un día después, pero a las dos', '2026-12-09 14:00'],
    ['a la misma hora pero el viernes', '2026-12-04 11:00'],
  ])('"%s" moves the viewing to %s', (words, expected) => {
    expect(start(words, { ...MOVE, now: at('2026-11-30 09:00') })).toBe(expected);
  });

  test.each([
    ['tomorrow, but in the afternoon', '11-27 12:00-16:30'],
    ['next week, but not in the morning', '11-30..12-06 12:00-19:30'],
    ['el lunes, pero por la tarde', '11-30 12:00-16:30'],
    ['any day next week, but after 3', '11-30..12-06 15:00-19:30'],
    ['anytime next week but before 5', '11-30..12-06 08:00-16:30'],
    ['cualquier día de la semana que viene, pero después de las tres', '11-30..12-06 15:00-19:30'],
    ['next week but Monday', '12-01..12-06'],
    ['3 PM next week but Friday', '11-30..12-03 15:00, 12-05..12-06 15:00'],
  ])('"%s" asks for times within %s', (words, expected) => {
    expect(wish(words)).toBe(expected);
  });

  test.each(['a day later but in the afternoon', 'any day but Monday at 3'])(
    '"%s" is asked about',
    (words) => {
      expect(start(words, MOVE)).toMatch(/^which_/);
    },
  );

  test.each([
    'Friday at 10, but Monday',
    '10 works but 11 is better',
    'same time Friday but an hour later',
    'el viernes, pero el lunes',
  ])('"%s" is not understood, and nothing is acted on', (words) => {
    expect(start(words, MOVE)).toBe('unread');
  });
});

describe('words that take back what was said are never booked', () => {
  /** Spoken on the call before: tomorrow at noon, and nothing else. */
  const NOON = { offered: offeredAt('2026-11-27 12:00') };

  test.each([
    'tomorrow at 3 PM, never mind',
    'tomorrow at 3 PM, scratch that',
    'tomorrow at 3 PM, no wait',
    'tomorrow at 3 PM hold on',
    'tomorrow at 3 PM, I take that back',
    'tomorrow at 3 PM, forget it, thanks',
    'tomorrow at 3 PM, no',
    'tomorrow at 3 PM, no wait, 4 PM, never mind',
    'tomorrow at 3 PM, no wait, sorry',
    'never mind tomorrow at 3 PM',
    'never mind',
    'mañana a las 3 no',
    'mañana a las 3, no, espera',
    'mañana a las 3, olvídalo',
    'mañana a las 3, mejor no',
    'mañana a las 3, déjalo',
    'esa no',
    'yeah, no',
    'yes, never mind',
    'yes or no',
    'sí, mejor no',
    'yes, not that one',
    'no that one no',
    'the first one, never mind',
    'the first one never mind the second one',
    'forget that first one',
    'olvídalo mañana a las 3',
    'tomorrow at 3 PM, not that one',
    'tomorrow at 3 PM no that one',
    'tomorrow at 3 PM, no, that works',
    "that's no good",
    'that one is no good',
    'esa no me sirve',
    'esa no está bien',
    'esa hora no sería perfecto',
    'yes, wait no good',
    'neither',
    'none of them',
    'ninguna',
    'not it',
    'not any time',
  ])('"%s" is asked about', (words) => {
    expect(start(words, NOON)).toMatch(/^unread/);
    expect(wish(words, NOON)).toMatch(/^unread/);
  });

  test.each(['not that one', 'no that one', 'never mind tomorrow at 3', 'mejor no mañana a las 3'])(
    '"%s" names no start',
    (words) => {
      expect(start(words, NOON)).toMatch(/^(?:which_|unread)/);
    },
  );

  test.each([
    ['tomorrow at 3 PM, never mind, 4 PM', '2026-11-27 16:00'],
    ['tomorrow at 3 PM, never mind, make it 4 PM', '2026-11-27 16:00'],
    ['never mind, tomorrow at 3 PM', '2026-11-27 15:00'],
    ['tomorrow at 3 PM, forget it, tomorrow at 4 PM', '2026-11-27 16:00'],
    ['mañana a las 3, olvídalo, a las 4', '2026-11-27 16:00'],
    ['mejor no, mañana a las 3', '2026-11-27 15:00'],
    ['yes, no, yes', '2026-11-27 12:00'],
    ['no, me sirve', '2026-11-27 12:00'],
  ])('"%s" is %s: what was said last counts', (words, expected) => {
    expect(start(words, NOON)).toBe(expected);
  });

  test.each([
    ['tomorrow at 3 PM, actually', '2026-11-27 15:00'],
    ['tomorrow at 3 PM, sorry', '2026-11-27 15:00'],
    ['mañana a las 3 mejor', '2026-11-27 15:00'],
    ['mañana a las 3, perdón', '2026-11-27 15:00'],
    ['Friday actually at 3', '2026-11-27 15:00'],
  ])('"%s" is %s: it takes nothing back', (words, expected) => {
    expect(start(words)).toBe(expected);
  });
});

describe('a zone is never dropped', () => {
  test('"tomorrow at 3 PM, but Eastern" is on the clock that was named', () => {
    expect(start('tomorrow at 3 PM, but Eastern')).toBe('2026-11-27 14:00');
  });

  test.each(['yes, Eastern', 'the first one, Eastern time', 'Eastern'])(
    '"%s" is asked about: no time is on that clock',
    (words) => {
      expect(start(words, TOMORROW)).toBe('unread');
    },
  );
});

describe('a caller who names more than one start is asked which', () => {
  test.each([
    ['tomorrow before 10 am', 'which_time', '11-27 08:00-09:30'],
    ['tomorrow between 2 and 4 pm', 'which_time', '11-27 14:00-15:30'],
    ['mañana antes del mediodía', 'which_time', '11-27 08:00-11:30'],
  ])('"%s" is asked, within %s', (words, reason, times) => {
    expect(start(words)).toBe(reason);
    expect(wish(words)).toBe(times);
  });
});

test('February 29 is too far away if the next one is in two years', () => {
  expect(start('February 29 at 10')).toBe('horizon 2028-02-29 10:00');
  expect(wish('29 de febrero')).toBe('horizon');
  expect(wish('the week of February 29')).toBe('horizon');
});

test('a day that has passed is said to be past', () => {
  expect(start('last Tuesday at 3 pm')).toBe('past 2026-11-24 15:00');
  expect(wish('2025-12-03')).toBe('past');
});

describe('a caller who asks for times is offered those that the words name', () => {
  test.each([
    [
      'any day but Monday',
      '11-26..11-29, 12-01..12-06, 12-08..12-13, 12-15..12-20, 12-22..12-27, 12-29..01-03, 01-05..01-10, 01-12..01-17, 01-19..01-24',
    ],
    [
      'cualquier día menos el lunes',
      '11-26..11-29, 12-01..12-06, 12-08..12-13, 12-15..12-20, 12-22..12-27, 12-29..01-03, 01-05..01-10, 01-12..01-17, 01-19..01-24',
    ],
    ['next week except Monday', '12-01..12-06'],
    ['the week of December 7', '12-07..12-13'],
    ['the second Tuesday in December', '12-08'],
    ['first Monday of December', '12-07'],
    ['end of the week', '11-27'],
    ['late December', '12-21..12-31'],
    ['the next 3 days', '11-26..11-29'],
    ['December 1st through the 5th', '12-01..12-05'],
    ['2 days from today', '11-28'],
    ['el tres de diciembre', '12-03'],
    ['after 5 pm tomorrow', '11-27 17:00-19:30'],
    ['before 10 tomorrow', '11-27 08:00-09:30'],
    ['before the 5th', '11-26..12-04'],
    ['by Friday', '11-26..11-27'],
    ['evenings', '11-26..01-24 17:00-19:30'],
    [
      'weekends',
      '11-28..11-29, 12-05..12-06, 12-12..12-13, 12-19..12-20, 12-26..12-27, 01-02..01-03, 01-09..01-10, 01-16..01-17, 01-23..01-24',
    ],
    ['no preference', '11-26..01-24'],
    ["doesn't matter", '11-26..01-24'],
    ['first available', '11-26..01-24'],
    ['earliest you have', '11-26..01-24'],
    ['la primera disponible', '11-26..01-24'],
    ['late afternoon', '11-26..01-24 15:00-16:30'],
    ['the fifteenth', '12-15'],
    ['Christmas Eve', '12-24'],
  ])('"%s" is %s', (words, expected) => {
    expect(wish(words)).toBe(expected);
  });
});
