// Scopes: their names, and what has been consented to.
import type { Person } from './people.ts';
import type { Store } from './store.ts';

export const scopeTexts: Readonly<Record<string, string>> = {
  openid: 'Sign you in',
  profile: 'View your basic profile',
  email: 'View your email address',
  offline_access: 'Maintain access to data you have given it access to',
  'User.Read': 'Sign you in and read your profile',
  'Calendars.Read': 'Read your calendars',
  'Calendars.ReadWrite': 'Have full access to your calendars',
  'MailboxSettings.Read': 'Read your mailbox settings',
};

/** Space-separated scopes as a list; Graph's own may carry its address as a prefix. */
export function normalizeScopes(scope: string): string[] {
  return [
    ...new Set(
      scope
        .split(/\s+/)
        .filter(Boolean)
        .map((one) => one.replace(/^https:\/\/graph\.microsoft\.(com|us)\//, '')),
    ),
  ];
}

/** `subject` is a person's id, or a tenant's if an administrator consented for everyone. */
export function consentKey(subject: string, clientId: string): string {
  return `${subject} ${clientId}`;
}

/** Whether a person, or an administrator for their tenant, has consented to all of the scopes. */
export function hasConsent(store: Store, person: Person, scopes: readonly string[]): boolean {
  const { consents } = store.state;
  const given = [
    ...(consents[consentKey(person.id, store.clientId)] ?? []),
    ...(consents[consentKey(person.tenantId, store.clientId)] ?? []),
  ];
  return scopes.every((scope) => given.includes(scope));
}

/** Adds scopes to a consent. @param subject the id of a person, or of a tenant */
export function recordConsent(store: Store, subject: string, scopes: readonly string[]): void {
  const key = consentKey(subject, store.clientId);
  store.state.consents[key] = [...new Set([...(store.state.consents[key] ?? []), ...scopes])];
}
