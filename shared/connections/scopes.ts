/** MSAL adds openid, profile and offline_access. */
const CALENDAR_SCOPES = ['Calendars.ReadWrite', 'User.Read'];
/** Graph wants it for change notifications: a permission to write is not enough there. */
export const NOTIFICATION_SCOPE = 'Calendars.Read';
const KNOWN = [...CALENDAR_SCOPES, NOTIFICATION_SCOPE];

/** What a consent asks for. */
export function scopesToAsk(withNotifications: boolean): readonly string[] {
  return withNotifications ? [...CALENDAR_SCOPES, NOTIFICATION_SCOPE] : CALENDAR_SCOPES;
}

/** What a refresh may ask for: of the granted scopes, those that we use. Graph's own may carry its address as a prefix. */
export function scopesToRefresh(granted: readonly string[]): readonly string[] {
  const names = granted.map((scope) => scope.replace(/^https:\/\/[^/]+\//, '').toLowerCase());
  const known = KNOWN.filter((scope) => names.includes(scope.toLowerCase()));
  return known.length > 0 ? known : CALENDAR_SCOPES;
}

/** Whether a grant allows to subscribe to change notifications. */
export function allowsNotifications(granted: readonly string[]): boolean {
  return scopesToRefresh(granted).includes(NOTIFICATION_SCOPE);
}
