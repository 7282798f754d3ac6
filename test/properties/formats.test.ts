import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import type { ParsedListings } from '../../shared/properties/import/listing.ts';
import { detectKind, parseMediaType, readListings } from '../../shared/properties/import/read-listings.ts';

const TODAY = '2026-11-26';

function readFixture(name: string): Promise<ParsedListings> {
  return readText(readFileSync(`test/properties/listings/${name}`));
}

function readText(content: string | Uint8Array, charset: string | null = null): Promise<ParsedListings> {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  return readListings(bytes, { kind: detectKind(bytes, null), charset }, TODAY);
}

function fields(parsed: ParsedListings) {
  return parsed.listings.map((listing) => listing.fields);
}

describe('a CSV file', () => {
  test('with our own columns is read by their names', async () => {
    const { listings, warnings, unreadable } = await readFixture('own.csv');
    expect([warnings, unreadable]).toEqual([[], []]);
    expect(listings).toEqual([
      {
        at: 'line 2',
        propertyId: 'oak-6',
        externalId: null,
        isAvailableNow: false,
        fields: {
          address: '1000 Rambling Oaks',
          unit: '6',
          city: 'Norman',
          state: 'OK',
          postalCode: '73072',
          name: 'Rambling Oaks',
          aliases: ['the Oaks', 'Oaks place'],
          status: 'coming_soon',
          bedrooms: 2,
          bathrooms: 1.5,
          rent: 975,
          deposit: 500,
          squareFeet: 756,
          propertyType: 'apartment',
          availableOn: '2026-12-15',
          pets: { dogs: 'yes', cats: 'ask', note: 'Two at most' },
          features: ['washer and dryer', 'covered parking'],
          latitude: 35.2,
          longitude: -97.4,
          listingUrl: 'https://example.com/6',
          description: 'Near the park.\nTwo lines.',
        },
      },
    ]);
  });

  test('of AppFolio is read by its columns, and an unknown column is named', async () => {
    const parsed = await readFixture('appfolio.csv');
    expect(parsed.warnings).toEqual([
      'The column "Tags" is not known and was not read',
      expect.stringContaining('property_id was not read'),
    ]);
    expect(fields(parsed)).toMatchObject([
      { address: '1000 Rambling Oaks', unit: '6', status: 'available', rent: 975, bedrooms: 2, bathrooms: 2 },
      { unit: '12', status: 'coming_soon', availableOn: '2027-01-06', name: 'Rambling Oaks' },
      { address: '4420 SE 40th St', status: 'rented', rent: 1_400, bathrooms: 1.5, squareFeet: 1_086 },
    ]);
    expect(parsed.listings.map(({ externalId }) => externalId)).toEqual(['u-6', 'u-12', 'u-13']);
  });

  test('of Buildium, DoorLoop or Rentvine is read by its columns', async () => {
    expect(fields(await readFixture('buildium.csv'))).toMatchObject([
      { address: '13910 Crossing Way East', unit: '1', name: 'Crossing Way', rent: 1_375, squareFeet: 880 },
    ]);
    expect(fields(await readFixture('doorloop.csv'))).toMatchObject([
      { address: '77 Maple Ct', unit: 'B', bedrooms: 0, rent: 700, availableOn: '2026-12-24' },
    ]);
    expect(fields(await readFixture('rentvine.csv'))).toMatchObject([
      { address: '829 Western Ave', unit: 'Apt 3', bathrooms: 2.5, deposit: 1_650 },
    ]);
  });

  test.each([
    ['a rent that is a range', 'address,rent\n1 Main St,900 - 950', 'rent'],
    ['a day that is none', 'address,available_on\n1 Main St,2026-02-30', 'available_on'],
    ['a day before its month', 'address,available_on\n1 Main St,13/8/2026', 'available_on'],
    ['a number of bedrooms in words', 'address,bedrooms\n1 Main St,several', 'bedrooms'],
    ['a status that is not known', 'address,status\n1 Main St,maybe', 'status'],
    ['a pet policy that is not known', 'address,dogs\n1 Main St,small ones', 'dogs'],
    ['an address that is missing', 'address,city\n,Norman', 'address'],
    ['a comma without quotes', 'address,city\n1 Main St, Unit 2,Norman', 'row'],
    ['an id that no path can have', 'address,property_id\n1 Main St,a/b', 'property_id'],
  ])('is read but for a row with %s, which is reported by line and field', async (_what, text, field) => {
    const parsed = await readText(`${text}\n2 Main St,`);
    expect(parsed.unreadable).toMatchObject([{ at: 'line 2', field }]);
    expect(fields(parsed)).toMatchObject([{ address: '2 Main St' }]);
  });

  test('may have a quoted text of several lines, and the lines after it are counted right', async () => {
    const parsed = await readText('address,rent,description\n1 Main St,900,"One\ntwo"\n2 Main St,much,x\n');
    expect(parsed.unreadable).toMatchObject([{ at: 'line 4', field: 'rent' }]);
  });

  test('that was cut off inside quotes is refused', async () => {
    await expect(readText('address,description\n1 Main St,"a text that was c')).rejects.toMatchObject({
      code: 'invalid_request',
    });
  });

  test('has no value where listings write that there is none, and "now" is the day of the import', async () => {
    const parsed = await readText('address,rent,deposit,available_on\n1 Main St,Call for price,N/A,Now');
    expect(parsed.listings).toMatchObject([{ isAvailableNow: true, fields: { availableOn: TODAY } }]);
    expect(fields(parsed)[0]).not.toHaveProperty('rent');
  });
});

