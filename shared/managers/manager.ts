import type { Rules, WeeklyHours } from '../scheduling/schedule.ts';

/** A manager's profile: how calls find them, and their own rules. Null: the mailbox's own setting, or the default. */
export interface Manager {
  readonly userId: string;
  readonly name: string | null;
  readonly notifyEmail: string | null;
  readonly assistantIds: readonly string[];
  /** E.164, or `sip:` addresses. */
  readonly phoneNumbers: readonly string[];
  /** Managers with the same portfolio share their homes; null for none. */
  readonly portfolio: string | null;
  /** Short texts by topic that callers may hear, such as the policy on vouchers. */
  readonly policies: Readonly<Record<string, string>>;
  readonly language: string | null;
  /** IANA name. */
  readonly timeZone: string | null;
  readonly hours: WeeklyHours | null;
  readonly rules: Partial<Rules>;
}

/** What an invite or a consent makes of someone who has no entry yet. */
export function defaultManager(userId: string, name: string | null): Manager {
  return {
    userId,
    name,
    notifyEmail: null,
    assistantIds: [],
    phoneNumbers: [],
    portfolio: null,
    policies: {},
    language: null,
    timeZone: null,
    hours: null,
    rules: {},
  };
}

/** A viewing with the buffer around it, in minutes. */
export const MAX_DURATION_AND_BUFFER = 360;
/** How far ahead any rule can reach, in days. */
export const MAX_DAYS = 365;
