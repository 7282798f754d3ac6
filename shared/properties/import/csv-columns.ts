// What the columns of exports mean. A column that is not here is named in a warning, and its meaning is never guessed.
//
// Names are compared in lower case, with everything but letters and digits as one underscore: `Bed/Bath` is `bed_bath`.

/** What a column can mean. If several columns of a file mean the same, the first one here that has a value counts. */
export const COLUMNS = {
  propertyId: ['property_id'],
  externalId: ['listing_id', 'unit_id', 'external_id', 'id'],
  // AppFolio's `address` has the city in it, its `street` has not.
  address: [
    'street',
    'street_address',
    'address_line_1',
    'address_line1',
    'street_address_line_1',
    'address_1',
    'address1',
    'street_1',
    'street1',
    'address',
    'property_address',
  ],
  unit: [
    'unit',
    'unit_number',
    'unit_no',
    'unit_name',
    'apt',
    'street2',
    'street_2',
    'address_2',
    'address2',
    'address_line_2',
    'address_line2',
    'street_address_line_2',
  ],
  city: ['city'],
  state: ['state', 'state_province', 'state_region', 'province'],
  postalCode: ['postal_code', 'zip', 'zip_code', 'zipcode', 'postcode'],
  name: ['name', 'property_name', 'marketing_name', 'property', 'community', 'building_name'],
  aliases: ['aliases'],
  status: ['status', 'unit_status', 'listing_status', 'vacancy_status'],
  bedrooms: ['bedrooms', 'beds', 'bed', 'unit_bedrooms', 'number_of_bedrooms', 'num_bedrooms', 'br'],
  bathrooms: ['bathrooms', 'baths', 'bath', 'unit_bathrooms', 'number_of_bathrooms', 'num_bathrooms', 'ba'],
  fullBaths: ['full_baths', 'full_bathrooms', 'fullbaths'],
  halfBaths: ['half_baths', 'half_bathrooms', 'halfbaths'],
  bedsAndBaths: ['bed_and_bath', 'bed_bath', 'bd_ba', 'beds_baths'],
  rent: [
    'rent',
    'advertised_rent',
    'listing_rent',
    'asking_rent',
    'monthly_rent',
    'rent_amount',
    'market_rent',
    'price',
  ],
  deposit: ['deposit', 'security_deposit', 'advertised_deposit', 'deposit_amount'],
  squareFeet: ['square_feet', 'sqft', 'sq_ft', 'square_footage', 'size', 'unit_size', 'sf'],
  propertyType: ['property_type', 'type', 'property_sub_type', 'unit_type', 'structure_type'],
  availableOn: [
    'available_on',
    'available_date',
    'date_available',
    'available',
    'availability_date',
    'ready_for_showing_on',
  ],
  dogs: ['dogs', 'dogs_allowed', 'allow_dogs'],
  cats: ['cats', 'cats_allowed', 'allow_cats'],
  petsNote: ['pets_note', 'pet_policy', 'pet_note'],
  features: ['features', 'amenities', 'unit_amenities', 'unit_features'],
  latitude: ['latitude', 'lat'],
  longitude: ['longitude', 'lng', 'lon', 'long'],
  listingUrl: ['listing_url', 'url', 'listing_link', 'link'],
  description: ['description', 'marketing_description', 'listing_description', 'unit_description'],
} as const satisfies Record<string, readonly string[]>;

export type ColumnMeaning = keyof typeof COLUMNS;

/** A column's header in the spelling of `COLUMNS`: "Market Rent ($)" is `market_rent`. */
export function columnKey(header: string): string {
  return header
    .trim()
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_|_$/g, '');
}

/** The words that exports have for a status, to ours. */
export const STATUS_WORDS: Readonly<Record<string, 'available' | 'coming_soon' | 'rented' | 'hidden'>> = {
  available: 'available',
  active: 'available',
  listed: 'available',
  vacant: 'available',
  vacant_unrented: 'available',
  coming_soon: 'coming_soon',
  notice: 'coming_soon',
  on_notice: 'coming_soon',
  notice_unrented: 'coming_soon',
  rented: 'rented',
  leased: 'rented',
  occupied: 'rented',
  vacant_rented: 'rented',
  notice_rented: 'rented',
  hidden: 'hidden',
  unlisted: 'hidden',
  off_market: 'hidden',
  inactive: 'hidden',
};

/** The words that exports have for a pet policy, to ours. */
export const PET_WORDS: Readonly<Record<string, 'yes' | 'no' | 'ask'>> = {
  yes: 'yes',
  y: 'yes',
  true: 'yes',
  allowed: 'yes',
  '1': 'yes',
  no: 'no',
  n: 'no',
  false: 'no',
  not_allowed: 'no',
  '0': 'no',
  ask: 'ask',
  negotiable: 'ask',
  case_by_case: 'ask',
  conditional: 'ask',
};
