import type { ListedProperty } from '../../shared/properties/property.ts';

let count = 0;

/** A home of one manager in Norman, Oklahoma, with two bedrooms for 975 dollars a month, unless the test says otherwise. */
export function home(address: string, fields: Partial<ListedProperty> = {}): ListedProperty {
  count += 1;
  return {
    propertyId: `home-${count}`,
    userId: 'pete',
    address,
    unit: null,
    city: 'Norman',
    state: 'OK',
    postalCode: '73072',
    name: null,
    aliases: [],
    status: 'available',
    bedrooms: 2,
    bathrooms: 1,
    rent: 975,
    deposit: null,
    squareFeet: null,
    propertyType: null,
    availableOn: null,
    pets: null,
    features: [],
    latitude: null,
    longitude: null,
    listingUrl: null,
    viewing: null,
    source: null,
    ...fields,
  };
}
