import type { WeeklyHours } from '../scheduling/schedule.ts';

/**
 * `available`: can be viewed. `coming_soon`: can be viewed from `availableOn`, without a date not at all. `rented`: cannot
 * be viewed any more. `hidden`: is never found.
 */
export const PROPERTY_STATUSES = ['available', 'coming_soon', 'rented', 'hidden'] as const;
export type PropertyStatus = (typeof PROPERTY_STATUSES)[number];

/** `ask`: the manager has to be asked. */
export const PET_POLICIES = ['yes', 'no', 'ask'] as const;
export type PetPolicy = (typeof PET_POLICIES)[number];

/** Null: the listing does not say. */
export interface PetPolicies {
  readonly dogs: PetPolicy | null;
  readonly cats: PetPolicy | null;
  readonly note: string | null;
}

/** What replaces the manager's own settings for viewings of one home. Null: the manager's setting counts. */
export interface PropertyViewing {
  /** Replaces the manager's hours as a whole. */
  readonly hours: WeeklyHours | null;
  readonly durationMinutes: number | null;
  readonly noticeMinutes: number | null;
  readonly daysAhead: number | null;
  readonly horizonDays: number | null;
  /** Viewings of this home per local day. The manager's own limit goes on counting all viewings. */
  readonly dailyLimit: number | null;
  /** For the manager alone: never spoken, and only in the body of an event without attendees. */
  readonly accessNote: string | null;
}

/** One home for rent: a house, or one unit. Null: the listing does not say. */
export interface Property {
  /** Unique within a portfolio, and the same after every import. */
  readonly propertyId: string;
  /** The manager who shows this home. */
  readonly userId: string;
  readonly address: string;
  readonly unit: string | null;
  readonly city: string | null;
  readonly state: string | null;
  readonly postalCode: string | null;
  /** The name of the house or the community, such as "Rambling Oaks". */
  readonly name: string | null;
  /** What callers also call it. Never spoken. */
  readonly aliases: readonly string[];
  readonly status: PropertyStatus;
  /** 0 is a studio. */
  readonly bedrooms: number | null;
  readonly bathrooms: number | null;
  /** US dollars a month. */
  readonly rent: number | null;
  /** US dollars. */
  readonly deposit: number | null;
  readonly squareFeet: number | null;
  readonly propertyType: string | null;
  /** Local date, `YYYY-MM-DD`. */
  readonly availableOn: string | null;
  readonly pets: PetPolicies | null;
  /** As listed: what `isFairHousingFlagged` flags is never spoken. */
  readonly features: readonly string[];
  readonly latitude: number | null;
  readonly longitude: number | null;
  readonly listingUrl: string | null;
  /** Never spoken, and not in a directory. */
  readonly description: string | null;
  readonly viewing: PropertyViewing | null;
  /** The source that brought it; null for a home entered by hand. */
  readonly source: string | null;
  /** When its source listed it last, in epoch milliseconds; null for a home entered by hand. */
  readonly seenAt: number | null;
}

/** A home as the voice side knows it: without what nobody but the operator reads. */
export type ListedProperty = Omit<Property, 'description' | 'seenAt'>;

/** What a listing, or an operator, can say of a home. */
export type PropertyFields = Omit<Property, 'propertyId' | 'userId' | 'source' | 'seenAt'>;

/** Some of the fields. A field that is absent is not said. */
export type PropertyPatch = Partial<PropertyFields>;

/** A home of which nothing is said but that it is available. */
export const NO_FIELDS: PropertyFields = {
  address: '',
  unit: null,
  city: null,
  state: null,
  postalCode: null,
  name: null,
  aliases: [],
  status: 'available',
  bedrooms: null,
  bathrooms: null,
  rent: null,
  deposit: null,
  squareFeet: null,
  propertyType: null,
  availableOn: null,
  pets: null,
  features: [],
  latitude: null,
  longitude: null,
  listingUrl: null,
  description: null,
  viewing: null,
};
