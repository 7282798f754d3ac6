import type { NamedStart } from '../../shared/scheduling/schedule.ts';

/** A start as if a caller's words had named it. @param start epoch milliseconds */
export function named(start: number): NamedStart {
  return start as NamedStart;
}
