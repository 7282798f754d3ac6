// How alike two names sound. Two measures are averaged, since each fails alone: letters tell "Pine" from "Vine", and a
// coarse phonetic spelling tells that "Vandament" and "Vandermint" are near. Equal double metaphone codes lift the result.
import levenshtein from 'damerau-levenshtein';
import { doubleMetaphone } from 'double-metaphone';

/** A name, prepared for comparing. */
export interface Sound {
  /** The letters of all its words, joined: "peach tree" equals "peachtree". */
  readonly letters: string;
  /** The letters after `simplify`. */
  readonly phonetic: string;
  readonly codes: readonly [string, string];
}

/** @param words lower-case words without accents */
export function soundOf(words: readonly string[]): Sound {
  const letters = words.join('');
  return { letters, phonetic: simplify(letters), codes: doubleMetaphone(letters) };
}

/** Steps from spelling towards sound, in order. Voiced and voiceless consonants fall together, and so do vowels. */
const STEPS: readonly (readonly [RegExp, string])[] = [
  [/^(?:kn|gn|pn)/, 'n'],
  [/^wr/, 'r'],
  [/^ps/, 's'],
  [/ph/g, 'f'],
  [/gh(?=[^aeiouy]|$)/g, ''],
  [/gh/g, 'g'],
  [/[ts]ch|ch|sh|[ts]i(?=on|an|ou)/g, 'x'],
  [/th/g, 'd'],
  [/wh/g, 'w'],
  [/dg/g, 'j'],
  [/c(?=[eiy])/g, 's'],
  [/ck|qu|[cq]/g, 'k'],
  [/x(?=$|[^aeiouy])/g, 'ks'],
  [/mb$/, 'm'],
  [/e$|es$/, ''],
  [/[aeiouyh]*[aeiouy][aeiouyhw]*/g, 'a'],
  [/g/g, 'k'],
  [/t/g, 'd'],
  [/v/g, 'f'],
  [/p/g, 'b'],
  [/z/g, 's'],
  [/j/g, 'x'],
  [/(.)\1+/g, '$1'],
];

function simplify(letters: string): string {
  let text = letters;
  for (const [pattern, put] of STEPS) text = text.replace(pattern, put);
  return text === '' ? letters : text;
}

/** Above this two names that share their metaphone code pass for one. */
const SAME_CODE_SCORE = 0.9;

/** From 0 to 1; 1 for equal letters. */
export function alike(a: Sound, b: Sound): number {
  if (a.letters === b.letters) return 1;
  const longer = Math.max(a.letters.length, b.letters.length);
  const difference = Math.abs(a.letters.length - b.letters.length);
  if (longer === 0 || difference / longer > 0.5) return 0;
  const phonetic = levenshtein(a.phonetic, b.phonetic).similarity;
  // Comparing is slow, so it stops as soon as the score cannot reach a half.
  if (phonetic < 0.25) return 0;
  const letters = levenshtein(a.letters, b.letters).similarity;
  const score = Math.min(0.97, (letters + phonetic) / 2);
  // Short codes are shared by too many names (Lee, Lou, Lil).
  return sharesCode(a, b) && letters >= 0.6 ? Math.max(score, SAME_CODE_SCORE) : score;
}

/** A first sound that differs is heard: metaphone has "Western" equal "Eastern". */
function sharesCode(a: Sound, b: Sound): boolean {
  return (
    a.phonetic[0] === b.phonetic[0] && a.codes.some((code) => code.length >= 2 && b.codes.includes(code))
  );
}
