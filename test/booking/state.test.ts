import { describe, expect, test } from '@jest/globals';
import {
  canFollow,
  HOLD_MS,
  isActive,
  isDecided,
  isFinal,
  isInDoubt,
  REQUEST_MS,
} from '../../shared/booking/state.ts';
import type { BookingState } from '../../shared/booking/state.ts';

const STATES: BookingState[] = [
  'held',
  'booked',
  'moving',
  'undoing',
  'returning',
  'cancelling',
  'cancelled',
  'freed',
];

describe('the states of a booking', () => {
  test('allow a state to follow itself', () => {
    for (const state of STATES) expect(canFollow(state, state)).toBe(true);
  });

  test('keep what was given up given up', () => {
    for (const state of STATES) {
      expect(canFollow('cancelled', state)).toBe(state === 'cancelled');
      expect(canFollow('freed', state)).toBe(state === 'freed');
    }
  });

  test('never make a viewing of what is known to clash', () => {
    expect(canFollow('undoing', 'booked')).toBe(false);
    expect(canFollow('cancelling', 'booked')).toBe(false);
    expect(canFollow('returning', 'moving')).toBe(false);
  });

  test('each lead to one in which nothing is left to do', () => {
    for (const state of STATES) {
      const reached = new Set([state]);
      for (const from of reached) for (const to of STATES) if (canFollow(from, to)) reached.add(to);
      expect([...reached].some(isFinal)).toBe(true);
    }
  });

  test('hold the time of what is decided but not yet carried out', () => {
    for (const state of STATES.filter(isDecided))
      expect([isFinal(state), isActive(state)]).toEqual([false, true]);
  });

  test.each([
    ['held', true, 0, true],
    ['held', false, HOLD_MS - 1, false],
    ['held', false, HOLD_MS, true],
    ['moving', false, HOLD_MS, true],
    ['booked', true, HOLD_MS, false],
    ['undoing', true, HOLD_MS, false],
  ] as const)(
    'make “%s”, marked as doubtful: %s, after %s ms in doubt: %s',
    (state, inDoubt, age, expected) => {
      expect(isInDoubt({ state, inDoubt, changedAt: 1_000 }, 1_000 + age)).toBe(expected);
    },
  );

  test('are in doubt for the next request of the same call as soon as no other request can be at work', () => {
    const booking = { state: 'held', inDoubt: false, changedAt: 0 } as const;
    expect(isInDoubt(booking, REQUEST_MS - 1, REQUEST_MS)).toBe(false);
    expect(isInDoubt(booking, REQUEST_MS, REQUEST_MS)).toBe(true);
  });
});
