// The HotPads feed 2.1, which Zillow takes as well: one `Listing` for each home.
import type { PetPolicies, PetPolicy } from '../property.ts';
import { assertCount, collect } from './collect.ts';
import { countBaths } from './csv.ts';
import type { ParsedListings, Unreadable } from './listing.ts';
import { readRow } from './row-reader.ts';
import type { FieldNames, RowOutcome } from './row-reader.ts';
import type { XmlElement } from './xml.ts';
import { quote } from './values.ts';

const NAMES: FieldNames = {
  externalId: 'id',
  address: 'street',
  postalCode: 'zip',
  bedrooms: 'numBedrooms',
  bathrooms: 'numFullBaths',
  rent: 'price',
  squareFeet: 'squareFeet',
  propertyType: 'propertyType',
  availableOn: 'dateAvailable',
  features: 'ListingTag',
  listingUrl: 'website',
};

/** @param root `hotPadsItems` */
export function readHotPads(root: XmlElement, today: string): ParsedListings {
  const listings = root.children('Listing');
  const rentals = listings.filter((each) => !/^(sale|sublet)$/i.test(each.attribute('type') ?? ''));
  assertCount(rentals.length);
  const skipped = listings.length - rentals.length;
  return collect(
    'hotpads',
    rentals.map((each, index) => toOutcome(each, index, today)),
    skipped > 0 ? [`${skipped} listings are for sale or sublet and were not read`] : [],
  );
}

function toOutcome(listing: XmlElement, index: number, today: string): RowOutcome {
  const id = listing.attribute('id');
  const problems: Omit<Unreadable, 'at'>[] = [];
  if (listing.children('Model').length > 0) {
    problems.push({ field: 'Model', why: 'is a community with floor plans, not one home' });
  }
  const frequency = listing.textOf('pricingFrequency') ?? 'MONTH';
  if (!/^month(ly)?$/i.test(frequency)) {
    problems.push({ field: 'pricingFrequency', why: `is not by the month: ${quote(frequency)}` });
  }
  const low = listing.textOf('lowPrice');
  return readRow(
    {
      at: `Listing ${id ?? `#${index + 1}`}`,
      externalId: id,
      address: listing.textOf('street'),
      unit: listing.textOf('unit'),
      city: listing.textOf('city'),
      state: listing.textOf('state'),
      postalCode: listing.textOf('zip'),
      name: listing.textOf('name'),
      bedrooms: listing.textOf('numBedrooms'),
      bathrooms: countBaths(listing.textOf('numFullBaths'), listing.textOf('numHalfBaths')),
      rent: listing.textOf('price') ?? (low === listing.textOf('highPrice') ? low : null),
      deposit: listing.textOf('deposit'),
      squareFeet: listing.textOf('squareFeet'),
      propertyType: listing.attribute('propertyType')?.toLowerCase() ?? null,
      availableOn: listing.textOf('dateAvailable'),
      pets: petsOf(listing),
      features: featuresOf(listing),
      latitude: listing.textOf('latitude'),
      longitude: listing.textOf('longitude'),
      listingUrl: listing.textOf('website'),
      description: listing.textOf('description') ?? listing.textOf('previewMessage'),
      problems,
    },
    today,
    NAMES,
  );
}

/** What each tag says: its name, and its value in `tag`. */
function tagsOf(listing: XmlElement): [type: string, value: string][] {
  return listing
    .children('ListingTag')
    .map((tag) => [tag.attribute('type') ?? '', tag.textOf('tag') ?? (tag.text === '' ? 'true' : tag.text)]);
}

function petsOf(listing: XmlElement): PetPolicies | null {
  const policy = (...types: string[]): PetPolicy | null => {
    const found = tagsOf(listing).find(([type]) => types.includes(type.toUpperCase()));
    if (!found) return null;
    return /^(true|yes|1)$/i.test(found[1]) ? 'yes' : /^(false|no|0)$/i.test(found[1]) ? 'no' : 'ask';
  };
  const none = policy('NO_PETS') === 'yes' ? 'no' : null;
  const dogs =
    policy('DOGS_ALLOWED', 'LARGE_DOGS_ALLOWED') ?? smallDogs(policy('SMALL_DOGS_ALLOWED')) ?? none;
  const cats = policy('CATS_ALLOWED') ?? none;
  return dogs === null && cats === null ? null : { dogs, cats, note: null };
}

/** A home that takes small dogs alone has to be asked about. */
function smallDogs(policy: PetPolicy | null): PetPolicy | null {
  return policy === 'yes' ? 'ask' : policy;
}

function featuresOf(listing: XmlElement): string[] {
  return tagsOf(listing).flatMap(([type, value]) => {
    if (/_ALLOWED$|^NO_PETS$/i.test(type)) return [];
    if (/^(PROPERTY|MODEL|RENTAL)?_?AMENIT(Y|IES)$/i.test(type)) return [value];
    return /^(true|yes)$/i.test(value) ? [type.toLowerCase().replaceAll('_', ' ')] : [];
  });
}
