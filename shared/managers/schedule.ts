import { DEFAULT_HOURS, DEFAULT_RULES } from '../scheduling/schedule.ts';
import type { Schedule, WeeklyHours } from '../scheduling/schedule.ts';
import type { Manager } from './manager.ts';

/** The settings of a mailbox in Outlook. */
export interface MailboxSettings {
  /** IANA name; null if the mailbox has no zone, or one that cannot be read. */
  readonly timeZone: string | null;
  readonly hours: WeeklyHours | null;
}

/** The manager's own settings, else the mailbox's, else the defaults. */
export function resolveSchedule(
  manager: Pick<Manager, 'timeZone' | 'hours' | 'rules'> | null,
  mailbox: MailboxSettings | null,
  defaultTimeZone: string,
): Schedule {
  return {
    timeZone: manager?.timeZone ?? mailbox?.timeZone ?? defaultTimeZone,
    hours: manager?.hours ?? mailbox?.hours ?? DEFAULT_HOURS,
    rules: { ...DEFAULT_RULES, ...manager?.rules },
  };
}

/** Whether a connected manager's zone is only assumed, because neither the profile nor the mailbox names one. */
export function isTimeZoneAssumed(
  manager: Pick<Manager, 'timeZone'> | null,
  mailbox: MailboxSettings,
): boolean {
  return (manager?.timeZone ?? mailbox.timeZone) === null;
}
