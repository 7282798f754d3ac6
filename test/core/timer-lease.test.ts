import { beforeEach, describe, expect, test } from '@jest/globals';
import { runOnceADay } from '../../shared/core/timer-lease.ts';
import type { TimerState, TimerStore } from '../../shared/core/timer-lease.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const LEASE = 6 * MINUTE;

let now: number;
let stored: { value: TimerState; etag: string } | null;
let done: number;

const timers: TimerStore = {
  read: () => Promise.resolve(stored),
  write(_timer, value, etag) {
    if (etag !== (stored?.etag ?? null)) return Promise.resolve(null);
    stored = { value, etag: `${Number(etag ?? 0) + 1}` };
    return Promise.resolve(stored.etag);
  },
};
function run(work = () => Promise.resolve(++done)): Promise<number | null> {
  return runOnceADay(timers, 'daily', () => now, LEASE, work);
}

beforeEach(() => {
  now = Date.parse('2026-11-23T15:00:00Z');
  stored = null;
  done = 0;
});

describe('the work of a day', () => {
  test('is done once a day', async () => {
    expect([await run(), await run()]).toEqual([1, null]);
    now += DAY;
    expect([await run(), await run()]).toEqual([2, null]);
  });

  test('is done by one of several instances', async () => {
    const results = await Promise.all([run(), run(), run()]);
    expect(results.filter((result) => result !== null)).toEqual([1]);
  });

  test('that failed is done again once its lease has run out', async () => {
    const failure = new Error('The tables are down');
    await expect(run(() => Promise.reject(failure))).rejects.toBe(failure);
    expect(await run()).toBeNull();
    now += LEASE;
    expect(await run()).toBe(1);
    expect(await run()).toBeNull();
  });

  test('that failed until the next day is done for both days', async () => {
    await expect(run(() => Promise.reject(new Error('Down')))).rejects.toThrow('Down');
    now += DAY;
    expect([await run(), await run(), await run()]).toEqual([1, 2, null]);
  });
});
