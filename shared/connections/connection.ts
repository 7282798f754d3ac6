// The words of consent, and the ports that storage, Microsoft and mail implement.
import type { Mailbox } from '../managers/schedule.ts';
import type { Manager } from '../managers/manager.ts';

export type ConnectionStatus = 'connected' | 'reconnect_required' | 'disconnected';

/** A manager's consented Microsoft account. Its tokens are kept sealed and opened only to be used. */
export interface Connection {
  readonly userId: string;
  readonly status: ConnectionStatus;
  readonly calendarEmail: string;
  /** `tid` and `oid`: together they name the account for good; its addresses may change. */
  readonly tenantId: string;
  readonly objectId: string;
  /** Space separated. */
  readonly scope: string;
  readonly mailbox: Mailbox;
  readonly createdAt: number;
  /** The last consent. */
  readonly connectedAt: number;
  /** The link that the last consent came by: it is used up. */
  readonly linkId: string;
  readonly updatedAt: number;
  /** When the newest tokens came; null once they are erased. */
  readonly refreshedAt: number | null;
  /** Of the access token; null once it is erased. */
  readonly expiresAt: number | null;
  readonly reconnectSince: number | null;
  /** Why the manager must connect again, in words for the operator. */
  readonly reason: string | null;
  /** When the manager was last told that he must connect again. */
  readonly reconnectMailedAt: number | null;
}

export interface Tokens {
  readonly accessToken: string;
  readonly expiresAt: number;
  /** MSAL's own cache of this one account, serialized. */
  readonly cache: string;
}

/** The open invite: at most one for each manager. */
export interface Invite {
  readonly userId: string;
  /** Stands in the link: a link with another id has been replaced by a newer one. */
  readonly id: string;
  /** The only account that may connect; null where the operator named none. */
  readonly calendarEmail: string | null;
  readonly sentAt: number;
  readonly expiresAt: number;
}

export interface Stored<T> {
  readonly value: T;
  readonly etag: string;
}

/** All that is known of one manager, read at once. */
export interface ManagerRecord {
  readonly manager: Stored<Manager> | null;
  readonly connection: Stored<Connection> | null;
  readonly invite: Stored<Invite> | null;
}

/** `etag`: that of the row as it was read; null where there was none. `changed`: someone else wrote first, nothing is written. */
export type WriteOutcome = { readonly kind: 'written'; readonly etag: string } | { readonly kind: 'changed' };

export interface ConnectionStore {
  /** One table read. */
  open(userId: string, signal: AbortSignal): Promise<ManagerRecord>;
  /** @throws `token_unreadable`, `encryption_key_missing` */
  openTokens(connection: Stored<Connection>): Promise<Tokens>;
  /** @param tokens the new ones; null erases them; `keep` leaves them as they are. */
  saveConnection(
    connection: Connection,
    tokens: Tokens | null | { readonly keep: Stored<Connection> },
    etag: string | null,
    signal?: AbortSignal,
  ): Promise<WriteOutcome>;
  saveInvite(invite: Invite, etag: string | null, signal?: AbortSignal): Promise<WriteOutcome>;
  deleteInvite(
    userId: string,
    etag: string,
    signal?: AbortSignal,
  ): Promise<WriteOutcome | { kind: 'deleted' }>;
  /** Makes the manager's entry where there is none. */
  ensureManager(manager: Manager, signal?: AbortSignal): Promise<void>;
  /** All connections in a stable order, page by page, after the cursor. */
  scan(
    after: string | null,
    signal: AbortSignal,
    pageSize?: number,
  ): AsyncGenerator<readonly ScannedConnection[]>;
}

/** One connection as the timer and the health check see it. */
export interface ScannedConnection {
  readonly userId: string;
  /** Where a scan goes on after this one. */
  readonly cursor: string;
  readonly status: ConnectionStatus;
  readonly refreshedAt: number | null;
  readonly reconnectMailedAt: number | null;
}

/** One trip to Microsoft. */
export interface Trip {
  readonly userId: string;
  /** The only account that may connect; null: any. */
  readonly calendarEmail: string | null;
  /** The link it started from, to start again. */
  readonly link: string;
  readonly linkId: string;
  /** SHA-256 of this browser's cookie. */
  readonly cookieHash: string;
  readonly codeVerifier: string;
  readonly nonce: string;
}

export interface StateStore {
  /** @param key the hash of the state. */
  save(key: string, trip: Trip, expiresAt: number, signal: AbortSignal): Promise<void>;
  find(key: string, signal: AbortSignal): Promise<StoredState | null>;
  /** Erases the trip; false where another callback spent it first. */
  spend(key: string, state: StoredState, signal: AbortSignal): Promise<boolean>;
  /** Forgets what has run out. */
  clear(before: number, signal: AbortSignal): Promise<void>;
}

