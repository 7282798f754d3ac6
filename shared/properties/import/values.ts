// Reads the display strings of listing files. Nothing is guessed: what has two readings, or none, is refused in words.
import { addDays, isLocalDate } from '../../scheduling/zone.ts';

/** What a text says. Null: nothing is given. `why` follows the field's name: "is no web address". */
export type Value<T> =
  { readonly ok: true; readonly value: T | null } | { readonly ok: false; readonly why: string };

/** What listings write for a value that they do not give. */
const BLANK =
  /^(|-+|–|—|n\/?a|none|null|unknown|tbd|call( for .*)?|contact( us)?.*|varies|not available|not specified)$/i;

const found = <T>(value: T | null): Value<T> => ({ ok: true, value });
const refused = (why: string): Value<never> => ({ ok: false, why });

/** One line of visible text, trimmed; null if nothing is left. */
export function cleanLine(text: string): string | null {
  const line = text
    .toWellFormed()
    .normalize('NFC')
    .replace(/[^\p{L}\p{M}\p{N}\p{P}\p{S} ]+/gu, ' ')
    .replace(/ +/g, ' ')
    .trim();
  return line === '' ? null : line;
}

/** @param max longest length in UTF-16 units */
export function readLine(text: string, max: number): Value<string> {
  const line = cleanLine(text);
  if (line === null || BLANK.test(line)) return found<string>(null);
  return line.length <= max ? found(line) : refused(`is longer than ${max} characters`);
}

/** Text of several lines; what is longer is cut, since nobody but the operator reads it. */
export function readParagraphs(text: string, max: number): string | null {
  const clean = text
    .toWellFormed()
    .replace(/\r\n?/g, '\n')
    // Control characters, except tabs and line ends.
    .replace(/(?![\t\n])\p{Cc}+/gu, ' ')
    .trim();
  return clean === '' ? null : clean.slice(0, max).toWellFormed();
}

/** `1400`, `$1,400`, `1,400.00`, `$975/mo`, `USD 975 per month`. @param max the highest amount that is believed */
export function readDollars(text: string, max = 1_000_000): Value<number> {
  const plain = text.trim();
  if (BLANK.test(plain)) return found<number>(null);
  const match =
    /^(?:US)?(?:\$|USD)? ?(\d{1,3}(?:,\d{3})+|\d+)(\.\d{1,2})?(?: ?USD)?(?: ?(?:\/|per|a) ?(?:mo|month)\.?)?$/i.exec(
      plain,
    );
  if (!match) return refused(`is no amount of dollars: ${quote(plain)}`);
  const value = Number(`${(match[1] ?? '').replaceAll(',', '')}${match[2] ?? ''}`);
  return value <= max ? found(value) : refused(`is more than ${max} dollars`);
}

/** `2`, `2.0`, `2 beds`, `Studio`. */
export function readBedrooms(text: string): Value<number> {
  const plain = text.trim();
  if (BLANK.test(plain)) return found<number>(null);
  if (/^(studio|efficiency|bachelor|loft studio)$/i.test(plain)) return found(0);
  const match = /^(\d{1,2})(?:\.0+)? ?(?:bd|br|bdr?ms?|beds?|bedrooms?)?\.?$/i.exec(plain);
  const value = Number(match?.[1]);
  return match && value <= 50 ? found(value) : refused(`is no number of bedrooms: ${quote(plain)}`);
}

/** `2`, `1.5`, `2 baths`, `1 1/2`. */
export function readBathrooms(text: string): Value<number> {
  const plain = text.trim();
  if (BLANK.test(plain)) return found<number>(null);
  const match = /^(\d{1,2}(?:\.\d{1,2})?)( 1\/2)? ?(?:ba|bths?|baths?|bathrooms?)?\.?$/i.exec(plain);
  const value = Number(match?.[1]) + (match?.[2] === undefined ? 0 : 0.5);
  return match && value <= 50 ? found(value) : refused(`is no number of bathrooms: ${quote(plain)}`);
}

