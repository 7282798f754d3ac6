// One branch of an either-or, and how the pieces of a phrase are shared out between branches.
import type { Branch, Day, Element } from './meaning.ts';

/** It says nothing. */
export const EMPTY: Branch = {
  days: [],
  times: [],
  fromNow: [],
  moved: [],
  nth: [],
  isAmong: false,
  isAny: false,
};

/** Whether it says nothing at all. */
export function isEmpty({ days, times, fromNow, moved, nth, isAmong, isAny }: Branch): boolean {
  return days.length + times.length + fromNow.length + moved.length + nth.length === 0 && !isAmong && !isAny;
}

/** Whether it names a time of the day, or several. */
export function hasTime({ times }: Branch): boolean {
  return times.length > 0;
}

/** Whether it names one time of the day. */
export function hasStart({ times }: Branch): boolean {
  return times.some(({ kind }) => kind === 'clock' || kind === 'same');
}

/** The branch, and what one more element says; elements that say nothing of a branch leave it as it is. */
export function add(branch: Branch, element: Element): Branch {
  switch (element.kind) {
    case 'day':
      return { ...branch, days: [...branch.days, element.day] };
    case 'time':
      return { ...branch, times: [...branch.times, element.time] };
    case 'day_and_time':
      return { ...branch, days: [...branch.days, element.day], times: [...branch.times, element.time] };
    case 'from_now':
      return { ...branch, fromNow: [...branch.fromNow, element.minutes] };
    case 'moved':
      return { ...branch, moved: [...branch.moved, element.by] };
    case 'nth':
      return { ...branch, nth: [...branch.nth, element.place] };
    case 'among':
      return { ...branch, isAmong: true };
    case 'any':
      return { ...branch, isAny: true };
    default:
      return branch;
  }
}

/** An "or" begins another branch; so do an "and" and a comma between two of the same kind. */
export function splitBranches(elements: readonly Element[]): Branch[] {
  const branches: Branch[] = [EMPTY];
  let mark: 'or' | 'and' | 'comma' | null = null;
  let last: Element | null = null;
  for (const element of elements) {
    if (element.kind === 'or' || element.kind === 'and' || element.kind === 'comma') {
      if (last && mark !== 'or') mark = element.kind;
      continue;
    }
    const isOther = last !== null && mark !== null && (mark === 'or' || areAlike(last, element, mark));
    if (isOther) branches.push(EMPTY);
    branches.push(add(branches.pop() ?? EMPTY, element));
    mark = null;
    last = element;
  }
  return branches;
}

/** Two weekdays, two dates, two starts: the day or time cannot be both. "tomorrow, December 4" says one thing twice. */
function areAlike(one: Element, other: Element, mark: 'and' | 'comma'): boolean {
  if (one.kind === 'day' && other.kind === 'day') {
    const isSaidTwice = mark === 'comma' && (one.day.kind === 'relative') !== (other.day.kind === 'relative');
    return shapeOf(one.day) === shapeOf(other.day) && !isSaidTwice;
  }
  if (one.kind === 'time' && other.kind === 'time') return one.time.kind === other.time.kind;
  return one.kind === other.kind && (one.kind === 'nth' || one.kind === 'from_now' || one.kind === 'moved');
}

function shapeOf(day: Day): string {
  if (
    day.kind === 'number' ||
    day.kind === 'date' ||
    day.kind === 'holiday' ||
    day.kind === 'relative' ||
    day.kind === 'all'
  )
    return 'date';
  return day.kind === 'weekday' || day.kind === 'every' ? 'weekday' : day.kind;
}

/** "Tuesday or Wednesday at 3", "tomorrow at 10 or 11": what one branch leaves out it shares with its neighbour. */
export function shareBetween(branches: readonly Branch[]): Branch[] {
  const shared = [...branches];
  // A later branch without a day has that of the one before.
  for (let i = 1; i < shared.length; i++) {
    const before = shared[i - 1];
    const here = shared[i];
    if (before && here && hasNoDay(here) && !isPointer(here)) shared[i] = { ...here, days: before.days };
  }
  for (let i = shared.length - 2; i >= 0; i--) {
    const after = shared[i + 1];
    const here = shared[i];
    if (!after || !here || isPointer(here) || isPointer(after)) continue;
    if (here.times.length === 0 && here.days.length > 0 && after.times.length > 0)
      shared[i] = { ...here, times: after.times };
    if (hasNoDay(here)) shared[i] = { ...here, days: after.days };
  }
  return shared;
}

const hasNoDay = ({ days, isAny }: Branch): boolean => days.length === 0 && !isAny;
/** Whether it points at one of those offered, or counts from now or from the viewing that moves. */
export function isPointer({ nth, moved, fromNow, isAmong }: Branch): boolean {
  return nth.length + moved.length + fromNow.length > 0 || isAmong;
}
