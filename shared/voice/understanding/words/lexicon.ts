// From tokens to what they may mean. A word may stand for several things, and several words for one: all are kept, and
// the grammar tells which of them make sense together.
import { ENGLISH } from './english.ts';
import type { Lexeme, LexemeKind } from './lexeme.ts';
import { isEnglishNumber, spokenNumbers } from './number-words.ts';
import { SPANISH } from './spanish.ts';
import type { Token } from './tokens.ts';
import type { Entry, Vocabulary } from './vocabulary.ts';

/** A phrase of one of the vocabularies; its words are parted by single spaces. */
interface Known {
  readonly phrase: string;
  readonly entry: Entry;
  readonly isPlural: boolean;
  readonly isSpanish: boolean;
}

/** The phrases by their first words. Built at first use; what is not asked for is never split into words. */
let vocabulary: Map<string, Known[]> | undefined;

function loadVocabulary(): Map<string, Known[]> {
  const byFirstWord = new Map<string, Known[]>();
  const load = (entries: Vocabulary, isSpanish: boolean): void => {
    for (const entry of entries) {
      for (const written of entry[2].split('|')) {
        const isPlural = written.endsWith('*');
        const phrase = isPlural ? written.slice(0, -1) : written;
        const space = phrase.indexOf(' ');
        const first = space < 0 ? phrase : phrase.slice(0, space);
        const known = byFirstWord.get(first);
        if (known) known.push({ phrase, entry, isPlural, isSpanish });
        else byFirstWord.set(first, [{ phrase, entry, isPlural, isSpanish }]);
      }
    }
  };
  load(ENGLISH, false);
  load(SPANISH, true);
  return byFirstWord;
}

/** What the vocabularies know of the words from `start` on. */
function findKnown(words: readonly string[], start: number): Lexeme[] {
  const found: Lexeme[] = [];
  const candidates = vocabulary?.get(words[start] ?? '') ?? [];
  if (candidates.length === 0) return found;
  const rest = `${words.slice(start).join(' ')} `;
  for (const { phrase, entry, isPlural, isSpanish } of candidates) {
    if (!rest.startsWith(phrase) || rest[phrase.length] !== ' ') continue;
    const [kind, value] = entry;
    const text = String(value);
    const length = phrase.split(' ').length;
    if (found.some((one) => one.kind === kind && one.text === text && one.length === length)) continue;
    found.push({ kind, value: typeof value === 'number' ? value : 0, text, length, isPlural, isSpanish });
  }
  return found;
}

/** What the tokens may mean at each place, and which of them nothing is known of. */
export function toLexemes(
  tokens: readonly Token[],
  home: readonly string[],
): { readonly at: readonly (readonly Lexeme[])[]; readonly unknown: readonly string[] } {
  vocabulary ??= loadVocabulary();
  const words = tokens.map((token) => wordOf(token));
  const at = tokens.map((token, start) => {
    // "twelve o three"
    if (words[start] === 'o' && isEnglishNumber(words[start + 1] ?? '')) return [lexeme('zero', 0, '')];
    return [...readToken(token, words, start), ...findKnown(words, start)];
  });
  for (const { start, length } of findHome(words, home)) at[start]?.push(lexeme('home', 0, '', length));

  const isKnown = new Array<boolean>(tokens.length).fill(false);
  at.forEach((lexemes, start) => {
    for (const { length } of lexemes) isKnown.fill(true, start, start + length);
  });
  const unknown = words.filter((_, i) => isKnown[i] === false);
  return { at, unknown };
}

function wordOf(token: Token): string {
  switch (token.kind) {
    case 'comma':
      return ',';
    case 'dash':
      return '-';
    case 'clock':
      return `${token.hour}:${token.minute}`;
    default:
      return token.text;
  }
}

const lexeme = (kind: LexemeKind, value: number, text: string, length = 1): Lexeme => ({
  kind,
  value,
  text,
  length,
  isPlural: false,
  isSpanish: false,
});

function readToken(token: Token, words: readonly string[], start: number): Lexeme[] {
  switch (token.kind) {
    case 'word':
      return spokenNumbers(words, start).map(({ value, length, isOrdinal }) =>
        lexeme(isOrdinal ? 'ordinal' : 'number', value, '', length),
      );
    case 'digits':
      return [lexeme('number', Number(token.text), token.text)];
    case 'decimal':
      return [lexeme('number', Number(token.text), token.text)];
    case 'ordinal':
      return [lexeme('ordinal', Number(token.text), token.text)];
    case 'clock':
      return [lexeme('clock', token.hour * 60 + token.minute, token.is24 ? '24' : '12')];
    case 'slash_date':
    case 'iso_date':
      return [lexeme(token.kind, 0, token.text)];
    case 'zone':
      return [lexeme('zone', 0, token.text)];
    case 'comma':
    case 'dash':
      return [lexeme(token.kind, 0, '')];
    case 'unknown':
      return [];
  }
}

/** Where the words repeat the home that is asked about: two words of its address, or one that is like no other. */
function findHome(words: readonly string[], home: readonly string[]): { start: number; length: number }[] {
  const found: { start: number; length: number }[] = [];
  for (let start = 0; start < words.length; start++) {
    for (let from = 0; from < home.length; from++) {
      let length = 0;
      while (words[start + length] !== undefined && words[start + length] === home[from + length]) length++;
      const isName =
        length > 1 && words.slice(start, start + length).some((word) => /^[a-z]{2,}$/.test(word));
      const isAlone = length === 1 && /^[a-z]{4,}$/.test(words[start] ?? '') && !isOfTime(words, start);
      if (isName || isAlone) found.push({ start, length });
    }
  }
  return found;
}

const isOfTime = (words: readonly string[], start: number): boolean =>
  (vocabulary?.has(words[start] ?? '') ?? false) || spokenNumbers(words, start).length > 0;
