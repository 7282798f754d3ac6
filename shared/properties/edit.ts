// What an operator does with one home.
import { AppError } from '../core/errors.ts';
import { assertMet } from '../core/precondition.ts';
import type { Precondition } from '../core/precondition.ts';
import { changeHomes } from './change.ts';
import type { PropertiesContext } from './context.ts';
import type { Property, PropertyPatch } from './property.ts';
import { setByOperator } from './stored-home.ts';
import type { StoredHome } from './stored-home.ts';
import { toSeenProperty } from './read.ts';
import { assertViewingFits } from './viewing-rules.ts';

/** A home after a PUT. */
export interface PutOutcome {
  readonly property: Property;
  readonly etag: string;
  readonly created: boolean;
}

/**
 * Makes a home, or replaces what the operator said of it.
 * @throws `not_found` for an unknown manager; `property_id_taken`; `precondition_failed`; `portfolio_full`;
 *   `invalid_request` if its viewings would be too long; `concurrent_update`
 */
export async function putProperty(
  context: PropertiesContext,
  key: { readonly userId: string; readonly propertyId: string },
  patch: PropertyPatch,
  precondition: Precondition,
  signal: AbortSignal,
): Promise<PutOutcome> {
  const { userId, propertyId } = key;
  const { manager } = await context.managers.read(userId, signal);
  const viewing = patch.viewing ?? null;
  assertViewingFits([{ viewing }], manager.rules, 'viewing.duration_minutes');
  const created = await changeHomes(context, userId, signal, async ({ others }) => {
    if (others.some((other) => other.propertyId === propertyId)) {
      throw new AppError('property_id_taken', 'Another manager of the portfolio has a property with this id');
    }
    const found = await context.store.readHome(userId, propertyId, signal);
    assertMet(precondition, found?.etag ?? null);
    const blank: StoredHome = { propertyId, source: null, listed: {}, own: {}, leftAt: null, seenAt: null };
    const home = { ...(found?.home ?? blank), own: setByOperator(found?.home ?? null, patch) };
    return { put: [{ home, etag: found?.etag ?? null }], remove: [], result: found === null };
  });
  const written = await context.store.readHome(userId, propertyId, signal);
  if (!written) throw new AppError('concurrent_update', 'The property was removed by another request');
  return {
    property: await toSeenProperty(context, userId, written.home, signal),
    etag: written.etag,
    created,
  };
}

/**
 * Removes a home that was entered by hand. A home of a source becomes `hidden`, and forgets what the operator set.
 * @throws `not_found`, `precondition_failed`, `concurrent_update`
 */
export async function removeProperty(
  context: PropertiesContext,
  key: { readonly userId: string; readonly propertyId: string },
  precondition: Precondition,
  signal: AbortSignal,
): Promise<void> {
  const { userId, propertyId } = key;
  await context.managers.read(userId, signal);
  await changeHomes(context, userId, signal, async () => {
    const found = await context.store.readHome(userId, propertyId, signal);
    if (!found) throw new AppError('not_found', 'There is no such property');
    assertMet(precondition, found.etag);
    if (found.home.source === null) return { put: [], remove: [propertyId], result: undefined };
    const home: StoredHome = { ...found.home, own: { status: 'hidden' } };
    return { put: [{ home, etag: found.etag }], remove: [], result: undefined };
  });
}
