import { describe, expect, test } from '@jest/globals';
import { findHome } from '../../../shared/properties/match/find-home.ts';
import { home } from '../homes.ts';

const HOMES = {
  rambling6: home('1000 Rambling Oaks', { unit: '6', name: 'Rambling Oaks' }),
  rambling12: home('1000 Rambling Oaks - 12', { name: 'Rambling Oaks', bedrooms: 3 }),
  western: home('829 Western Ave'),
  northwest40: home('422 NW 40th St', { city: 'Oklahoma City', postalCode: '73118' }),
  southwest40: home('422 SW 40th St', { city: 'Oklahoma City', postalCode: '73109' }),
  crossing1405: home('1405 Crossing Way', { bedrooms: 2 }),
  crossing1411: home('1411 Crossing Way', { bedrooms: 3, aliases: ['The Nakagawa place'] }),
  peachtree: home('5500 Peachtree Ln'),
  vandament: home('4420 Vandament Ave'),
  main: home('101 Main St', { status: 'rented' }),
  sevenOaks: home('1200 Seven Oaks Dr'),
  highway: home('12 Highway 9'),
  foxCrossing: home('77 Fox Crossing Apt B'),
  half: home('831 1/2 Elm St'),
  ocho: home('1523 Calle Ocho'),
  park: home('300 N Park Ave'),
  second: home('122 2nd St', { city: 'Moore', postalCode: '73160' }),
  soon: home('55 Later Ln', { status: 'coming_soon' }),
  hidden: home('66 Secret Ct', { status: 'hidden' }),
};
const all = Object.values(HOMES);

function namesOf(said: string): { kind: string; homes: string[] } {
  const match = findHome(all, said);
  const homes =
    match.kind === 'found' || match.kind === 'unavailable'
      ? [match.property]
      : match.kind === 'which'
        ? match.properties
        : match.kind === 'unknown'
          ? match.near
          : [];
  const entries = Object.entries(HOMES);
  return {
    kind: match.kind,
    homes: homes.map((one) => entries.find(([, each]) => each === one)?.[0] ?? '?'),
  };
}

function expectTable(rows: readonly (readonly [said: string, kind: string, ...homes: string[]])[]): void {
  expect(rows.map(([said]) => [said, namesOf(said)])).toEqual(
    rows.map(([said, kind, ...homes]) => [said, { kind, homes }]),
  );
}

describe('A house number', () => {
  test('is understood in every way that people say it', () => {
    expectTable([
      ['829 Western Ave', 'found', 'western'],
      ['eight twenty nine western', 'found', 'western'],
      ['eight hundred twenty nine western', 'found', 'western'],
      ['eight hundred and twenty-nine Western', 'found', 'western'],
      ['eight two nine western', 'found', 'western'],
      ['8 29 western', 'found', 'western'],
      ['fourteen oh five crossing way', 'found', 'crossing1405'],
      ['one four zero five crossing way', 'found', 'crossing1405'],
      ['1,405 Crossing Way', 'found', 'crossing1405'],
      ['fifty five hundred peachtree', 'found', 'peachtree'],
      ['55 hundred peachtree', 'found', 'peachtree'],
      ['five thousand five hundred peachtree', 'found', 'peachtree'],
      ['double five hundred peachtree', 'found', 'peachtree'],
      ['four four two oh vandament', 'found', 'vandament'],
      ['double four twenty vandament', 'found', 'vandament'],
      ['a thousand rambling oaks unit 6', 'found', 'rambling6'],
    ]);
  });

  test('that is one digit off is asked about and never taken', () => {
    expectTable([
      ['828 western', 'unknown', 'western'],
      ['892 western', 'unknown', 'western'],
      ['82 western', 'unknown', 'western'],
      ['fourteen fifty crossing way', 'unknown', 'crossing1405'],
      ['fourteen hundred and ninety crossing way', 'unknown'],
      ['4420 crossing way', 'unknown'],
    ]);
  });

  test('alone names no home', () => {
    expectTable([['829', 'which', 'western']]);
  });

  test('with a half is a house of its own', () => {
    expectTable([['eight thirty one and a half elm', 'found', 'half']]);
  });

  test('is not the number of bedrooms, nor the rent', () => {
    expectTable([
      ['the two-bedroom on Crossing Way', 'found', 'crossing1405'],
      ['the 3 bedroom on crossing', 'found', 'crossing1411'],
      ['829 western, the one for nine seventy five a month', 'found', 'western'],
      ['the one for nine seventy five a month', 'unnamed'],
    ]);
  });

  test('may be said beside words that sound like digits', () => {
    expectTable([
      ['ate twenty nine western', 'found', 'western'],
      ['four for two oh vandament', 'found', 'vandament'],
      ['for four two oh vandament', 'which', 'vandament'],
      ["I'm calling for four twenty vandament", 'which', 'vandament'],
    ]);
  });
});

