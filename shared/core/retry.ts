import { AppError } from './errors.ts';

/** The result of one attempt: a value, or the sign that somebody else wrote in between. */
export type Attempt<T> = { readonly done: true; readonly value: T } | { readonly done: false };

/** Says to `retryConcurrent` that somebody else wrote first, so it has to try again. */
export const AGAIN = { done: false } as const;

/** Gives `retryConcurrent` the result. */
export function done<T>(value: T): Attempt<T> {
  return { done: true, value };
}

/** How many attempts are made, and what ends them. */
export interface RetryConcurrentOptions {
  /** How many times to read and write. Default 5. */
  readonly attempts?: number;
  /** Ends the attempts early, with the signal's reason. */
  readonly signal?: AbortSignal;
}

/**
 * Reads, decides and writes again while others write the same row at the same time.
 * @param attempt one reading, decision and write. It gives `done(value)`, or `AGAIN` if its version was not current.
 * @throws AppError `concurrent_update` after the last attempt
 */
export async function retryConcurrent<T>(
  attempt: () => Promise<Attempt<T>>,
  { attempts = 5, signal }: RetryConcurrentOptions = {},
): Promise<T> {
  for (let count = 0; count < attempts; count += 1) {
    signal?.throwIfAborted();
    const outcome = await attempt();
    if (outcome.done) return outcome.value;
  }
  throw new AppError('concurrent_update', 'Others changed the same data at the same time');
}

/**
 * Waits between two attempts.
 * @param ms milliseconds.
 * @param signal ends the wait. Default: nothing does.
 * @throws the signal's reason, at once when it aborts
 */
export async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  await new Promise<void>((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal?.reason as Error);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, ms);
    signal?.addEventListener('abort', stop, { once: true });
  });
}
