import { describe, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { startDeadline } from '../../shared/core/deadline.ts';

const HOUR_MS = 3_600_000;

describe('a deadline that ends with its work', () => {
  test('aborts with its own code when it passes', async () => {
    const { signal } = startDeadline(1);
    // The deadline keeps no process alive, so this does until then.
    const keepAlive = setInterval(() => undefined, HOUR_MS);
    await once(signal, 'abort');
    clearInterval(keepAlive);
    expect(signal.reason).toMatchObject({ code: 'deadline_exceeded' });
  });

  test('aborts with its parent, also with one that has aborted before', () => {
    const parent = new AbortController();
    const { signal } = startDeadline(HOUR_MS, parent.signal);
    expect(signal.aborted).toBe(false);
    parent.abort(new Error('The caller has gone'));
    expect(signal.reason).toBe(parent.signal.reason);
    expect(startDeadline(HOUR_MS, parent.signal).signal.reason).toBe(parent.signal.reason);
  });

  test('does not abort once it is cleared', () => {
    const parent = new AbortController();
    const deadline = startDeadline(HOUR_MS, parent.signal);
    deadline.clear();
    parent.abort();
    expect(deadline.signal.aborted).toBe(false);
  });
});
