import { timingSafeEqual } from 'node:crypto';
import { AppError, isAppError } from '../core/errors.ts';
import { hashText } from '../core/hash.ts';
import type { ConnectionContext } from './context.ts';
import type { PendingSignIn, StoredSignIn } from './pending-sign-in.ts';
import { consentCookie } from './start-consent.ts';

/** What Microsoft's redirect brings back, and the cookies of the browser that follows it. */
export interface Callback {
  readonly query: URLSearchParams;
  /** This browser's cookie with that name. */
  readonly cookie: (name: string) => string | null;
}

function isEqual(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}

/** One that cannot be read any more is over, like one that took too long: it can be started again. */
async function findSignIn(
  context: ConnectionContext,
  key: string,
  signal: AbortSignal,
): Promise<StoredSignIn | null> {
  try {
    return await context.signIns.find(key, signal);
  } catch (error) {
    if (!isAppError(error, 'encryption_key_missing', 'data_unreadable')) throw error;
    context.log.warn('consent_failed', { code: error.code });
    throw new AppError('link_expired', 'This sign-in can no longer be read', { cause: error });
  }
}

/** Uses the state up, in the browser that began the sign-in. @throws AppError `state_invalid`, `link_expired`, `link_used`, `wrong_browser` */
export async function consumeState(
  context: ConnectionContext,
  { query, cookie }: Callback,
  signal: AbortSignal,
): Promise<PendingSignIn> {
  const state = query.get('state') ?? '';
  if (!/^[\w-]{43}$/.test(state)) {
    throw new AppError('state_invalid', 'This is not a sign-in that we started');
  }
  const key = hashText(state);
  const found = await findSignIn(context, key, signal);
  if (!found) throw new AppError('state_invalid', 'This is not a sign-in that we started');
  const { signIn } = found;
  if (!signIn) throw new AppError('link_used', 'This sign-in has already been used');
  const browser = cookie(consentCookie(context, key).name);
  if (browser === null || !isEqual(hashText(browser), signIn.cookieHash)) {
    throw new AppError('wrong_browser', 'This sign-in was started in another browser');
  }
  if (found.expiresAt <= context.now()) throw new AppError('link_expired', 'This sign-in took too long');
  if (!(await context.signIns.consume(key, found, signal))) {
    throw new AppError('link_used', 'This sign-in has already been used');
  }
  return signIn;
}