/** `1086`, `1,086 sqft`, `756 sq. ft.`. */
export function readSquareFeet(text: string): Value<number> {
  const plain = text.trim();
  if (BLANK.test(plain)) return found<number>(null);
  const match =
    /^(\d{1,3}(?:,\d{3})+|\d{1,6})(\.\d+)? ?(?:sq\.? ?f(?:ee)?t\.?|square feet|sf|ft2|ft²)?$/i.exec(plain);
  if (!match) return refused(`is no area in square feet: ${quote(plain)}`);
  return found(Math.round(Number(`${(match[1] ?? '').replaceAll(',', '')}${match[2] ?? ''}`)));
}

/** @param limit 90 for a latitude, 180 for a longitude */
export function readDegrees(text: string, limit: number): Value<number> {
  const plain = text.trim();
  if (BLANK.test(plain)) return found<number>(null);
  const value = Number(plain);
  if (!/^[-+]?\d+(\.\d+)?$/.test(plain) || Math.abs(value) > limit) {
    return refused(`is no number of degrees: ${quote(plain)}`);
  }
  return found(value);
}

/** An `http` or `https` address of at most `max` characters. */
export function readUrl(text: string, max: number): Value<string> {
  const plain = text.trim();
  if (BLANK.test(plain)) return found<string>(null);
  if (plain.length <= max && /^https?:\/\//i.test(plain) && URL.canParse(plain))
    return found(new URL(plain).href);
  return refused(`is no web address of up to ${max} characters`);
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const MONTH_NAME =
  /^(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.? (\d{1,2})(?:st|nd|rd|th)?(?:,? (\d{4}))?$/i;

/** The day that a text names. */
export interface DateValue {
  /** `YYYY-MM-DD` */
  readonly date: string;
  /** The text says "now". */
  readonly isNow: boolean;
}

/**
 * `2026-12-01`, `12/1/2026`, `12/1/26`, `December 1, 2026`, `now`; month before day, as listings in the US have it.
 * @param today what "now" is, and what the year of `August 4` is near to: the nearest such day. Null: neither is read.
 */
export function readDate(text: string, today: string | null): Value<DateValue> {
  const plain = text.trim();
  if (BLANK.test(plain)) return found<DateValue>(null);
  if (/^(now|available now|immediate(ly)?|today|ready now|vacant|move[\s-]in ready)$/i.test(plain)) {
    return today === null ? refused('says "now" without a date') : found({ date: today, isNow: true });
  }
  const iso = /^(\d{4}-\d{2}-\d{2})(?:[T ][\d:.]+(?:Z|[+-]\d{2}:?\d{2})?)?$/.exec(plain);
  const us = /^(\d{1,2})[/-](\d{1,2})[/-](\d{4}|\d{2})(?: \d{1,2}:\d{2}(?::\d{2})? ?(?:[AP]M)?)?$/i.exec(
    plain,
  );
  const named = MONTH_NAME.exec(plain);
  const date =
    iso?.[1] ??
    (us && toDate(us[3]?.length === 2 ? `20${us[3]}` : us[3], us[1], us[2])) ??
    (named && namedDate(named, today));
  if (date === null) return refused(`is no date: ${quote(plain)}`);
  return isLocalDate(date)
    ? found({ date, isNow: false })
    : refused(`is no day of the calendar: ${quote(plain)}`);
}

function namedDate(match: RegExpExecArray, today: string | null): string | null {
  const [name = '', day, year] = match.slice(1) as (string | undefined)[];
  const month = String(MONTHS.indexOf(name.slice(0, 3).toLowerCase()) + 1);
  if (year !== undefined) return toDate(year, month, day);
  if (today === null) return null;
  // The nearest one: a listing names days some months away, past or future.
  const earliest = addDays(today, -182);
  const years = [-1, 0, 1].map((add) => toDate(String(Number(today.slice(0, 4)) + add), month, day));
  return years.find((date) => date >= earliest) ?? null;
}

function toDate(year: string | undefined, month: string | undefined, day: string | undefined): string {
  return `${year ?? ''}-${(month ?? '').padStart(2, '0')}-${(day ?? '').padStart(2, '0')}`;
}

/** At most 40 characters of a text, for a message. */
export function quote(text: string): string {
  const clean = cleanLine(text) ?? '';
  return JSON.stringify(clean.length > 40 ? `${clean.slice(0, 40).toWellFormed()}…` : clean);
}
