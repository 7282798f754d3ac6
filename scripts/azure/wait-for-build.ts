// A rolling update tells nobody when it is done: old instances answer beside new ones for a while.
import { askHealth } from './ask-health.ts';
import type { HealthAnswer } from './ask-health.ts';
import { MINUTE_MS, SECOND_MS } from '../../shared/core/duration.ts';
import { pause } from '../../shared/core/retry.ts';

/** How to wait for a new build. */
export interface BuildWait {
  /** Such as https://func-....azurewebsites.net */
  readonly origin: string;
  /** The build that was published. */
  readonly build: string;
  /** Shows a line of progress. */
  readonly say: (line: string) => void;
  /** How many answers in a row must show the build; default 6. */
  readonly timesRunning?: number;
  /** In milliseconds, between two questions; default 5,000. */
  readonly pauseMs?: number;
  /** In milliseconds; default 20 minutes, twice what a function may take to end. */
  readonly timeoutMs?: number;
  /** Milliseconds from any point in time; default this process's clock. */
  readonly now?: () => number;
}

function nameOf({ status, build, body }: HealthAnswer): string {
  if (build !== null) return `build ${build}`;
  if (status === 0) return `no answer (${body.slice(0, 200)})`;
  return status === 200 ? 'a build without an id' : `${status} without a build`;
}

/**
 * Waits until /health shows a build several times running.
 * @returns milliseconds waited
 * @throws Error that says whether the new build never came, or came and went
 */
export async function waitForBuild({
  origin,
  build,
  say,
  timesRunning = 6,
  pauseMs = 5 * SECOND_MS,
  timeoutMs = 20 * MINUTE_MS,
  now = () => performance.now(),
}: BuildWait): Promise<number> {
  const startedAt = now();
  let running = 0;
  let seen = 0;
  let lastLine = '';
  for (;;) {
    const answer = await askHealth(origin);
    const isNew = answer.build === build;
    running = isNew ? running + 1 : 0;
    if (isNew) seen++;
    const waitedMs = now() - startedAt;
    if (running >= timesRunning) return waitedMs;
    if (waitedMs >= timeoutMs) {
      const minutes = Math.round(timeoutMs / MINUTE_MS);
      if (seen === 0)
        throw new Error(
          `Stuck: ${minutes} minutes after publishing, build ${build} has not answered once. What answers is ${nameOf(answer)}.\n${answer.body.slice(0, 500)}`,
        );
      throw new Error(
        isNew
          ? `Stuck: ${minutes} minutes after publishing, build ${build} still shares the answers with another.`
          : `Rolled back: build ${build} answered ${seen} times, and now ${nameOf(answer)} does again.`,
      );
    }
    const line = isNew
      ? `build ${build} answers, ${running} of ${timesRunning} times running`
      : `${nameOf(answer)} answers`;
    if (line !== lastLine) say(`${Math.round(waitedMs / 1000)} s: ${line}`);
    lastLine = line;
    await pause(pauseMs);
  }
}