export interface StoredState {
  /** Null once it is spent. */
  readonly trip: Trip | null;
  readonly expiresAt: number;
  readonly etag: string;
}

/** Who signed in, as the id token says. */
export interface SignIn {
  readonly tenantId: string;
  readonly objectId: string;
  /** The e-mail claim, where `xms_edov` vouches for it. */
  readonly verifiedEmail: string | null;
  readonly scope: string;
  readonly tokens: Tokens;
}

export type RefreshOutcome =
  | { readonly ok: true; readonly tokens: Tokens; readonly scope: string }
  /** Only the manager can mend it: he must consent again. */
  | { readonly ok: false; readonly reason: string };

/** Throws `microsoft_unreachable`, `microsoft_throttled`, `app_credentials_rejected`, `deadline_exceeded`. */
export interface Login {
  authorize(options: {
    readonly state: string;
    readonly nonce: string;
    readonly signal: AbortSignal;
  }): Promise<{ readonly url: string; readonly codeVerifier: string }>;
  /** @throws besides `microsoft_rejected`: the code or its proof is refused. */
  redeem(options: {
    readonly code: string;
    readonly codeVerifier: string;
    readonly nonce: string;
    readonly signal: AbortSignal;
  }): Promise<SignIn>;
  refresh(tokens: Tokens, signal: AbortSignal): Promise<RefreshOutcome>;
  /** Where an administrator consents for everyone in the organisation. */
  adminConsentUrl(state: string): string;
}

export interface Account {
  readonly displayName: string | null;
  /** Lower case; only addresses that the account's owner cannot have made up. */
  readonly addresses: readonly string[];
  /** The address that mail to the account goes to. */
  readonly primaryAddress: string;
}

/** Throws `microsoft_unreachable`, `microsoft_throttled`, `microsoft_rejected`, `deadline_exceeded`. */
export interface Mailboxes {
  readAccount(signIn: SignIn, signal: AbortSignal): Promise<Account>;
  /** One real calendar call. False: the account has no mailbox that can hold events. */
  hasCalendar(accessToken: string, signal: AbortSignal): Promise<boolean>;
  /** Zone and working hours, null where the mailbox tells none. */
  readMailbox(accessToken: string, calendarEmail: string, signal: AbortSignal): Promise<Mailbox>;
}

interface LetterBase {
  readonly to: string;
  /** The manager's, or null. Typed by people: the writer keeps it out of headers and markup. */
  readonly name: string | null;
  /** Lets the manager disconnect from any mail. */
  readonly disconnectUrl: string;
}

/** Every mail that goes to a manager. */
export type Letter =
  | (LetterBase & {
      /** `invite`: connect for the first time. `reconnect`: the connection is lost. `link`: asked for on a call. */
      readonly kind: 'invite' | 'reconnect' | 'link';
      readonly calendarEmail: string | null;
      readonly connectUrl: string;
      readonly expiresAt: number;
      /** IANA; dates in the mail are written in it. */
      readonly timeZone: string;
    })
  | (LetterBase & {
      readonly kind: 'message';
      readonly message: TakenMessage;
      /** IANA; the time of the message is written in it. */
      readonly timeZone: string;
    });

/** What a caller left for the manager, as the voice agent heard it. */
export interface TakenMessage {
  readonly text: string;
  readonly name: string | null;
  /** E.164, the call's own. */
  readonly callerNumber: string | null;
  /** As the caller gave it; only where the call has none of its own. */
  readonly givenNumber: string | null;
  readonly propertyAddress: string | null;
  /** The times last offered on the call, as they were read aloud. */
  readonly offered: readonly string[];
  readonly receivedAt: number;
}

export interface Postman {
  /** Resolves once the mail is accepted. @throws `mail_failed` */
  send(letter: Letter, signal?: AbortSignal): Promise<void>;
}

/** Where a timer's run stands, shared by all instances. */
export interface TimerState {
  /** The run that is under way or was last ended: the local day, in UTC, that it began on. */
  readonly run: string;
  /** Where the run goes on; null: from the start. */
  readonly cursor: string | null;
  readonly done: boolean;
  /** Nobody else works before this has passed. */
  readonly leasedUntil: number;
}

export interface TimerStore {
  read(timer: string, signal: AbortSignal): Promise<Stored<TimerState> | null>;
  write(timer: string, state: TimerState, etag: string | null, signal: AbortSignal): Promise<WriteOutcome>;
}
