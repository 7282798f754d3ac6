// The house number is a key, not a word: every number that was said must be the home's, or the home was not named.
import type { NumberWord } from './number-words.ts';
import { readNumber } from './number-words.ts';
import { canonicalUnit } from './parse-listing.ts';
import type { Run, SpokenText } from './spoken-text.ts';

/** The numbers of one home. */
export interface HomeNumbers {
  readonly house: string | null;
  readonly units: readonly string[];
  readonly postalCode: string | null;
}

/** How the numbers that were said fit those of a home. */
export interface NumbersExplained {
  /** `near`: one edit off. */
  readonly house: 'said' | 'near' | 'unsaid';
  readonly unit: 'said' | 'other' | 'unsaid';
  readonly postalCode: boolean;
  /** How many of the street's own numbers were said. */
  readonly streetNumbers: number;
}

/** Lower is the better explanation. */
const COST = { unsaidHouse: 1, otherUnit: 10, nearHouse: 20 };

interface State {
  readonly house: NumbersExplained['house'];
  readonly isOtherUnit: boolean;
  readonly units: readonly string[];
  readonly postalCode: boolean;
  readonly streetNumbers: readonly string[];
}

/**
 * @param streetNumbers the numbers in the street's name, such as "40" of "40th Street"
 * @returns how the numbers said are those of the home; null if one of them is not.
 */
export function explainNumbers(
  { runs, unitLetters }: SpokenText,
  home: HomeNumbers,
  streetNumbers: readonly string[],
): NumbersExplained | null {
  // The best explanation so far.
  const best: { state: State | null; cost: number } = { state: null, cost: Infinity };

  function visit(state: State, runIndex: number, from: number): void {
    const run = runs[runIndex];
    if (run === undefined) {
      const cost = costOf(state);
      if (cost < best.cost) Object.assign(best, { state, cost });
      return;
    }
    if (from === run.words.length) {
      visit(state, runIndex + 1, 0);
      return;
    }
    for (let to = run.words.length; to > from; to -= 1) {
      const reading = readNumber(run.words.slice(from, to));
      if (reading === null) continue;
      const isLast = to === run.words.length;
      for (const next of rolesOf(reading.digits, reading.isOrdinal, run, from, isLast, state)) {
        visit(next, runIndex, to);
      }
    }
  }

  function* rolesOf(
    digits: string,
    isOrdinal: boolean,
    run: Run,
    from: number,
    isLast: boolean,
    state: State,
  ): Generator<State> {
    const letter = isLast ? run.letter : null;
    const mustBeUnit = run.after === 'unit' && from === 0;
    const unit = canonicalUnit(digits + (letter ?? ''));
    if (!isOrdinal && !mustBeUnit && state.house === 'unsaid' && home.house !== null) {
      // "829 b": the letter is the unit of a house that is split.
      const rest =
        letter === null ? state.units : home.units.includes(letter) ? [...state.units, letter] : null;
      if (digits === home.house && rest !== null) yield { ...state, house: 'said', units: rest };
      else if (letter === null && isOneEditOff(digits, home.house)) yield { ...state, house: 'near' };
    }
    if (letter === null && !mustBeUnit && count(streetNumbers, digits) > count(state.streetNumbers, digits)) {
      yield { ...state, streetNumbers: [...state.streetNumbers, digits] };
    }
    if (isOrdinal) return;
    // A number is a unit if it is announced as one, or if it stands apart behind the house: "one two oh three" is 1203, never
    // unit 3 of 120.
    const isApart = from === 0 && state.house !== 'unsaid';
    if (mustBeUnit || run.after === 'sign' || isApart) {
      if (home.units.includes(unit) && !state.units.includes(unit)) {
        yield { ...state, units: [...state.units, unit] };
      } else if (letter === null && digits.length === 5 && digits === home.postalCode) {
        yield { ...state, postalCode: true };
      } else if (!state.isOtherUnit) {
        yield { ...state, isOtherUnit: true };
      }
    } else if (letter === null && digits === home.postalCode && !state.postalCode) {
      yield { ...state, postalCode: true };
    }
  }

  const letters = unitLetters.filter((letter) => home.units.includes(letter));
  const isOtherLetter = letters.length < unitLetters.length;
  visit(
    { house: 'unsaid', isOtherUnit: isOtherLetter, units: letters, postalCode: false, streetNumbers: [] },
    0,
    0,
  );
  return best.state === null ? null : view(best.state);
}

