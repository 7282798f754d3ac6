import { describe, expect, test } from '@jest/globals';
import { NO_CRITERIA, readCriteria } from '../../../shared/properties/search/criteria.ts';
import type { Criteria } from '../../../shared/properties/search/criteria.ts';
import { searchRentals } from '../../../shared/properties/search/search-rentals.ts';
import type { ListedProperty } from '../../../shared/properties/property.ts';
import { home } from '../homes.ts';

const dogs = { dogs: 'yes', cats: 'no', note: null } as const;
const cats = { dogs: 'no', cats: 'yes', note: null } as const;
const askDogs = { dogs: 'ask', cats: 'ask', note: null } as const;

const HOMES: readonly ListedProperty[] = [
  home('1 Elm St', { bedrooms: 2, rent: 1100, pets: dogs, availableOn: '2026-12-01', features: ['Garage'] }),
  home('2 Elm St', {
    bedrooms: 2,
    rent: 900,
    pets: cats,
    availableOn: '2027-01-15',
    features: ['Fenced yard'],
  }),
  home('3 Oak St', {
    bedrooms: 3,
    rent: 1500,
    pets: askDogs,
    availableOn: '2026-12-01',
    city: 'Moore',
    postalCode: '73160',
  }),
  home('4 Oak St', { bedrooms: 0, rent: 600, pets: null, availableOn: '2026-12-01' }),
  home('5 Oak St', { bedrooms: null, rent: null, pets: null, city: null, postalCode: null }),
  home('6 Oak St', { bedrooms: 2, rent: 800, pets: dogs, status: 'rented' }),
  home('7 Oak St', { bedrooms: 2, rent: 800, pets: dogs, status: 'hidden' }),
  home('8 Oak St', { bedrooms: 2, rent: 800, pets: dogs, status: 'coming_soon' }),
];

function search(criteria: Partial<Criteria>): { homes: string[]; relaxed: string | null } {
  const { rentals, relaxed } = searchRentals(HOMES, { ...NO_CRITERIA, ...criteria });
  return {
    homes: rentals.map(({ property, unknown }) => [property.address, ...unknown].join(' ?')),
    relaxed,
  };
}

test('Without criteria all homes that can be viewed are told: the soonest first, then the cheapest', () => {
  expect(search({}).homes).toEqual(['4 Oak St', '1 Elm St', '3 Oak St', '2 Elm St', '5 Oak St']);
});

describe('A criterion', () => {
  test('of bedrooms is exact, or a lower bound', () => {
    expect(search({ bedrooms: { min: 2, max: 2 } }).homes).toEqual([
      '1 Elm St',
      '2 Elm St',
      '5 Oak St ?bedrooms',
    ]);
    expect(search({ bedrooms: { min: 2, max: null } }).homes).toEqual([
      '1 Elm St',
      '3 Oak St',
      '2 Elm St',
      '5 Oak St ?bedrooms',
    ]);
    expect(search({ bedrooms: { min: 0, max: 0 } }).homes).toEqual(['4 Oak St', '5 Oak St ?bedrooms']);
  });

  test('of rent includes the limit', () => {
    expect(search({ maxRent: 900 }).homes).toEqual(['4 Oak St', '2 Elm St', '5 Oak St ?max_rent']);
    expect(search({ maxRent: 899 }).homes).toEqual(['4 Oak St', '5 Oak St ?max_rent']);
  });

  test('of pets takes "ask" for a fit', () => {
    expect(search({ pets: 'dog' }).homes).toEqual([
      '1 Elm St',
      '3 Oak St',
      '4 Oak St ?pets',
      '5 Oak St ?pets',
    ]);
    expect(search({ pets: 'both' }).homes).toEqual(['3 Oak St', '4 Oak St ?pets', '5 Oak St ?pets']);
  });

  test('of the day to move in takes homes that are available by then', () => {
    expect(search({ moveInBy: '2026-12-31' }).homes).toEqual([
      '4 Oak St',
      '1 Elm St',
      '3 Oak St',
      '5 Oak St ?move_in',
    ]);
  });

  test('of area is a city, a postal code, a street or a name', () => {
    expect(search({ area: 'Moore' }).homes).toEqual(['3 Oak St', '5 Oak St ?area']);
    expect(search({ area: '73160' }).homes).toEqual(['3 Oak St', '5 Oak St ?area']);
    expect(search({ area: 'around Elm Street' }).homes).toEqual(['1 Elm St', '2 Elm St']);
    expect(search({ area: 'Tulsa' }).homes).toEqual([]);
  });

  test('of a feature looks into the listed ones', () => {
    expect(search({ feature: 'a garage' }).homes[0]).toBe('1 Elm St');
    expect(search({ feature: 'jardín cercado' }).homes).not.toContain('1 Elm St');
  });
});

