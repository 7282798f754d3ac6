// Callers who ask for listed homes, made from listings and from how words are misheard. Nothing here knows the matcher.
import type { ListedProperty } from '../../../shared/properties/property.ts';
import { home } from '../homes.ts';
import confusions from './confusions.json';
import type { Random } from './random.ts';
import { sayNumber, sayNumberInSpanish, sayOrdinal, writeOrdinal } from './say-number.ts';

const TYPES: readonly (readonly string[])[] = [
  ['St', 'Street'],
  ['Ave', 'Avenue'],
  ['Dr', 'Drive'],
  ['Ln', 'Lane'],
  ['Ct', 'Court'],
  ['Blvd', 'Boulevard'],
  ['Rd', 'Road'],
  ['Way', 'Way'],
  ['Pl', 'Place'],
  ['Cir', 'Circle'],
  ['Ter', 'Terrace'],
  ['Trl', 'Trail'],
];
const DIRECTIONS: readonly (readonly string[])[] = [
  ['N', 'North', 'norte'],
  ['S', 'South', 'sur'],
  ['E', 'East', 'este'],
  ['W', 'West', 'oeste'],
  ['NW', 'Northwest', 'noroeste'],
  ['SE', 'Southeast', 'sureste'],
];
const CITIES = ['Norman', 'Moore', 'Oklahoma City', 'Edmond', 'Yukon', 'Mustang'];
const OTHER_CITIES = ['Tulsa', 'Dallas', 'Wichita', 'Lawton', 'Stillwater', 'Amarillo'];
const WORDS = Object.keys(confusions.heard);
const heard: Readonly<Record<string, readonly string[]>> = confusions.heard;

interface Street {
  readonly words: readonly string[];
  /** For a street that is a number: 40 is 40th. */
  readonly ordinal: number | null;
  readonly type: number;
  readonly direction: number | null;
}

