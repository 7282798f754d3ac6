// Paths that are linked to from mails, pages and settings. http/routes.ts has all routes.

export const CONNECT_PATH = '/calendar/connect';
export const DISCONNECT_PATH = '/calendar/disconnect';
/** Registered at Microsoft: MICROSOFT_REDIRECT_URI is the app's origin and this. */
export const CALLBACK_PATH = '/calendar/auth/callback';
export const NOTIFICATIONS_PATH = '/microsoft/notifications';
