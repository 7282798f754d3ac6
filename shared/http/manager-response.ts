import type { Manager } from '../managers/manager.ts';
import { resolveSchedule } from '../managers/schedule.ts';
import type { MailboxSettings } from '../managers/schedule.ts';

/** A manager as /managers shows them, with the defaults filled in. */
export function toManagerResponse(
  manager: Manager,
  mailbox: MailboxSettings | null,
  defaultTimeZone: string,
) {
  const { timeZone, hours, rules } = resolveSchedule(manager, mailbox, defaultTimeZone);
  return {
    user_id: manager.userId,
    name: manager.name,
    notify_email: manager.notifyEmail,
    assistant_ids: manager.assistantIds,
    phone_numbers: manager.phoneNumbers,
    portfolio: manager.portfolio,
    policies: manager.policies,
    language: manager.language,
    time_zone: timeZone,
    hours,
    rules: {
      duration_minutes: rules.durationMinutes,
      grid_minutes: rules.gridMinutes,
      notice_minutes: rules.noticeMinutes,
      days_ahead: rules.daysAhead,
      horizon_days: rules.horizonDays,
      buffer_minutes: rules.bufferMinutes,
      daily_limit: rules.dailyLimit,
      caller_limit: rules.callerLimit,
    },
  };
}
