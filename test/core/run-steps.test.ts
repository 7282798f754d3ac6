import { expect, test } from '@jest/globals';
import { AppError } from '../../shared/core/errors.ts';
import { createLog } from '../../shared/core/log.ts';
import { runSteps } from '../../shared/core/run-steps.ts';

function recordLog() {
  const lines: string[] = [];
  const write = (line: string): void => {
    lines.push(line);
  };
  return { lines, log: createLog({ info: write, warn: write, error: write }) };
}

test('The steps of a timer run in their order, and their results come back by name', async () => {
  const order: string[] = [];
  const step = (name: string) => ({
    maxMs: 60_000,
    run: () => Promise.resolve(order.push(name)),
  });
  expect(await runSteps('sweep', { one: step('one'), two: step('two') }, recordLog().log)).toEqual({
    one: 1,
    two: 2,
  });
  expect(order).toEqual(['one', 'two']);
});

test('A step that fails is logged, and the steps after it run all the same', async () => {
  const { lines, log } = recordLog();
  const ran: string[] = [];
  const steps = {
    first: { maxMs: 60_000, run: () => Promise.reject(new AppError('storage_unavailable', 'down')) },
    second: { maxMs: 60_000, run: () => Promise.reject(new Error('a bug')) },
    third: { maxMs: 60_000, run: () => Promise.resolve(ran.push('third')) },
  };
  await expect(runSteps('sweep', steps, log)).rejects.toMatchObject({ code: 'storage_unavailable' });
  expect(ran).toEqual(['third']);
  expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
    { event: 'timer_step_failed', timer: 'sweep', step: 'first' },
    { event: 'timer_step_failed', timer: 'sweep', step: 'second' },
  ]);
});

test('A step that takes too long is ended, and leaves the others their time', async () => {
  const signals: AbortSignal[] = [];
  const hangs = (signal: AbortSignal) =>
    new Promise<never>((_, reject) => {
      // A timer that is alive, as a request to a silent server keeps the process alive.
      const alive = setInterval(() => undefined, 1_000);
      signal.addEventListener('abort', () => {
        clearInterval(alive);
        reject(signal.reason as Error);
      });
    });
  const steps = {
    hangs: { maxMs: 1, run: hangs },
    next: {
      maxMs: 60_000,
      run: (signal: AbortSignal) => Promise.resolve(signals.push(signal)),
    },
  };
  await expect(runSteps('sweep', steps, recordLog().log)).rejects.toMatchObject({
    code: 'deadline_exceeded',
  });
  expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
});
