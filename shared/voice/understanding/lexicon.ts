// From tokens to what they may mean. A word may stand for several things, and several words for one: all are kept, and
// the grammar tells which of them make sense together.
import { ENGLISH } from './english.ts';
import type { Lexeme, LexemeKind } from './lexeme.ts';
import { isEnglishNumber, spokenNumbers } from './number-words.ts';
import type { Lattice } from './parser.ts';
import { SPANISH } from './spanish.ts';
import type { Token } from './tokens.ts';

type Meaning = Omit<Lexeme, 'length'>;

interface Node {
  readonly next: Map<string, Node>;
  readonly meanings: Meaning[];
}

let vocabulary: Node | undefined;

const createNode = (): Node => ({ next: new Map(), meanings: [] });

function loadVocabulary(): Node {
  const root = createNode();
  for (const [language, [kind, value, phrases]] of [
    ...ENGLISH.map((entry) => ['en', entry] as const),
    ...SPANISH.map((entry) => ['es', entry] as const),
  ]) {
    for (const phrase of phrases.split('|')) {
      const isPlural = phrase.endsWith('*');
      let node = root;
      for (const word of (isPlural ? phrase.slice(0, -1) : phrase).split(' ')) {
        let next = node.next.get(word);
        if (!next) {
          next = createNode();
          node.next.set(word, next);
        }
        node = next;
      }
      if (node.meanings.some((known) => known.kind === kind && known.text === String(value))) continue;
      node.meanings.push({
        kind,
        value: typeof value === 'number' ? value : 0,
        text: String(value),
        isPlural,
        isSpanish: language === 'es',
      });
    }
  }
  return root;
}

/** What the tokens may mean at each place, and which of them nothing is known of. */
export function toLattice(
  tokens: readonly Token[],
  home: readonly string[],
): { lattice: Lattice; unknown: readonly string[] } {
  vocabulary ??= loadVocabulary();
  const words = tokens.map((token) => wordOf(token));
  const at: Lexeme[][] = tokens.map((token, start) => readToken(token, words, start));
  tokens.forEach((_, start) => {
    if (words[start] === 'o' && isEnglishNumber(words[start + 1] ?? '')) {
      at[start]?.push(lexeme('zero', 0, ''));
      return;
    }
    let node: Node | undefined = vocabulary;
    for (let i = start; node && i < tokens.length; i++) {
      node = node.next.get(words[i] ?? '');
      for (const meaning of node?.meanings ?? []) at[start]?.push({ ...meaning, length: i - start + 1 });
    }
  });
  for (const { start, length } of findHome(words, home)) at[start]?.push(lexeme('home', 0, '', length));

  const isKnown = new Array<boolean>(tokens.length).fill(false);
  at.forEach((lexemes, start) => {
    for (const { length } of lexemes) isKnown.fill(true, start, start + length);
  });
  const unknown = words.filter((_, i) => isKnown[i] === false);
  return { lattice: { length: tokens.length, at, memory: new Map() }, unknown };
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
  (vocabulary?.next.has(words[start] ?? '') ?? false) || spokenNumbers(words, start).length > 0;
