import type { Criterion, Relaxed } from '../../properties/search/search-rentals.ts';
import type { Language } from './dates.ts';
import { RENTALS_ENGLISH } from './rental-lines.en.ts';
import { RENTALS_SPANISH } from './rental-lines.es.ts';

/** A fact that a listing may leave out. */
export type MissingFact = 'rent' | 'bedrooms' | 'available_on' | 'pets';

/**
 * Everything the app says of homes for rent. Homes come in as say-rental.ts says them. A line never tells more than a
 * listing does, and nothing of neighbours or neighbourhoods.
 */
export interface RentalLines {
  /**
   * `homes` are those read aloud, `total` counts all that fit. `isContinued`: earlier ones were read aloud before.
   * `relaxed`: what was given up, because nothing fitted.
   */
  rentals(
    p: Readonly<{
      homes: readonly string[];
      total: number;
      isMore: boolean;
      isContinued: boolean;
      relaxed: Relaxed | null;
    }>,
  ): string;
  /** Behind a home in a list: what its listing does not say. */
  unstated(p: Readonly<{ criteria: readonly Criterion[] }>): string;
  noRentals(): string;
  noMoreRentals(): string;
  /** A criterion that could not be read. */
  unreadableCriterion(
    p: Readonly<{ field: 'bedrooms' | 'max_rent' | 'area' | 'pets' | 'feature' | 'move_in' }>,
  ): string;

  /** `units`: as `sayUnits` says them, if all are of one building. */
  whichProperty(p: Readonly<{ homes: readonly string[]; units: string | null; isMore: boolean }>): string;
  propertyUnknown(p: Readonly<{ near: readonly string[] }>): string;
  propertyUnavailable(p: Readonly<{ home: string; isSoon: boolean; similar: readonly string[] }>): string;
  noSuchRental(p: Readonly<{ count: number }>): string;
  notYet(p: Readonly<{ home: string; date: string; times: string | null }>): string;

  /** The sentences of a home's description, to be joined. */
  summary(
    p: Readonly<{ home: string; city: string | null; rooms: readonly string[]; kind: string | null }>,
  ): string;
  cost(p: Readonly<{ rent: string; deposit: string | null }>): string;
  size(p: Readonly<{ squareFeet: number }>): string;
  /** `date` null: now. */
  available(p: Readonly<{ date: string | null }>): string;
  rented(): string;
  pets(p: Readonly<{ dogs: 'yes' | 'no' | 'ask' | null; cats: 'yes' | 'no' | 'ask' | null }>): string;
  features(p: Readonly<{ features: readonly string[] }>): string;
  policy(p: Readonly<{ topic: string; text: string }>): string;
  missing(p: Readonly<{ facts: readonly MissingFact[] }>): string;
}

/** The lines about homes by language. */
export const RENTAL_LINES: Readonly<Record<Language, RentalLines>> = {
  en: RENTALS_ENGLISH,
  es: RENTALS_SPANISH,
};
