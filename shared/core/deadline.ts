import { AppError } from './errors.ts';

/** The time limit of one piece of work. */
export interface Deadline {
  /** Aborts when the deadline passes, with `deadline_exceeded` as its reason. */
  readonly signal: AbortSignal;
  /**
   * Gives what the work gives, or rejects with `deadline_exceeded` when the deadline passes first. The work then goes
   * on unless it listens to the signal.
   */
  within<T>(work: Promise<T>): Promise<T>;
}

/** The fault of work that its deadline has ended. */
export function deadlineExceeded(): AppError {
  return new AppError('deadline_exceeded', 'The answer took too long');
}

/**
 * A signal that aborts after some time, with `deadline_exceeded` as its reason. Its timer lives until then.
 * @param afterMs milliseconds.
 * @param parent aborts it earlier.
 */
export function deadlineSignal(afterMs: number, parent?: AbortSignal): AbortSignal {
  const { signal } = startDeadline(afterMs);
  return parent ? AbortSignal.any([signal, parent]) : signal;
}

/** A deadline that ends with the work that it is for. */
export interface RunningDeadline {
  /** Aborts when the deadline passes, with `deadline_exceeded` as its reason, or with the parent. */
  readonly signal: AbortSignal;
  /** To be called when the work is done: the signal then aborts no more, and nothing is left of it. */
  clear(): void;
}

/**
 * The same for work that comes often. A timer that nobody ends goes off later, and costs more than a read of the tables.
 * @param afterMs milliseconds from now.
 * @param parent aborts it earlier.
 */
export function startDeadline(afterMs: number, parent?: AbortSignal): RunningDeadline {
  const controller = new AbortController();
  const timer = setTimeout(() => {
    controller.abort(deadlineExceeded());
  }, afterMs);
  // A deadline alone must not keep the process running.
  timer.unref();
  const follow = (): void => {
    controller.abort(parent?.reason);
  };
  parent?.addEventListener('abort', follow);
  if (parent?.aborted) follow();
  return {
    signal: controller.signal,
    clear() {
      clearTimeout(timer);
      parent?.removeEventListener('abort', follow);
    },
  };
}

/**
 * Runs with a deadline.
 * @param afterMs milliseconds from now.
 * @param parent an earlier end: the deadline passes when this aborts.
 */
export async function withDeadline<T>(
  afterMs: number,
  use: (deadline: Deadline) => Promise<T>,
  parent?: AbortSignal,
): Promise<T> {
  const controller = new AbortController();
  const { signal } = controller;
  const passed = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => {
      reject(deadlineExceeded());
    });
  });
  // Nobody may be waiting when it passes.
  passed.catch(() => undefined);
  const pass = (): void => {
    controller.abort(deadlineExceeded());
  };
  const timer = setTimeout(pass, afterMs);
  parent?.addEventListener('abort', pass);
  if (parent?.aborted) pass();
  try {
    return await use({
      signal,
      within: (work) => {
        // After the deadline nobody waits for the result of the work.
        work.catch(() => undefined);
        return Promise.race([work, passed]);
      },
    });
  } finally {
    clearTimeout(timer);
    parent?.removeEventListener('abort', pass);
  }
}

/**
 * Gives what the work gives, or rejects with `deadline_exceeded` when the signal aborts first. The work then goes on: for work that
 * listens to a later deadline than this one.
 */
export async function untilAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  // After that nobody waits for the result of the work.
  work.catch(() => undefined);
  if (signal.aborted) throw deadlineExceeded();
  const ended = new AbortController();
  const aborted = new Promise<never>((_, reject) => {
    const stop = (): void => {
      reject(deadlineExceeded());
    };
    signal.addEventListener('abort', stop, { once: true, signal: ended.signal });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    ended.abort();
  }
}
