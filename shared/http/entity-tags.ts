// What an operator reads of an entry also shows what is stored elsewhere: the mailbox's zone, the last reading of a feed. The
// entry's own version does not change with it, but the answer does.
import { hashText } from '../core/hash.ts';

const SUFFIX = /\.[\w-]{16}"$/;

/** The `ETag` of an answer. @param etag of the stored entry. @param body all that the answer shows */
export function entityTag(etag: string, body: unknown): string {
  return `${etag.slice(0, -1)}.${hashText('answer', JSON.stringify(body)).slice(0, 16)}"`;
}

/** The version of the stored entry in an `ETag` of ours: a change depends on that alone. */
export function storedVersion(tag: string): string {
  return tag.replace(SUFFIX, '"');
}

/** Whether `If-None-Match`, one tag, a list or `*`, names the answer. */
export function isKnown(headers: { get(name: string): string | null }, tag: string): boolean {
  const given = headers.get('if-none-match')?.split(',') ?? [];
  return given.some((one) => one.trim() === tag || one.trim() === '*');
}
