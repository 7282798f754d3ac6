import type { Encryption } from '../core/encryption.ts';
import type { Log } from '../core/log.ts';
import type { TimerStore } from '../core/timer-lease.ts';
import type { ManagerRecord } from '../managers/manager-record.ts';
import type { ManagerRepository } from '../managers/repository.ts';
import { resolveSchedule } from '../managers/schedule.ts';
import type { Mailer } from '../notifications/email.ts';
import type { Schedule } from '../scheduling/schedule.ts';
import type { CalendarChangeStore } from './calendar-changes.ts';
import type { ClientStates } from './client-state.ts';
import type { Links } from './link-tokens.ts';
import type { MicrosoftIdentity, MicrosoftProfile, MicrosoftSubscriptions } from './microsoft.ts';
import type { PendingSignInStore } from './pending-sign-in.ts';

/** What every use case of this folder works with. */
export interface ConnectionContext {
  readonly managers: ManagerRepository;
  readonly encryption: Encryption;
  readonly signIns: PendingSignInStore;
  readonly timers: TimerStore;
  readonly identity: MicrosoftIdentity;
  readonly profile: MicrosoftProfile;
  readonly subscriptions: MicrosoftSubscriptions;
  readonly changes: CalendarChangeStore;
  readonly clientStates: ClientStates;
  /** Erases what is stored of a calendar's content, once it is disconnected. */
  readonly forgetCalendar: (userId: string, signal: AbortSignal) => Promise<void>;
  /** Erases what is left of a manager whose deletion was interrupted. */
  readonly eraseDeleted: (userId: string, signal: AbortSignal) => Promise<void>;
  /** Null: mail is not configured. */
  readonly mailer: Mailer | null;
  readonly links: Links;
  /** The base of every link, without a slash at its end. */
  readonly publicOrigin: string;
  /** IANA name. */
  readonly defaultTimeZone: string;
  /** Whether to subscribe to change notifications, and to ask for what they need. */
  readonly wantsNotifications: boolean;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly log: Log;
}

/** The manager's own settings, else the mailbox's, else the defaults. */
export function scheduleOf(context: ConnectionContext, { profile, connection }: ManagerRecord): Schedule {
  return resolveSchedule(profile?.value ?? null, connection?.value.mailbox ?? null, context.defaultTimeZone);
}
