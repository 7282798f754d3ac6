import { localDate } from '../../scheduling/zone.ts';
import { toDate } from './calendar-days.ts';
import type { WantedTimes } from './reading.ts';
import { includes } from './time-sets.ts';
import type { TimeSet } from './time-sets.ts';

/** All that the words may mean, for what is offered: a start is wanted if one reading has it. */
export function toWanted(
  sets: readonly TimeSet[],
  order: WantedTimes['order'],
  managersZone: string,
): WantedTimes {
  const parts = sets.flatMap((set) => set.parts);
  const days = parts.flatMap(
    (part) =>
      part.days ??
      part.starts?.map((at) => Date.parse(`${localDate(at, managersZone)}T00:00Z`) / 86_400_000) ??
      [],
  );
  const isUndated = parts.some((part) => part.days === null && part.starts === null);
  const near = parts.find((part) => part.near !== undefined)?.near ?? null;
  const sorted = [...days].sort((a, b) => a - b);
  const first = sorted[0];
  const last = sorted.at(-1);
  return {
    includes: (start) => sets.some((set) => includes(set, start)),
    dates:
      isUndated || first === undefined || last === undefined
        ? null
        : { from: toDate(first), to: toDate(last) },
    order,
    near,
    hasTime: parts.some((part) => part.spans !== null || part.starts !== null),
  };
}
