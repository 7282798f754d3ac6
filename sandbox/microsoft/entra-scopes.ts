// Scopes: their names, and what has been consented to.
import type { Person } from './people.ts';
import type { World } from './world.ts';

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
export const normalizeScopes = (scope: string): string[] => [
  ...new Set(
    scope
      .split(/\s+/)
      .filter(Boolean)
      .map((one) => one.replace(/^https:\/\/graph\.microsoft\.(com|us)\//, '')),
  ),
];

/** `subject` is a person's id, or a tenant's where an administrator consented for everyone. */
export const consentKey = (subject: string, clientId: string): string => `${subject} ${clientId}`;

export const hasConsent = (world: World, person: Person, scopes: readonly string[]): boolean => {
  const { consents } = world.state;
  const given = [
    ...(consents[consentKey(person.id, world.clientId)] ?? []),
    ...(consents[consentKey(person.tenantId, world.clientId)] ?? []),
  ];
  return scopes.every((scope) => given.includes(scope));
};

export const recordConsent = (world: World, subject: string, scopes: readonly string[]): void => {
  const key = consentKey(subject, world.clientId);
  world.state.consents[key] = [...new Set([...(world.state.consents[key] ?? []), ...scopes])];
};
