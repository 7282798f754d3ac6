import { expect, test } from '@jest/globals';
import { findFairHousingWords, isFairHousingFlagged } from '../../shared/properties/fair-housing.ts';

test.each([
  ['Perfect for families', 'familial status'],
  ['great for young professionals', 'familial status'],
  ['Adults only community', 'familial status'],
  ['No children', 'familial status'],
  ['Ideal para familias', 'familial status'],
  ['Near the church', 'religion'],
  ['Christian community', 'religion'],
  ['English speaking only', 'race, color or national origin'],
  ['Hispanic neighborhood', 'race, color or national origin'],
  ['Ladies preferred', 'sex'],
  ['Not suitable for wheelchairs', 'disability'],
  ['No emotional support animals', 'disability'],
  ['No Section 8', 'source of income'],
  ["We don't accept vouchers", 'source of income'],
  ['Safe neighbourhood', 'neighborhood'],
  ['exclusive', 'neighborhood'],
  ['Walking distance to everything', 'neighborhood'],
  ['Great schools', 'neighborhood'],
  ['barrio seguro', 'neighborhood'],
])('%p is flagged for %s', (text, topic) => {
  expect(findFairHousingWords(text).map((found) => found.topic)).toContain(topic);
  expect(isFairHousingFlagged(text)).toBe(true);
});

test.each([
  'washer and dryer',
  'Master bedroom',
  'white kitchen cabinets',
  'family room',
  'Black granite counters',
  'Two car garage',
  'wheelchair ramp',
  'No pets',
  'Great light',
  'single-family home',
  'Fenced yard',
  'Quiet dishwasher',
])('%p is not flagged', (text) => {
  expect(findFairHousingWords(text)).toEqual([]);
});

test('A long text is judged in time that grows with its length alone', () => {
  const text = 'perfect for a small large growing '.repeat(3_000);
  expect(findFairHousingWords(text)).toEqual([]);
});
