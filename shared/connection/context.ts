import type { Log } from '../log.ts';
import type { ConnectionStore, Login, Mailboxes, Postman, StateStore, TimerStore } from './connection.ts';
import type { Links } from './link-token.ts';

/** What every use case on consents works with. */
export interface ConnectionContext {
  readonly store: ConnectionStore;
  readonly states: StateStore;
  readonly timers: TimerStore;
  readonly login: Login;
  readonly mailboxes: Mailboxes;
  /** Null: mail is not configured. */
  readonly postman: Postman | null;
  readonly links: Links;
  /** The base of every link, without a slash at its end. */
  readonly publicOrigin: string;
  /** IANA name. */
  readonly defaultTimeZone: string;
  readonly now: () => number;
  readonly log: Log;
}
