// The numbers of what was said, and what each belongs to: a house, a unit, bedrooms, a rent. Which home they fit is asked
// later, home by home.
import {
  BATHROOM_WORDS,
  BEDROOM_WORDS,
  DIRECTIONS,
  LETTERS,
  MONEY_WORDS,
  NUMBER_SIGNS,
  STUDIO_WORDS,
  UNIT_WORDS,
} from './address-words.ts';
import { normaliseText } from './normalise-text.ts';
import { readNumber } from './number-words.ts';
import type { NumberWord } from './number-words.ts';
import { toTokens } from './tokens.ts';
import type { Token } from './tokens.ts';

const HALF_WORDS: ReadonlySet<string> = new Set(['half', 'medio', 'media']);

/** Number words in a row. */
export interface Run {
  readonly words: readonly NumberWord[];
  /** `unit`: it follows "unit"; `sign`: it follows "number" or "#", as units and house numbers do. */
  readonly after: 'unit' | 'sign' | null;
  /** A letter that belongs to it: "6 b", "829 a". */
  readonly letter: string | null;
}

/** What was said of a home, before it is compared with any. */
export interface SpokenText {
  readonly runs: readonly Run[];
  /** All other words, in their order. */
  readonly words: readonly string[];
  /** Units of letters alone: "apartment b". */
  readonly unitLetters: readonly string[];
  /** 0 is a studio. */
  readonly bedrooms: number | null;
  /** A preposition was read as the first digit of a number: enough to ask alone. */
  readonly isDoubtful: boolean;
}

/**
 * Reads what a caller said of a home.
 * @param homophones reads "for twenty two" as 422; only beside other spelled numbers
 */
export function readSpokenText(text: string, homophones = false): SpokenText {
  const tokens = toTokens(normaliseText(text), homophones);
  const runs: Run[] = [];
  const words: string[] = [];
  const unitLetters: string[] = [];
  let bedrooms: number | null = null;
  let letterBefore: string | null = null;

  let at = 0;
  while (at < tokens.length) {
    const token = tokens[at];
    if (token === undefined) break;
    if (token.number === null) {
      const unit = UNIT_WORDS.has(token.text) ? readUnitLetter(tokens, at) : null;
      if (unit !== null) {
        if (tokens[unit.next]?.number != null) letterBefore = unit.letter;
        else unitLetters.push(unit.letter);
        at = unit.next;
      } else if (HALF_WORDS.has(token.text)) {
        // "829 and a half" is a house of its own; a half bath is none.
        if (!BATHROOM_WORDS.has(tokens[at + 1]?.text ?? '')) unitLetters.push('half');
        at += 1;
      } else if (STUDIO_WORDS.has(token.text)) {
        bedrooms ??= 0;
        at += 1;
      } else {
        // What announces a unit is no word of a street, unless no unit follows it.
        if (!announcesNumber(tokens, at)) words.push(token.text);
        at += 1;
      }
      continue;
    }
    const end = endOfRun(tokens, at);
    const rooms = tokens[end]?.text ?? '';
    if (BEDROOM_WORDS.has(rooms) || BATHROOM_WORDS.has(rooms)) {
      const counted = countOf(tokens, end);
      if (BEDROOM_WORDS.has(rooms)) bedrooms = counted.count ?? bedrooms;
      if (counted.from > at)
        runs.push({ words: numbersOf(tokens, at, counted.from), after: null, letter: null });
      at = end + 1;
      continue;
    }
    if (isMoney(tokens, end)) {
      at = end;
      while (MONEY_WORDS.has(tokens[at]?.text ?? '')) at += 1;
      continue;
    }
    const letterAfter = readLetter(tokens, end);
    runs.push({
      words: numbersOf(tokens, at, end),
      after: letterBefore === null ? announcedBy(tokens, at) : 'unit',
      letter: letterBefore ?? letterAfter,
    });
    letterBefore = null;
    at = letterAfter === null ? end : end + 1;
  }
  return { runs, words, unitLetters, bedrooms, isDoubtful: homophones && tokens.some(isDoubtfulDigit) };
}

const PREPOSITIONS: ReadonlySet<string> = new Set(['to', 'too', 'tu', 'for', 'fore']);

/** "I'm calling for four twenty Main": 420 rather than 4420. */
function isDoubtfulDigit({ text, number }: Token, at: number, tokens: readonly Token[]): boolean {
  return number !== null && PREPOSITIONS.has(text) && tokens[at - 1]?.number == null;
}

function endOfRun(tokens: readonly Token[], from: number): number {
  let end = from;
  while (tokens[end]?.number != null) {
    end += 1;
    // An ordinal ends a number: what follows is the next.
    if (tokens[end - 1]?.number?.isOrdinal === true) break;
  }
  return end;
}

function numbersOf(tokens: readonly Token[], from: number, to: number): NumberWord[] {
  return tokens.slice(from, to).flatMap(({ number }) => (number === null ? [] : [number]));
}

/** The rooms counted right before `end`: "829 two bedroom" counts two, and 829 stays. */
function countOf(tokens: readonly Token[], end: number): { count: number | null; from: number } {
  const reading = readNumber(numbersOf(tokens, end - 1, end));
  if (reading === null || Number(reading.digits) > 9) return { count: null, from: end };
  return { count: Number(reading.digits), from: end - 1 };
}

function isMoney(tokens: readonly Token[], end: number): boolean {
  const next = tokens[end]?.text ?? '';
  if (MONEY_WORDS.has(next)) return true;
  const after = tokens[end + 1]?.text ?? '';
  return (
    (next === 'a' || next === 'per' || next === 'al' || next === 'por') &&
    (after === 'month' || after === 'mes')
  );
}

function announcedBy(tokens: readonly Token[], at: number): Run['after'] {
  const before = tokens[at - 1]?.text ?? '';
  if (UNIT_WORDS.has(before)) return 'unit';
  if (!NUMBER_SIGNS.has(before)) return null;
  return UNIT_WORDS.has(tokens[at - 2]?.text ?? '') ? 'unit' : 'sign';
}

function announcesNumber(tokens: readonly Token[], at: number): boolean {
  const { text = '' } = tokens[at] ?? {};
  if (!UNIT_WORDS.has(text) && !NUMBER_SIGNS.has(text)) return false;
  const next = tokens[at + 1];
  return (
    next?.number != null ||
    (next !== undefined && NUMBER_SIGNS.has(next.text) && tokens[at + 2]?.number != null)
  );
}

/** "unit b", "apartment number b": a letter that no number follows. */
function readUnitLetter(tokens: readonly Token[], at: number): { letter: string; next: number } | null {
  const skip = NUMBER_SIGNS.has(tokens[at + 1]?.text ?? '') ? 2 : 1;
  const token = tokens[at + skip];
  if (token === undefined || token.number !== null) return null;
  const letter = LETTERS.get(token.text);
  // "apartment a block away": a word of two letters and more is a letter only at the end.
  if (letter === undefined || (token.text.length > 1 && at + skip < tokens.length - 1)) return null;
  return { letter, next: at + skip + 1 };
}

/** A single letter right after a number, other than a direction: "6 b". */
function readLetter(tokens: readonly Token[], at: number): string | null {
  const token = tokens[at];
  if (token === undefined || token.number !== null || !/^[a-z]$/.test(token.text)) return null;
  if (DIRECTIONS.has(token.text)) return null;
  const next = tokens[at + 1]?.text ?? '';
  // "829 a month", "12 y ..." are words.
  if ((token.text === 'a' || token.text === 'y' || token.text === 'o') && next !== '') return null;
  return token.text;
}
