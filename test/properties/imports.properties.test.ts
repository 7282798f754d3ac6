// Whatever an import contains, tables and answers stay well-formed, and two imports of one file change nothing.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { propertyBody, toPropertyPatch } from '../../shared/properties/property-body.ts';
import { toPropertyResponse } from '../../shared/properties/property-response.ts';
import { isAppError } from '../../shared/core/errors.ts';
import type { MediaType } from '../../shared/properties/import/read-listings.ts';
import type { ImportRequest } from '../../shared/properties/import-file.ts';
import { propertyResponse } from '../../shared/http/property-schemas.ts';
import { createPropertyApp, signal } from '../support/property-app.ts';
import type { PropertyApp } from '../support/property-app.ts';

let app: PropertyApp;

beforeAll(async () => {
  app = await createPropertyApp();
});
afterAll(() => app.close());

/** Texts that files have, that people type, and that somebody hostile would try. */
const text = fc.oneof(
  fc.constantFrom(
    '',
    '1 Main St',
    '2',
    '1,400',
    '$975/mo',
    'Now',
    'August 4',
    '2026-12-01',
    'yes',
    'Vacant',
    'null',
  ),
  fc.constantFrom(
    '=cmd()',
    '"',
    ',',
    '\n',
    '\u0000',
    '\ud800',
    '<b>',
    ']]>',
    '&amp;',
    "' or 1 eq 1",
    '../..',
    '__proto__',
  ),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ minLength: 300, maxLength: 400 }),
);

const HEADERS = [
  'address',
  'unit',
  'city',
  'rent',
  'bedrooms',
  'bathrooms',
  'available_on',
  'status',
  'dogs',
  'features',
  'description',
  'listing_id',
  'property_id',
];
const csv = fc
  .array(fc.array(text, { minLength: HEADERS.length, maxLength: HEADERS.length }), { maxLength: 8 })
  .map((rows) =>
    [HEADERS, ...rows]
      .map((row) => row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(','))
      .join('\n'),
  );
const json = fc
  .array(fc.dictionary(fc.constantFrom(...HEADERS, 'pets', 'viewing', 'x'), fc.oneof(text, fc.jsonValue())), {
    maxLength: 8,
  })
  .map((properties) => JSON.stringify({ properties }));
const escape = (value: string): string =>
  value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
const xml = fc
  .array(
    fc.record({ id: text, street: text, unit: text, price: text, numBedrooms: text, dateAvailable: text }),
    { maxLength: 8 },
  )
  .map((listings) => {
    const elements = listings.map(({ id, ...rest }) => {
      const inner = Object.entries(rest).map(([name, value]) => `<${name}>${escape(value)}</${name}>`);
      return `<Listing id="${escape(id).replaceAll('"', '&quot;')}">${inner.join('')}</Listing>`;
    });
    return `<hotPadsItems>${elements.join('')}</hotPadsItems>`;
  });
const noise = fc.string({ unit: 'binary', maxLength: 200 });

const file: fc.Arbitrary<{ kind: MediaType['kind']; content: string }> = fc.oneof(
  csv.map((content) => ({ kind: 'csv' as const, content })),
  json.map((content) => ({ kind: 'json' as const, content })),
  xml.map((content) => ({ kind: 'xml' as const, content })),
  fc.record({ kind: fc.constantFrom('csv' as const, 'json' as const, 'xml' as const), content: noise }),
);

test('Whatever a file contains, it is refused in words or leaves homes that can be read, shown and put again', async () => {
  const userId = await app.addManager();
  await fc.assert(
    fc.asyncProperty(file, fc.option(fc.constantFrom('one', 'two')), async ({ kind, content }, source) => {
      const request: ImportRequest = {
        userId,
        source,
        bytes: Buffer.from(content),
        media: { kind, charset: null },
        dryRun: false,
        confirm: true,
      };
      let report;
      try {
        report = await app.properties.import(request, signal);
      } catch (error) {
        expect(isAppError(error, 'invalid_request')).toBe(true);
        return;
      }
      expect(report.applied).toBe(true);
      for (const each of report.unreadable) {
        expect(each.at.length * each.field.length * each.why.length).toBeGreaterThan(0);
      }
      const again = await app.properties.import(request, signal);
      expect(again).toMatchObject({ added: 0, changed: 0, gone: 0 });
      const { properties } = await app.properties.list(userId, { after: null, limit: 1_000 }, signal);
      for (const property of properties) {
        const shown = toPropertyResponse(property);
        expect(propertyResponse.safeParse(shown).error).toBeUndefined();
        expect(Object.keys(toPropertyPatch(propertyBody.parse(shown)))).toContain('address');
      }
      const listed = await app.directory.forManager(userId, signal);
      expect(listed.properties.map(({ propertyId }) => propertyId).sort()).toEqual(
        properties.map(({ propertyId }) => propertyId).sort(),
      );
    }),
    { numRuns: 60 },
  );
});

test('The largest homes there can be fit into the limits of Table Storage', async () => {
  const userId = await app.addManager();
  const long = (length: number): string => '\u{1F3E0}'.repeat(length / 2);
  const home = (index: number) => ({
    property_id: `largest-${index}`,
    address: `${index} ${long(190)}`,
    unit: long(32),
    city: long(100),
    state: long(100),
    name: long(128),
    aliases: Array.from({ length: 20 }, (_, each) => `${each}${long(120)}`),
    features: Array.from({ length: 100 }, (_, each) => `${each}${long(190)}`),
    description: long(10_000),
    listing_url: `https://example.com/${'x'.repeat(1_900)}`,
    viewing: { access_note: long(500) },
  });
  const content = JSON.stringify({ properties: Array.from({ length: 60 }, (_, index) => home(index)) });
  const request = { userId, source: 'large', bytes: Buffer.from(content), dryRun: false, confirm: false };
  const report = await app.properties.import({ ...request, media: { kind: 'json', charset: null } }, signal);
  expect(report).toMatchObject({ added: 60, unreadable: [] });
  let rows = 0;
  for await (const page of app.tables.query('properties', '')) {
    for (const row of page) {
      rows++;
      const texts = Object.entries(row).map(([name, value]) => [name, String(value ?? '')] as const);
      for (const [, value] of texts) expect(value.length).toBeLessThanOrEqual(32_768);
      const bytes = texts.reduce((sum, [name, value]) => sum + 2 * (name.length + value.length) + 12, 0);
      expect(bytes).toBeLessThanOrEqual(1024 * 1024);
      expect(texts.length).toBeLessThanOrEqual(252);
    }
  }
  expect(rows).toBeGreaterThan(60);
  expect((await app.another().directory.forManager(userId, signal)).properties).toHaveLength(60);
});
