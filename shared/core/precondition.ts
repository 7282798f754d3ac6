import { AppError } from './errors.ts';

/** What the caller of a write knows of the entry: `If-Match` and `If-None-Match`. */
export interface Precondition {
  /** Only this version; `*`: any, but there must be one. */
  readonly ifMatch?: string;
  /** Only if there is none. */
  readonly ifNoneMatch?: '*';
}

/** @param etag null: there is no entry. @throws `precondition_failed` */
export function assertMet({ ifMatch, ifNoneMatch }: Precondition, etag: string | null): void {
  const isMet =
    (ifNoneMatch === undefined || etag === null) &&
    (ifMatch === undefined || (ifMatch === '*' ? etag !== null : etag === ifMatch));
  if (!isMet) throw new AppError('precondition_failed', 'The entry has changed since it was read');
}
