// Numbers as people say them. A house number is said in groups ("fourteen oh five", "one twenty three", "fifty five
// hundred"), so a run of number words is read as grammar allows, group by group, and the groups are joined as digits.

import {
  ENGLISH_TEENS,
  ENGLISH_TENS,
  ENGLISH_UNITS,
  SPANISH_TEENS,
  SPANISH_TENS,
  SPANISH_UNITS,
} from '../../core/number-words.ts';

/** One word of a number. `digits` is what stands in a transcript as digits; `oh` is a zero that is said alone. */
export interface NumberWord {
  readonly shape:
    | 'digits'
    | 'oh'
    | 'unit'
    | 'teen'
    | 'tens'
    | 'hundreds'
    | 'hundred'
    | 'a_hundred'
    | 'thousand'
    | 'a_thousand';
  readonly value: number;
  /** The digits as written, leading zeros kept. For `digits` alone. */
  readonly digits: string;
  /** "fortieth" and "40th" name a street, never a house. */
  readonly isOrdinal: boolean;
}

function word(shape: NumberWord['shape'], value: number, isOrdinal = false): NumberWord {
  return { shape, value, digits: '', isOrdinal };
}

/** @param text digits alone, such as "1405" or "05" */
export function digitsWord(text: string, isOrdinal = false): NumberWord {
  return { shape: 'digits', value: Number(text), digits: text, isOrdinal };
}

const UNIT_ORDINALS = 'first second third fourth fifth sixth seventh eighth ninth';
const TEEN_ORDINALS =
  'tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth';
const TENS_ORDINALS = 'twentieth thirtieth fortieth fiftieth sixtieth seventieth eightieth ninetieth';

const SPANISH_HUNDREDS =
  'ciento doscientos trescientos cuatrocientos quinientos seiscientos setecientos ochocientos novecientos';
const SPANISH_ORDINALS =
  'primera segunda tercera cuarta quinta sexta septima octava novena decima undecima duodecima';

function entries(
  words: readonly string[],
  shape: NumberWord['shape'],
  valueAt: (index: number) => number,
  isOrdinal = false,
): [string, NumberWord][] {
  return words.map((text, index) => [text, word(shape, valueAt(index), isOrdinal)]);
}

/** Every number word of the two languages, without accents. */
export const NUMBER_WORDS: ReadonlyMap<string, NumberWord> = new Map([
  ...entries(ENGLISH_UNITS, 'unit', (i) => i + 1),
  ...entries(ENGLISH_TEENS, 'teen', (i) => i + 10),
  ...entries(ENGLISH_TENS, 'tens', (i) => (i + 2) * 10),
  ...entries(UNIT_ORDINALS.split(' '), 'unit', (i) => i + 1, true),
  ...entries(TEEN_ORDINALS.split(' '), 'teen', (i) => i + 10, true),
  ...entries(TENS_ORDINALS.split(' '), 'tens', (i) => (i + 2) * 10, true),
  ...entries(SPANISH_UNITS, 'unit', (i) => i + 1),
  ...entries(SPANISH_TEENS, 'teen', (i) => i + 10),
  ...entries(SPANISH_TENS, 'tens', (i) => (i + 3) * 10),
  ...entries(SPANISH_HUNDREDS.split(' '), 'hundreds', (i) => (i + 1) * 100),
  ...entries(SPANISH_ORDINALS.split(' '), 'teen', (i) => i + 1, true),
  ['fourty', word('tens', 40)],
  ['ninty', word('tens', 90)],
  ['un', word('unit', 1)],
  ['veintiun', word('teen', 21)],
  ['cien', word('hundreds', 100)],
  ['zero', word('oh', 0)],
  ['cero', word('oh', 0)],
  ['hundred', word('hundred', 100)],
  ['hundredth', word('hundred', 100, true)],
  ['thousand', word('thousand', 1000)],
  ['mil', word('a_thousand', 1000)],
]);