describe('A street', () => {
  test('is found by its sound', () => {
    expectTable([
      ['4420 van der ment', 'found', 'vandament'],
      ['fifty five hundred peach tree', 'found', 'peachtree'],
      ['1000 ramblin oaks apartment 6', 'found', 'rambling6'],
      ['829 westurn', 'found', 'western'],
    ]);
  });

  test('that sounds like another is asked about', () => {
    expectTable([
      ['829 weston', 'which', 'western'],
      ['829 eastern', 'which', 'western'],
      ['829 western hills', 'which', 'western'],
    ]);
  });

  test('needs no type, and a wrong type does not matter', () => {
    expectTable([
      ['829 Western Court', 'found', 'western'],
      ['829 Western', 'found', 'western'],
      ['5500 peachtree boulevard', 'found', 'peachtree'],
    ]);
  });

  test('may be a number itself', () => {
    expectTable([
      ['four twenty two northwest fortieth', 'found', 'northwest40'],
      ['422 north west 40', 'found', 'northwest40'],
      ['422 noroeste calle cuarenta', 'found', 'northwest40'],
      ['422 northwest 14th', 'unknown'],
      ['12 highway 9', 'found', 'highway'],
      ['twelve hundred seven oaks', 'found', 'sevenOaks'],
      ['one twenty two second street', 'found', 'second'],
    ]);
  });

  test('in two directions is told apart by the direction', () => {
    expectTable([
      ['422 40th street', 'which', 'northwest40', 'southwest40'],
      ['422 south west 40th', 'found', 'southwest40'],
      ['422 north 40th', 'which', 'northwest40', 'southwest40'],
    ]);
  });

  test('alone names a home if it is the only one there', () => {
    expectTable([
      ['the one on Vandament', 'found', 'vandament'],
      ['the one on crossing way', 'which', 'crossing1405', 'crossing1411'],
      ["I'm calling about the house on Western", 'found', 'western'],
    ]);
  });
});

describe('A unit', () => {
  test('tells homes of one building apart', () => {
    expectTable([
      ['1000 Rambling Oaks', 'which', 'rambling6', 'rambling12'],
      ['1000 Rambling Oaks Drive, Unit 6, Norman, OK 73072', 'found', 'rambling6'],
      ['unit twelve at one thousand rambling oaks', 'found', 'rambling12'],
      ['1000 rambling oaks number six', 'found', 'rambling6'],
      ['1000 Rambling Oaks - 12', 'found', 'rambling12'],
      ['seventy seven fox crossing apartment bee', 'found', 'foxCrossing'],
    ]);
  });

  test('that is not listed is no home', () => {
    expectTable([
      ['unit 5 at 1000 rambling oaks', 'unknown', 'rambling6', 'rambling12'],
      ['829 western unit 3', 'unknown', 'western'],
    ]);
  });
});

describe('A name', () => {
  test('of a community or an alias names its homes', () => {
    expectTable([
      ['the rambling oaks place', 'which', 'rambling6', 'rambling12'],
      ['the Nakagawa place', 'found', 'crossing1411'],
    ]);
  });
});

describe('A city', () => {
  test('that is another one contradicts', () => {
    expectTable([
      ['829 western in dallas', 'unknown', 'western'],
      ['829 western, moore', 'unknown', 'western'],
      ['829 western in norman', 'found', 'western'],
    ]);
  });

  test('alone is enough to ask', () => {
    expectTable([['the one in Moore', 'which', 'second']]);
  });
});

describe('In Spanish', () => {
  test('numbers, units and rooms are understood', () => {
    expectTable([
      ['mil quinientos veintitrés calle ocho', 'found', 'ocho'],
      ['quince veintitrés calle ocho', 'found', 'ocho'],
      ['cuatro cuatro dos cero vandament', 'found', 'vandament'],
      ['ochocientos veintinueve Western', 'found', 'western'],
      ['apartamento seis, mil rambling oaks', 'found', 'rambling6'],
      ['la de dos recámaras en Crossing Way', 'found', 'crossing1405'],
      ['la casa de la calle Western', 'found', 'western'],
    ]);
  });
});

