import type { Interval } from './schedule.ts';

/**
 * Sorted and free of overlaps; what touches is joined, what is empty is dropped. n log n.
 * @throws RangeError on a bound that is no number: unreadable busy time must never pass for free time.
 */
export function mergeIntervals(intervals: readonly Interval[]): Interval[] {
  for (const { start, end } of intervals) {
    if (Number.isNaN(start) || Number.isNaN(end)) throw new RangeError('Not an interval of time');
  }
  const merged: { start: number; end: number }[] = [];
  for (const { start, end } of intervals.filter(isLong).sort((a, b) => a.start - b.start)) {
    const last = merged.at(-1);
    if (last && start <= last.end) last.end = Math.max(last.end, end);
    else merged.push({ start, end });
  }
  return merged;
}

/** Whether any of `merged` (as `mergeIntervals` gives them) overlaps; touching is no overlap. log n. */
export function overlapsAny(merged: readonly Interval[], { start, end }: Interval): boolean {
  const next = merged[firstEndingAfter(merged, start)];
  return next !== undefined && next.start < end && start < end;
}

function isLong({ start, end }: Interval): boolean {
  return start < end;
}

function firstEndingAfter(merged: readonly Interval[], at: number): number {
  let low = 0;
  let high = merged.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((merged[middle]?.end ?? Infinity) > at) high = middle;
    else low = middle + 1;
  }
  return low;
}
