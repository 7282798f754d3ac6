// The readings of a house number that people use, written down apart from the reader that has to understand them.
import type { Random } from './random.ts';

const SMALL =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
    ' ',
  );
const TENS = ' ten twenty thirty forty fifty sixty seventy eighty ninety'.split(' ');

function small(value: number): string {
  return SMALL[value] ?? '';
}

function belowHundred(value: number): string {
  if (value < 20) return small(value);
  const tens = TENS[Math.floor(value / 10)] ?? '';
  return value % 10 === 0 ? tens : `${tens} ${small(value % 10)}`;
}

function pair(value: number): string {
  return value < 10 ? `oh ${small(value)}` : belowHundred(value);
}

function belowThousand(value: number, and: string): string {
  const hundreds = Math.floor(value / 100);
  const rest = value % 100;
  if (hundreds === 0) return belowHundred(rest);
  return rest === 0 ? `${small(hundreds)} hundred` : `${small(hundreds)} hundred ${and}${belowHundred(rest)}`;
}

/** "one thousand four hundred five" */
function cardinal(value: number, and = ''): string {
  const thousands = Math.floor(value / 1000);
  const rest = value % 1000;
  if (thousands === 0) return belowThousand(rest, and);
  return `${belowHundred(thousands)} thousand${rest === 0 ? '' : ` ${rest < 100 ? and : ''}${belowThousand(rest, and)}`}`;
}

/** "four four two oh" */
function digitByDigit(value: number, zero: string): string {
  return Array.from(String(value))
    .map((digit) => (digit === '0' ? zero : small(Number(digit))))
    .join(' ');
}

/** "fourteen oh five", "one twenty three", "fifty five hundred" */
function grouped(value: number): string {
  if (value >= 10_000 && value % 1000 < 100) return cardinal(value);
  if (value < 100) return belowHundred(value);
  const head = Math.floor(value / 100);
  const tail = value % 100;
  // "fourteen four oh seven"
  if (head >= 100) return `${belowHundred(Math.floor(value / 1000))} ${grouped(value % 1000)}`;
  if (tail === 0) return head % 10 === 0 ? cardinal(value) : `${belowHundred(head)} hundred`;
  return `${belowHundred(head)} ${pair(tail)}`;
}

/** Every way to say a number from 1 to 19999. */
export function readingsOf(value: number): string[] {
  return [
    String(value),
    cardinal(value),
    cardinal(value, 'and '),
    digitByDigit(value, 'oh'),
    digitByDigit(value, 'zero'),
    grouped(value),
    Array.from(String(value)).join(' '),
    value >= 1000 ? value.toLocaleString('en-US') : String(value),
  ];
}

export function sayNumber(value: number, random: Random): string {
  return random.chance(40) ? String(value) : random.pick(readingsOf(value));
}

const ORDINAL_UNITS =
  'zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth'.split(
    ' ',
  );
const ORDINAL_TENS =
  ' tenth twentieth thirtieth fortieth fiftieth sixtieth seventieth eightieth ninetieth'.split(' ');

/** From 1 to 99: "fortieth", "forty second". */
export function sayOrdinal(value: number): string {
  if (value < 20) return ORDINAL_UNITS[value] ?? '';
  if (value % 10 === 0) return ORDINAL_TENS[value / 10] ?? '';
  return `${TENS[Math.floor(value / 10)] ?? ''} ${ORDINAL_UNITS[value % 10] ?? ''}`;
}

export function writeOrdinal(value: number): string {
  const teen = value % 100 > 10 && value % 100 < 14;
  return `${value}${teen ? 'th' : (['th', 'st', 'nd', 'rd'][value % 10] ?? 'th')}`;
}

const SPANISH_SMALL =
  'cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis diecisiete dieciocho diecinueve veinte veintiuno veintidós veintitrés veinticuatro veinticinco veintiséis veintisiete veintiocho veintinueve'.split(
    ' ',
  );
const SPANISH_TENS = '   treinta cuarenta cincuenta sesenta setenta ochenta noventa'.split(' ');
const SPANISH_HUNDREDS =
  ' ciento doscientos trescientos cuatrocientos quinientos seiscientos setecientos ochocientos novecientos'.split(
    ' ',
  );

/** From 1 to 19999. */
export function sayNumberInSpanish(value: number): string {
  if (value < 30) return SPANISH_SMALL[value] ?? '';
  if (value < 100) {
    const tens = SPANISH_TENS[Math.floor(value / 10)] ?? '';
    return value % 10 === 0 ? tens : `${tens} y ${SPANISH_SMALL[value % 10] ?? ''}`;
  }
  if (value === 100) return 'cien';
  if (value < 1000) {
    const rest = value % 100;
    return `${SPANISH_HUNDREDS[Math.floor(value / 100)] ?? ''}${rest === 0 ? '' : ` ${sayNumberInSpanish(rest)}`}`;
  }
  const thousands = Math.floor(value / 1000);
  const rest = value % 1000;
  return `${thousands === 1 ? '' : `${sayNumberInSpanish(thousands)} `}mil${rest === 0 ? '' : ` ${sayNumberInSpanish(rest)}`}`;
}
