import { describe, expect, test } from '@jest/globals';
import { chooseAmong, chooseFromList } from '../../../shared/properties/match/choose-among.ts';
import { home } from '../homes.ts';

describe('A place in the list that was read aloud', () => {
  test.each([
    ['the second one', 1],
    ['the first', 0],
    ['number two', 1],
    ['option 3', 2],
    ['the 2nd place', 1],
    ['the last one please', 2],
    ['la segunda', 1],
    ['el tercero', 2],
    ['la última casa', 2],
    ['I want the second house', 1],
  ])('is understood from "%s"', (said, index) => {
    expect(chooseFromList(said, 3)).toEqual({ kind: 'chosen', index });
  });

  test('that the list does not have is no choice', () => {
    expect(chooseFromList('the fourth one', 3)).toEqual({ kind: 'no_such' });
    expect(chooseFromList('the last one', 0)).toEqual({ kind: 'no_such' });
  });

  test.each(['829 Western', '12', 'unit 6', 'the one on Second Street', 'number 829', 'it', ''])(
    'is not what "%s" means',
    (said) => {
      expect(chooseFromList(said, 3)).toBeNull();
    },
  );
});

describe('An answer to "which one"', () => {
  const six = home('1000 Rambling Oaks', { unit: '6', bedrooms: 2 });
  const twelve = home('1000 Rambling Oaks - 12', { bedrooms: 3 });
  const avenue = home('829 Western Ave', { bedrooms: 3 });
  const court = home('829 Western Ct', { bedrooms: 1 });

  test.each([
    ['unit 6', six],
    ['six', six],
    ['the twelve', twelve],
    ['apartment twelve please', twelve],
    ['the court', court],
    ['829 Western Avenue', avenue],
    ['the one bedroom', court],
    ['the two-bedroom', six],
  ])('such as "%s" picks the only home it fits', (said, meant) => {
    expect(chooseAmong([six, twelve, avenue, court], said)).toBe(meant);
  });

  test.each(['Rambling Oaks', 'the three bedroom', 'unit 7', 'it', 'not six', '1000 Rambling Oaks'])(
    'such as "%s" picks none',
    (said) => {
      expect(chooseAmong([six, twelve, avenue, court], said)).toBeNull();
    },
  );
});
