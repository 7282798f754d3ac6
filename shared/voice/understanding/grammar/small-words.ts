// The little words that most rules are made of.
import { either, maybe, word } from './parser.ts';
import type { Rule } from './parser.ts';

/** `the`, `el`, `ese` */
export const the = word('the');
/** `of`, `in`, `de` */
export const of = word('of');
/** A number below 100 in words, or any in digits. */
export const number = word('number');
/** `3rd`, `third`, `tercero` */
export const ordinal = word('ordinal');
/** A comma or nothing. */
export const optionalComma = maybe(word('comma'));

/** `o'clock`, `sharp`, `en punto` */
export const oclock = maybe(word('oclock'));

/** What stands between the two ends of a span: `to`, `-`, `until`, `hasta`. */
export const to = either(word('to'), word('dash'), word('until'));

/** One of its kind, not several: `week`, not `weeks`. */
export function oneUnit(kind: 'day' | 'week' | 'month_unit' | 'weekend'): Rule<unknown> {
  return word(kind, ({ isPlural }) => !isPlural);
}
