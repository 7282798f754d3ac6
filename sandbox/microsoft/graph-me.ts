// GET /me and GET /me/calendar.
import { unreadableQuery } from './graph-error.ts';
import { json } from './http.ts';
import type { HttpResponse, HttpRequest } from './http.ts';
import type { Person } from './people.ts';

const byDefault = [
  'businessPhones',
  'displayName',
  'givenName',
  'jobTitle',
  'mail',
  'mobilePhone',
  'officeLocation',
  'preferredLanguage',
  'surname',
  'userPrincipalName',
  'id',
];

/** @see https://learn.microsoft.com/graph/api/user-get */
export function handleMe(request: HttpRequest, person: Person): HttpResponse {
  const [givenName = null, ...others] = person.name.split(' ');
  const all: Record<string, unknown> = {
    businessPhones: [],
    displayName: person.name,
    givenName,
    jobTitle: null,
    mail: person.mail,
    mobilePhone: null,
    officeLocation: null,
    preferredLanguage: person.kind === 'personal' ? null : 'en-US',
    surname: others.at(-1) ?? null,
    userPrincipalName: person.userPrincipalName,
    id: person.kind === 'personal' ? person.id.replaceAll('-', '').slice(-16) : person.id,
    otherMails: person.otherMails,
    // Personal accounts have no directory object to hold them.
    proxyAddresses: person.kind === 'personal' ? [] : person.proxyAddresses,
    userType: person.userPrincipalName.includes('#EXT#') ? 'Guest' : 'Member',
    identities: [],
  };
  const wanted =
    request.query
      .get('$select')
      ?.split(',')
      .map((name) => name.trim()) ?? byDefault;
  const unknown = wanted.find((name) => !(name in all));
  if (unknown !== undefined) {
    throw unreadableQuery(
      `Parsing OData Select and Expand failed: Could not find a property named '${unknown}' on type 'microsoft.graph.user'.`,
    );
  }
  return json(200, {
    '@odata.context': `${request.origin}/v1.0/$metadata#users/$entity`,
    ...Object.fromEntries(wanted.map((name) => [name, all[name]])),
  });
}

/** `GET /me/calendar`: the default calendar. */
export function handleCalendar(request: HttpRequest, person: Person): HttpResponse {
  return json(200, {
    '@odata.context': `${request.origin}/v1.0/$metadata#users('${person.id}')/calendar/$entity`,
    id: `AQMkAD${Buffer.from(person.id).toString('base64url')}=`,
    name: 'Calendar',
    color: 'auto',
    hexColor: '',
    isDefaultCalendar: true,
    changeKey: 'sandbox',
    canShare: true,
    canViewPrivateItems: true,
    canEdit: true,
    allowedOnlineMeetingProviders: person.kind === 'personal' ? [] : ['teamsForBusiness'],
    defaultOnlineMeetingProvider: person.kind === 'personal' ? 'unknown' : 'teamsForBusiness',
    isTallyingResponses: true,
    isRemovable: false,
    owner: { name: person.name, address: person.userPrincipalName },
  });
}
