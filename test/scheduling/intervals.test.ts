import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { mergeIntervals, overlapsAny } from '../../shared/scheduling/intervals.ts';

const intervals = fc.array(
  fc
    .tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: -2, max: 12 }))
    .map(([start, length]) => ({ start, end: start + length })),
  { maxLength: 20 },
);

describe('merging', () => {
  test('keeps exactly the covered time, sorted and without overlaps', () => {
    fc.assert(
      fc.property(intervals, (list) => {
        const merged = mergeIntervals(list);
        for (let t = -1; t < 80; t += 1) {
          const covers = ({ start, end }: { start: number; end: number }): boolean => start <= t && t < end;
          expect(merged.some(covers)).toBe(list.some(covers));
        }
        merged.forEach(({ start, end }, i) => {
          expect(start).toBeLessThan(end);
          expect(start).toBeGreaterThan(merged[i - 1]?.end ?? -Infinity);
        });
      }),
    );
  });

  test('does not change its input', () => {
    const list = Object.freeze([Object.freeze({ start: 5, end: 9 }), Object.freeze({ start: 0, end: 6 })]);
    expect(mergeIntervals(list)).toEqual([{ start: 0, end: 9 }]);
  });

  test('refuses a bound that is no number', () => {
    expect(() => mergeIntervals([{ start: 0, end: Number.NaN }])).toThrow(RangeError);
  });
});

test('an overlap is found exactly if there is one, and touching intervals do not overlap', () => {
  fc.assert(
    fc.property(
      intervals,
      fc.integer({ min: 0, max: 70 }),
      fc.integer({ min: 0, max: 10 }),
      (list, start, length) => {
        const end = start + length;
        const expected = length > 0 && list.some((i) => i.start < i.end && i.start < end && start < i.end);
        expect(overlapsAny(mergeIntervals(list), { start, end })).toBe(expected);
      },
    ),
    { numRuns: 500 },
  );
});
