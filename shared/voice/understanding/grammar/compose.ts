// From the pieces of a phrase to what it says as a whole: either-or, exceptions, corrections.
import {
  add,
  EMPTY,
  hasStart,
  hasTime,
  isEmpty,
  isPointer,
  shareBetween,
  splitBranches,
} from './branches.ts';
import type { Branch, Day, Element, Phrase } from './meaning.ts';

/** Null if the pieces make no sense together; `taken_back` if something was taken back and nothing was said instead. */
export function composePhrase(elements: readonly Element[]): Phrase | 'taken_back' | null {
  const said = elements.filter(({ kind }) => kind !== 'filler');
  if (endsTakenBack(said) || isRefused(said)) return 'taken_back';
  const [first = [], ...corrections] = splitAt(said, 'correction').filter((part) =>
    part.some((element) => !isMark(element)),
  );
  let phrase = composeUncorrected(first);
  for (const correction of corrections) {
    const better = composeUncorrected(correction);
    if (phrase === 'taken_back' || better === 'taken_back') return 'taken_back';
    if (!phrase || !better) return null;
    phrase = correct(phrase, better);
  }
  return phrase === null || phrase === 'taken_back' || !isZoneIdle(phrase) ? phrase : null;
}

/** "yes, Eastern", "the second one, Eastern": a zone, but no time that is on its clock. */
function isZoneIdle({ zones, branches, order, isAccepted }: Phrase): boolean {
  const isPointed = ({ nth, isAmong }: Branch): boolean => nth.length > 0 || isAmong;
  return (
    zones !== null &&
    order === null &&
    branches.some((branch) =>
      isPointed(branch) ? branch.days.length + branch.times.length === 0 : isAccepted || isEmpty(branch),
    )
  );
}

/** "tomorrow at 3, no wait", "esa no" */
function endsTakenBack(said: readonly Element[]): boolean {
  const last = said.findLastIndex((element) => !isMark(element) && element.kind !== 'correction');
  return said.slice(last + 1).some((element) => element.kind === 'correction' && element.takesBack);
}

/** "esa no me sirve", "that's no good": only behind a comma is a yes no part of what is denied. */
function isRefused(said: readonly Element[]): boolean {
  return said.some(
    (element, i) => element.kind === 'correction' && element.takesBack && said[i + 1]?.kind === 'accept',
  );
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

function composeUncorrected(elements: readonly Element[]): Phrase | 'taken_back' | null {
  const exceptions: Branch[] = [];
  const zones: string[][] = [];
  const orders = new Set<'soonest' | 'latest'>();
  const rest: Element[] = [];
  let isAccepted = false;
  const said = [...elements];
  for (let element = said.shift(); element !== undefined; element = said.shift()) {
    if (element.kind === 'except' || element.kind === 'but') {
      const meant = element.kind === 'but' ? meaningOfBut(element, rest) : 'ruled_out';
      if (meant === null) return null;
      if (meant === 'added') {
        said.unshift(...element.groups.flat());
        continue;
      }
      const before = rest.reduce(add, EMPTY);
      const isOneNamed = isAccepted || isPointer(before) || hasStart(before);
      for (const group of element.groups) {
        const exception = toException(group);
        if (exception === null) return null;
        // "tomorrow at 3, not that one"
        if (isOneNamed && isBareAmong(exception)) return 'taken_back';
        exceptions.push(exception);
      }
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

/** What is ruled out; null if it is nothing that can be: "not it", "not Eastern", "not any time". */
function toException(group: readonly Element[]): Branch | null {
  const isRead = group.every(({ kind }) => kind !== 'accept' && kind !== 'zone' && kind !== 'order');
  const exception = group.reduce(add, EMPTY);
  return isRead && !isEmpty({ ...exception, isAny: false }) ? exception : null;
}

const isBareAmong = ({ days, times, nth, isAmong }: Branch): boolean =>
  isAmong && days.length + times.length + nth.length === 0;

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
  const isOfOneStart = hasStart(before) && !before.isAny && (hasTime(after) || namesOneDay(before));
  return mayRuleOut && !isOfOneStart && !isPointer(after) ? 'ruled_out' : null;
}

const namesOneDay = (branch: Branch): boolean =>
  isPointer(branch) || branch.days.some((day) => ONE_DAY.includes(day.kind));
const ONE_DAY: readonly Day['kind'][] = ['relative', 'weekday', 'number', 'date', 'holiday', 'same'];
const namesDay = (branch: Branch): boolean => branch.days.length > 0 || isPointer(branch);

/** What is corrected replaces the part of its own kind that came before; null if it is not certain which. */
function correct(phrase: Phrase, better: Phrase): Phrase | null {
  const says = (test: (branch: Branch) => boolean): boolean => better.branches.some(test);
  // "Tomorrow at 3, no, that works": which of the two works is not certain.
  if (better.isAccepted && !phrase.isAccepted) return null;
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
