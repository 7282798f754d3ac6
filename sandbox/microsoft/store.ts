// The stand-in's state, and how it is reset.
import { createHash } from 'node:crypto';
import type { CalendarEvent, Invitation } from './calendar.ts';
import { createDeliveries } from './deliveries.ts';
import type { Deliveries } from './deliveries.ts';
import { createFaults } from './faults.ts';
import type { Faults } from './faults.ts';
import { notifyOfChange } from './notifications.ts';
import { samplePeople, sampleTenants } from './people.ts';
import type { Person, Tenant } from './people.ts';
import { createSchedule } from './schedule.ts';
import type { Schedule } from './schedule.ts';
import { sampleWeek } from './sample-week.ts';
import { defaultSubscriptionLimits } from './subscriptions.ts';
import type { Subscription, SubscriptionLimits } from './subscriptions.ts';

/** What a code or a token stands for. Times are epoch milliseconds. */
export interface Grant {
  personId: string;
  clientId: string;
  scopes: string[];
  issuedAt: number;
  /** Of a refresh token: idle time counts from here. */
  lastUsedAt: number;
  expiresAt: number;
  revoked?: boolean;
}

export interface Code extends Grant {
  redirectUri: string;
  challenge: string;
  nonce: string | undefined;
  redeemed: boolean;
}

/** Why a refresh is refused, though the refresh token itself is good. */
export type SignInProblem = 'mfa' | 'policy' | 'bad_token' | 'disabled' | 'expired';

/** Plain JSON, so that it can be kept in a file. */
export interface State {
  tenants: Tenant[];
  people: Person[];
  events: Record<string, CalendarEvent[]>;
  invitations: Invitation[];
  /** Keyed by digest: the stand-in keeps no code or token in clear. */
  codes: Record<string, Code>;
  refreshTokens: Record<string, Grant>;
  accessTokens: Record<string, Grant>;
  /** Scopes by `personId clientId`, and by `tenantId clientId` if an administrator consented for all. */
  consents: Record<string, string[]>;
  problems: Record<string, SignInProblem>;
  redirectUris: string[];
  subscriptions: Record<string, Subscription>;
}

/** One answered request, without its secrets. Requests inside a `$batch` are entries of their own. */
export interface LoggedRequest {
  /** When it was answered: epoch milliseconds, by the stand-in's clock. */
  at: number;
  method: string;
  path: string;
  /** Of Graph requests only: Microsoft's login carries secrets in its query. */
  query: string;
  /** 0 if the connection was dropped. */
  status: number;
  durationMs: number;
  inBatch: boolean;
  person?: string;
}

/** A write that took effect later than it was answered. */
export interface LandedWrite {
  /** Of the fault rule. */
  name: string;
  method: string;
  path: string;
  /** What Graph made of it then. */
  status: number;
  /** Epoch milliseconds by the stand-in's clock. */
  at: number;
}

/** What Graph answers for events in Deleted Items, asked for by their immutable ids. */
export interface DeletedItemsBehaviour {
  get: 200 | 404;
  delete: 403 | 404;
}

/** How the stand-in is started. All are optional. */
export interface MicrosoftOptions {
  /** 0, the default, takes a free one. */
  port?: number;
  /** Default `127.0.0.1`. */
  host?: string;
  /** Epoch milliseconds; `Date.now` by default. */
  now?: () => number;
  /** The app's registration. Default `peterental-sandbox`. */
  clientId?: string;
  /** Default `sandbox-secret`. */
  clientSecret?: string;
  /** Exact. Default `http://localhost:7071/calendar/auth/callback`. */
  redirectUris?: string[];
  /** Default: `samplePeople`. */
  people?: readonly Person[];
  /** Default: `sampleTenants`. */
  tenants?: readonly Tenant[];
  /** Fills the sample managers' calendars with a week that repeats. Default false: calendars start empty. */
  withSampleWeek?: boolean;
  /** How a reused transactionId with other content is refused: Microsoft's handlers differ. Default 409. */
  duplicateTransactionStatus?: 400 | 409;
  /** Microsoft does not say how events in Deleted Items answer. Default: as if they were gone, 404 both. */
  deletedItems?: Partial<DeletedItemsBehaviour>;
  /** A folder to keep everything in between runs. */
  statePath?: string;
}

export type EventChange = 'created' | 'updated' | 'deleted';

export interface Store {
  readonly options: MicrosoftOptions;
  readonly clientId: string;
  readonly clientSecret: string;
  state: State;
  readonly faults: Faults;
  readonly log: LoggedRequest[];
  readonly schedule: Schedule;
  readonly landings: LandedWrite[];
  readonly deliveries: Deliveries;
  readonly subscriptionLimits: SubscriptionLimits;
  deletedItems: DeletedItemsBehaviour;
  /** Ids of people whose access tokens Graph refuses, whatever their age. */
  readonly refusedPeople: Set<string>;
  /** Whoever writes to a calendar calls it, after the change. */
  onEventChange(person: Person, event: CalendarEvent, change: EventChange): void;
  /** Milliseconds by which Microsoft's clock is ahead of `now`. */
  skewMs: number;
  /** Epoch milliseconds by Microsoft's clock. */
  now(): number;
}

function initialState(options: MicrosoftOptions, now: number): State {
  const people = structuredClone(options.people ?? Object.values<Person>(samplePeople)) as Person[];
  return {
    tenants: structuredClone(options.tenants ?? sampleTenants) as Tenant[],
    people,
    events: Object.fromEntries(
      people.map((one) => [one.id, options.withSampleWeek ? sampleWeek(one, now) : []]),
    ),
    invitations: [],
    codes: {},
    refreshTokens: {},
    accessTokens: {},
    consents: {},
    problems: {},
    redirectUris: [...(options.redirectUris ?? ['http://localhost:7071/calendar/auth/callback'])],
    subscriptions: {},
  };
}

function initialDeletedItems(options: MicrosoftOptions): DeletedItemsBehaviour {
  return { get: 404, delete: 404, ...options.deletedItems };
}

/** The state of the stand-in. @param kept the state of an earlier run */
export function createStore(options: MicrosoftOptions, kept?: State): Store {
  const clock = options.now ?? (() => Date.now());
  const now = (): number => clock() + store.skewMs;
  const store: Store = {
    options,
    clientId: options.clientId ?? 'peterental-sandbox',
    clientSecret: options.clientSecret ?? 'sandbox-secret',
    state: kept ?? initialState(options, clock()),
    faults: createFaults(),
    log: [],
    schedule: createSchedule(now, options.now === undefined),
    landings: [],
    get deliveries() {
      return deliveries;
    },
    deletedItems: initialDeletedItems(options),
    refusedPeople: new Set(),
    subscriptionLimits: { ...defaultSubscriptionLimits },
    onEventChange(person, event, change) {
      notifyOfChange(store, person, event, change);
    },
    skewMs: 0,
    now,
  };
  const deliveries = createDeliveries(store);
  return store;
}

/** As on the first day: people, calendars, tokens, faults and log. */
export function resetStore(store: Store): void {
  store.skewMs = 0;
  store.state = initialState(store.options, store.now());
  store.faults.clear();
  store.schedule.clear();
  store.landings.length = 0;
  store.deliveries.clear();
  Object.assign(store.subscriptionLimits, defaultSubscriptionLimits);
  store.deletedItems = initialDeletedItems(store.options);
  store.refusedPeople.clear();
  store.log.length = 0;
}

/** SHA-256 in base64url. */
export function digest(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}
