/** The paths of our own pages, below the public origin. */
export const CALLBACK_PATH = '/calendar/auth/callback';

export const connectUrl = (publicOrigin: string, token: string): string =>
  `${publicOrigin}/calendar/connect/${token}`;

export const disconnectUrl = (publicOrigin: string, token: string): string =>
  `${publicOrigin}/calendar/disconnect/${token}`;
