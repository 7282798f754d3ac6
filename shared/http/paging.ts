// Pages of a list: how long one is, and the mark at which the next one begins. A mark holds the last key of its page, and is
// no secret: somebody who makes one up reads the same list.
import * as z from 'zod';

const DEFAULT_LIMIT = 100;

export type PagedList = 'viewings' | 'properties';

/** How many entries an answer has at most. */
export const limitField = z.coerce
  .number()
  .int()
  .min(1)
  .max(1_000)
  .default(DEFAULT_LIMIT)
  .meta({ description: `${DEFAULT_LIMIT} by default` });

/** The query of a page. `next` is read as the key in the mark; what is no mark of this list is refused. */
export function pageQuery(list: PagedList) {
  const next = z
    .string()
    .max(200)
    .transform((mark, context) => {
      const key = readPageMark(list, mark);
      if (key !== null) return key;
      context.addIssue('must be `next` of the page before this one');
      return z.NEVER;
    })
    .optional()
    .meta({ description: '`next` of the page before this one' });
  return z.object({ limit: limitField, next });
}

/** The mark after which the next page begins. @param key of the last entry of this page */
export function toPageMark(list: PagedList, key: string): string {
  return Buffer.from(`${list}:${key}`).toString('base64url');
}

/** The key in a mark; null if the text is no mark of this list. */
function readPageMark(list: PagedList, mark: string): string | null {
  const [, key] = /^(?:\w+):(.+)$/.exec(Buffer.from(mark, 'base64url').toString()) ?? [];
  return key !== undefined && toPageMark(list, key) === mark ? key : null;
}
