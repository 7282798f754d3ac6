// What Microsoft gives and knows of an account: the ports that the adapters in microsoft/ implement.
import type { MailboxSettings } from '../managers/schedule.ts';

/** The tokens of one account. */
export interface Tokens {
  readonly accessToken: string;
  /** Of the access token, in epoch milliseconds. */
  readonly expiresAt: number;
  /** MSAL's own cache of this one account, serialized. */
  readonly cache: string;
}

/** Where a call to Graph gets its bearer token. */
export interface TokenSource {
  accessToken(): Promise<string>;
  /** @param refused the token that Graph refused with 401. Without it a new token is fetched in any case. */
  forceRefresh(refused?: string): Promise<string>;
  /**
   * Graph has refused two renewed tokens as well, so only a new consent can help.
   * @throws what the call should end with
   */
  giveUp(): Promise<never>;
}

/** Who signed in, as the id token says. */
export interface SignIn {
  readonly tenantId: string;
  readonly objectId: string;
  /** The e-mail claim, if `xms_edov` vouches for it. */
  readonly verifiedEmail: string | null;
  /** What Microsoft granted. */
  readonly scopes: readonly string[];
  readonly tokens: Tokens;
}

/** What came of a refresh. An outage is thrown: only a lost consent is an outcome. */
export type RefreshOutcome =
  | { readonly ok: true; readonly tokens: Tokens; readonly scopes: readonly string[] }
  /** Only the manager can repair it: they have to consent again. `reason` is for the operator. */
  | { readonly ok: false; readonly reason: string };

/** Sign-in at Microsoft. Throws AppError `microsoft_unreachable`, `microsoft_throttled`, `app_credentials_rejected`, `deadline_exceeded`. */
export interface MicrosoftIdentity {
  /** The address that the browser is sent to, and the secret half of PKCE. */
  authorize(options: {
    readonly state: string;
    readonly nonce: string;
    readonly scopes: readonly string[];
    readonly signal: AbortSignal;
  }): Promise<{ readonly url: string; readonly codeVerifier: string }>;
  /** @throws besides, `microsoft_rejected` if the code or its proof is refused */
  redeem(options: {
    readonly code: string;
    readonly codeVerifier: string;
    readonly nonce: string;
    readonly scopes: readonly string[];
    readonly signal: AbortSignal;
  }): Promise<SignIn>;
  /** @param scopes a scope that was never granted would look like a lost consent: pass what the grant names */
  refresh(tokens: Tokens, scopes: readonly string[], signal: AbortSignal): Promise<RefreshOutcome>;
  /** The URL at which an administrator consents for everyone in the organization. */
  adminConsentUrl(state: string, scopes: readonly string[]): string;
}

/** Who has signed in. */
export interface Account {
  readonly displayName: string | null;
  /** In lower case; only addresses that the account's owner cannot have made up. */
  readonly addresses: readonly string[];
  /** The address that mail to the account goes to. */
  readonly primaryAddress: string;
}

/** The account at Graph. Throws AppError `microsoft_unreachable`, `microsoft_throttled`, `microsoft_rejected`, `deadline_exceeded`. */
export interface MicrosoftProfile {
  readAccount(signIn: SignIn, signal: AbortSignal): Promise<Account>;
  /** One real calendar call. False: the account has no mailbox that can hold events. */
  hasCalendar(accessToken: string, signal: AbortSignal): Promise<boolean>;
  /** Zone and working hours; each is null if the mailbox does not have it. */
  readMailbox(source: TokenSource, calendarEmail: string, signal: AbortSignal): Promise<MailboxSettings>;
}

/** What came of a subscription. `expiresAt` is in epoch milliseconds, as Graph granted it. */
export type SubscribeOutcome =
  | { readonly kind: 'subscribed'; readonly id: string; readonly expiresAt: number }
  /** Microsoft does not allow it. `reason` is for the operator. */
  | { readonly kind: 'refused'; readonly reason: string };

/**
 * Subscriptions to the changes of an account's events. Throws AppError `microsoft_unreachable`, `microsoft_throttled`,
 * `microsoft_rejected`, `reconnect_required`, `deadline_exceeded`.
 */
export interface MicrosoftSubscriptions {
  /** Graph calls the notification URL before it answers. @param clientState at most 128 characters */
  create(
    source: TokenSource,
    options: { readonly clientState: string; readonly notificationUrl: string },
    signal: AbortSignal,
  ): Promise<SubscribeOutcome>;
  /** For as long as Graph allows; also what `reauthorizationRequired` asks for. `gone`: only a new one can help. */
  renew(
    source: TokenSource,
    id: string,
    signal: AbortSignal,
  ): Promise<{ readonly kind: 'renewed'; readonly expiresAt: number } | { readonly kind: 'gone' }>;
  /** It is no error if it is gone already. */
  remove(source: TokenSource, id: string, signal: AbortSignal): Promise<void>;
}
