import { DEFAULT_HOURS, DEFAULT_RULES } from '../scheduling/schedule.ts';
import type { Schedule, WeeklyHours } from '../scheduling/schedule.ts';
import type { Manager } from './manager.ts';

/** What Outlook tells of a mailbox. */
export interface Mailbox {
  /** IANA name; null where the mailbox tells none that can be read. */
  readonly timeZone: string | null;
  readonly hours: WeeklyHours | null;
}

/** The manager's own settings, else the mailbox's, else the defaults. */
export function resolveSchedule(
  manager: Pick<Manager, 'timeZone' | 'hours' | 'rules'> | null,
  mailbox: Mailbox | null,
  defaultTimeZone: string,
): Schedule {
  return {
    timeZone: manager?.timeZone ?? mailbox?.timeZone ?? defaultTimeZone,
    hours: manager?.hours ?? mailbox?.hours ?? DEFAULT_HOURS,
    rules: { ...DEFAULT_RULES, ...manager?.rules },
  };
}