describe('an XML feed', () => {
  test('of MITS 3.0 has a home with a name of its own for each floor plan of a community', async () => {
    const parsed = await readFixture('mits-3.xml');
    expect(parsed.format).toBe('mits');
    expect(fields(parsed)).toMatchObject([
      {
        address: '55 Cedar Ln',
        state: 'OK',
        name: 'Cedar & Pine, Aspen',
        bedrooms: 1,
        rent: 850,
        squareFeet: 600,
        pets: { dogs: 'no', cats: 'yes' },
        features: ['Swimming pool'],
        latitude: 35.21,
      },
      { name: 'Cedar & Pine, Birch', status: 'rented', bedrooms: 2 },
    ]);
    expect(fields(parsed)[1]).not.toHaveProperty('rent');
    expect(parsed.warnings).toEqual([expect.stringContaining('the rent is a range, 950 to 1050')]);
  });

  test('of MITS 4.1 has a home for each unit', async () => {
    expect(await readFixture('mits-4.xml')).toMatchObject({
      format: 'mits',
      unreadable: [],
      listings: [
        {
          externalId: 'unit-1',
          fields: {
            address: '210 Elm St',
            unit: '2B',
            postalCode: '73069',
            name: 'Elm House',
            rent: 1_550,
            deposit: 1_200,
            bathrooms: 2.5,
            availableOn: '2026-12-31',
            pets: { dogs: 'no', cats: 'no', note: null },
            features: ['2 car garage'],
          },
        },
      ],
    });
  });

  test('of Buildium has the listing’s id and the unit of the address', async () => {
    expect(await readFixture('buildium.xml')).toMatchObject({
      format: 'buildium',
      listings: [
        {
          externalId: '33021',
          fields: {
            address: '13910 Crossing Way East',
            unit: '1',
            rent: 1_375,
            deposit: 1_375,
            squareFeet: 880,
          },
        },
      ],
    });
  });

  test('of HotPads 2.1 has a home for each listing for rent, and reports those for sale', async () => {
    const parsed = await readFixture('hotpads.xml');
    expect(parsed).toMatchObject({
      format: 'hotpads',
      warnings: ['1 listings are for sale or sublet and were not read'],
      listings: [
        {
          externalId: 'SFH1',
          fields: {
            address: '99 Lahoma Ave',
            bathrooms: 1.5,
            rent: 1_295,
            pets: { dogs: 'yes', cats: 'no', note: null },
            features: ['Fenced yard'],
            availableOn: '2026-12-05',
            description: '<p>Porch & yard</p>',
          },
        },
      ],
    });
  });

  test.each([
    ['declares a document type', '<!DOCTYPE a [<!ENTITY x "y">]><hotPadsItems/>'],
    ['declares it behind a comment', '<!-- <!-- --><!doctype a><hotPadsItems/>'],
    ['is cut in the middle', '<hotPadsItems><Listing id="1"><street>1 Main'],
    ['closes another element than it opened', '<hotPadsItems><Listing></Company></hotPadsItems>'],
    ['is no listing feed', '<rss><channel/></rss>'],
    ['is nested too deep', `<hotPadsItems>${'<a>'.repeat(100)}${'</a>'.repeat(100)}</hotPadsItems>`],
    ['has millions of elements', `<hotPadsItems>${'<a/>'.repeat(600_001)}</hotPadsItems>`],
  ])('that %s is refused', async (_what, text) => {
    await expect(readText(text)).rejects.toMatchObject({ code: 'invalid_request' });
  });

  test('with a repeated element, or one named like a property of every object, does no harm', async () => {
    const listing = '<Listing id="1"><street>1 Main St</street><street>2 Main St</street></Listing>';
    expect(fields(await readText(`<hotPadsItems>${listing}</hotPadsItems>`))).toEqual([
      { address: '1 Main St' },
    ]);
  });

  test('may use the entities of XML; others stay as they are', async () => {
    const text =
      '<hotPadsItems><Listing id="1"><street>1 O&apos;Neil &#38; Co &xxe;</street></Listing></hotPadsItems>';
    expect(fields(await readText(text))).toEqual([{ address: "1 O'Neil & Co &xxe;" }]);
  });
});

