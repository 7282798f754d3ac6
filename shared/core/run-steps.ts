// Hazard: what a timer does is the last resort of many parts. One that fails, or takes long, must not keep the others from their turn.
import { deadlineSignal } from './deadline.ts';
import type { Log } from './log.ts';

/** One part of a timer's run. */
export interface Step<T> {
  /** How long it may take, in milliseconds. */
  readonly maxMs: number;
  /** @param signal aborts when its time is over */
  readonly run: (signal: AbortSignal) => Promise<T>;
}

/**
 * Runs the steps of a timer, one after the other and each with a deadline of its own.
 * @param steps by their names, which are logged if one fails
 * @returns what each of them gave
 * @throws what the first that failed threw, after all have had their turn
 */
export async function runSteps<Results extends Record<string, unknown>>(
  timer: string,
  steps: { readonly [Name in keyof Results]: Step<Results[Name]> },
  log: Log,
): Promise<Results> {
  const results: Partial<Results> = {};
  const failures: unknown[] = [];
  for (const name of Object.keys(steps) as (keyof Results & string)[]) {
    const { maxMs, run } = steps[name];
    try {
      results[name] = await run(deadlineSignal(maxMs));
    } catch (error) {
      failures.push(error);
      log.error('timer_step_failed', { timer, step: name }, error);
    }
  }
  if (failures.length > 0) throw failures[0];
  return results as Results;
}
