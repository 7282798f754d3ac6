import { AppError } from '../core/errors.ts';
import type { TokenSource } from './microsoft.ts';

function refusedToken(): AppError {
  return new AppError('microsoft_rejected', 'Graph refused a new access token');
}

/** One token that cannot be renewed, as a sign-in has before anything is stored. */
export function fixedToken(accessToken: string): TokenSource {
  return {
    accessToken: () => Promise.resolve(accessToken),
    forceRefresh: () => Promise.reject(refusedToken()),
    giveUp: () => Promise.reject(refusedToken()),
  };
}
