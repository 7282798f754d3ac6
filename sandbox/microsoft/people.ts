// Who lives in the stand-in: the tenants, and the people one can sign in as. All names are invented.

/** Microsoft's own tenant for personal accounts. */
export const personalTenantId = '9188040d-6c67-4c5b-b112-36a304b66dad';

export interface Tenant {
  /** A GUID: `tid` in tokens. */
  id: string;
  name: string;
  domain: string;
  /** False: only an administrator may consent to an application. */
  userConsent: boolean;
  /** Scopes to which only an administrator may consent, though users may consent to others. */
  blockedScopes?: string[];
}

/** When a custom zone changes its clocks. Month 0: never. */
export interface ClockChange {
  /** `02:00:00.0000000` */
  time: string;
  /** 1 to 4 for the first to fourth such weekday of the month, 5 for the last. */
  dayOccurrence: number;
  dayOfWeek: string;
  month: number;
  /** 0: every year. */
  year: number;
}

/**
 * A zone that Graph spells out, since it has no name.
 * @see https://learn.microsoft.com/graph/api/resources/customtimezone
 */
export interface CustomTimeZone {
  '@odata.type': '#microsoft.graph.customTimeZone';
  name: string;
  /** Minutes from local time to UTC in winter, as live mailboxes send it: +480 for Pacific time. The documentation has the other sign. */
  bias: number;
  standardOffset: ClockChange;
  /** `daylightBias`: minutes on top of `bias` in summer, -60 as a rule. */
  daylightOffset: ClockChange & { daylightBias: number };
}

export interface WorkingHours {
  daysOfWeek: string[];
  /** `09:00:00.0000000` */
  startTime: string;
  endTime: string;
  /** A Windows or an IANA name, or a zone that is spelled out. */
  timeZone: { name: string } | CustomTimeZone;
}

export interface Person {
  /** A GUID: `oid` in tokens, `id` in /me. */
  id: string;
  tenantId: string;
  kind: 'work' | 'personal';
  name: string;
  userPrincipalName: string;
  /** As the tenant's administrator wrote it, which proves nothing. Null if there is none. */
  mail: string | null;
  /** `SMTP:` marks the primary address, `smtp:` the others. */
  proxyAddresses: string[];
  otherMails: string[];
  /** The id token's `xms_edov`; left out of the token when undefined. */
  emailDomainVerified?: boolean;
  administrator: boolean;
  /** False: a guest, or an account without a license. Calendar calls answer MailboxNotEnabledForRESTAPI. */
  hasMailbox: boolean;
  /** The mailbox's zone as Graph names it: a Windows name, an IANA name, or a name that says nothing. */
  timeZone: string;
  /** IANA: the clock on the person's wall, for mailboxes whose zone has no name. */
  clock?: string;
  /** Left out by some mailboxes. */
  workingHours?: WorkingHours;
  /** Shown on the sign-in page. */
  remark?: string;
}

const lakeview: Tenant = {
  id: '5f1d2c7e-8a44-4c1b-9d53-0b6f2f1c9a01',
  name: 'Lakeview Rentals',
  domain: 'lakeviewrentals.example',
  userConsent: true,
};
const spree: Tenant = {
  id: 'c2a9e0b4-31d7-4f0e-8b1a-7d5c3e6f2b02',
  name: 'Spree Wohnen',
  domain: 'spreewohnen.example',
  userConsent: true,
};
const northgate: Tenant = {
  id: '7b3f6d91-4e2c-4a58-a6c7-1f9e8d7c6b03',
  name: 'Northgate Estates',
  domain: 'northgate.example',
  userConsent: false,
};
const shadow: Tenant = {
  id: 'e8d4c2b0-6f1a-4b7d-9c3e-2a5b8c7d6e04',
  name: 'Shadow Holdings',
  domain: 'shadow.example',
  userConsent: true,
};
const personal: Tenant = {
  id: personalTenantId,
  name: 'Microsoft account',
  domain: 'outlook.example',
  userConsent: true,
};

export const sampleTenants: readonly Tenant[] = [lakeview, spree, northgate, shadow, personal];

const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'];
function nineToFive(zone: string): WorkingHours {
  return {
    daysOfWeek: weekdays,
    startTime: '09:00:00.0000000',
    endTime: '17:00:00.0000000',
    timeZone: { name: zone },
  };
}

