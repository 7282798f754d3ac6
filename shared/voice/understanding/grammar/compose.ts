// From the pieces of a phrase to what it says as a whole: either-or, exceptions, corrections.
import type { Branch, Day, Element, Phrase } from './meaning.ts';

const EMPTY: Branch = { days: [], times: [], fromNow: [], moved: [], nth: [], isAmong: false, isAny: false };

/** Null if the pieces make no sense together. */
export function composePhrase(elements: readonly Element[]): Phrase | null {
  const said = elements.filter(({ kind }) => kind !== 'filler');
  const [first = [], ...corrections] = splitAt(said, 'correction').filter((part) =>
    part.some((element) => !isMark(element)),
  );
  let phrase = composeUncorrected(first);
  for (const correction of corrections) {
    const better = composeUncorrected(correction);
    if (!phrase || !better) return null;
    phrase = correct(phrase, better);
  }
  return phrase;
}

const isMark = ({ kind }: Element): boolean => kind === 'or' || kind === 'and' || kind === 'comma';

function splitAt(elements: readonly Element[], kind: Element['kind']): Element[][] {
  const parts: Element[][] = [[]];
  for (const element of elements) {
    if (element.kind === kind) parts.push([]);
    else parts.at(-1)?.push(element);
  }
  return parts;
}

function composeUncorrected(elements: readonly Element[]): Phrase | null {
  const exceptions: Branch[] = [];
  const zones: string[][] = [];
  const orders = new Set<'soonest' | 'latest'>();
  const rest: Element[] = [];
  let isAccepted = false;
  for (const element of elements) {
    if (element.kind === 'except') {
      for (const group of element.groups) exceptions.push(group.reduce(add, EMPTY));
    } else if (element.kind === 'but') {
      const meant = meaningOfBut(element, rest);
      if (meant === null) return null;
      if (meant === 'added') rest.push(...element.groups.flat());
      else for (const group of element.groups) exceptions.push(group.reduce(add, EMPTY));
    } else if (element.kind === 'zone') zones.push([...element.zones]);
    else if (element.kind === 'order') orders.add(element.order);
    else if (element.kind === 'accept') isAccepted = true;
    else rest.push(element);
  }
  const names = new Set(zones.flat());
  if (names.size > 1 || orders.size > 1) return null;
  const branches = shareBetween(splitBranches(rest));
  const [order] = orders;
  return {
    branches,
    exceptions,
    zones: zones[0] ?? null,
    order: order ?? null,
    isAccepted: isAccepted && branches.every(isEmpty) && exceptions.length === 0 && order === undefined,
  };
}

/**
 * "Friday, but at two" and "at ten, but on Friday" add what was not said yet. "any day but Monday" and "anytime but noon" rule out some of what
 * was said.
 * Null if it can be neither: "Friday at ten, but Monday", "ten works but eleven is better".
 */
function meaningOfBut(
  { groups, mayRuleOut }: Extract<Element, { kind: 'but' }>,
  said: readonly Element[],
): 'added' | 'ruled_out' | null {
  const before = said.reduce(add, EMPTY);
  const after = groups.flat().reduce(add, EMPTY);
  const isAnyDay = said.some((element) => element.kind === 'any' && element.isOfDay);
  const isSaidAgain =
    (hasTime(before) && hasTime(after)) ||
    ((namesDay(before) || isAnyDay) && namesDay(after)) ||
    (mayRuleOut && before.isAny && !isAnyDay);
  if (!isSaidAgain) return groups.length === 1 ? 'added' : null;
  const isOneTime = before.times.some(({ kind }) => kind === 'clock' || kind === 'same');
  const isOfOneStart = isOneTime && !before.isAny && (hasTime(after) || namesOneDay(before));
  return mayRuleOut && !isOfOneStart && !isPointer(after) ? 'ruled_out' : null;
}

const hasTime = ({ times }: Branch): boolean => times.length > 0;
const namesOneDay = (branch: Branch): boolean =>
  isPointer(branch) || branch.days.some((day) => ONE_DAY.includes(day.kind));
const ONE_DAY: readonly Day['kind'][] = ['relative', 'weekday', 'number', 'date', 'holiday', 'same'];
const namesDay = (branch: Branch): boolean => branch.days.length > 0 || isPointer(branch);

const isEmpty = (branch: Branch): boolean =>
  branch.days.length +
    branch.times.length +
    branch.fromNow.length +
    branch.moved.length +
    branch.nth.length ===
    0 &&
  !branch.isAmong &&
  !branch.isAny;

function add(branch: Branch, element: Element): Branch {
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
      return { ...branch, nth: [...branch.nth, element.n] };
    case 'among':
      return { ...branch, isAmong: true };
    case 'any':
      return { ...branch, isAny: true };
    default:
      return branch;
  }
}

/** An "or" begins another branch; so do an "and" and a comma between two of the same kind. */
function splitBranches(elements: readonly Element[]): Branch[] {
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
function shareBetween(branches: readonly Branch[]): Branch[] {
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
const isPointer = ({ nth, moved, fromNow, isAmong }: Branch): boolean =>
  nth.length + moved.length + fromNow.length > 0 || isAmong;

/** What is corrected replaces the part of its own kind that came before; null if it is not certain which. */
function correct(phrase: Phrase, better: Phrase): Phrase | null {
  const says = (test: (branch: Branch) => boolean): boolean => better.branches.some(test);
  if (says(isPointer) || better.isAccepted || better.order !== null)
    return { ...better, zones: better.zones ?? phrase.zones };
  const hasDays = says(({ days, isAny }) => days.length > 0 || isAny);
  const hasTimes = says(({ times }) => times.length > 0);
  if (!hasDays && !hasTimes) {
    return {
      ...phrase,
      exceptions: [...phrase.exceptions, ...better.exceptions],
      zones: better.zones ?? phrase.zones,
    };
  }
  if (hasDays && hasTimes) return { ...better, zones: better.zones ?? phrase.zones };
  if (phrase.branches.some(isPointer)) return { ...better, zones: better.zones ?? phrase.zones };
  const kept = new Map(
    phrase.branches.map((branch) => {
      const left = { ...branch, ...(hasDays && { days: [], isAny: false }), ...(hasTimes && { times: [] }) };
      return [JSON.stringify(left), left];
    }),
  );
  const [left, ...others] = kept.values();
  if (!left || others.length > 0) return null;
  return {
    branches: better.branches.map((branch) => ({
      ...branch,
      days: hasDays ? branch.days : left.days,
      times: hasTimes ? branch.times : left.times,
      isAny: branch.isAny || left.isAny,
    })),
    exceptions: better.exceptions,
    zones: better.zones ?? phrase.zones,
    order: phrase.order,
    isAccepted: false,
  };
}
