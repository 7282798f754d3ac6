import { HOUR_MS } from '../core/duration.ts';
import { AppError } from '../core/errors.ts';
import { hashText } from '../core/hash.ts';
import type { ConnectionContext } from './context.ts';

const FORM_LIFETIME_MS = 12 * HOUR_MS;

/** A token that only our own page behind this link can send: another site does not know it. */
export function makeFormToken({ links, now }: ConnectionContext, link: string): Promise<string> {
  return links.make('form', { link: hashText(link) }, now() + FORM_LIFETIME_MS);
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
