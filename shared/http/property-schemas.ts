// What the routes of properties and sources take and give.
import * as z from 'zod';
import { LISTING_FORMATS } from '../properties/import/listing.ts';
import { entityId, propertyBody, propertyId } from '../properties/property-body.ts';
import { limitField, pageQuery } from './paging.ts';
import { userIdField } from './requests.ts';

const time = z.iso.datetime().describe('ISO 8601 in UTC');
const flag = z.enum(['true', 'false']).optional();

export const propertyParams = z.object({ user_id: userIdField, property_id: propertyId });
export const sourceParams = z.object({ user_id: userIdField, source_id: entityId });

export const propertiesQuery = pageQuery('properties');

export const importQuery = z.object({
  source: entityId.optional().meta({
    description:
      'Whose homes these are: what is missing from the file has left. Without it rows are added and changed only',
  }),
  dry_run: flag.meta({ description: '`true` writes nothing' }),
  confirm: flag.meta({
    description: '`true` applies also what would lose more than half of the source’s homes',
  }),
});

export const runQuery = importQuery.omit({ source: true });

export const propertyResponse = propertyBody
  .extend({ property_id: z.string(), source: z.string().nullable(), seen_at: time.nullable() })
  .meta({ id: 'Property' });

export const propertiesResponse = z
  .object({ properties: z.array(propertyResponse), next: z.string().optional() })
  .meta({ id: 'Properties' });

export const searchQuery = z.object({
  user_id: userIdField,
  q: z.string().max(200).optional().meta({ description: 'An address or a name, as a caller says it' }),
  bedrooms: z.string().max(100).optional().meta({ description: 'Exact, or `2+`' }),
  max_rent: z.string().max(100).optional(),
  area: z.string().max(100).optional().meta({ description: 'City, postal code, street or name' }),
  pets: z.string().max(100).optional().meta({ description: 'dog, cat or both' }),
  feature: z.string().max(100).optional(),
  move_in: z
    .string()
    .max(100)
    .optional()
    .meta({ description: 'YYYY-MM-DD, or words such as "by the end of January"' }),
  limit: limitField,
});

const listedProperty = propertyResponse.omit({ description: true, seen_at: true });

export const searchResponse = z
  .object({
    properties: z.array(
      listedProperty.extend({
        user_id: z.string().describe('The manager who shows it'),
        score: z.number().describe('1 if it was named, or if its listing fits every filter'),
        unknown: z.array(z.string()).describe('The filters that its listing says nothing about'),
      }),
    ),
    total: z.int(),
    match: z
      .string()
      .nullable()
      .describe('What `q` names: `found`, `which`, `unknown`, `unavailable`, `unnamed`'),
    near: z.array(listedProperty).describe('The homes that a caller would be asked about or offered instead'),
    relaxed: z.string().nullable().describe('The filter that was left out because nothing fitted it'),
  })
  .meta({ id: 'PropertySearch' });

export const importResponse = z
  .object({
    source: z.string().nullable(),
    format: z.enum(LISTING_FORMATS),
    applied: z.boolean().describe('False for a dry run, and for a source that would shrink too much'),
    added: z.int(),
    changed: z.int(),
    unchanged: z.int(),
    gone: z.int().describe('How many homes left the source and are now rented'),
    unreadable: z.array(z.object({ at: z.string(), field: z.string(), why: z.string() })),
    warnings: z.array(z.string()),
    affected_viewings: z
      .array(
        z.object({
          appointment_id: z.string(),
          property_id: z.string(),
          property_address: z.string(),
          start_time: time,
          attendee_name: z.string().nullable(),
        }),
      )
      .describe('Future viewings of homes that become rented; the viewings stay'),
  })
  .meta({ id: 'Import' });

export const sourceResponse = z
  .object({
    source_id: z.string(),
    url: z.string().nullable().describe('Null if its homes are imported from files'),
    format: z.enum(LISTING_FORMATS).nullable(),
    every_hours: z.int(),
    due_at: time.nullable(),
    read_at: time.nullable().describe('When it was last read and applied'),
    failing_since: time.nullable(),
    problem: z.string().nullable().describe('Why it cannot be read'),
    held_since: time
      .nullable()
      .describe('Since when an import that would lose more than half of the homes is held back'),
  })
  .meta({ id: 'Source' });

export const sourcesResponse = z.object({ sources: z.array(sourceResponse) }).meta({ id: 'Sources' });

export const searchesResponse = z
  .object({
    searches: z.array(
      z.object({
        searched_at: time,
        criteria: z.record(z.string(), z.unknown()).describe('Only the criteria that the caller named'),
        property_ids: z
          .array(z.string())
          .describe('The homes that were found, in the order that the caller heard, at most 10'),
        total: z.int(),
        relaxed: z.string().nullable(),
      }),
    ),
  })
  .meta({ id: 'Searches' });

/** The files that an import takes. */
export const listingFile = z.string().meta({ description: 'A listing file', format: 'binary' });