const neverChanges: ClockChange = {
  time: '00:00:00.0000000',
  dayOccurrence: 0,
  dayOfWeek: 'sunday',
  month: 0,
  year: 0,
};
const atTwo = (dayOccurrence: number, month: number): ClockChange => ({
  time: '02:00:00.0000000',
  dayOccurrence,
  dayOfWeek: 'sunday',
  month,
  year: 0,
});

function nineToFiveIn(timeZone: CustomTimeZone): WorkingHours {
  return { ...nineToFive(timeZone.name), timeZone };
}

/** A person with a mailbox in a work tenant, unless `fields` say otherwise. */
function person(
  fields: Pick<Person, 'id' | 'tenantId' | 'name' | 'userPrincipalName' | 'timeZone'> & Partial<Person>,
): Person {
  return {
    kind: 'work',
    mail: fields.userPrincipalName,
    proxyAddresses: [`SMTP:${fields.userPrincipalName}`],
    otherMails: [],
    administrator: false,
    hasMailbox: true,
    ...fields,
  };
}

export const samplePeople = {
  pete: person({
    id: '11111111-aaaa-4aaa-8aaa-000000000001',
    tenantId: lakeview.id,
    name: 'Pete Sampson',
    userPrincipalName: 'pete@lakeviewrentals.example',
    proxyAddresses: ['SMTP:pete@lakeviewrentals.example', 'smtp:peter.sampson@lakeviewrentals.example'],
    timeZone: 'Central Standard Time',
    workingHours: nineToFive('Central Standard Time'),
    remark: 'A manager in Chicago',
  }),
  berta: person({
    id: '11111111-aaaa-4aaa-8aaa-000000000002',
    tenantId: spree.id,
    name: 'Berta Köhler',
    userPrincipalName: 'berta@spreewohnen.example',
    timeZone: 'W. Europe Standard Time',
    workingHours: nineToFive('W. Europe Standard Time'),
    remark: 'A manager in Berlin',
  }),
  kavya: person({
    id: '11111111-aaaa-4aaa-8aaa-000000000003',
    tenantId: lakeview.id,
    name: 'Kavya Sen',
    userPrincipalName: 'kavya@lakeviewrentals.example',
    timeZone: 'Asia/Kolkata',
    workingHours: nineToFive('Asia/Kolkata'),
    remark: 'A manager in Kolkata; their mailbox says Asia/Kolkata, no Windows name',
  }),
  olive: person({
    id: '00000000-0000-0000-a1b2-c3d4e5f60004',
    tenantId: personalTenantId,
    kind: 'personal',
    name: 'Olive Marsh',
    userPrincipalName: 'olive@outlook.example',
    proxyAddresses: [],
    timeZone: 'Eastern Standard Time',
    remark: 'No working hours, no getSchedule',
  }),
  hugo: person({
    id: '11111111-aaaa-4aaa-8aaa-000000000005',
    tenantId: spree.id,
    name: 'Hugo Brandt',
    userPrincipalName: 'hugo@spreewohnen.example',
    mail: 'hello@brandt.example',
    proxyAddresses: ['SMTP:hugo@spreewohnen.example'],
    emailDomainVerified: true,
    timeZone: 'W. Europe Standard Time',
    remark:
      'The mailbox has no working hours; the mail address is of another domain, vouched for by xms_edov',
  }),
  gina: person({
    id: '11111111-aaaa-4aaa-8aaa-000000000006',
    tenantId: lakeview.id,
    name: 'Gina Guest',
    userPrincipalName: 'gina_elsewhere.example#EXT#@lakeviewrentals.example',
    mail: 'gina@elsewhere.example',
    proxyAddresses: ['SMTP:gina@elsewhere.example'],
    otherMails: ['gina@elsewhere.example'],
    hasMailbox: false,
    timeZone: 'UTC',
    remark: 'A guest: no mailbox here',
  }),
  uma: person({
    id: '11111111-aaaa-4aaa-8aaa-000000000007',
    tenantId: lakeview.id,
    name: 'Uma Frey',
    userPrincipalName: 'uma@lakeviewrentals.example',
    mail: null,
    proxyAddresses: [],
    hasMailbox: false,
    timeZone: 'Central Standard Time',
    remark: 'A work account without a license: no mailbox',
  }),
  nora: person({
    id: '11111111-aaaa-4aaa-8aaa-000000000008',
    tenantId: northgate.id,
    name: 'Nora Blake',
    userPrincipalName: 'nora@northgate.example',
    timeZone: 'Eastern Standard Time',
    workingHours: nineToFive('Eastern Standard Time'),
    remark: 'Their organization demands an administrator’s approval',
  }),
  adam: person({
    id: '11111111-aaaa-4aaa-8aaa-000000000009',
    tenantId: northgate.id,
    name: 'Adam Reyes',
    userPrincipalName: 'adam@northgate.example',
    administrator: true,
    timeZone: 'Eastern Standard Time',
    workingHours: nineToFive('Eastern Standard Time'),
    remark: 'Administrator of Northgate Estates',
  }),
  wendy: person({
    id: '11111111-aaaa-4aaa-8aaa-000000000010',
    tenantId: lakeview.id,
    name: 'Wendy Ortiz',
    userPrincipalName: 'wendy@lakeviewrentals.example',
    timeZone: 'Central Standard Time',
    workingHours: nineToFive('Central Standard Time'),
    remark: 'Pete’s assistant: the wrong person',
  }),
  mallory: person({
    id: '11111111-aaaa-4aaa-8aaa-000000000011',
    tenantId: shadow.id,
    name: 'Mallory Shade',
    userPrincipalName: 'mallory@shadow.example',
    mail: 'pete@lakeviewrentals.example',
    proxyAddresses: ['SMTP:mallory@shadow.example'],
    emailDomainVerified: false,
    administrator: true,
    timeZone: 'UTC',
    remark: 'Their administrator entered Pete’s address as their mail',
  }),
  cora: person({
    id: '11111111-aaaa-4aaa-8aaa-000000000012',
    tenantId: lakeview.id,
    name: 'Cora Bell',
    userPrincipalName: 'cora@lakeviewrentals.example',
    timeZone: 'Customized Time Zone',
    clock: 'America/Los_Angeles',
    workingHours: nineToFiveIn({
      '@odata.type': '#microsoft.graph.customTimeZone',
      name: 'Customized Time Zone',
      bias: 480,
      standardOffset: atTwo(1, 11),
      daylightOffset: { daylightBias: -60, ...atTwo(2, 3) },
    }),
    remark: 'Their mailbox’s zone has no name: Pacific time, spelled out as a bias and two changes',
  }),
  tess: person({
    id: '11111111-aaaa-4aaa-8aaa-000000000013',
    tenantId: lakeview.id,
    name: 'Tess Novak',
    userPrincipalName: 'tess@lakeviewrentals.example',
    timeZone: 'tzone://Microsoft/Custom',
    clock: 'America/Phoenix',
    workingHours: nineToFiveIn({
      '@odata.type': '#microsoft.graph.customTimeZone',
      name: 'tzone://Microsoft/Custom',
      bias: 420,
      standardOffset: neverChanges,
      daylightOffset: { daylightBias: 0, ...neverChanges },
    }),
    remark: 'Their mailbox’s zone has no name: Arizona, one clock all year',
  }),
  kira: person({
    id: '11111111-aaaa-4aaa-8aaa-000000000014',
    tenantId: lakeview.id,
    name: 'Kira Sokol',
    userPrincipalName: 'kira@lakeviewrentals.example',
    timeZone: 'Kamchatka Standard Time',
    clock: 'Asia/Kamchatka',
    workingHours: nineToFive('Kamchatka Standard Time'),
    remark: 'A Windows zone without an IANA name',
  }),
  milo: person({
    id: '11111111-aaaa-4aaa-8aaa-000000000015',
    tenantId: lakeview.id,
    name: 'Milo Reis',
    userPrincipalName: 'milo@lakeviewrentals.example',
    timeZone: 'Mid-Atlantic Standard Time',
    clock: 'Etc/GMT+2',
    workingHours: nineToFive('Mid-Atlantic Standard Time'),
    remark: 'A Windows zone without an IANA name',
  }),
} as const satisfies Record<string, Person>;
