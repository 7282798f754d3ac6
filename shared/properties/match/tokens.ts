// What was said, cut into numbers and words: "double five", "two hundred and five", "6b", "north west".
import { BATHROOM_WORDS, BEDROOM_WORDS, DIRECTIONS, NUMBER_SIGNS, UNIT_WORDS } from './address-words.ts';
import { A_HUNDRED, A_THOUSAND, digitsWord, NUMBER_HOMOPHONES, NUMBER_WORDS, OH } from './number-words.ts';
import type { NumberWord } from './number-words.ts';
import { normaliseText } from './normalise-text.ts';

/** Words beyond these are no address. */
const MAX_TOKENS = 48;
const MAX_CHARACTERS = 200;

/** Whether it is more than is read of what somebody said: what would be cut off might take back the rest. */
export function isTooLong(text: string): boolean {
  return text.length > MAX_CHARACTERS || normaliseText(text).split(' ').length > MAX_TOKENS;
}

/** A word, and the number that it may be. */
export type Token = { readonly text: string; readonly number: NumberWord | null };

/**
 * The words of a text as `normaliseText` leaves it, the first 48.
 * @param homophones reads "for twenty two" as 422; only beside other spelled numbers
 */
export function toTokens(text: string, homophones: boolean): Token[] {
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
  return mergeDirections(tokens);
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

const PRONOUNS: ReadonlySet<string> = new Set(['one', 'un', 'uno']);

/** "the one on Main", "un departamento": not a number, unless a number is beside it or it counts rooms. */
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
