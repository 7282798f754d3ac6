// The sources of a manager: feeds that are read regularly, and the names of files that were imported.
import { hashBytes } from '../core/hash.ts';
import * as z from 'zod';
import { deadlineSignal } from '../core/deadline.ts';
import { HOUR_MS, SECOND_MS } from '../core/duration.ts';
import { AppError, isAppError } from '../core/errors.ts';
import { resolveSchedule } from '../managers/schedule.ts';
import { changeHomes } from './change.ts';
import type { PropertiesContext } from './context.ts';
import { LISTING_FORMATS } from './import/listing.ts';
import { importFile } from './import-file.ts';
import type { ImportReport } from './import-file.ts';
import { detectKind, parseMediaType } from './import/read-listings.ts';
import { failingFeedNotice } from './notices.ts';
import { DEFAULT_EVERY_HOURS, MAX_EVERY_HOURS, newSource } from './source.ts';
import type { StoredSource } from './source.ts';

/** After so long without a reading the manager is mailed. */
const FAILING_MAIL_MS = 48 * HOUR_MS;
const MAIL_MS = 10 * SECOND_MS;
/** A read that is sent these gets the whole feed. */
const NO_VALIDATORS = { etag: null, lastModified: null } as const;

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
  const before = await context.store.readSource(userId, sourceId, signal);
  const isSame = before?.url === body.url && before.format === (body.format ?? null);
  const source = {
    ...(isSame ? before : { ...newSource(userId, sourceId), readAt: before?.readAt ?? null }),
    url: body.url,
    format: body.format ?? null,
    everyHours: body.every_hours ?? DEFAULT_EVERY_HOURS,
    dueAt: context.now(),
  };
  await context.store.writeSource(source, signal);
  return { source, created: before === null };
}

/** Removes a source; its homes are rented. @throws `not_found`, `concurrent_update` */
export async function removeSource(
  context: PropertiesContext,
  key: { readonly userId: string; readonly sourceId: string },
  signal: AbortSignal,
): Promise<void> {
  const { userId, sourceId } = key;
  await context.managers.read(userId, signal);
  const source = await context.store.readSource(userId, sourceId, signal);
  if (!source) throw new AppError('not_found', 'There is no such source');
  await changeHomes(context, userId, signal, async (current) => {
    const homes = await current.readHomes();
    const listed = homes.filter(({ home }) => home.source === sourceId && home.leftAt === null);
    const put = listed.map(({ home, etag }) => ({ home: { ...home, leftAt: context.now() }, etag }));
    return { put, remove: [], result: undefined };
  });
  await context.store.removeSource(userId, sourceId, signal);
}

/**
 * Reads a feed now and imports it. A feed that cannot be read changes nothing but the record of its trouble.
 * @throws `not_found` for an unknown manager or source; `invalid_request` for a source without a URL; `feed_unreadable`;
 *   what `importFile` throws
 */
export async function runSource(
  context: PropertiesContext,
  key: { readonly userId: string; readonly sourceId: string },
  options: { readonly dryRun?: boolean; readonly confirm?: boolean },
  signal: AbortSignal,
): Promise<ImportReport> {
  const { userId, sourceId } = key;
  await context.managers.read(userId, signal);
  const source = await context.store.readSource(userId, sourceId, signal);
  if (!source) throw new AppError('not_found', 'There is no such source');
  if (source.url === null) {
    throw new AppError('invalid_request', 'This source has no URL: its homes come by import');
  }
  const { dryRun = false, confirm = false } = options;
  try {
    const report = await readAndImport(context, source, source.url, { dryRun, confirm }, signal);
    if (!dryRun) await noteReading(context, key, report, signal);
    return report;
  } catch (error) {
    const fault = toFeedFault(error);
    if (isAppError(fault, 'feed_unreadable')) {
      context.log.warn('feed_unreadable', { problem: fault.message });
      if (!dryRun) await noteFailure(context, key, fault.message, signal);
    }
    throw fault;
  }
}

