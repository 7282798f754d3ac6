// Numbers in words, English and Spanish, without accents.
import {
  ENGLISH_TEENS,
  ENGLISH_TENS,
  ENGLISH_UNITS,
  SPANISH_TEENS,
  SPANISH_TENS,
  SPANISH_UNITS,
} from '../../../core/number-words.ts';

const words = (list: string): readonly string[] => list.split(' ');

const ENGLISH_BELOW_20 = ['zero', ...ENGLISH_UNITS, ...ENGLISH_TEENS];
const SPANISH_BELOW_30 = ['cero', ...SPANISH_UNITS, ...SPANISH_TEENS];
// prettier-ignore
const ENGLISH_ORDINALS = words('first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth');
// prettier-ignore
const SPANISH_ORDINALS = words('primero segundo tercero cuarto quinto sexto septimo octavo noveno decimo');

function build(): {
  cardinals: Map<string, number>;
  tens: Map<string, number>;
  ordinals: Map<string, number>;
} {
  const cardinals = new Map<string, number>([
    ['un', 1],
    ['una', 1],
    ['veintiun', 21],
    ['veintiuna', 21],
    ['fourty', 40],
  ]);
  ENGLISH_BELOW_20.forEach((word, n) => cardinals.set(word, n));
  SPANISH_BELOW_30.forEach((word, n) => cardinals.set(word, n));
  const tens = new Map<string, number>([['fourty', 40]]);
  ENGLISH_TENS.forEach((word, i) => tens.set(word, 20 + 10 * i));
  SPANISH_TENS.forEach((word, i) => tens.set(word, 30 + 10 * i));
  for (const [word, n] of tens) cardinals.set(word, n);
  const ordinals = new Map<string, number>([
    ['thirtieth', 30],
    ['primer', 1],
    ['tercer', 3],
  ]);
  ENGLISH_ORDINALS.forEach((word, i) => ordinals.set(word, i + 1));
  SPANISH_ORDINALS.forEach((word, i) => {
    ordinals.set(word, i + 1);
    ordinals.set(`${word.slice(0, -1)}a`, i + 1);
  });
  return { cardinals, tens, ordinals };
}

let built: ReturnType<typeof build> | undefined;
const tables = (): ReturnType<typeof build> => (built ??= build());

/** A number below 100, as it was said. */
export interface SpokenNumber {
  readonly value: number;
  /** How many of the words it takes. */
  readonly length: number;
  readonly isOrdinal: boolean;
}

/**
 * Every number below 100, cardinal or ordinal, that begins at `start`: of "twenty five" both 20 and 25. `words` are
 * lower case, without accents and hyphens.
 */
export function spokenNumbers(words: readonly string[], start: number): SpokenNumber[] {
  const { cardinals, tens, ordinals } = tables();
  const found: SpokenNumber[] = [];
  const first = words[start] ?? '';
  const cardinal = cardinals.get(first);
  if (cardinal !== undefined) found.push({ value: cardinal, length: 1, isOrdinal: false });
  const ordinal = ordinals.get(first);
  if (ordinal !== undefined) found.push({ value: ordinal, length: 1, isOrdinal: true });
  const ten = tens.get(first);
  if (ten === undefined) return found;
  const joined = words[start + 1] === 'y' ? 2 : 1;
  const second = words[start + joined] ?? '';
  const unit = cardinals.get(second);
  if (unit !== undefined && unit >= 1 && unit <= 9) {
    found.push({ value: ten + unit, length: joined + 1, isOrdinal: false });
  }
  const last = ordinals.get(second);
  if (last !== undefined && last <= 9) found.push({ value: ten + last, length: joined + 1, isOrdinal: true });
  return found;
}

/** Whether this is an English number: then an "o" beside it is a zero, and no Spanish "or". */
export function isEnglishNumber(word: string): boolean {
  return ENGLISH_BELOW_20.includes(word) || ENGLISH_TENS.includes(word);
}
