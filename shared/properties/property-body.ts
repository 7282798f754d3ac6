// What an operator may say of a home: the body of PUT .../properties/{property_id}, and of a row of our JSON import.
import * as z from 'zod';
import { MAX_DAYS } from '../managers/manager.ts';
import { hours, minutes } from '../managers/manager-body.ts';
import { isLocalDate } from '../scheduling/zone.ts';
import { PET_POLICIES, PROPERTY_STATUSES } from './property.ts';
import type { PropertyPatch, PropertyViewing } from './property.ts';

/** The longest texts of a home, in UTF-16 units: all of them together fit into one row of a table. */
export const MAX_LENGTH = {
  address: 200,
  unit: 32,
  place: 100,
  name: 128,
  feature: 200,
  description: 10_000,
  note: 500,
  url: 2_000,
} as const;
export const MAX_ALIASES = 20;
export const MAX_FEATURES = 100;
const MAX_DOLLARS = 1_000_000;
const MAX_ROOMS = 50;

/** One line of visible text, trimmed. */
function line(max: number) {
  return z
    .string()
    .trim()
    .min(1)
    .max(max)
    .regex(/^[\p{L}\p{M}\p{N}\p{P}\p{S} ]*$/u, 'must be one line of visible characters');
}

const dollars = z.number().min(0).max(MAX_DOLLARS);
const policy = z.enum(PET_POLICIES).nullish();

const viewing = z.strictObject({
  hours: hours.nullish().meta({ description: 'Replaces the manager’s hours as a whole' }),
  duration_minutes: minutes(5).nullish(),
  notice_minutes: minutes(0).nullish(),
  days_ahead: z.int().min(1).max(MAX_DAYS).nullish(),
  horizon_days: z.int().min(1).max(MAX_DAYS).nullish(),
  daily_limit: z
    .int()
    .min(1)
    .max(1_000)
    .nullish()
    .meta({ description: 'Viewings of this home per local day; the manager’s own limit counts on' }),
  access_note: z
    .string()
    .trim()
    .max(MAX_LENGTH.note)
    .nullish()
    .meta({ description: 'For the manager alone: only in the body of an event without attendees' }),
});

/** The id of a property or a source in a path: 1 to 64 of A-Z a-z 0-9 `-` `_`. */
export const entityId = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be 1 to 64 of A-Z a-z 0-9 - _');

/** `import` is a route of its own. */
export const propertyId = entityId.refine((id) => id !== 'import', 'must not be import');

/** Null and absent mean the same: not said. */
export const propertyBody = z
  .strictObject({
    address: line(MAX_LENGTH.address).meta({ description: 'Number and street', example: '829 Western Ave' }),
    unit: line(MAX_LENGTH.unit).nullish().meta({ example: '6' }),
    city: line(MAX_LENGTH.place).nullish(),
    state: line(MAX_LENGTH.place).nullish(),
    postal_code: line(20).nullish(),
    name: line(MAX_LENGTH.name)
      .nullish()
      .meta({ description: 'The house or the community', example: 'Rambling Oaks' }),
    aliases: z
      .array(line(MAX_LENGTH.name))
      .max(MAX_ALIASES)
      .nullish()
      .meta({ description: 'What callers also call it' }),
    status: z.enum(PROPERTY_STATUSES).nullish().meta({ description: '`available` by default' }),
    bedrooms: z.int().min(0).max(MAX_ROOMS).nullish().meta({ description: '0 is a studio' }),
    bathrooms: z.number().min(0).max(MAX_ROOMS).nullish(),
    rent: dollars.nullish().meta({ description: 'US dollars a month' }),
    deposit: dollars.nullish().meta({ description: 'US dollars' }),
    square_feet: z.number().min(0).max(MAX_DOLLARS).nullish(),
    property_type: line(64).nullish(),
    available_on: z
      .string()
      .refine(isLocalDate, 'must be a date, YYYY-MM-DD')
      .nullish()
      .meta({ example: '2026-12-01' }),
    pets: z.strictObject({ dogs: policy, cats: policy, note: line(MAX_LENGTH.note).nullish() }).nullish(),
    features: z.array(line(MAX_LENGTH.feature)).max(MAX_FEATURES).nullish(),
    latitude: z.number().min(-90).max(90).nullish(),
    longitude: z.number().min(-180).max(180).nullish(),
    listing_url: z
      .url({ protocol: /^https?$/ })
      .max(MAX_LENGTH.url)
      .nullish(),
    description: z
      .string()
      .trim()
      .max(MAX_LENGTH.description)
      .nullish()
      .meta({ description: 'Never spoken' }),
    viewing: viewing.nullish().meta({ description: 'Replaces the manager’s own rules for this home' }),
    property_id: z.string().nullish().meta({ description: 'As GET shows it; the path decides' }),
    source: z.string().nullish().meta({ description: 'As GET shows it; ignored' }),
    seen_at: z.string().nullish().meta({ description: 'As GET shows it; ignored' }),
  })
  .meta({ id: 'PropertyBody' });

export type PropertyBody = z.infer<typeof propertyBody>;

function toViewing(body: z.infer<typeof viewing>): PropertyViewing {
  return {
    hours: body.hours ?? null,
    durationMinutes: body.duration_minutes ?? null,
    noticeMinutes: body.notice_minutes ?? null,
    daysAhead: body.days_ahead ?? null,
    horizonDays: body.horizon_days ?? null,
    dailyLimit: body.daily_limit ?? null,
    accessNote: body.access_note === '' ? null : (body.access_note ?? null),
  };
}

/** What a body says; what it leaves out, or says as null, is absent. */
export function toPropertyPatch(body: PropertyBody): PropertyPatch {
  const { pets } = body;
  return withoutNulls({
    address: body.address,
    unit: body.unit,
    city: body.city,
    state: body.state,
    postalCode: body.postal_code,
    name: body.name,
    aliases: body.aliases,
    status: body.status,
    bedrooms: body.bedrooms,
    bathrooms: body.bathrooms,
    rent: body.rent,
    deposit: body.deposit,
    squareFeet: body.square_feet,
    propertyType: body.property_type,
    availableOn: body.available_on,
    pets: pets && { dogs: pets.dogs ?? null, cats: pets.cats ?? null, note: pets.note ?? null },
    features: body.features,
    latitude: body.latitude,
    longitude: body.longitude,
    listingUrl: body.listing_url,
    description: body.description === '' ? null : body.description,
    viewing: body.viewing && toViewing(body.viewing),
  });
}

/** Drops what is null or undefined. */
export function withoutNulls(fields: {
  readonly [Name in keyof PropertyPatch]: PropertyPatch[Name] | null;
}): PropertyPatch {
  return Object.fromEntries(
    Object.entries<unknown>(fields).filter(([, value]) => value !== null && value !== undefined),
  );
}
