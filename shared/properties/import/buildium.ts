// The public listing feed that every Buildium account has: MITS 3.0 with one floor plan for each listing, whose id is the
// listing's, and with the unit in the address. It has no available date.
import type { ParsedListings } from './listing.ts';
import { readMits } from './mits.ts';
import type { XmlElement } from './xml.ts';

/** Whether this is Buildium's own: its unit is in the address, and its links lead to managebuilding.com. */
export function isBuildium(root: XmlElement): boolean {
  return root
    .children('Property')
    .some(
      (property) =>
        [property, ...property.children('Floorplan')].some((element) =>
          /\bmanagebuilding\.com\b/i.test(element.textOf('FloorplanAvailabilityURL') ?? ''),
        ) || property.first('PropertyID', 'Address', 'Unit') !== null,
    );
}

/** @param root `PhysicalProperty` */
export function readBuildium(root: XmlElement, today: string): ParsedListings {
  return readMits(root, today, 'buildium');
}
