import { AppError } from '../core/errors.ts';
import { hashText } from '../core/hash.ts';
import type { ConnectionContext } from './context.ts';

/**
 * A token that only our own page behind this link can send: another site does not know it. It works as long as the link, so a
 * page may stay open for days.
 * @param expiresAt of the link, in epoch milliseconds
 */
export function makeFormToken(
  { links }: ConnectionContext,
  link: string,
  expiresAt: number,
): Promise<string> {
  return links.make('form', { link: hashText(link) }, expiresAt);
}

/** @throws AppError `link_invalid`, `link_expired` if the form is not from the page behind this very link */
export async function assertFormToken(
  context: ConnectionContext,
  link: string,
  formToken: string,
): Promise<void> {
  const form = await context.links.read('form', formToken);
  if (form.link !== hashText(link)) throw new AppError('link_invalid', 'The form belongs to another link');
}
