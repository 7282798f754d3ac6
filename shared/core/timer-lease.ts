import { deadlineSignal } from './deadline.ts';

/** How far a timer's run has come, shared by all instances. */
export interface TimerState {
  /** The run that is under way or ended last: the day it began on, in UTC. */
  readonly run: string;
  /** Where the run continues; null: at the start. */
  readonly cursor: string | null;
  readonly done: boolean;
  /** Nobody else works on it before then. Epoch milliseconds. */
  readonly leasedUntil: number;
}

/** Where the states of timers are stored. */
export interface TimerStore {
  /** @throws AppError `storage_unavailable`, `deadline_exceeded` */
  read(timer: string, signal: AbortSignal): Promise<{ value: TimerState; etag: string } | null>;
  /** @param etag of the state that was read; null if there was none. @returns the new etag; null if another instance wrote first */
  write(timer: string, state: TimerState, etag: string | null, signal: AbortSignal): Promise<string | null>;
}

/** A daily run of which this instance does the next slice. */
export interface TimerLease {
  readonly run: string;
  readonly cursor: string | null;
  /** False: the lease ran out and another instance has taken over. */
  save(state: Pick<TimerState, 'cursor' | 'done' | 'leasedUntil'>): Promise<boolean>;
}

/**
 * Takes on the next slice of a timer's daily run. A run that a new day overtakes is finished first, so that nobody at its
 * end is left out.
 * @param now epoch milliseconds. @param leaseMs longer than a slice takes
 * @returns `done`: today's run is over; `busy`: another instance works on it
 */
export async function acquireDailyLease(
  timers: TimerStore,
  timer: string,
  now: number,
  leaseMs: number,
  signal: AbortSignal,
): Promise<TimerLease | 'done' | 'busy'> {
  const today = new Date(now).toISOString().slice(0, 10);
  const found = await timers.read(timer, signal);
  const state = found?.value;
  if (state && state.run === today && state.done) return 'done';
  if (state && state.leasedUntil > now) return 'busy';
  const goesOn = state !== undefined && !state.done;
  const run = goesOn ? state.run : today;
  const cursor = goesOn ? state.cursor : null;
  let etag = await timers.write(
    timer,
    { run, cursor, done: false, leasedUntil: now + leaseMs },
    found?.etag ?? null,
    signal,
  );
  if (etag === null) return 'busy';
  return {
    run,
    cursor,
    async save(next) {
      if (etag === null) return false;
      etag = await timers.write(timer, { run, ...next }, etag, signal);
      return etag !== null;
    },
  };
}

/**
 * Does the work of a day, unless it is done already or another instance is doing it. Work that fails, or whose instance dies,
 * is done again once its lease has run out: so a day's work must be safe to repeat.
 * @param now epoch milliseconds. @param leaseMs longer than the work takes
 * @returns what the work gave; null if there was nothing to do now
 * @throws what the work throws; AppError `storage_unavailable`, `deadline_exceeded`
 */
export async function runOnceADay<T>(
  timers: TimerStore,
  timer: string,
  now: () => number,
  leaseMs: number,
  work: () => Promise<T>,
): Promise<T | null> {
  const lease = await acquireDailyLease(timers, timer, now(), leaseMs, deadlineSignal(leaseMs));
  if (typeof lease === 'string') return null;
  const result = await work();
  await lease.save({ cursor: null, done: true, leasedUntil: 0 });
  return result;
}
