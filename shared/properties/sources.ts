// The sources of a manager: feeds that are read regularly, and the names of files that were imported.
import * as z from 'zod';
import { AppError, isAppError } from '../core/errors.ts';
import { changeHomes } from './change.ts';
import { changeSource } from './change-source.ts';
import type { PropertiesContext } from './context.ts';
import { LISTING_FORMATS } from './import/listing.ts';
import { DEFAULT_EVERY_HOURS, MAX_EVERY_HOURS, newSource } from './source.ts';
import type { StoredSource } from './source.ts';
import type { VersionedSource } from './store.ts';

/** The body of PUT .../sources/{source_id}. */
export const sourceBody = z
  .strictObject({
    url: z.string().max(2_000).meta({
      description: 'Where the feed is; https',
      example: 'https://example.managebuilding.com/Resident/api/public/listingFeeds',
    }),
    format: z.enum(LISTING_FORMATS).nullish().meta({ description: 'Told from the feed by default' }),
    every_hours: z
      .int()
      .min(1)
      .max(MAX_EVERY_HOURS)
      .nullish()
      .meta({ description: `${DEFAULT_EVERY_HOURS} by default` }),
    source_id: z.string().nullish().meta({ description: 'As GET shows it; the path decides' }),
  })
  .meta({ id: 'SourceBody' });

export type SourceBody = z.infer<typeof sourceBody>;

/** @throws `not_found` for an unknown manager */
export async function listSources(
  context: PropertiesContext,
  userId: string,
  signal: AbortSignal,
): Promise<readonly StoredSource[]> {
  await context.managers.read(userId, signal);
  return context.store.readSources(userId, signal);
}

/** Makes a source, or changes its URL and how often it is read. It is due at once. @throws `not_found`, `invalid_request` */
export async function putSource(
  context: PropertiesContext,
  key: { readonly userId: string; readonly sourceId: string },
  body: SourceBody,
  signal: AbortSignal,
): Promise<{ readonly source: StoredSource; readonly created: boolean }> {
  const { userId, sourceId } = key;
  await context.managers.read(userId, signal);
  context.feeds.assertAllowed(body.url);
  const blank = newSource(userId, sourceId);
  const { url, format = null } = body;
  let created = false;
  const written = await changeSource(
    context.store,
    key,
    (before) => {
      created = before === null;
      const isSame = before?.url === url && before.format === format;
      return {
        ...(isSame ? before : { ...blank, readAt: before?.readAt ?? null }),
        url,
        format,
        everyHours: body.every_hours ?? DEFAULT_EVERY_HOURS,
        dueAt: context.now(),
      };
    },
    signal,
  );
  await assertManagerStays(context, written, signal);
  return { source: written.source, created };
}

/** A DELETE of the manager may have erased their sources just before this one was written. */
async function assertManagerStays(
  { managers, store }: PropertiesContext,
  { source, etag }: VersionedSource,
  signal: AbortSignal,
): Promise<void> {
  const { userId, sourceId } = source;
  try {
    await managers.read(userId, signal);
  } catch (error) {
    if (isAppError(error, 'not_found')) await store.removeSource(userId, sourceId, signal, etag);
    throw error;
  }
}

/** Removes a source; its homes are rented. @throws `not_found`, `concurrent_update` */
export async function removeSource(
  context: PropertiesContext,
  key: { readonly userId: string; readonly sourceId: string },
  signal: AbortSignal,
): Promise<void> {
  const { userId, sourceId } = key;
  await context.managers.read(userId, signal);
  await changeHomes(context, userId, signal, async (current) => {
    // The feed may be read just now. What waits for the lock with homes of this source finds that the source is gone.
    if (!(await context.store.readSource(userId, sourceId, signal))) throw sourceNotFound();
    const homes = await current.readHomes();
    const listed = homes.filter(({ home }) => home.source === sourceId && home.leftAt === null);
    const put = listed.map(({ home, etag }) => ({ home: { ...home, leftAt: context.now() }, etag }));
    const afterwards = () => context.store.removeSource(userId, sourceId, signal);
    return { put, remove: [], result: undefined, afterwards };
  });
}

/** The fault of a request for a source that does not exist. */
export function sourceNotFound(): AppError {
  return new AppError('not_found', 'There is no such source');
}
