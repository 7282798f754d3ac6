import { expect, test } from '@jest/globals';
import { deadlineSignal, withDeadline } from '../../shared/core/deadline.ts';
import { AppError, ERRORS, codeOf, isRetryable, statusOf } from '../../shared/core/errors.ts';
import { deriveKey, hashText, hmacText } from '../../shared/core/hash.ts';
import { AGAIN, done, pause, retryConcurrent } from '../../shared/core/retry.ts';

test('a write is repeated while others write, and at last fails with concurrent_update', async () => {
  let attempts = 0;
  const third = () => Promise.resolve((attempts += 1) < 3 ? AGAIN : done('written'));
  expect(await retryConcurrent(third)).toBe('written');
  expect(attempts).toBe(3);
  await expect(retryConcurrent(() => Promise.resolve(AGAIN), { attempts: 2 })).rejects.toMatchObject({
    code: 'concurrent_update',
  });
});

test('no attempt starts after the signal has aborted', async () => {
  const signal = AbortSignal.abort(new AppError('deadline_exceeded', 'late'));
  let attempts = 0;
  const attempt = () => Promise.resolve(((attempts += 1), AGAIN));
  await expect(retryConcurrent(attempt, { signal })).rejects.toMatchObject({ code: 'deadline_exceeded' });
  expect(attempts).toBe(0);
});

test('a pause ends at once when its signal aborts', async () => {
  const controller = new AbortController();
  const paused = pause(60_000, controller.signal);
  controller.abort(new AppError('deadline_exceeded', 'late'));
  await expect(paused).rejects.toMatchObject({ code: 'deadline_exceeded' });
  await expect(pause(0, controller.signal)).rejects.toMatchObject({ code: 'deadline_exceeded' });
  await pause(0, new AbortController().signal);
});

test('a deadline inside another one passes when the outer one does', async () => {
  const outer = new AbortController();
  const inner = withDeadline(
    60_000,
    (deadline) => {
      outer.abort();
      return deadline.within(new Promise<never>(() => undefined));
    },
    outer.signal,
  );
  await expect(inner).rejects.toMatchObject({ code: 'deadline_exceeded' });
  const signal = deadlineSignal(60_000, outer.signal);
  expect(signal.aborted).toBe(true);
});

test('a deadline signal gives the reason of its abort', async () => {
  const signal = deadlineSignal(0);
  await new Promise((resolve) => {
    signal.addEventListener('abort', resolve);
  });
  expect(codeOf(signal.reason)).toBe('deadline_exceeded');
});

test('hashes depend on where each text ends, and keyed hashes and derived keys differ by key and purpose', () => {
  expect(hashText('a', 'b')).not.toBe(hashText('ab'));
  expect(hashText('a')).toHaveLength(43);
  const [first, second] = [deriveKey(new Uint8Array(32), 'one'), deriveKey(new Uint8Array(32), 'two')];
  expect(first).toHaveLength(32);
  expect(first).not.toEqual(second);
  expect(hmacText(first, 'a')).not.toBe(hmacText(second, 'a'));
});

test('every error code has a status of 400 or more and a sentence', () => {
  for (const { status, meaning } of Object.values(ERRORS)) {
    expect(status).toBeGreaterThanOrEqual(400);
    expect(meaning).toMatch(/\.$/);
  }
  expect([statusOf('concurrent_update'), isRetryable('concurrent_update')]).toEqual([409, true]);
  expect([statusOf('already_taken'), isRetryable('already_taken')]).toEqual([409, false]);
  expect(codeOf(new Error('x'))).toBe('internal');
});
