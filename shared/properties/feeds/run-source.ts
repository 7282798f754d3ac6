// Reads the feed of one source and imports it.
import { deadlineSignal } from '../../core/deadline.ts';
import { HOUR_MS, SECOND_MS } from '../../core/duration.ts';
import { AppError, isAppError } from '../../core/errors.ts';
import { hashBytes } from '../../core/hash.ts';
import { resolveSchedule } from '../../managers/schedule.ts';
import { changeReadSource } from '../change-source.ts';
import type { PropertiesContext } from '../context.ts';
import { importFile } from '../import-file.ts';
import type { ImportReport } from '../import-file.ts';
import { detectKind, parseMediaType } from '../import/read-listings.ts';
import { failingFeedNotice } from '../notices.ts';
import type { StoredSource } from '../source.ts';
import { sourceNotFound } from '../sources.ts';

/** After so long without a reading the manager is mailed. */
const FAILING_MAIL_MS = 48 * HOUR_MS;
const MAIL_MS = 10 * SECOND_MS;
/** A read that is sent these gets the whole feed. */
const NO_VALIDATORS = { etag: null, lastModified: null } as const;

/** What was read of a feed and imported. */
interface Reading {
  readonly report: ImportReport;
  /** What the next read sends, so that an unchanged feed need not be sent again. */
  readonly validators: StoredSource['validators'];
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
  const found = await context.store.readSource(userId, sourceId, signal);
  if (!found) throw sourceNotFound();
  const { source } = found;
  if (source.url === null) {
    throw new AppError('invalid_request', 'This source has no URL: its homes come by import');
  }
  const { dryRun = false, confirm = false } = options;
  try {
    const reading = await readAndImport(context, source, source.url, { dryRun, confirm }, signal);
    if (!dryRun) await noteReading(context, source, reading, signal);
    return reading.report;
  } catch (error) {
    const fault = toFeedFault(error);
    if (isAppError(fault, 'feed_unreadable')) {
      context.log.warn('feed_unreadable', { problem: fault.message });
      if (!dryRun) await noteFailure(context, source, fault.message, signal);
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
): Promise<Reading> {
  const { userId, sourceId, format } = source;
  // What was held back, or said to be confirmed, must be read again.
  const isFirst = source.readAs === null || source.pendingLoss !== null || options.confirm || options.dryRun;
  const answer = await context.feeds.read(url, isFirst ? NO_VALIDATORS : source.validators, signal);
  if (answer.kind === 'not_modified') {
    return { report: await unchangedReport(context, source, signal), validators: source.validators };
  }
  const { bytes, contentType } = answer;
  const told = contentType === null ? null : parseMediaType(contentType);
  const kind = format === null && told !== null ? told.kind : detectKind(bytes, format);
  const media = { kind, charset: told?.charset ?? null };
  const request = { userId, source: sourceId, feed: source, bytes, media, ...options };
  const report = await importFile(context, request, signal);
  // A feed with bad rows is read again in full: the report names them each time, and a newer version of this app may be able to
  // read them.
  const validators = report.unreadable.length === 0 ? answer.validators : NO_VALIDATORS;
  return { report, validators };
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
  read: StoredSource,
  { report: { applied }, validators }: Reading,
  signal: AbortSignal,
): Promise<void> {
  const well = { failingSince: null, problem: null, mailedAt: null };
  await changeReadSource(
    store,
    read,
    (source) =>
      applied
        ? { ...source, ...well, validators, readAt: now(), dueAt: nextDue(source, now()) }
        : // What was held back is looked at again as soon as a second run counts.
          { ...source, ...well, dueAt: now() + HOUR_MS },
    signal,
  );
}

async function noteFailure(
  context: PropertiesContext,
  read: StoredSource,
  problem: string,
  signal: AbortSignal,
): Promise<void> {
  const { store, now } = context;
  const change = (changed: (source: StoredSource) => Partial<StoredSource>) =>
    changeReadSource(store, read, (source) => ({ ...source, ...changed(source) }), signal);
  const noted = await change((source) => ({
    failingSince: source.failingSince ?? now(),
    problem,
    dueAt: nextDue(source, now()),
  }));
  if (!noted) return;
  const { failingSince, mailedAt, userId, sourceId } = noted.source;
  const since = failingSince ?? now();
  if (now() - since < FAILING_MAIL_MS || mailedAt !== null) return;
  if (await mailFailure(context, { userId, sourceId, problem, since })) {
    await change(() => ({ mailedAt: now() }));
  }
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
function nextDue({ userId, sourceId, everyHours }: StoredSource, now: number): number {
  const share = hashBytes(JSON.stringify([userId, sourceId])).readUInt16BE() / 0xffff;
  return now + Math.floor(everyHours * HOUR_MS * (1 + share / 10));
}
