// Imports one file, or one reading of a feed, into the homes of a manager.
import { deadlineSignal } from '../core/deadline.ts';
import { AppError, isAppError } from '../core/errors.ts';
import { MAX_DURATION_AND_BUFFER } from '../managers/manager.ts';
import type { Manager } from '../managers/manager.ts';
import { resolveSchedule } from '../managers/schedule.ts';
import { localDate } from '../scheduling/zone.ts';
import { changeHomes, MAX_PROPERTIES } from './change.ts';
import type { ChangeDecision, CurrentHomes } from './change.ts';
import { changeReadSource, changeSource, isSameFeed } from './change-source.ts';
import type { AffectedViewing, PropertiesContext } from './context.ts';
import type { ListingFormat, ParsedListings, Unreadable } from './import/listing.ts';
import { isShrinking, lossKey, planImport } from './import/plan.ts';
import type { ImportPlan } from './import/plan.ts';
import { readListings } from './import/read-listings.ts';
import type { MediaType } from './import/read-listings.ts';
import { rentedNotice } from './notices.ts';
import { newSource } from './source.ts';
import type { StoredSource } from './source.ts';
import { longestViewing } from './viewing-rules.ts';
import { HOUR_MS, SECOND_MS } from '../core/duration.ts';

/** One import of a listing file. */
export interface ImportRequest {
  readonly userId: string;
  /** Null: rows are added and changed only. */
  readonly source: string | null;
  /**
   * The source as it was when its feed was read: if it has been deleted, or leads to another feed by now, nothing is changed.
   * Left out for a file that an operator sends.
   */
  readonly feed?: StoredSource;
  readonly bytes: Uint8Array;
  readonly media: MediaType;
  /** Writes nothing. */
  readonly dryRun: boolean;
  /** Applies also what would lose more than half of the source's homes. */
  readonly confirm: boolean;
}

/** What an import changed, or would change. */
export interface ImportReport {
  readonly source: string | null;
  readonly format: ListingFormat;
  /** False for a dry run, and for a source that would shrink too much. */
  readonly applied: boolean;
  readonly added: number;
  readonly changed: number;
  readonly unchanged: number;
  readonly gone: number;
  readonly unreadable: readonly Unreadable[];
  readonly warnings: readonly string[];
  readonly affectedViewings: readonly AffectedViewing[];
}

/** A second run that would lose the same homes is believed after this. */
export const LOSS_WAIT_MS = HOUR_MS;
const MAIL_MS = 10 * SECOND_MS;

/**
 * @throws `not_found` for an unknown manager; `invalid_request` for a file that is no list of homes; `payload_too_large`;
 *   `portfolio_full`; `concurrent_update`, also if the source was changed while its feed was read
 */
export async function importFile(
  context: PropertiesContext,
  request: ImportRequest,
  signal: AbortSignal,
): Promise<ImportReport> {
  const { userId, source } = request;
  const { manager, mailbox } = await context.managers.read(userId, signal);
  const { timeZone } = resolveSchedule(manager, mailbox, context.defaultTimeZone);
  const today = localDate(context.now(), timeZone);
  const parsed = refuseLongViewings(await readListings(request.bytes, request.media, today), manager.rules);
  const decided = await changeHomes(context, userId, signal, (current) =>
    decide(context, request, parsed, current, signal),
  );
  const { plan, applied } = decided;
  const affected = await findAffected(context, userId, plan.rented, signal);
  if (applied) await mailAffected(context, { userId, timeZone }, affected);
  const { added, changed, unchanged, gone, unreadable, warnings } = plan;
  const counts = { added, changed, unchanged, gone: gone.length };
  const told = decided.isHeld ? [...warnings, heldBack(plan)] : warnings;
  return {
    source,
    format: parsed.format,
    applied,
    ...counts,
    unreadable,
    warnings: told,
    affectedViewings: affected,
  };
}

/** A home whose viewings would be too long with this manager's buffer is a bad row like any other. */
function refuseLongViewings(parsed: ParsedListings, rules: Manager['rules']): ParsedListings {
  const tooLong = parsed.listings.filter(
    ({ fields }) => longestViewing(fields.viewing, rules) > MAX_DURATION_AND_BUFFER,
  );
  if (tooLong.length === 0) return parsed;
  const why = `must, with the manager’s buffer, be at most ${MAX_DURATION_AND_BUFFER} minutes`;
  return {
    ...parsed,
    listings: parsed.listings.filter((listing) => !tooLong.includes(listing)),
    unreadable: [
      ...parsed.unreadable,
      ...tooLong.map(({ at }) => ({ at, field: 'viewing.duration_minutes', why })),
    ],
    unreadableListings: [...parsed.unreadableListings, ...tooLong],
  };
}