/** Words that are heard where a digit was said; they count as one only beside another number that is spelled out. */
export const NUMBER_HOMOPHONES: ReadonlyMap<string, NumberWord> = new Map([
  ['won', word('unit', 1)],
  ['to', word('unit', 2)],
  ['too', word('unit', 2)],
  ['tu', word('unit', 2)],
  ['for', word('unit', 4)],
  ['fore', word('unit', 4)],
  ['ate', word('unit', 8)],
  ['tree', word('unit', 3)],
  ['sex', word('unit', 6)],
  ['niner', word('unit', 9)],
]);

/** "a hundred": it starts a number. */
export const A_HUNDRED: NumberWord = word('a_hundred', 100);
/** "a thousand", "mil": it starts a number. */
export const A_THOUSAND: NumberWord = word('a_thousand', 1000);
/** The zero of "fourteen oh five". */
export const OH: NumberWord = word('oh', 0);

/** What number words say together. */
export interface NumberReading {
  /** Without leading zeros. */
  readonly digits: string;
  readonly isOrdinal: boolean;
}

/** What the group under way may still take: a unit (twenty ...), less than a hundred (two hundred ...), nothing. */
type Room = 'none' | 'unit' | 'below_hundred' | 'below_thousand';

/**
 * Number words as one number: complete cardinals ("one thousand twenty three") are added up, and what cannot be added
 * starts the next group of digits ("one twenty three" is 123, "ten twenty four" is 1024).
 * @returns null if the words cannot start or end so, such as "hundred" alone or an ordinal before the last word.
 */
export function readNumber(words: readonly NumberWord[]): NumberReading | null {
  let done = '';
  let thousands = 0;
  let group: number | null = null;
  let written = '';
  let room: Room = 'none';

  function flush(): void {
    done +=
      written !== '' ? written : group === null && thousands === 0 ? '' : String(thousands + (group ?? 0));
    thousands = 0;
    group = null;
    written = '';
    room = 'none';
  }
  function start(value: number, next: Room): void {
    // After "thousand" the group goes on below it; else a new group of digits begins.
    if (!(thousands > 0 && group === null)) flush();
    group = value;
    room = next;
  }

  for (const [index, { shape, value, digits, isOrdinal }] of words.entries()) {
    if (isOrdinal && index < words.length - 1) return null;
    switch (shape) {
      case 'digits':
        if (
          room === 'below_hundred' &&
          group !== null &&
          value > 0 &&
          value < 100 &&
          !digits.startsWith('0')
        ) {
          group += value;
          room = 'none';
        } else {
          flush();
          written = digits;
          group = value;
        }
        break;
      case 'oh':
        flush();
        done += '0';
        break;
      case 'unit':
        if ((room === 'unit' || room === 'below_hundred') && group !== null) {
          group += value;
          room = 'none';
        } else {
          start(value, 'none');
        }
        break;
      case 'teen':
        if (room === 'below_hundred' && group !== null) {
          group += value;
          room = 'none';
        } else {
          start(value, 'none');
        }
        break;
      case 'tens':
        if (room === 'below_hundred' && group !== null) {
          group += value;
          room = 'unit';
        } else {
          start(value, 'unit');
        }
        break;
      case 'hundreds':
      case 'a_hundred':
        start(value, 'below_hundred');
        break;
      case 'hundred':
        if (group === null || group === 0 || group > 99) return null;
        if (written.startsWith('0')) return null;
        group *= 100;
        written = '';
        room = 'below_hundred';
        break;
      case 'thousand':
        if (group === null || group === 0 || group > 99 || thousands > 0) return null;
        thousands = group * 1000;
        group = null;
        written = '';
        room = 'none';
        break;
      case 'a_thousand':
        // Spanish says "mil" for one thousand and "dos mil" for two.
        if (group !== null && group > 0 && group < 100 && thousands === 0 && written === '') {
          thousands = group * 1000;
          group = null;
        } else {
          flush();
          thousands = 1000;
        }
        room = 'none';
        break;
    }
  }
  flush();
  const trimmed = done.replace(/^0+(?=\d)/, '');
  return trimmed === '' || trimmed.length > 10
    ? null
    : { digits: trimmed, isOrdinal: words.at(-1)?.isOrdinal ?? false };
}
