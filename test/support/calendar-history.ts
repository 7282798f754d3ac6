// What a manager's calendar was like and when, and when we were told of it: by this it is judged whether a listing is too old.
import { expect } from '@jest/globals';
import { MINUTE } from './test-app.ts';

/** A copy may be so old if we were told of no change since. */
const MAX_AGE = 15 * MINUTE;

export interface CalendarHistory {
  /** Real time passes. */
  wait(ms: number): void;
  /** The app's clock is set back: by so much more may a copy be older. */
  setBack(ms: number): void;
  /** The calendar has been changed. */
  change(): void;
  /** A notification has come, or another account was connected: older copies no longer count. */
  tell(): void;
  /** Fails unless what was offered was free at some moment that is recent enough. @param offered starts, ISO 8601 */
  expectRecent(offered: readonly string[]): void;
}

/**
 * @param starts the times that everything happens at, epoch milliseconds
 * @param busyStarts those that the manager is busy at, now
 */
export function createCalendarHistory(
  starts: readonly number[],
  busyStarts: () => ReadonlySet<number>,
): CalendarHistory {
  let elapsed = 0;
  let setBackMs = 0;
  let told = 0;
  const changes = [{ at: 0, busy: busyStarts() }];
  return {
    wait(ms) {
      elapsed += ms;
    },
    setBack(ms) {
      setBackMs += ms;
    },
    change() {
      changes.push({ at: elapsed, busy: busyStarts() });
    },
    tell() {
      told = changes.length - 1;
    },
    expectRecent(offered) {
      const since = elapsed - MAX_AGE - setBackMs;
      const recent = changes.filter(
        (_, index) => index >= told && (changes[index + 1]?.at ?? elapsed) >= since,
      );
      const isTrue = recent.some(({ busy }) =>
        starts.every((at) => !(busy.has(at) && offered.some((one) => Date.parse(one) === at))),
      );
      expect(isTrue).toBe(true);
    },
  };
}