interface Decided {
  readonly plan: ImportPlan;
  readonly applied: boolean;
  /** It would lose too much, and nobody has said that this is right. */
  readonly isHeld: boolean;
}

async function decide(
  context: PropertiesContext,
  request: ImportRequest,
  parsed: ParsedListings,
  current: CurrentHomes,
  signal: AbortSignal,
): Promise<ChangeDecision<Decided>> {
  const { userId, source, dryRun, confirm } = request;
  const now = context.now();
  const stored = await readStored(context, request, signal);
  const { own, others } = current;
  const versioned = await current.readHomes();
  const homes = versioned.map(({ home }) => home);
  const otherIds = new Set(others.map(({ propertyId }) => propertyId));
  const plan = planImport({ userId, source, parsed, homes, otherIds, now });
  const isHeld = isShrinking(plan) && !confirm && !isSecondRun(plan, stored, now);
  const result = { plan, applied: !dryRun && !isHeld, isHeld };
  const afterwards = () => noteRun(context, request, { ...result, format: parsed.format }, signal);
  if (!result.applied) return { put: [], remove: [], result, afterwards };
  const etags = new Map(versioned.map(({ home, etag }) => [home.propertyId, etag]));
  // Homes that left long ago make room for new ones.
  const tooMany = own.length + others.length + plan.added - MAX_PROPERTIES;
  const written = new Set(plan.writes.map(({ propertyId }) => propertyId));
  const remove = homes
    .filter(({ propertyId, leftAt }) => leftAt !== null && !written.has(propertyId))
    .toSorted((a, b) => (a.leftAt ?? 0) - (b.leftAt ?? 0))
    .slice(0, Math.max(0, tooMany))
    .map(({ propertyId }) => propertyId);
  const put = plan.writes.map((home) => ({ home, etag: etags.get(home.propertyId) ?? null }));
  return { put, remove, result, afterwards };
}

/** The source as it is now. @throws `not_found` or `concurrent_update` if it no longer leads to the feed that was read */
async function readStored(
  { store }: PropertiesContext,
  { userId, source, feed }: ImportRequest,
  signal: AbortSignal,
): Promise<StoredSource | null> {
  if (source === null) return null;
  const stored = (await store.readSource(userId, source, signal))?.source ?? null;
  if (!feed) return stored;
  if (!stored) throw new AppError('not_found', 'The source was deleted while its feed was read');
  if (isSameFeed(feed, stored)) return stored;
  throw new AppError('concurrent_update', 'The source was changed while its feed was read');
}

function isSecondRun(plan: ImportPlan, stored: StoredSource | null, now: number): boolean {
  const pending = stored?.pendingLoss;
  return !!pending && pending.key === lossKey(plan) && now - pending.since >= LOSS_WAIT_MS;
}

/** Remembers that the source was read, or which homes it would lose. */
async function noteRun(
  { store, now }: PropertiesContext,
  { userId, source, feed, dryRun }: ImportRequest,
  { plan, isHeld, format }: Decided & { readonly format: ListingFormat },
  signal: AbortSignal,
): Promise<void> {
  if (dryRun || source === null) return;
  const key = lossKey(plan);
  const note = (stored: StoredSource): StoredSource => {
    if (!isHeld) return { ...stored, pendingLoss: null, readAt: now(), readAs: format };
    const pending = stored.pendingLoss?.key === key ? stored.pendingLoss : { key, since: now() };
    return { ...stored, pendingLoss: pending };
  };
  if (feed) await changeReadSource(store, feed, note, signal);
  else {
    const blank = newSource(userId, source);
    await changeSource(store, blank, (stored) => note(stored ?? blank), signal);
  }
}

function heldBack({ gone, listedBefore }: ImportPlan): string {
  return `${gone.length} of ${listedBefore} properties are missing, so nothing was changed; import again with confirm=true, or wait for the same result after an hour`;
}

async function findAffected(
  { viewings, now }: PropertiesContext,
  userId: string,
  rented: readonly string[],
  signal: AbortSignal,
): Promise<readonly AffectedViewing[]> {
  return rented.length === 0 ? [] : viewings.ofProperties(userId, rented, now(), signal);
}

/** The import has succeeded, even if the mail fails. */
async function mailAffected(
  { mail, log }: PropertiesContext,
  { userId, timeZone }: { readonly userId: string; readonly timeZone: string },
  affected: readonly AffectedViewing[],
): Promise<void> {
  if (affected.length === 0) return;
  try {
    await mail(userId, rentedNotice(affected, timeZone), deadlineSignal(MAIL_MS));
  } catch (error) {
    const code = isAppError(error) ? error.code : 'internal';
    log.error('rented_viewings_not_mailed', { code, viewings: affected.length }, error);
  }
}
