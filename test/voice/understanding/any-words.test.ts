// Hazard: a caller or a model may say any number of anything. Words that throw, or take seconds, leave a caller without an
// answer and hold up everybody else on the instance.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { toAvailabilityRequest } from '../../../shared/voice/tools/wanted-slots.ts';
import { ENGLISH } from '../../../shared/voice/understanding/words/english.ts';
import { readMoveIn } from '../../../shared/voice/understanding/read-move-in.ts';
import { readPointer } from '../../../shared/voice/understanding/read-pointer.ts';
import { readStart } from '../../../shared/voice/understanding/read-start.ts';
import { readWish } from '../../../shared/voice/understanding/read-wish.ts';
import { SPANISH } from '../../../shared/voice/understanding/words/spanish.ts';
import { at, contextWith, NOW, SCHEDULE, start, wish, ZONE } from './reading.ts';

const VIEWING = at('2026-12-08 11:00');
const CONTEXT = contextWith({ viewing: VIEWING });

/** Everything that is done with words: an answer, and no exception. */
function readInEveryWay(words: string): void {
  for (const result of [readStart(words, CONTEXT), readWish({ date: words }, CONTEXT)]) {
    if (!('wanted' in result)) continue;
    toAvailabilityRequest(result.wanted, SCHEDULE, NOW);
    expect(result.wanted.dates?.to ?? '2026-12-01').toMatch(/^\d{4}-\d{2}-\d{2}$/);
  }
  readPointer(words, [{ start: VIEWING, propertyAddress: '12 Main Street' }], CONTEXT);
  readMoveIn(words, ZONE, NOW);
}

const NUMBERS = ['0', '1', '31', '400', '401', '9999', '999999', '99999999', '9999999999999999999999'];
const COUNTED = [
  'in N days',
  'in N weeks',
  'in N months',
  'in N hours',
  'within N hours',
  'the next N months',
  'N coming months',
  'N Fridays from now',
  'in N Fridays',
  'N months ago',
  'hace N meses',
  'N months after Christmas',
  'push it back N months',
  'push it back N hours',
  'N months later',
  'the Nth',
  'the Nth Friday of December',
  'Christmas N',
];
const EDGES = ['0000-01-01', '0001-01-01', '1900-01-01', '2100-12-31', '9999-12-31'].flatMap((date) => [
  date,
  `around ${date}`,
  `the week of ${date}`,
  `after ${date}`,
  `before ${date}`,
  `a week after ${date}`,
  `400 weeks before ${date}`,
  `${date} or 2020-01-01`,
  `${date} at 11:59 pm`,
]);

test.each([...COUNTED.flatMap((words) => NUMBERS.map((n) => words.replace('N', n))), ...EDGES])(
  'words with a number of any size are read at once or asked about: "%s"',
  (words) => {
    readInEveryWay(words);
    expect(start(words)).not.toMatch(/NaN|Invalid/);
  },
);

test('any words of the vocabularies, in any order, are read or asked about', () => {
  const known = [...ENGLISH, ...SPANISH].flatMap(([, , phrases]) => phrases.replaceAll('*', '').split('|'));
  const word = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...known) },
    { weight: 1, arbitrary: fc.constantFrom(...NUMBERS, ',', '2:30', '12/4', '2026-12-03') },
  );
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 6 }), (words) => {
      readInEveryWay(words.join(' '));
    }),
    { numRuns: 1_500 },
  );
});

describe('a time that ends with the day is read as far as midnight', () => {
  test.each([
    ['later today', '11-26'],
    ['al rato', '11-26'],
    ['within the next 20 hours', '11-26'],
    ['by midnight tomorrow', '11-27'],
    ['tomorrow, not after midnight', '11-27'],
    ['around 11:50 pm tomorrow', ''],
  ])('"%s" asks for %j', (words, expected) => {
    expect(wish(words)).toBe(expected);
    readInEveryWay(words);
  });
});
