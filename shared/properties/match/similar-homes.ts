import type { ListedProperty } from '../property.ts';

const MAX_SIMILAR = 2;

/**
 * Homes to name beside one that cannot be viewed: of the same size, those of the same city first, then those whose rent
 * is nearest. For suggesting alone: nothing is ever booked by them.
 */
export function similarHomes(
  home: ListedProperty,
  properties: readonly ListedProperty[],
): readonly ListedProperty[] {
  if (home.bedrooms === null) return [];
  return properties
    .filter(
      (other) =>
        other.status === 'available' &&
        other.bedrooms === home.bedrooms &&
        other.propertyId !== home.propertyId,
    )
    .map((property) => ({
      property,
      elsewhere: property.city === home.city ? 0 : 1,
      away: rentApart(home, property),
    }))
    .sort(
      (a, b) =>
        a.elsewhere - b.elsewhere ||
        a.away - b.away ||
        a.property.address.localeCompare(b.property.address, 'en') ||
        (a.property.unit ?? '').localeCompare(b.property.unit ?? '', 'en'),
    )
    .slice(0, MAX_SIMILAR)
    .map(({ property }) => property);
}

/** An unknown rent is the farthest. */
function rentApart(a: ListedProperty, b: ListedProperty): number {
  return a.rent === null || b.rent === null ? Number.MAX_SAFE_INTEGER : Math.abs(a.rent - b.rent);
}
