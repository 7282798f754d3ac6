import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { findHome } from '../../../shared/properties/match/find-home.ts';
import type { ListedProperty } from '../../../shared/properties/property.ts';
import { readingsOf } from '../ear/say-number.ts';
import { home } from '../homes.ts';

// Few words, so that listed homes are close to one another.
const street = fc.oneof(
  fc.constantFrom('Main', 'Oak'),
  fc.constantFrom('Maple', 'Oak Park', 'Seven Oaks', '2nd', '22nd', 'Western', 'Weston', 'Highway 9', 'Elm'),
);
const type = fc.constantFrom('St', 'Ave', 'Ct', '');
const direction = fc.constantFrom('', '', 'N', 'NW', 'SW');
const house = fc.oneof(
  fc.integer({ min: 1, max: 30 }),
  fc.constantFrom(100, 120, 122, 123, 1000, 1002, 1020, 1200, 2200, 12022),
);
const unit = fc.constantFrom(null, null, '1', '2', '12', '22', 'B', '2B');
const city = fc.constantFrom('Norman', 'Moore');

interface Listed {
  readonly property: ListedProperty;
  readonly house: number;
  readonly street: string;
  readonly direction: string;
}

const listing: fc.Arbitrary<Listed> = fc
  .record({ house, street, type, direction, unit, city })
  .map((fields) => ({
    ...fields,
    property: home(
      `${fields.house} ${fields.direction} ${fields.street} ${fields.type}`.replace(/ +/g, ' ').trim(),
      {
        unit: fields.unit,
        city: fields.city,
      },
    ),
  }));

function isSameDoor(a: ListedProperty, b: ListedProperty): boolean {
  const key = ({ address, unit, city }: ListedProperty): string => `${address}|${unit}|${city}`;
  return key(a) === key(b);
}

test('Nothing that is said of one listed home books another', () => {
  fc.assert(
    fc.property(
      fc.array(listing, { minLength: 2, maxLength: 12 }),
      fc.nat(),
      fc.nat(),
      type,
      fc.boolean(),
      fc.boolean(),
      (listings, which, reading, saidType, saysUnit, saysCity) => {
        const meant = listings[which % listings.length];
        if (meant === undefined) return;
        const numbers = readingsOf(meant.house);
        const number = numbers[reading % numbers.length] ?? '';
        const { unit: ownUnit, city: ownCity } = meant.property;
        const said = [
          number,
          meant.direction,
          meant.street,
          saidType,
          saysUnit && ownUnit !== null ? `unit ${ownUnit}` : '',
          saysCity ? `in ${ownCity ?? ''}` : '',
        ].join(' ');
        const match = findHome(
          listings.map(({ property }) => property),
          said,
        );
        if (match.kind === 'found')
          expect([said, isSameDoor(match.property, meant.property)]).toEqual([said, true]);
        // And the one that was meant is always among those asked about.
        else if (match.kind === 'which')
          expect([
            said,
            match.properties.some((one) => isSameDoor(one, meant.property)) || match.properties.length === 10,
          ]).toEqual([said, true]);
        else expect([said, match]).toEqual([said, 'found or which']);
      },
    ),
    { numRuns: 1_500 },
  );
});

test('A listing read out as it is written finds itself or is asked about, whatever an import holds', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.record({
          address: fc.string({ minLength: 1, maxLength: 60, unit: 'grapheme' }),
          unit: fc.option(fc.string({ maxLength: 8 })),
          city: fc.option(fc.string({ maxLength: 12 })),
        }),
        { minLength: 1, maxLength: 8 },
      ),
      fc.nat(),
      (rows, which) => {
        const listed = rows.map(({ address, ...fields }) => home(address, fields));
        const meant = listed[which % listed.length];
        if (meant === undefined) return;
        const said = [meant.address, meant.unit ?? '', meant.city ?? ''].join(' ');
        const match = findHome(listed, said);
        expect(['found', 'which', 'unknown', 'unnamed']).toContain(match.kind);
      },
    ),
    { numRuns: 1_000 },
  );
});
