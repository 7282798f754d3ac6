import { MAX_ALIASES, MAX_FEATURES, MAX_LENGTH } from '../property-body.ts';
import type { PetPolicies, PropertyFields, PropertyPatch, PropertyStatus } from '../property.ts';
import type { Listing, Unreadable, UnreadableListing } from './listing.ts';
import {
  quote,
  readBathrooms,
  readBedrooms,
  readDate,
  readDegrees,
  readDollars,
  readLine,
  readParagraphs,
  readSquareFeet,
  readUrl,
} from './values.ts';
import type { Value } from './values.ts';

/** The texts of one home, by what they mean. What a file does not have is left out. */
export interface RawListing {
  readonly at: string;
  readonly propertyId?: string | null;
  readonly externalId?: string | null;
  readonly address?: string | null;
  readonly unit?: string | null;
  readonly city?: string | null;
  readonly state?: string | null;
  readonly postalCode?: string | null;
  readonly name?: string | null;
  readonly aliases?: readonly string[];
  readonly status?: PropertyStatus | null;
  readonly bedrooms?: string | null;
  readonly bathrooms?: string | null;
  readonly rent?: string | null;
  readonly deposit?: string | null;
  readonly squareFeet?: string | null;
  readonly propertyType?: string | null;
  readonly availableOn?: string | null;
  readonly pets?: PetPolicies | null;
  readonly features?: readonly string[];
  readonly latitude?: string | null;
  readonly longitude?: string | null;
  readonly listingUrl?: string | null;
  readonly description?: string | null;
  /** More that is wrong with the row, found by the format's own reader. */
  readonly problems?: readonly Omit<Unreadable, 'at'>[];
}

/** How the file calls each field, for its messages; our own names by default. */
export type FieldNames = Partial<Record<keyof PropertyFields | 'propertyId' | 'externalId', string>>;

const OWN_NAMES: FieldNames = {
  propertyId: 'property_id',
  externalId: 'id',
  postalCode: 'postal_code',
  squareFeet: 'square_feet',
  propertyType: 'property_type',
  availableOn: 'available_on',
  listingUrl: 'listing_url',
};

/** One row as a home, or every field of it that cannot be read. */
export type RowOutcome =
  | { readonly ok: true; readonly listing: Listing }
  | {
      readonly ok: false;
      readonly unreadable: readonly Unreadable[];
      readonly listing: UnreadableListing;
    };

/**
 * Reads one home. A row with any field that cannot be read is not taken at all: half of a listing is a wrong listing.
 * @param today local date for "now" and for days without a year; null: such dates are refused
 */
export function readRow(raw: RawListing, today: string | null, names: FieldNames = {}): RowOutcome {
  const unreadable: Unreadable[] = (raw.problems ?? []).map((problem) => ({ at: raw.at, ...problem }));
  const read = <T>(
    field: keyof FieldNames,
    text: string | null | undefined,
    reader: (text: string) => Value<T>,
  ) => {
    if (text === null || text === undefined) return null;
    const result = reader(text);
    if (result.ok) return result.value;
    const name = names[field] ?? OWN_NAMES[field] ?? field;
    unreadable.push({ at: raw.at, field: name, why: result.why });
    return null;
  };
  const line = (max: number) => (text: string) => readLine(text, max);
  const lines = (
    texts: readonly string[] | undefined,
    field: 'aliases' | 'features',
    max: number,
    most: number,
  ) => {
    const all = (texts ?? []).map((text) => read(field, text, line(max))).filter((text) => text !== null);
    return [...new Set(all)].slice(0, most);
  };
  const id = (text: string): Value<string> =>
    /^[A-Za-z0-9_-]{1,64}$/.test(text.trim()) && text.trim() !== 'import'
      ? { ok: true, value: text.trim() }
      : text.trim() === ''
        ? { ok: true, value: null }
        : { ok: false, why: `must be 1 to 64 of A-Z a-z 0-9 - _: ${quote(text)}` };

  const propertyId = read('propertyId', raw.propertyId, id);
  const externalId = read('externalId', raw.externalId, line(MAX_LENGTH.address));
  const address = read('address', raw.address, line(MAX_LENGTH.address));
  const unit = read('unit', raw.unit, line(MAX_LENGTH.unit));
  const available = read('availableOn', raw.availableOn, (text) => readDate(text, today));
  const aliases = lines(raw.aliases, 'aliases', MAX_LENGTH.name, MAX_ALIASES);
  const features = lines(raw.features, 'features', MAX_LENGTH.feature, MAX_FEATURES);
  const fields: { [Name in keyof PropertyPatch]: PropertyPatch[Name] | null } = {
    address,
    unit,
    city: read('city', raw.city, line(MAX_LENGTH.place)),
    state: read('state', raw.state, line(MAX_LENGTH.place)),
    postalCode: read('postalCode', raw.postalCode, line(20)),
    name: read('name', raw.name, line(MAX_LENGTH.name)),
    aliases: aliases.length > 0 ? aliases : null,
    status: raw.status,
    bedrooms: read('bedrooms', raw.bedrooms, readBedrooms),
    bathrooms: read('bathrooms', raw.bathrooms, readBathrooms),
    rent: read('rent', raw.rent, readDollars),
    deposit: read('deposit', raw.deposit, readDollars),
    squareFeet: read('squareFeet', raw.squareFeet, readSquareFeet),
    propertyType: read('propertyType', raw.propertyType, line(64)),
    availableOn: available?.date,
    pets: raw.pets,
    features: features.length > 0 ? features : null,
    latitude: read('latitude', raw.latitude, (text) => readDegrees(text, 90)),
    longitude: read('longitude', raw.longitude, (text) => readDegrees(text, 180)),
    listingUrl: read('listingUrl', raw.listingUrl, (text) => readUrl(text, MAX_LENGTH.url)),
    description: raw.description ? readParagraphs(raw.description, MAX_LENGTH.description) : null,
  };
  if (address === null && !unreadable.some(({ field }) => field === (names.address ?? 'address'))) {
    unreadable.push({ at: raw.at, field: names.address ?? 'address', why: 'is missing' });
  }
  if (unreadable.length > 0) {
    const known = { ...(address !== null && { address }), ...(unit !== null && { unit }) };
    return { ok: false, unreadable, listing: { propertyId, externalId, fields: known } };
  }
  return {
    ok: true,
    listing: {
      at: raw.at,
      propertyId,
      externalId,
      fields: Object.fromEntries(
        Object.entries<unknown>(fields).filter(([, value]) => value !== null && value !== undefined),
      ),
      isAvailableNow: available?.isNow ?? false,
    },
  };
}
