import { resolveSchedule } from '../managers/schedule.ts';
import type { Schedule } from '../scheduling/schedule.ts';
import type { Log } from '../core/log.ts';
import type {
  ConnectionStore,
  Login,
  Mailboxes,
  ManagerRecord,
  Postman,
  StateStore,
  TimerStore,
} from './connection.ts';
import type { Links } from './link-tokens.ts';

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

/** The manager's own settings, his mailbox's, the defaults: in this order. */
export function scheduleOf(context: ConnectionContext, { manager, connection }: ManagerRecord): Schedule {
  return resolveSchedule(manager?.value ?? null, connection?.value.mailbox ?? null, context.defaultTimeZone);
}
