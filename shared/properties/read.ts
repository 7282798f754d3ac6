// What an operator reads of the homes.
import { AppError } from '../core/errors.ts';
import type { PropertiesContext } from './context.ts';
import type { Property } from './property.ts';
import { toProperty } from './stored-home.ts';
import type { StoredHome } from './stored-home.ts';

/** One page of a list of homes. */
export interface PropertyPage {
  readonly properties: readonly Property[];
  /** The `after` of the next page; null at the end. */
  readonly next: string | null;
}

/** Homes of one manager, of every status, in the order of their ids. @throws `not_found` for an unknown manager */
export async function listProperties(
  context: PropertiesContext,
  userId: string,
  page: { readonly after: string | null; readonly limit: number },
  signal: AbortSignal,
): Promise<PropertyPage> {
  await context.managers.read(userId, signal);
  const homes = await context.store.listHomes(userId, page.after, page.limit + 1, signal);
  const shown = homes.slice(0, page.limit).map(({ home }) => home);
  const next = homes.length > page.limit ? (shown.at(-1)?.propertyId ?? null) : null;
  const readAt = await readTimes(context, userId, shown, signal);
  return { properties: shown.map((home) => seen(home, userId, readAt)), next };
}

/** @throws `not_found` */
export async function readProperty(
  context: PropertiesContext,
  key: { readonly userId: string; readonly propertyId: string },
  signal: AbortSignal,
): Promise<{ readonly property: Property; readonly etag: string }> {
  const { userId, propertyId } = key;
  await context.managers.read(userId, signal);
  const found = await context.store.readHome(userId, propertyId, signal);
  if (!found) throw new AppError('not_found', 'There is no such property');
  return { property: await toSeenProperty(context, userId, found.home, signal), etag: found.etag };
}

/** A home with the time at which its source listed it last. */
export async function toSeenProperty(
  context: Pick<PropertiesContext, 'store'>,
  userId: string,
  home: StoredHome,
  signal: AbortSignal,
): Promise<Property> {
  return seen(home, userId, await readTimes(context, userId, [home], signal));
}

/** When each source was read last. */
async function readTimes(
  { store }: Pick<PropertiesContext, 'store'>,
  userId: string,
  homes: readonly StoredHome[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, number | null>> {
  if (homes.every(({ source }) => source === null)) return new Map();
  const sources = await store.readSources(userId, signal);
  return new Map(sources.map(({ sourceId, readAt }) => [sourceId, readAt]));
}

/**
 * A home that does not change is not written again at each import: while its source lists it, it was seen when the source
 * was last read.
 */
function seen(home: StoredHome, userId: string, readAt: ReadonlyMap<string, number | null>): Property {
  const property = toProperty(home, userId);
  if (home.source === null || home.leftAt !== null) return property;
  return { ...property, seenAt: Math.max(home.seenAt ?? 0, readAt.get(home.source) ?? 0) };
}
