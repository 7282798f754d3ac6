import * as z from 'zod';
import { isFairHousingFlagged } from '../properties/fair-housing.ts';
import { PET_POLICIES, PROPERTY_STATUSES } from '../properties/property.ts';
import type { ListedProperty } from '../properties/property.ts';
import { speakableFeatures } from '../properties/search/features.ts';

const policy = z.enum(PET_POLICIES).nullable();

/** What a model may know of a home. Never its description, its access note, its aliases, or a flagged feature. */
export const rentalSchema = z
  .object({
    property_id: z.string().describe('May be given as `property_address` in any tool'),
    address: z.string().describe("The listing's own spelling"),
    unit: z.string().nullable(),
    city: z.string().nullable(),
    state: z.string().nullable(),
    postal_code: z.string().nullable(),
    name: z.string().nullable(),
    status: z.enum(PROPERTY_STATUSES),
    bedrooms: z.number().nullable().describe('0 is a studio'),
    bathrooms: z.number().nullable(),
    rent: z.number().nullable().describe('US dollars a month'),
    deposit: z.number().nullable().describe('US dollars'),
    square_feet: z.number().nullable(),
    property_type: z.string().nullable(),
    available_on: z.string().nullable().describe('Local date, YYYY-MM-DD'),
    pets: z.object({ dogs: policy, cats: policy, note: z.string().nullable() }).nullable(),
    features: z.array(z.string()),
    listing_url: z.string().nullable(),
    unknown: z
      .array(z.enum(['bedrooms', 'max_rent', 'area', 'pets', 'move_in', 'feature']))
      .optional()
      .describe('Criteria of the search that the listing says nothing about'),
    spoken: z.boolean().describe('Whether `response` names it: "the second one" counts these'),
  })
  .meta({ id: 'Rental' });

/** A home as tools give it to the model: nothing that is not for callers. */
export type RentalDto = z.infer<typeof rentalSchema>;

/** @param spoken whether the line names the home: "the second one" counts these */
export function toRentalDto(home: ListedProperty, spoken: boolean): RentalDto {
  const note = home.pets?.note ?? null;
  return {
    property_id: home.propertyId,
    address: home.address,
    unit: home.unit,
    city: home.city,
    state: home.state,
    postal_code: home.postalCode,
    name: unflagged(home.name),
    status: home.status,
    bedrooms: home.bedrooms,
    bathrooms: home.bathrooms,
    rent: home.rent,
    deposit: home.deposit,
    square_feet: home.squareFeet,
    property_type: unflagged(home.propertyType),
    available_on: home.availableOn,
    pets: home.pets && { dogs: home.pets.dogs, cats: home.pets.cats, note: unflagged(note) },
    features: [...speakableFeatures(home)],
    listing_url: home.listingUrl,
    spoken,
  };
}

function unflagged(text: string | null): string | null {
  return text === null || isFairHousingFlagged(text) ? null : text;
}
