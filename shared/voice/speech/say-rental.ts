// Homes as they are read aloud: no "#6", no "- 6", no "$975", no "NW".
import { DIRECTIONS, NUMBER_SIGNS, STREET_TYPES, UNIT_WORDS } from '../../properties/match/address-words.ts';
import type { ListedProperty } from '../../properties/property.ts';
import { sayDate } from './dates.ts';
import type { Language } from './dates.ts';
import { toSpeakable } from './speakable.ts';

/** An address as a listing writes it; `unit` is null if there is none. */
export interface AddressParts {
  /** "829 Western Avenue" */
  readonly street: string;
  /** "6" */
  readonly unit: string | null;
}

/** The unit stands in a field of its own, or behind the address in one of the forms that listings use. */
const UNIT_BEHIND =
  /^(.*\S)(?:\s+[-–]\s*|\s*,?\s*(?:#|(?:apt|apartment|unit|suite|ste|lot)\.?\s*#?)\s*)([A-Za-z]?-?\d+-?[A-Za-z]?|[A-Za-z])$/i;

const UNIT_PART = /^(?:#|(?:apt|apartment|unit|suite|ste|lot)\b\.?\s*#?)\s*(\S.*)$/i;

/** An address without abbreviations, fit to be read aloud. Empty if nothing of it is. */
export function addressParts({ address, unit }: Pick<ListedProperty, 'address' | 'unit'>): AddressParts {
  const [street = '', ...rest] = address.split(',').map((part) => part.trim());
  const behind = UNIT_BEHIND.exec(street);
  const apart = rest.map((part) => UNIT_PART.exec(part)?.[1]).find((part) => part !== undefined);
  const written = unit ?? behind?.[2] ?? apart ?? null;
  return { street: sayStreet(behind?.[1] ?? street), unit: written === null ? null : sayUnit(written) };
}

function sayUnit(unit: string): string | null {
  const words = unit
    .split(/[\s#.]+/)
    .filter((word) => !UNIT_WORDS.has(word.toLowerCase()) && !NUMBER_SIGNS.has(word.toLowerCase()));
  return toSpeakable(words.join(' '), 3, 16).replace(/-/g, ' ') || null;
}

function sayStreet(street: string): string {
  const words = street.trim().split(/\s+/);
  const spoken = words.map((word, at) => {
    const plain = word.toLowerCase().replace(/[.,]/g, '');
    const direction = DIRECTIONS.get(plain);
    // "N" is a direction beside a name, "Avenue N" is a name.
    if (direction !== undefined && /^[nsew]{1,2}$/.test(plain) && at < words.length - 1)
      return capital(direction);
    const type = STREET_TYPES.get(plain);
    // "St Clair" is no street; a type stands at the end, or before a direction.
    const isLast = words
      .slice(at + 1)
      .every((next) => DIRECTIONS.has(next.toLowerCase().replace(/[.,]/g, '')));
    return type !== undefined && at > 1 && isLast ? capital(type) : word;
  });
  return toSpeakable(spoken.join(' '), 8, 60);
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

/** "unit 6 at 1000 Rambling Oaks", "unidad 6 en 1000 Rambling Oaks". Empty if nothing of it can be read aloud. */
export function sayAddress(home: Pick<ListedProperty, 'address' | 'unit'>, language: Language): string {
  const { street, unit } = addressParts(home);
  if (unit === null || street === '') return street;
  return language === 'en' ? `unit ${unit} at ${street}` : `unidad ${unit} en ${street}`;
}

/** How a home is written in an event's subject and in a message, by the listing's spelling: "1000 Rambling Oaks, unit 6". */
export function writeAddress({ address, unit }: Pick<ListedProperty, 'address' | 'unit'>): string {
  const plain = unit === null ? '' : unit.replace(/^(?:unit|apt\.?|apartment|#)\s*/i, '').trim();
  return plain === '' || UNIT_BEHIND.test(address.trim())
    ? address.trim()
    : `${address.trim()}, unit ${plain}`;
}

/**
 * Names that tell homes apart, in their order: the address, with the city if two addresses are alike, and the size if
 * the cities are too.
 */
export function labelHomes(homes: readonly ListedProperty[], language: Language): string[] {
  const label = (home: ListedProperty): string => sayAddress(home, language);
  const withCity = (home: ListedProperty): string =>
    home.city === null
      ? label(home)
      : `${label(home)} ${language === 'en' ? 'in' : 'en'} ${toSpeakable(home.city, 3)}`;
  const withSize = (home: ListedProperty): string =>
    home.bedrooms === null ? withCity(home) : `${withCity(home)}, ${sayBedrooms(home.bedrooms, language)}`;
  return homes.map((home) => {
    for (const name of [label, withCity]) {
      if (homes.filter((other) => name(other) === name(home)).length === 1) return name(home);
    }
    return withSize(home);
  });
}

/** The units of one building, "units 6 and 12 at 1000 Rambling Oaks"; null if the homes are not that. */
export function sayUnits(homes: readonly ListedProperty[], language: Language): string | null {
  const parts = homes.map(addressParts);
  const street = parts[0]?.street ?? '';
  const units = parts.flatMap((part) => (part.street === street && part.unit !== null ? [part.unit] : []));
  if (homes.length < 2 || street === '' || new Set(units).size < homes.length) return null;
  return language === 'en'
    ? `units ${joinWith(units, 'and')} at ${street}`
    : `las unidades ${joinWith(units, 'y')} en ${street}`;
}

/** `a, b and c`: items with commas, and the conjunction before the last. */
export function joinWith(items: readonly string[], conjunction: string): string {
  return items.length < 2
    ? items.join('')
    : `${items.slice(0, -1).join(', ')} ${conjunction} ${items.at(-1) ?? ''}`;
}

const NUMBERS = {
  en: 'zero one two three four five six seven eight nine'.split(' '),
  es: 'cero una dos tres cuatro cinco seis siete ocho nueve'.split(' '),
};

function sayCount(count: number, language: Language): string {
  return NUMBERS[language][count] ?? String(count);
}

/** "two bedrooms", "a studio" */
export function sayBedrooms(count: number, language: Language): string {
  if (count === 0) return language === 'en' ? 'a studio' : 'un estudio';
  const number = sayCount(count, language);
  if (language === 'en') return `${number} ${count === 1 ? 'bedroom' : 'bedrooms'}`;
  return `${number} ${count === 1 ? 'recámara' : 'recámaras'}`;
}

/** "one and a half baths"; 1.5 and 2.25 occur in listings. */
export function sayBathrooms(count: number, language: Language): string {
  const whole = Math.floor(count);
  const isHalf = count - whole >= 0.25;
  const number = whole === 0 ? '' : language === 'es' && whole === 1 ? 'un' : sayCount(whole, language);
  if (language === 'en') {
    if (whole === 0) return isHalf ? 'a half bath' : 'no bath';
    return `${number}${isHalf ? ' and a half' : ''} ${count === 1 ? 'bath' : 'baths'}`;
  }
  if (whole === 0) return isHalf ? 'medio baño' : 'sin baño';
  return `${number} ${whole === 1 ? 'baño' : 'baños'}${isHalf ? ' y medio' : ''}`;
}

/** "nine seventy-five a month", "eleven hundred a month", "975 dólares al mes" */
export function sayRent(rent: number, language: Language): string {
  return language === 'en' ? `${sayDollars(rent)} a month` : `${Math.round(rent)} dólares al mes`;
}

/** US dollars as people say them: "nine seventy-five", "eleven hundred", "two thousand". */
export function sayDollars(amount: number): string {
  const dollars = Math.round(amount);
  if (dollars === 1_000) return 'a thousand';
  if (dollars < 100 || dollars >= 10_000 || dollars % 1_000 === 0)
    return `${sayWhole(dollars)}${dollars < 100 ? ' dollars' : ''}`;
  const tail = dollars % 100;
  const head = sayBelowHundred(Math.floor(dollars / 100));
  if (Math.floor(dollars / 100) % 10 === 0 && tail < 10) return sayWhole(dollars);
  if (tail === 0) return `${head} hundred`;
  return `${head} ${tail < 10 ? `oh ${sayBelowHundred(tail)}` : sayBelowHundred(tail)}`;
}

const SMALL =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
    ' ',
  );
const TENS = ['', '', 'twenty', 'thirty', 'forty', 'fifty', 'sixty', 'seventy', 'eighty', 'ninety'];

function sayBelowHundred(value: number): string {
  if (value < 20) return SMALL[value] ?? '';
  const tens = TENS[Math.floor(value / 10)] ?? '';
  return value % 10 === 0 ? tens : `${tens}-${SMALL[value % 10] ?? ''}`;
}

function sayWhole(value: number): string {
  if (value >= 1_000_000) return value.toLocaleString('en-US');
  const thousands = Math.floor(value / 1_000);
  const hundreds = Math.floor((value % 1_000) / 100);
  const rest = value % 100;
  return [
    thousands === 0 ? '' : `${thousands < 100 ? sayBelowHundred(thousands) : sayWhole(thousands)} thousand`,
    hundreds === 0 ? '' : `${sayBelowHundred(hundreds)} hundred`,
    rest === 0 && value > 0 ? '' : sayBelowHundred(rest),
  ]
    .filter((part) => part !== '')
    .join(' ');
}

/** "Tuesday, December 1", of a local date. */
export function sayLocalDate(date: string, language: Language): string {
  return sayDate(Date.parse(`${date}T12:00:00Z`), 'UTC', language);
}

/** A home in a list: "829 Western Avenue, two bedrooms, nine seventy-five a month". @param today local date */
export function sayListed(home: ListedProperty, label: string, today: string, language: Language): string {
  const { availableOn } = home;
  const date = availableOn !== null && availableOn > today ? sayLocalDate(availableOn, language) : null;
  return [
    label,
    home.bedrooms === null ? '' : sayBedrooms(home.bedrooms, language),
    home.rent === null ? '' : sayRent(home.rent, language),
    date === null
      ? ''
      : language === 'en'
        ? `from ${date.replace(/^\w+, /, '')}`
        : `desde ${date.replace(/^el \p{L}+ /u, 'el ')}`,
  ]
    .filter((part) => part !== '')
    .join(', ');
}
