// Runs the app's timers now and then, as the Functions host does by their schedules.
import type { FunctionsHost } from './functions-host.ts';
import { registry } from './functions-core.ts';
import { MINUTE_MS } from '../shared/core/duration.ts';

export interface Timer {
  readonly name: string;
  /** Null: the schedule is none that stands here, and the timer runs when asked to. */
  readonly everyMinutes: number | null;
}

/** The timers that the app has registered. */
export function listTimers(): Timer[] {
  return [...registry.functions.values()].flatMap(({ metadata: { name, bindings } }) => {
    const trigger = Object.values(bindings).find(({ type }) => type === 'timerTrigger');
    if (trigger === undefined) return [];
    const minutes = /^0 \*\/(\d+) \* \* \* \*$/.exec(trigger.schedule ?? '')?.[1];
    return [{ name, everyMinutes: minutes === undefined ? null : Number(minutes) }];
  });
}

/** @returns what stops them */
export function startTimers(
  host: FunctionsHost,
  onError: (name: string, error: unknown) => void,
): () => void {
  const intervals = listTimers().flatMap(({ name, everyMinutes }) => {
    if (everyMinutes === null) return [];
    const run = (): void => {
      host.runTimer(name).catch((error: unknown) => {
        onError(name, error);
      });
    };
    return [setInterval(run, everyMinutes * MINUTE_MS)];
  });
  return () => {
    intervals.forEach(clearInterval);
  };
}