describe('Words that name no home, or several,', () => {
  test('are never taken for one', () => {
    expectTable([
      ['', 'unnamed'],
      ['it', 'unnamed'],
      ['that one please', 'unnamed'],
      ['Buckingham Palace', 'unknown'],
      ['not the one on western', 'which', 'western'],
      ['829 western or 1405 crossing way', 'unknown', 'western'],
    ]);
  });
});

describe('A home that cannot be viewed', () => {
  test('is reported as such, with similar ones that can', () => {
    const match = findHome(all, '101 main street');
    expect(match).toMatchObject({ kind: 'unavailable', property: HOMES.main });
    expect(
      match.kind === 'unavailable' && match.similar.map(({ bedrooms, city }) => [bedrooms, city]),
    ).toEqual([
      [2, 'Norman'],
      [2, 'Norman'],
    ]);
  });

  test('is one that comes soon without a date, and not one with a date', () => {
    expect(namesOf('55 later lane')).toEqual({ kind: 'unavailable', homes: ['soon'] });
    const dated = home('57 Later Ln', { status: 'coming_soon', availableOn: '2026-12-10' });
    expect(findHome([dated], '57 later')).toEqual({ kind: 'found', property: dated });
  });

  test('because it is hidden is never found', () => {
    expectTable([['66 secret court', 'unknown']]);
  });
});

describe('A property_id', () => {
  test('names its home', () => {
    const listed = [home('1 First St', { propertyId: 'oak-12' }), home('2 Second St', { propertyId: '829' })];
    expect(findHome(listed, 'oak-12')).toEqual({ kind: 'found', property: listed[0] });
  });

  test('of digits alone is a number like any other', () => {
    const listed = [home('1 First St', { propertyId: '829' }), home('829 Western Ave')];
    expect(findHome(listed, '829')).toEqual({ kind: 'which', properties: [listed[1]] });
  });

  test('of digits alone counts if it was given, and is asked about if another home may be meant', () => {
    const listed = [home('1 First St', { propertyId: '829' }), home('2 Second St', { propertyId: '830' })];
    expect(findHome(listed, '829', ['829'])).toEqual({ kind: 'found', property: listed[0] });
    expect(findHome(listed, '829', ['830'])).toEqual({ kind: 'unknown', near: [] });
    const western = home('829 Western Ave');
    expect(findHome([...listed, western], '829', ['829'])).toEqual({
      kind: 'which',
      properties: [listed[0], western],
    });
  });

  test('of digits alone that is the number of its own home needs no question', () => {
    const western = home('829 Western Ave', { propertyId: '829' });
    expect(findHome([western], '829', ['829'])).toEqual({ kind: 'found', property: western });
  });

  test('that differs from another by a capital letter alone names its own home', () => {
    const listed = [home('1 First St', { propertyId: 'A-1' }), home('2 Second St', { propertyId: 'a-1' })];
    expect(findHome(listed, 'A-1')).toEqual({ kind: 'found', property: listed[0] });
    expect(findHome(listed, 'a-1')).toEqual({ kind: 'found', property: listed[1] });
  });
});

describe('More words than are read', () => {
  test.each([
    ['characters', `829 western${' please'.repeat(27)} no wait 1405 crossing way`],
    ['words', `829 western${' a'.repeat(60)} no wait 1405 crossing way`],
    ['words that may be names', '829 western b c d e f g h i j k l m q r crossing way no no'],
  ])('name no home for certain: too many %s', (_, said) => {
    expect(namesOf(said).kind).not.toBe('found');
  });
});

test('Two homes that differ in the type of the street alone are always asked about', () => {
  const listed = [home('829 Western Ave'), home('829 Western Ct')];
  expect(findHome(listed, '829 Western Court')).toEqual({ kind: 'which', properties: listed });
});

test('A home that two sources of one manager list is one home', () => {
  const listed = [home('829 Western Ave', { status: 'rented' }), home('829 Western Ave')];
  expect(findHome(listed, '829 Western')).toEqual({ kind: 'found', property: listed[1] });
});
