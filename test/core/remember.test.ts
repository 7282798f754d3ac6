import { describe, expect, test } from '@jest/globals';
import { rememberResults } from '../../shared/core/remember.ts';

describe('a function that remembers its results', () => {
  test('computes each of them once, null included', () => {
    const computed: string[] = [];
    const size = rememberResults(10, (text: string) => {
      computed.push(text);
      return text === '' ? null : text.length;
    });
    expect([size('ab'), size('ab'), size(''), size('')]).toEqual([2, 2, null, null]);
    expect(computed).toEqual(['ab', '']);
  });

  test('starts again when it is full', () => {
    const computed: number[] = [];
    const double = rememberResults(2, (n: number) => {
      computed.push(n);
      return n * 2;
    });
    for (const n of [1, 2, 3, 3, 1]) expect(double(n)).toBe(n * 2);
    expect(computed).toEqual([1, 2, 3, 1]);
  });

  test('remembers no failure', () => {
    let attempts = 0;
    const fail = rememberResults(2, (n: number): number => {
      attempts += 1;
      throw new RangeError(String(n));
    });
    expect(() => fail(1)).toThrow(RangeError);
    expect(() => fail(1)).toThrow(RangeError);
    expect(attempts).toBe(2);
  });
});
