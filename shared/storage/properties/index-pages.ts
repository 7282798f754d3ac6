// The index of one manager's homes: what callers may ask about, packed into a few rows, so that a cold instance reads 5,000
// homes at once. A page is JSON, compressed; the hash of a home's id decides its page.
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { Encryption } from '../../core/encryption.ts';
import { AppError } from '../../core/errors.ts';
import { hashBytes } from '../../core/hash.ts';
import type { ListedProperty } from '../../properties/property.ts';
import { rowContext } from '../reencrypt.ts';
import { joinText, managerKey, ROW_VERSION, splitText } from '../rows.ts';
import type { Row } from '../tables.ts';
import type { ReadNotes } from './access-notes.ts';
import { noteOf, withNote } from './rows.ts';

const compress = promisify(gzip);
const decompress = promisify(gunzip);

/** A row holds 1 MiB, and its texts count two bytes for each character. */
const MAX_PAGE_LENGTH = 400_000;
const MAX_PAGES = 64;
/** Far above what a page holds: a damaged one must not fill the memory. */
const MAX_PAGE_BYTES = 64 * 1024 * 1024;

/** As many pages as the homes need. @throws `portfolio_full` if they need more than there may be */
export async function indexPages(
  userId: string,
  properties: readonly ListedProperty[],
  encryption: Encryption,
): Promise<Row[]> {
  for (let count = 1; count <= MAX_PAGES; count *= 2) {
    const pages = Array.from({ length: count }, (): ListedProperty[] => []);
    for (const property of properties) pages[pageOf(property.propertyId, count)]?.push(property);
    const rows = await Promise.all(pages.map((page, index) => pageRow(userId, index, page, encryption)));
    if (rows.every((row) => row !== null)) return rows;
  }
  throw new AppError('portfolio_full', 'The properties are too long to be indexed');
}

/** The homes of one page of the index. */
export async function readPage(row: Row, userId: string, readNotes: ReadNotes): Promise<ListedProperty[]> {
  const json = await decompress(Buffer.from(joinText('page', row), 'base64'), {
    maxOutputLength: MAX_PAGE_BYTES,
  });
  const page = JSON.parse(json.toString()) as Omit<ListedProperty, 'userId'>[];
  const text = await readNotes(row);
  const notes = new Map(text === null ? [] : (JSON.parse(text) as [string, string][]));
  return page.map((entry) => ({ ...withNote(entry, notes.get(entry.propertyId) ?? null), userId }));
}

async function pageRow(
  userId: string,
  index: number,
  properties: readonly ListedProperty[],
  encryption: Encryption,
): Promise<Row | null> {
  const keys = { partitionKey: managerKey(userId), rowKey: `i:${String(index).padStart(3, '0')}` };
  const entries = properties.map((property) => ({ ...withNote(property, null), userId: undefined }));
  const text = (await compress(JSON.stringify(entries))).toString('base64');
  const notes = properties.flatMap((property) => {
    const note = noteOf(property);
    return note === null ? [] : [[property.propertyId, note]];
  });
  const encrypted =
    notes.length === 0 ? '' : await encryption.encrypt(JSON.stringify(notes), rowContext(keys));
  if (text.length + encrypted.length > MAX_PAGE_LENGTH) return null;
  return { ...keys, version: ROW_VERSION, ...splitText('page', text), ...splitText('notes', encrypted) };
}

function pageOf(propertyId: string, count: number): number {
  return (hashBytes(propertyId)[0] ?? 0) % count;
}