async function readAndImport(
  context: PropertiesContext,
  source: StoredSource,
  url: string,
  options: { readonly dryRun: boolean; readonly confirm: boolean },
  signal: AbortSignal,
): Promise<ImportReport> {
  const { userId, sourceId, format } = source;
  // What was held back, or said to be confirmed, must be read again.
  const isFirst = source.readAs === null || source.pendingLoss !== null || options.confirm || options.dryRun;
  const answer = await context.feeds.read(url, isFirst ? NO_VALIDATORS : source.validators, signal);
  if (answer.kind === 'not_modified') return unchangedReport(context, source, signal);
  const { bytes, contentType } = answer;
  const told = contentType === null ? null : parseMediaType(contentType);
  const kind = format === null && told !== null ? told.kind : detectKind(bytes, format);
  const media = { kind, charset: told?.charset ?? null };
  const report = await importFile(context, { userId, source: sourceId, bytes, media, ...options }, signal);
  if (report.applied) {
    const current = (await context.store.readSource(userId, sourceId, signal)) ?? source;
    // The next read sends these, so that an unchanged feed need not be sent again. A feed with bad rows is read again in full: the
    // report names them each time, and a newer version of this app may be able to read them.
    const validators = report.unreadable.length === 0 ? answer.validators : NO_VALIDATORS;
    await context.store.writeSource({ ...current, validators }, signal);
  }
  return report;
}

async function unchangedReport(
  { store }: PropertiesContext,
  { userId, sourceId, format, readAs }: StoredSource,
  signal: AbortSignal,
): Promise<ImportReport> {
  const homes = await store.readHomes(userId, signal);
  const unchanged = homes.filter(({ home }) => home.source === sourceId && home.leftAt === null).length;
  const none = { added: 0, changed: 0, gone: 0, unreadable: [], warnings: [], affectedViewings: [] };
  return { source: sourceId, format: readAs ?? format ?? 'mits', applied: true, unchanged, ...none };
}

/** A file that is no list of homes is the feed's fault here, not the request's. */
function toFeedFault(error: unknown): unknown {
  if (!isAppError(error, 'invalid_request', 'payload_too_large')) return error;
  return new AppError('feed_unreadable', error.message, { cause: error });
}

async function noteReading(
  { store, now }: PropertiesContext,
  { userId, sourceId }: { readonly userId: string; readonly sourceId: string },
  { applied }: ImportReport,
  signal: AbortSignal,
): Promise<void> {
  const source = await store.readSource(userId, sourceId, signal);
  if (!source) return;
  const readAt = applied ? now() : source.readAt;
  // What was held back is looked at again as soon as a second run counts.
  const dueAt = applied ? nextDue(source, now()) : now() + HOUR_MS;
  const well = { failingSince: null, problem: null, mailedAt: null };
  await store.writeSource({ ...source, ...well, readAt, dueAt: source.url === null ? null : dueAt }, signal);
}

async function noteFailure(
  context: PropertiesContext,
  { userId, sourceId }: { readonly userId: string; readonly sourceId: string },
  problem: string,
  signal: AbortSignal,
): Promise<void> {
  const { store, now } = context;
  const source = await store.readSource(userId, sourceId, signal);
  if (!source) return;
  const failingSince = source.failingSince ?? now();
  const isLong = now() - failingSince >= FAILING_MAIL_MS && source.mailedAt === null;
  const mailed = isLong && (await mailFailure(context, { userId, sourceId, problem, since: failingSince }));
  await store.writeSource(
    {
      ...source,
      failingSince,
      problem,
      mailedAt: mailed ? now() : source.mailedAt,
      dueAt: nextDue(source, now()),
    },
    signal,
  );
}

/** @returns whether the mail left */
async function mailFailure(
  { mail, managers, defaultTimeZone, log }: PropertiesContext,
  { userId, ...feed }: { userId: string; sourceId: string; problem: string; since: number },
): Promise<boolean> {
  const signal = deadlineSignal(MAIL_MS);
  try {
    const { manager, mailbox } = await managers.read(userId, signal);
    const { timeZone } = resolveSchedule(manager, mailbox, defaultTimeZone);
    await mail(userId, failingFeedNotice(feed, timeZone), signal);
    return true;
  } catch (error) {
    log.error('failing_feed_not_mailed', {}, error);
    return false;
  }
}

/**
 * When a source is read next: after its hours, moved by up to a tenth of them, always alike for one source, so that feeds
 * of one host are not all read at once.
 */
export function nextDue({ userId, sourceId, everyHours }: StoredSource, now: number): number {
  const share = hashBytes(JSON.stringify([userId, sourceId])).readUInt16BE() / 0xffff;
  return now + Math.floor(everyHours * HOUR_MS * (1 + share / 10));
}
