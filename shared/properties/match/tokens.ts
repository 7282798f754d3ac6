// What was said, cut into numbers and words. Nothing is judged here: which home it fits is asked later, home by home.
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
import {
  A_HUNDRED,
  A_THOUSAND,
  digitsWord,
  NUMBER_HOMOPHONES,
  NUMBER_WORDS,
  OH,
  readNumber,
} from './number-words.ts';
import type { NumberWord } from './number-words.ts';

const HALF_WORDS: ReadonlySet<string> = new Set(['half', 'medio', 'media']);

/** Words beyond this are no address. */
const MAX_TOKENS = 48;

export interface Run {
  readonly words: readonly NumberWord[];
  /** `unit`: it follows "unit"; `sign`: it follows "number" or "#", as units and house numbers do. */
  readonly after: 'unit' | 'sign' | null;
  /** A letter that belongs to it: "6 b", "829 a". */
  readonly letter: string | null;
}

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

/** Lower case without accents; only letters, digits and `#` are left of the signs. */
export function normaliseText(text: string): string {
  return text
    .slice(0, 400)
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/['’`´]/g, '')
    .replace(/\$\s?\d[\d,.]*k?/g, ' ')
    .replace(/(\d),(?=\d{3}(?!\d))/g, '$1')
    .replace(/(\d{5})[-–]\d{4}(?!\d)/g, '$1')
    .replace(/(?<=\d)\s*(?:1\s?[/⁄]\s?2)(?!\d)/g, ' half ')
    .replace(/#/g, ' # ')
    .replace(/(\d)[-–](?=\d)/g, '$1')
    .replace(/[^\p{L}\p{N}#]+/gu, ' ')
    .trim();
}

type Token = { readonly text: string; readonly number: NumberWord | null };

/**
 * @param homophones reads "for twenty two" as 422; only beside other spelled numbers
 */
export function readSpokenText(text: string, homophones = false): SpokenText {
  const tokens = mergeDirections(toTokens(normaliseText(text), homophones));
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

function toTokens(text: string, homophones: boolean): Token[] {
  const raw = text
    .split(' ')
    .filter((part) => part !== '')
    .slice(0, MAX_TOKENS)
    .flatMap(splitDigits);
  const tokens: Token[] = [];
  for (let at = 0; at < raw.length; at += 1) {
    const part = raw[at] ?? '';
    const next = raw[at + 1] ?? '';
    const before = tokens.at(-1) ?? null;
    const repeats = part === 'double' || part === 'doble' ? 2 : part === 'triple' ? 3 : 1;
    const repeated = repeats > 1 ? digitOf(next) : null;
    if (repeated !== null) {
      tokens.push({ text: next, number: digitsWord(repeated.repeat(repeats)) });
      at += 1;
    } else if (part === 'a' && (next === 'hundred' || next === 'thousand')) {
      tokens.push({ text: next, number: next === 'hundred' ? A_HUNDRED : A_THOUSAND });
      at += 1;
    } else if (isJoint(part, before, next)) {
      continue;
    } else {
      tokens.push({ text: part, number: numberOf(part, before, next, homophones) });
    }
  }
  return tokens;
}

/** "6b" is a number and a letter; "40th" is one number. */
function splitDigits(part: string): string[] {
  if (!/\d/.test(part) || /^\d+(?:st|nd|rd|th|ra|da|ta)$/.test(part)) return [part];
  return part.match(/\d+|\D+/g) ?? [];
}

function digitOf(part: string): string | null {
  if (/^\d$/.test(part)) return part;
  if (part === 'oh' || part === 'o') return '0';
  const word = NUMBER_WORDS.get(part);
  return word && (word.shape === 'unit' || word.shape === 'oh') && !word.isOrdinal
    ? String(word.value)
    : null;
}

/** "two hundred and five", "treinta y cinco" */
function isJoint(part: string, before: Token | null, next: string): boolean {
  const follows = NUMBER_WORDS.has(next) || /^\d/.test(next);
  if (before?.number == null || !follows) return false;
  const { shape } = before.number;
  if (part === 'and') return shape === 'hundred' || shape === 'a_hundred' || shape === 'thousand';
  return part === 'y' && shape === 'tens';
}

function numberOf(part: string, before: Token | null, next: string, homophones: boolean): NumberWord | null {
  const found = /^(\d+)(st|nd|rd|th|ra|da|ta)?$/.exec(part);
  if (found) return digitsWord(found[1] ?? '', found[2] !== undefined);
  const isBesideNumber = before?.number != null || NUMBER_WORDS.has(next) || /^\d+$/.test(next);
  if (part === 'oh' || part === 'o') return isBesideNumber ? OH : null;
  const spelled = NUMBER_WORDS.get(part);
  if (spelled) return isPronoun(part, before, next) ? null : spelled;
  const isBesideSpelled =
    (before?.number != null && before.number.shape !== 'digits') ||
    NUMBER_WORDS.has(next) ||
    NUMBER_HOMOPHONES.has(next) ||
    next === 'oh';
  return homophones && isBesideSpelled ? (NUMBER_HOMOPHONES.get(part) ?? null) : null;
}

const PREPOSITIONS: ReadonlySet<string> = new Set(['to', 'too', 'tu', 'for', 'fore']);

/** "I'm calling for four twenty Main": 420 rather than 4420. */
function isDoubtfulDigit({ text, number }: Token, at: number, tokens: readonly Token[]): boolean {
  return number !== null && PREPOSITIONS.has(text) && tokens[at - 1]?.number == null;
}

const PRONOUNS: ReadonlySet<string> = new Set(['one', 'un', 'uno']);

/** "the one on Main", "un departamento": no number, unless one stands beside it or it counts rooms. */
function isPronoun(part: string, before: Token | null, next: string): boolean {
  if (!PRONOUNS.has(part)) return false;
  if (before?.text === 'the' && /^\d/.test(next)) return true;
  const isNumber =
    before?.number != null ||
    UNIT_WORDS.has(before?.text ?? '') ||
    NUMBER_SIGNS.has(before?.text ?? '') ||
    NUMBER_WORDS.has(next) ||
    /^\d/.test(next) ||
    next === 'oh' ||
    BEDROOM_WORDS.has(next) ||
    BATHROOM_WORDS.has(next);
  return !isNumber;
}

/** "north west" is one direction. */
function mergeDirections(tokens: readonly Token[]): Token[] {
  const merged: Token[] = [];
  for (const token of tokens) {
    const before = merged.at(-1);
    const first = before ? DIRECTIONS.get(before.text) : undefined;
    const second = DIRECTIONS.get(token.text);
    const isPair = (first === 'north' || first === 'south') && (second === 'east' || second === 'west');
    if (isPair) merged[merged.length - 1] = { text: `${first}${second}`, number: null };
    else merged.push(token);
  }
  return merged;
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