describe('If nothing fits', () => {
  test('the day is given up first, then a tenth of the rent, then a bedroom', () => {
    expect(
      search({ bedrooms: { min: 2, max: 2 }, pets: 'cat', moveInBy: '2026-11-30', area: 'elm' }),
    ).toEqual({
      homes: ['2 Elm St'],
      relaxed: 'move_in',
    });
    expect(search({ maxRent: 1_000, pets: 'dog', area: 'elm' })).toEqual({
      homes: ['1 Elm St'],
      relaxed: 'max_rent',
    });
    expect(search({ bedrooms: { min: 3, max: 3 }, area: 'elm' })).toEqual({
      homes: ['1 Elm St', '2 Elm St'],
      relaxed: 'bedrooms',
    });
  });

  test('pets are never given up', () => {
    expect(
      search({
        pets: 'both',
        area: 'elm',
        maxRent: 5_000,
        bedrooms: { min: 2, max: 2 },
        moveInBy: '2027-12-31',
      }),
    ).toEqual({
      homes: [],
      relaxed: null,
    });
  });
});

describe('Spoken criteria', () => {
  test.each([
    [{ bedrooms: '2' }, { bedrooms: { min: 2, max: 2 } }],
    [{ bedrooms: '2+' }, { bedrooms: { min: 2, max: null } }],
    [{ bedrooms: 'two or more' }, { bedrooms: { min: 2, max: null } }],
    [{ bedrooms: 'two and up' }, { bedrooms: { min: 2, max: null } }],
    [{ bedrooms: 'al menos dos' }, { bedrooms: { min: 2, max: null } }],
    [{ bedrooms: 'at least three bedrooms' }, { bedrooms: { min: 3, max: null } }],
    [{ bedrooms: 'one' }, { bedrooms: { min: 1, max: 1 } }],
    [{ bedrooms: 'one or two' }, { bedrooms: { min: 1, max: 2 } }],
    [{ bedrooms: 'a studio' }, { bedrooms: { min: 0, max: 0 } }],
    [{ bedrooms: 'dos recámaras' }, { bedrooms: { min: 2, max: 2 } }],
    [{ bedrooms: 'two-bedroom' }, { bedrooms: { min: 2, max: 2 } }],
    [{ max_rent: '1100' }, { maxRent: 1100 }],
    [{ max_rent: '$1,100.00' }, { maxRent: 1100 }],
    [{ max_rent: 'under 1,100' }, { maxRent: 1100 }],
    [{ max_rent: 'up to 1100' }, { maxRent: 1100 }],
    [{ max_rent: 'no more than 1100' }, { maxRent: 1100 }],
    [{ max_rent: 'no más de mil cien' }, { maxRent: 1100 }],
    [{ max_rent: 'from 900 to 1100' }, { maxRent: 1100 }],
    [{ area: 'Norman or Moore' }, { area: 'Norman or Moore' }],
    [{ max_rent: 'eleven hundred' }, { maxRent: 1100 }],
    [{ max_rent: 'nine seventy-five a month' }, { maxRent: 975 }],
    [{ max_rent: 'twelve fifty' }, { maxRent: 1250 }],
    [{ max_rent: 'a thousand dollars' }, { maxRent: 1000 }],
    [{ max_rent: '1.2k' }, { maxRent: 1200 }],
    [{ max_rent: 'between 1k and 1.2k' }, { maxRent: 1200 }],
    [{ max_rent: 'between 900 and 1,100' }, { maxRent: 1100 }],
    [{ max_rent: 'mil cien' }, { maxRent: 1100 }],
    [{ max_rent: 'menos de mil doscientos dólares al mes' }, { maxRent: 1200 }],
    [{ pets: 'a dog' }, { pets: 'dog' }],
    [{ pets: 'un gato' }, { pets: 'cat' }],
    [{ pets: 'two cats and a puppy' }, { pets: 'both' }],
    [{ pets: 'a service dog' }, { pets: null }],
    [{ pets: 'no pets' }, { pets: null }],
    [{ pets: 'no' }, { pets: null }],
    [{ pets: 'no dogs or cats' }, { pets: null }],
    [{ pets: "No, I don't have any pets, thanks" }, { pets: null }],
    [{ pets: 'We don’t have any pets' }, { pets: null }],
    [{ pets: 'no tengo mascotas' }, { pets: null }],
    [{ pets: 'sin mascotas, gracias' }, { pets: null }],
    [{ pets: 'no pets, just me' }, { pets: null }],
    [{ pets: 'no pets yet' }, { pets: null }],
    [{ pets: 'No, not right now' }, { pets: null }],
    [{ pets: 'ninguna por ahora' }, { pets: null }],
    [{ max_rent: 'más o menos mil' }, { maxRent: 1_000 }],
    [{ max_rent: 'more or less 1200' }, { maxRent: 1_200 }],
    [{ max_rent: 'a lo más 1000' }, { maxRent: 1_000 }],
    [{ area: 'anywhere', bedrooms: 'any' }, {}],
  ])('such as %j are understood', (said, criteria) => {
    expect(readCriteria(said)).toEqual({ ok: true, criteria: { ...NO_CRITERIA, ...criteria } });
  });

  test.each([
    [{ bedrooms: 'lots' }, 'bedrooms'],
    [{ bedrooms: '300' }, 'bedrooms'],
    [{ max_rent: 'cheap' }, 'max_rent'],
    [{ max_rent: 'at least 900' }, 'max_rent'],
    [{ max_rent: 'más de mil' }, 'max_rent'],
    [{ max_rent: 'no less than 900' }, 'max_rent'],
    [{ area: 'anywhere but Norman' }, 'area'],
    [{ area: 'not in Norman' }, 'area'],
    [{ area: 'donde sea menos Norman' }, 'area'],
    [{ bedrooms: 'no more than two' }, 'bedrooms'],
    [{ bedrooms: 'up to three' }, 'bedrooms'],
    [{ bedrooms: 'menos de tres' }, 'bedrooms'],
    [{ bedrooms: 'not a studio, two bedrooms' }, 'bedrooms'],
    [{ pets: 'a parrot' }, 'pets'],
    [{ pets: 'no cats, just a dog' }, 'pets'],
    [{ pets: 'not both, just the smaller' }, 'pets'],
    [{ pets: 'no, just the dog' }, 'pets'],
    [{ max_rent: 'más de mil, más o menos' }, 'max_rent'],
    [{ pets: 'a dog but no cat' }, 'pets'],
    [{ pets: 'sin gato, un perro' }, 'pets'],
    [{ feature: 'a safe neighborhood' }, 'feature'],
    [{ feature: 'no kids' }, 'feature'],
  ])('such as %j are not understood', (said, field) => {
    expect(readCriteria(said)).toEqual({ ok: false, field });
  });
});