describe('a JSON file', () => {
  test('of our own form has the fields of a PUT, and a bad field is named', async () => {
    const parsed = await readFixture('own.json');
    expect(parsed.unreadable).toMatchObject([{ at: 'properties[1]', field: 'rent' }]);
    expect(parsed.listings).toMatchObject([
      {
        propertyId: 'lake-12',
        fields: { bedrooms: 0, pets: { cats: 'yes' }, viewing: { durationMinutes: 15, dailyLimit: null } },
      },
    ]);
  });

  test('of the scraper has display strings, units behind the street, and days near the day it was read', async () => {
    const parsed = await readFixture('rental-data.json');
    expect(parsed.listings).toMatchObject([
      {
        externalId: 'host_1',
        fields: {
          address: '1000 Rambling Oaks',
          unit: '6',
          city: 'Norman',
          state: 'OK',
          postalCode: '73072',
          rent: 975,
          squareFeet: 756,
          availableOn: '2025-07-15',
        },
      },
      { externalId: 'host_2', fields: { address: '829 Western Ave', availableOn: '2027-01-05' } },
    ]);
  });

  test.each([['{"a":1}'], ['[1,2]'], ['{"properties": [']])(
    'is refused if it is no list of homes: %s',
    async (text) => {
      await expect(readText(text)).rejects.toMatchObject({ code: 'invalid_request' });
    },
  );
});

describe('a file of homes', () => {
  test('is read in the charset that it or its content type names', async () => {
    const text = 'address\n1 Peña St';
    const latin = Buffer.from(text, 'latin1');
    for (const [bytes, charset] of [
      [Buffer.from(text), null],
      [Buffer.from(`\uFEFF${text}`), null],
      [Buffer.from(`\uFEFF${text}`, 'utf16le'), null],
      [latin, 'iso-8859-1'],
      [latin, null],
    ] as const) {
      const parsed = await readListings(bytes, { kind: 'csv', charset }, TODAY);
      expect(fields(parsed)).toEqual([{ address: '1 Peña St' }]);
    }
    await expect(readListings(latin, { kind: 'csv', charset: 'utf-8' }, TODAY)).rejects.toThrow('utf-8');
    await expect(readListings(latin, { kind: 'csv', charset: 'klingon' }, TODAY)).rejects.toThrow('klingon');
  });

  test('has one of our content types, with or without a charset', () => {
    expect(parseMediaType('text/csv')).toEqual({ kind: 'csv', charset: null });
    expect(parseMediaType('Application/XML; charset="UTF-8"')).toEqual({ kind: 'xml', charset: 'UTF-8' });
    expect(parseMediaType('text/html')).toBeNull();
    expect(parseMediaType('constructor')).toBeNull();
  });
});