export interface Listing {
  readonly property: ListedProperty;
  readonly house: number;
  readonly street: Street;
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

function randomStreet(random: Random, words: readonly string[]): Street {
  const ordinal = random.chance(10) ? random.whole(1, 99) : null;
  const two = random.chance(35);
  return {
    words: ordinal !== null ? [] : two ? [random.pick(words), random.pick(words)] : [random.pick(words)],
    ordinal,
    type: random.whole(0, TYPES.length - 1),
    direction: random.chance(30) || ordinal !== null ? random.whole(0, DIRECTIONS.length - 1) : null,
  };
}

function writeStreet({ words, ordinal, type, direction }: Street): string {
  const name = ordinal === null ? words.map(capital).join(' ') : writeOrdinal(ordinal);
  return [direction === null ? '' : (DIRECTIONS[direction]?.[0] ?? ''), name, TYPES[type]?.[0] ?? '']
    .filter((part) => part !== '')
    .join(' ');
}

function randomHouse(random: Random): number {
  return random.chance(30) ? random.whole(1, 99) * 100 : random.whole(100, random.chance(80) ? 9999 : 15999);
}

/** Houses, and buildings with a few units. */
export function makeListings(random: Random, size: number): Listing[] {
  const listings: Listing[] = [];
  const known = new Set<string>();
  while (listings.length < size) {
    const street = randomStreet(random, WORDS);
    const house = randomHouse(random);
    const address = `${house} ${writeStreet(street)}`;
    const city = random.pick(CITIES);
    // Two listed homes of one number whose streets differ in type alone can only be asked about.
    const key = `${house} ${street.words.join('')} ${street.ordinal}`;
    if (known.has(key)) continue;
    known.add(key);
    const units = random.chance(25) ? random.whole(1, 4) : 0;
    const fields = { city, bedrooms: random.whole(0, 4), rent: random.whole(60, 240) * 10 };
    if (units === 0) listings.push({ property: home(address, fields), house, street });
    for (let at = 0; at < units; at += 1) {
      const unit = random.chance(70) ? String(random.whole(1, 40) + at * 41) : 'ABCD'.charAt(at);
      listings.push({ property: home(address, { ...fields, unit }), house, street });
    }
  }
  return listings.slice(0, size);
}

/** What a transcript makes of a word. */
function hearWord(word: string, random: Random, percent: number): string {
  const others = heard[word];
  return others !== undefined && others.length > 0 && random.chance(percent) ? random.pick(others) : word;
}

function sayStreet({ words, ordinal, type, direction }: Street, random: Random, misheard: number): string {
  let name = ordinal === null ? '' : random.chance(50) ? writeOrdinal(ordinal) : sayOrdinal(ordinal);
  // One word of a street is misheard, seldom both.
  const wrong = random.whole(0, Math.max(0, words.length - 1));
  const said = words.map((word, at) => hearWord(word, random, at === wrong ? misheard : misheard / 8));
  if (ordinal === null) name = random.chance(10) ? said.join('') : said.join(' ');
  const saidType = random.chance(45)
    ? (TYPES[type]?.[1] ?? '')
    : random.chance(60)
      ? ''
      : (random.pick(TYPES)[1] ?? '');
  const saidDirection = direction === null || random.chance(30) ? '' : (DIRECTIONS[direction]?.[1] ?? '');
  return [saidDirection, name, saidType].filter((part) => part !== '').join(' ');
}

function sayUnit(unit: string, random: Random): string {
  const number = /^\d+$/.test(unit) ? sayNumber(Number(unit), random) : unit;
  return `${random.pick(['unit', 'apartment', 'number', '#', 'apt'])} ${number}`;
}

const OPENINGS = [
  '',
  '',
  '',
  "I'm calling about ",
  'the house at ',
  "I'd like to see ",
  'the place at ',
  'the one at ',
  'um, it is ',
  'yeah the rental on ',
];

/** @param misheard of a hundred streets, so many have a word that is misheard */
export function askFor({ property, house, street }: Listing, random: Random, misheard: number): string {
  const number = sayNumber(house, random);
  const name = sayStreet(street, random, misheard);
  const { unit, city } = property;
  const saysUnit = unit !== null && random.chance(70);
  const unitText = saysUnit ? sayUnit(unit, random) : '';
  const place = random.chance(35)
    ? ` ${random.pick(['in ', '', ', '])}${city ?? ''}${random.chance(30) ? ', Oklahoma' : ''}`
    : '';
  const address =
    saysUnit && random.chance(30)
      ? `${unitText} at ${number} ${name}`
      : `${number} ${name} ${unitText}`.trimEnd();
  return random.pick(OPENINGS) + address + place;
}

export function askInSpanish({ property, house, street }: Listing, random: Random): string {
  const number = random.chance(40) ? String(house) : sayNumberInSpanish(house);
  const name =
    street.ordinal === null ? street.words.join(' ') : `calle ${sayNumberInSpanish(street.ordinal)}`;
  const direction = street.direction === null ? '' : ` ${DIRECTIONS[street.direction]?.[2] ?? ''}`;
  const { unit } = property;
  const unitText =
    unit === null ? '' : ` apartamento ${/^\d+$/.test(unit) ? sayNumberInSpanish(Number(unit)) : unit}`;
  return `${random.pick(['', 'la casa de ', 'quiero ver ', 'llamo por la propiedad en '])}${number}${direction} ${name}${unitText}`;
}

/** Addresses that are not listed; those that are by chance are left out. */
export function askForStranger(listings: readonly Listing[], random: Random): string | null {
  const listed = random.pick(listings);
  const kind = random.whole(0, 3);
  const streets = new Set(
    listings.map(({ house, street }) => `${house} ${street.words.join(' ')} ${street.ordinal}`),
  );
  if (kind === 3) {
    const { property, house, street } = listed;
    return `${sayNumber(house, random)} ${sayStreet(street, random, 0)} ${random.pick(['in ', 'in ', ''])}${random.pick(OTHER_CITIES)}${property.unit === null ? '' : ` unit ${property.unit}`}`;
  }
  // Another street altogether, a listed number on another street, or a listed street with another number.
  const street = kind === 2 ? listed.street : randomStreet(random, confusions.strangers);
  const house = kind === 1 ? listed.house : randomHouse(random);
  if (streets.has(`${house} ${street.words.join(' ')} ${street.ordinal}`)) return null;
  return random.pick(OPENINGS) + `${sayNumber(house, random)} ${sayStreet(street, random, 0)}`;
}
