import { describe, expect, test } from '@jest/globals';
import { NO_CRITERIA } from '../../../shared/properties/search/criteria.ts';
import { searchAsOperator } from '../../../shared/properties/search/operator-search.ts';
import { home } from '../homes.ts';

const western = home('829 Western Ave', { rent: 1250, bedrooms: 2 });
const six = home('1000 Rambling Oaks', { unit: '6', rent: null });
const twelve = home('1000 Rambling Oaks', { unit: '12', rent: 900 });
const HOMES = [western, six, twelve];

describe('A search by words and filters', () => {
  test('says which filter was given up for the home that was named', () => {
    expect(searchAsOperator(HOMES, '829 western', { ...NO_CRITERIA, maxRent: 1200 })).toEqual({
      properties: [{ property: western, score: 1, unknown: [] }],
      match: 'found',
      near: [],
      relaxed: 'max_rent',
    });
  });

  test('says which filters the listings of the homes named leave open', () => {
    const found = searchAsOperator(HOMES, '1000 rambling oaks', { ...NO_CRITERIA, maxRent: 1000 });
    expect(found).toMatchObject({ match: 'which', relaxed: null });
    expect(found.properties).toEqual([
      { property: twelve, score: 0.5, unknown: [] },
      { property: six, score: 0, unknown: ['max_rent'] },
    ]);
  });

  test('gives nothing up if the home that was named fits', () => {
    expect(searchAsOperator(HOMES, '829 western', { ...NO_CRITERIA, maxRent: 1300 })).toMatchObject({
      properties: [{ property: western, score: 1 }],
      relaxed: null,
    });
    expect(searchAsOperator(HOMES, '829 western', NO_CRITERIA)).toMatchObject({
      properties: [{ property: western, score: 1 }],
      relaxed: null,
    });
  });
});
