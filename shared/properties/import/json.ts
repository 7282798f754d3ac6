// Our own JSON: `{"properties": [...]}`, each with the fields of a PUT and its `property_id`.
import type { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import { propertyBody, propertyId, toPropertyPatch } from '../property-body.ts';
import { assertCount, collect } from './collect.ts';
import type { ParsedListings } from './listing.ts';
import { readRentalData } from './rental-data.ts';
import type { RowOutcome } from './row-reader.ts';
import { cleanLine } from './values.ts';

/**
 * @param today local date for days without a year
 * @throws `invalid_request` if the text is no JSON, or no list of homes
 */
export function readJsonListings(text: string, today: string): ParsedListings {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    throw new AppError('invalid_request', 'The JSON cannot be read', { cause });
  }
  if (isObject(parsed) && Array.isArray(parsed.properties)) {
    assertCount(parsed.properties.length);
    return collect('json', parsed.properties.map(toOutcome));
  }
  if (isObject(parsed) && isObject(parsed.rentals)) return readRentalData(parsed.rentals, today);
  throw new AppError('invalid_request', 'The JSON must be {"properties": [...]}');
}

function toOutcome(row: unknown, index: number): RowOutcome {
  const at = `properties[${index}]`;
  const id =
    isObject(row) && typeof row.property_id === 'string' ? propertyId.safeParse(row.property_id) : null;
  const parsed = propertyBody.safeParse(row);
  const problems = parsed.success ? [] : parsed.error.issues.map(toProblem);
  if (id && !id.success)
    problems.push({ field: 'property_id', why: id.error.issues[0]?.message ?? 'is no id' });
  if (parsed.success && problems.length === 0) {
    const listing = { at, propertyId: id?.data ?? null, externalId: null, isAvailableNow: false };
    return { ok: true, listing: { ...listing, fields: toPropertyPatch(parsed.data) } };
  }
  return {
    ok: false,
    unreadable: problems.map((problem) => ({ at, ...problem })),
    listing: { propertyId: id?.data ?? null, externalId: null, fields: addressOf(row) },
  };
}

function toProblem({ path, message }: z.core.$ZodIssue): { readonly field: string; readonly why: string } {
  return { field: path.join('.') || 'row', why: message };
}

function addressOf(row: unknown): { readonly address?: string; readonly unit?: string } {
  const text = (name: string) => {
    const value = isObject(row) ? row[name] : undefined;
    return typeof value === 'string' ? cleanLine(value) : null;
  };
  const [address, unit] = [text('address'), text('unit')];
  return { ...(address !== null && { address }), ...(unit !== null && { unit }) };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
