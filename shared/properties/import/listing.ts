import type { PropertyPatch } from '../property.ts';

/** The formats that a listing file can have. */
export const LISTING_FORMATS = ['csv', 'json', 'mits', 'buildium', 'hotpads'] as const;
export type ListingFormat = (typeof LISTING_FORMATS)[number];

/** One row, element or field of a file that could not be read. */
export interface Unreadable {
  /** Its place in the file: `line 12`, `properties[3]`, `Listing SFH001`. */
  readonly at: string;
  readonly field: string;
  readonly why: string;
}

/** One home as a file lists it. */
export interface Listing {
  readonly at: string;
  /** The operator's own id, which becomes the property's. */
  readonly propertyId: string | null;
  /** The id that the file's maker gave it. */
  readonly externalId: string | null;
  readonly fields: PropertyPatch;
  /** The file says "now" instead of a date; `fields.availableOn` is then the day of the import. */
  readonly isAvailableNow: boolean;
}

/** A row that was not read, with as much as it says about which home it is. */
export type UnreadableListing = Pick<Listing, 'propertyId' | 'externalId'> & {
  readonly fields: Pick<PropertyPatch, 'address' | 'unit'>;
};

/** What a reader got out of a file. */
export interface ParsedListings {
  readonly format: ListingFormat;
  readonly listings: readonly Listing[];
  readonly unreadable: readonly Unreadable[];
  /** The rows behind `unreadable`: their homes are still listed, so they have not left. */
  readonly unreadableListings: readonly UnreadableListing[];
  readonly warnings: readonly string[];
}