function view({ house, isOtherUnit, units, postalCode, streetNumbers }: State): NumbersExplained {
  return {
    house,
    unit: isOtherUnit ? 'other' : units.length > 0 ? 'said' : 'unsaid',
    postalCode,
    streetNumbers: streetNumbers.length,
  };
}

function costOf({ house, isOtherUnit }: State): number {
  // One mishearing is asked about; two are another home.
  if (house === 'near' && isOtherUnit) return Infinity;
  return (
    (house === 'near' ? COST.nearHouse : house === 'unsaid' ? COST.unsaidHouse : 0) +
    (isOtherUnit ? COST.otherUnit : 0)
  );
}

function count(items: readonly string[], item: string): number {
  return items.filter((each) => each === item).length;
}

/** Every number that a part of a run can be read as. */
export function numbersWithin(words: readonly NumberWord[]): Set<string> {
  const found = new Set<string>();
  for (let from = 0; from < words.length; from += 1) {
    for (let to = from + 1; to <= words.length; to += 1) {
      const reading = readNumber(words.slice(from, to));
      if (reading !== null) found.add(reading.digits);
    }
  }
  return found;
}

/** House numbers one mishearing away: a digit more, less, other or swapped, or "fifteen" for "fifty". */
export function numbersNear(digits: string): string[] {
  const near: string[] = [];
  for (let at = 0; at <= digits.length; at += 1) {
    const [head, tail] = [digits.slice(0, at), digits.slice(at)];
    if (tail.length > 0) near.push(head + tail.slice(1));
    if (tail.length > 1) near.push(`${head}${tail[1] ?? ''}${tail[0] ?? ''}${tail.slice(2)}`);
    for (let digit = 0; digit <= 9; digit += 1) {
      near.push(`${head}${digit}${tail}`);
      if (tail.length > 0) near.push(`${head}${digit}${tail.slice(1)}`);
    }
    if (/^1[3-9]/.test(tail)) near.push(`${head}${tail[1] ?? ''}0${tail.slice(2)}`);
    if (/^[3-9]0/.test(tail)) near.push(`${head}1${tail[0] ?? ''}${tail.slice(2)}`);
  }
  return near.filter((each) => each !== digits && each !== '' && !each.startsWith('0'));
}

function isOneEditOff(digits: string, house: string): boolean {
  if (digits === house) return false;
  const [longer, shorter] = digits.length >= house.length ? [digits, house] : [house, digits];
  let at = 0;
  while (at < shorter.length && longer[at] === shorter[at]) at += 1;
  if (longer.length === shorter.length + 1) return longer.slice(at + 1) === shorter.slice(at);
  if (longer.length !== shorter.length) return false;
  if (longer.slice(at + 1) === shorter.slice(at + 1)) return true;
  const [first, second] = [longer.slice(at, at + 2), shorter.slice(at, at + 2)];
  if (longer.slice(at + 2) !== shorter.slice(at + 2)) return false;
  return (
    first === `${second[1] ?? ''}${second[0] ?? ''}` ||
    isTeenForTens(first, second) ||
    isTeenForTens(second, first)
  );
}

/** "fifteen" heard for "fifty" */
function isTeenForTens(teen: string, tens: string): boolean {
  return /^1[3-9]$/.test(teen) && tens === `${teen[1] ?? ''}0`;
}
