import type { ListedProperty, Property } from './property.ts';

/** A home as a search shows it: what the voice side knows of it. */
export function toListedResponse(property: ListedProperty) {
  const { viewing } = property;
  return {
    property_id: property.propertyId,
    address: property.address,
    unit: property.unit,
    city: property.city,
    state: property.state,
    postal_code: property.postalCode,
    name: property.name,
    aliases: property.aliases,
    status: property.status,
    bedrooms: property.bedrooms,
    bathrooms: property.bathrooms,
    rent: property.rent,
    deposit: property.deposit,
    square_feet: property.squareFeet,
    property_type: property.propertyType,
    available_on: property.availableOn,
    pets: property.pets,
    features: property.features,
    latitude: property.latitude,
    longitude: property.longitude,
    listing_url: property.listingUrl,
    viewing: viewing && {
      hours: viewing.hours,
      duration_minutes: viewing.durationMinutes,
      notice_minutes: viewing.noticeMinutes,
      days_ahead: viewing.daysAhead,
      horizon_days: viewing.horizonDays,
      daily_limit: viewing.dailyLimit,
      access_note: viewing.accessNote,
    },
    source: property.source,
  };
}

/** A home as the operators' routes show it: a body of PUT, with `property_id`, `source` and `seen_at`. */
export function toPropertyResponse(property: Property) {
  return {
    ...toListedResponse(property),
    description: property.description,
    seen_at: property.seenAt === null ? null : new Date(property.seenAt).toISOString(),
  };
}
