import { resolveSchedule } from './schedule.ts';
import type { ManagerRecord } from './manager-record.ts';

/** How to write to a manager. */
export interface Contact {
  /** Null if no address is known. */
  readonly email: string | null;
  readonly name: string | null;
  /** IANA name: dates in a mail are written in it. */
  readonly timeZone: string;
}

/**
 * Mail goes to the address that the operator set, else to the address of the last invite, else to the connected account.
 * @param defaultTimeZone IANA name, for a manager who has no zone
 */
export function contactOf({ profile, connection, invite }: ManagerRecord, defaultTimeZone: string): Contact {
  return {
    email: profile?.value.notifyEmail ?? invite?.value.mailedTo ?? connection?.value.calendarEmail ?? null,
    name: profile?.value.name ?? null,
    timeZone: resolveSchedule(profile?.value ?? null, connection?.value.mailbox ?? null, defaultTimeZone)
      .timeZone,
  };
}
