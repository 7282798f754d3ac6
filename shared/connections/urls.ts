/** The paths of our own pages, below the public origin. */
export const CALLBACK_PATH = '/calendar/auth/callback';

export function connectUrl(publicOrigin: string, token: string): string {
  return `${publicOrigin}/calendar/connect/${token}`;
}

export function disconnectUrl(publicOrigin: string, token: string): string {
  return `${publicOrigin}/calendar/disconnect/${token}`;
}
