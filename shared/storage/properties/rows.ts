// The rows of table `properties`. A manager's partition holds `h:` homes, `i:` pages of the index and `s:` sources; the
// partition of a portfolio holds `m:` its members and `lock`; the partition `feeds` holds when each source is due.
import * as z from 'zod';
import type { Encryption } from '../../core/encryption.ts';
import { AppError } from '../../core/errors.ts';
import { hashText } from '../../core/hash.ts';
import { LISTING_FORMATS } from '../../properties/import/listing.ts';
import type { ListingFormat } from '../../properties/import/listing.ts';
import type { PropertyPatch } from '../../properties/property.ts';
import type { StoredHome } from '../../properties/stored-home.ts';
import type { StoredSource } from '../../properties/source.ts';
import type { Group } from '../../properties/store.ts';
import { rowContext } from '../reencrypt.ts';
import type { EncryptedColumn } from '../reencrypt.ts';
import { joinText, managerKey, numberOf, ROW_VERSION, splitText, textOf } from '../rows.ts';
import type { Row } from '../tables.ts';
import type { ReadNotes } from './access-notes.ts';

export const TABLE = 'properties';
export const FEEDS_PARTITION = 'feeds';

/** The partition of a portfolio, or of a manager who is in none. */
export function groupKey(group: Group): string {
  return group.kind === 'portfolio'
    ? hashText('portfolio', group.name)
    : hashText('properties', group.userId);
}

/** The access notes, of homes and of the index, for the daily run that encrypts them again. */
export const ENCRYPTED_NOTES: EncryptedColumn = { table: TABLE, name: 'notes', contextOf: rowContext };

/** The layers of a home without their access notes, which open doors and are encrypted. */
export async function homeRow(userId: string, home: StoredHome, encryption: Encryption): Promise<Row> {
  const keys = { partitionKey: managerKey(userId), rowKey: `h:${home.propertyId}` };
  const notes = { listed: noteOf(home.listed), own: noteOf(home.own) };
  const hasNotes = notes.listed !== null || notes.own !== null;
  return {
    ...keys,
    version: ROW_VERSION,
    source: home.source,
    left_at: home.leftAt,
    seen_at: home.seenAt,
    ...splitText('listed', JSON.stringify(withNote(home.listed, null))),
    ...splitText('own', JSON.stringify(withNote(home.own, null))),
    ...(hasNotes && splitText('notes', await encryption.encrypt(JSON.stringify(notes), rowContext(keys)))),
  };
}

const notesSchema = z.object({ listed: z.string().nullable(), own: z.string().nullable() });

/** The home in a row that `homeRow` made. @throws AppError `data_unreadable` if more than its note cannot be read */
export async function toHome(row: Row, readNotes: ReadNotes): Promise<StoredHome> {
  const text = await readNotes(row);
  const notes = text === null ? { listed: null, own: null } : notesSchema.parse(JSON.parse(text));
  return {
    propertyId: row.rowKey.slice(2),
    source: textOf(row, 'source'),
    leftAt: numberOf(row, 'left_at'),
    seenAt: numberOf(row, 'seen_at'),
    listed: withNote(patchOf(row, 'listed'), notes.listed),
    own: withNote(patchOf(row, 'own'), notes.own),
  };
}

/** What we wrote ourselves, checked as far as that it is an object. */
function patchOf(row: Row, name: string): PropertyPatch {
  const value: unknown = JSON.parse(joinText(name, row) || 'null');
  if (typeof value === 'object' && value !== null) return value;
  throw new AppError('data_unreadable', 'A stored property cannot be read');
}

/** The access note of a layer of a home; null if it has none. */
export function noteOf({ viewing }: PropertyPatch): string | null {
  return viewing?.accessNote ?? null;
}

/** The same layer with another access note, or with none. A layer without viewing rules has no note. */
export function withNote<Patch extends PropertyPatch>(patch: Patch, accessNote: string | null): Patch {
  return patch.viewing ? { ...patch, viewing: { ...patch.viewing, accessNote } } : patch;
}

/** A source as its row. */
export function sourceRow(source: StoredSource): Row {
  return {
    partitionKey: managerKey(source.userId),
    rowKey: `s:${source.sourceId}`,
    version: ROW_VERSION,
    user_id: source.userId,
    url: source.url,
    format: source.format,
    every_hours: source.everyHours,
    due_at: source.dueAt,
    read_at: source.readAt,
    read_as: source.readAs,
    failing_since: source.failingSince,
    problem: source.problem,
    mailed_at: source.mailedAt,
    feed_etag: source.validators.etag,
    feed_last_modified: source.validators.lastModified,
    loss_key: source.pendingLoss?.key,
    loss_since: source.pendingLoss?.since,
  };
}

/** The source in a row that `sourceRow` made. */
export function toSource(row: Row): StoredSource {
  const lossKey = textOf(row, 'loss_key');
  return {
    userId: textOf(row, 'user_id') ?? '',
    sourceId: row.rowKey.slice(2),
    url: textOf(row, 'url'),
    format: formatOf(row, 'format'),
    everyHours: numberOf(row, 'every_hours') ?? 24,
    dueAt: numberOf(row, 'due_at'),
    readAt: numberOf(row, 'read_at'),
    readAs: formatOf(row, 'read_as'),
    failingSince: numberOf(row, 'failing_since'),
    problem: textOf(row, 'problem'),
    mailedAt: numberOf(row, 'mailed_at'),
    validators: { etag: textOf(row, 'feed_etag'), lastModified: textOf(row, 'feed_last_modified') },
    pendingLoss: lossKey === null ? null : { key: lossKey, since: numberOf(row, 'loss_since') ?? 0 },
  };
}

function formatOf(row: Row, name: string): ListingFormat | null {
  const format = textOf(row, name);
  return LISTING_FORMATS.find((known) => known === format) ?? null;
}
