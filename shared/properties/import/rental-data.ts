// The file of the rental scraper: `{"rentals": {ID: {scraped_at, source_url, data: {address, price, ...}}}}`, with display
// strings. A unit hangs on the street: "1000 Rambling Oaks - 6, Norman, OK 73072".
import * as z from 'zod';
import { isLocalDate } from '../../scheduling/zone.ts';
import { collect } from './collect.ts';
import type { ParsedListings } from './listing.ts';
import { readRow } from './row-reader.ts';
import type { FieldNames, RawListing, RowOutcome } from './row-reader.ts';

const NAMES: FieldNames = { rent: 'price', availableOn: 'available_date', listingUrl: 'source_url' };

const display = z
  .union([z.string(), z.number()])
  .transform((value) => String(value))
  .nullish()
  .catch(null);

const rental = z.object({
  scraped_at: z.string().nullish().catch(null),
  source_url: display,
  data: z.object({
    address: display,
    price: display,
    bedrooms: display,
    bathrooms: display,
    square_feet: display,
    available_date: display,
    property_type: display,
  }),
});

/** @param today for a home that does not say when it was read */
export function readRentalData(rentals: Readonly<Record<string, unknown>>, today: string): ParsedListings {
  return collect(
    'json',
    Object.entries(rentals).map(([id, value]) => toOutcome(id, value, today)),
  );
}

function toOutcome(id: string, value: unknown, today: string): RowOutcome {
  const at = `rentals.${id.slice(0, 80)}`;
  const parsed = rental.safeParse(value);
  if (!parsed.success)
    return readRow({ at, externalId: id, problems: [{ field: 'data', why: 'is missing' }] }, today);
  const { data, scraped_at: scrapedAt, source_url: url } = parsed.data;
  // "August 4" is near the day on which the page was read.
  const day = scrapedAt?.slice(0, 10) ?? '';
  return readRow(
    {
      at,
      externalId: id,
      ...splitAddress(data.address ?? ''),
      rent: data.price,
      bedrooms: data.bedrooms,
      bathrooms: data.bathrooms,
      squareFeet: data.square_feet,
      availableOn: data.available_date,
      propertyType: data.property_type,
      listingUrl: url,
    },
    isLocalDate(day) ? day : today,
    NAMES,
  );
}

/** `street - unit, city, state postal code`; what has another form stays one address. */
export function splitAddress(text: string): Partial<RawListing> {
  const match = /^([^,]+?)(?: - ([^,]{1,32}?))?, *([^,]+), *([A-Za-z]{2}) +(\d{5}(?:-\d{4})?)$/.exec(
    text.trim(),
  );
  if (!match) {
    const [, street = text, unit = null] = /^(.+?) - ([^,\s]{1,8})$/.exec(text.trim()) ?? [];
    return { address: street, unit };
  }
  const [, address, unit = null, city, state, postalCode] = match;
  return { address, unit, city, state: state?.toUpperCase(), postalCode };
}
