import type { BusyTime, Conflict, RuleRejection, Schedule, Slot } from '../../shared/scheduling/schedule.ts';
import { checkRules, findConflict } from '../../shared/scheduling/slots.ts';

/** Judges a start as a booking does: first the rules, then the calendar. */
export function judgeStart(
  schedule: Schedule,
  busyTime: BusyTime,
  now: number,
  start: number,
):
  | { readonly ok: true; readonly slot: Slot }
  | { readonly ok: false; readonly reason: RuleRejection | Conflict } {
  const allowed = checkRules(schedule, now, start);
  if (!allowed.ok) return allowed;
  const conflict = findConflict(schedule, busyTime, allowed.slot);
  return conflict === null ? allowed : { ok: false, reason: conflict };
}
