import { AppError } from './errors.ts';

export interface Deadline {
  readonly signal: AbortSignal;
  /** Rejects with `deadline_exceeded` where the deadline comes first; what goes on behind it is told by the signal. */
  within<T>(work: Promise<T>): Promise<T>;
}

export function deadlineExceeded(): AppError {
  return new AppError('deadline_exceeded', 'The answer took too long');
}

/** Runs with a deadline so many milliseconds from now. */
export async function withDeadline<T>(afterMs: number, use: (deadline: Deadline) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const { signal } = controller;
  const passed = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => {
      reject(deadlineExceeded());
    });
  });
  // Nobody may be waiting when it passes.
  passed.catch(() => undefined);
  const timer = setTimeout(() => {
    controller.abort(deadlineExceeded());
  }, afterMs);
  try {
    return await use({
      signal,
      within: (work) => {
        // Once the deadline has passed, nobody hears how it ended.
        work.catch(() => undefined);
        return Promise.race([work, passed]);
      },
    });
  } finally {
    clearTimeout(timer);
  }
}
