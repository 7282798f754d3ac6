// What a caller looks for, read from their words or a model's arguments. A filter is only what the caller names.
import { isFairHousingFlagged } from '../fair-housing.ts';
import { readNumber } from '../match/number-words.ts';
import { normaliseText } from '../match/normalise-text.ts';
import { readSpokenText } from '../match/spoken-text.ts';

/** What a caller looks for. Null: the caller did not name it, so it is no filter. */
export interface Criteria {
  /** Inclusive; `max` null is "or more". 0 is a studio. */
  readonly bedrooms: { readonly min: number; readonly max: number | null } | null;
  /** US dollars a month, inclusive. */
  readonly maxRent: number | null;
  /** A city, a postal code, a street or a community's name, as it was said. */
  readonly area: string | null;
  readonly pets: 'dog' | 'cat' | 'both' | null;
  /** Local date, `YYYY-MM-DD`: a home fits that can be moved into by then. */
  readonly moveInBy: string | null;
  readonly feature: string | null;
}

/** No filter: every home fits. */
export const NO_CRITERIA: Criteria = {
  bedrooms: null,
  maxRent: null,
  area: null,
  pets: null,
  moveInBy: null,
  feature: null,
};

/** Texts as they come in. `moveInBy` is read already: words for days are not read here. */
export interface CriteriaTexts {
  readonly bedrooms?: string;
  readonly max_rent?: string;
  readonly area?: string;
  readonly pets?: string;
  readonly feature?: string;
  readonly moveInBy?: string | null;
}

/** Longer than this no text is read: what would be cut off might take back the rest. */
const MAX_LENGTH = 200;
const FIELDS = ['bedrooms', 'max_rent', 'area', 'pets', 'feature'] as const;

/** The filters, or the first field whose text cannot be read. */
export type CriteriaReading =
  | { readonly ok: true; readonly criteria: Criteria }
  /** A text that says nothing that can be searched by. */
  | { readonly ok: false; readonly field: (typeof FIELDS)[number] };

/**
 * Reads what a caller looks for. A text that is empty is no filter; one that cannot be read is named by its field. A feature that
 * would choose by a protected class (Fair Housing Act) counts as unreadable.
 */
export function readCriteria(texts: CriteriaTexts): CriteriaReading {
  const tooLong = FIELDS.find((field) => (texts[field] ?? '').length > MAX_LENGTH);
  if (tooLong !== undefined) return { ok: false, field: tooLong };
  if (isSaid(texts.area) && OTHER_AREA.test(normaliseText(texts.area))) return { ok: false, field: 'area' };
  const bedrooms = isSaid(texts.bedrooms) ? readBedrooms(texts.bedrooms) : null;
  if (bedrooms === 'unreadable') return { ok: false, field: 'bedrooms' };
  const maxRent = isSaid(texts.max_rent) ? readMaxRent(texts.max_rent) : null;
  if (maxRent === 'unreadable') return { ok: false, field: 'max_rent' };
  const pets = isSaid(texts.pets) ? readPets(texts.pets) : null;
  if (pets === 'unreadable') return { ok: false, field: 'pets' };
  // Steering by who lives where is forbidden, so such a wish is not used as a filter.
  if (isSaid(texts.feature) && isFairHousingFlagged(texts.feature)) return { ok: false, field: 'feature' };
  return {
    ok: true,
    criteria: {
      bedrooms,
      maxRent,
      area: isSaid(texts.area) ? texts.area.trim() : null,
      pets,
      moveInBy: texts.moveInBy ?? null,
      feature: isSaid(texts.feature) ? texts.feature.trim() : null,
    },
  };
}

const NO_WISH = /^(?:any|anything|anywhere|whatever|no preference|doesnt matter|cualquiera|no importa)$/;

function isSaid(text: string | undefined): text is string {
  return text !== undefined && text.trim() !== '' && !NO_WISH.test(normaliseText(text));
}

/** "No more than two", "no cats, just a dog": what is ruled out is asked about, never taken for what is wanted. */
const NEGATION = /\b(?:no|not|none|dont|without|except|sin|ni|excepto|ningun[ao]?)\b/;
const OTHER_AREA = /\b(?:no|not|but|except|without|outside|other than|menos|excepto|fuera de)\b/;
/** A search takes a number of bedrooms or a least one, no greatest. */
const AT_MOST = /\b(?:up to|at most|maximum|less|fewer|under|below|menos de|hasta|maximo)\b/;
/** All of the words: behind "no cats" a dog may come. */
const NO_PETS =
  /^(?:(?:i|we) (?:have )?)?(?:no|none|nope|dont|without|sin|ningun[ao]?)(?: (?:i|we|dont|do|not|have|any|at|all|tengo|tenemos|pets?|animals?|animal|animales|mascotas?|dogs?|cats?|perros?|gatos?|or|nor|ni|o|ningun[ao]?|please|thanks|thank|you|gracias|por|favor))*$/;

/** "No pets, just me": without an animal beside it there are none. */
const NOTHING_FIRST = /^(?:no|none|nope|ningun[ao]?|sin)\b/;

/** "2", "2+", "two or more", "at least two", "one or two", "studio". */
export function readBedrooms(text: string): Criteria['bedrooms'] | 'unreadable' {
  const plain = normaliseText(text.replace(/\+/g, ' or more '));
  if (NEGATION.test(plain) || AT_MOST.test(plain)) return 'unreadable';
  if (/\b(?:studio|efficiency|estudio)\b/.test(plain)) return { min: 0, max: 0 };
  const counts = numbersIn(
    plain
      .replace(/\b(?:or|o)\b(?= (?:more|mas))/g, ' ')
      .replace(/\b(?:bed|bd|br|rec|hab|dorm|cuarto)\w*/g, ' '),
  );
  const [first, second, ...others] = counts;
  if (first === undefined || others.length > 0 || counts.some((count) => count > 12)) return 'unreadable';
  if (second !== undefined) return first < second ? { min: first, max: second } : 'unreadable';
  if (/\b(?:more|least|minimum|up|mas|menos|minimo)\b/.test(plain)) return { min: first, max: null };
  return { min: first, max: first };
}

/** "1100", "$1,100", "under eleven hundred", "1.1k", "between 900 and 1,100", "mil cien". */
export function readMaxRent(text: string): number | 'unreadable' {
  if (isAtLeast(normaliseText(text))) return 'unreadable';
  const written = text
    .replace(/(\d+(?:[.,]\d+)?)\s*k\b/gi, (_, thousands: string) =>
      String(Math.round(Number(thousands.replace(',', '.')) * 1_000)),
    )
    .replace(/\$|\busd\b|\bdollars?\b|\bd[oó]lares\b|\bbucks\b/gi, ' ')
    .replace(/(?:\ba|\bper|\bal|\bpor)? ?\b(?:month|mes|monthly|mensual(?:es)?)\b/gi, ' ')
    .replace(/(\d)\.\d{1,2}(?!\d)/g, '$1')
    .replace(/(\d)\.(?=\d{3}(?!\d))/g, '$1');
  const amounts = numbersIn(normaliseText(written));
  const last = amounts.at(-1);
  const isRange = amounts.length === 2 && (amounts[0] ?? 0) < (amounts[1] ?? 0);
  if (last === undefined || last <= 0 || last > 1_000_000 || (amounts.length > 1 && !isRange))
    return 'unreadable';
  return last;
}

/** "At least 900", "no less than 900": no highest rent. "No more than 900" is one, and so is "more or less 900". */
function isAtLeast(said: string): boolean {
  const plain = said.replace(/\b(?:mas o menos|more or less|(?:a|por) lo mas)\b/g, ' ');
  const isNegated = /\b(?:no|not)\b/.test(plain);
  return isNegated
    ? /\b(?:no|not) (?:less|under|below|menos)\b/.test(plain)
    : /\b(?:at least|minimum|more|over|above|up(?! to)|al menos|mas|minimo)\b/.test(plain);
}

function numbersIn(plain: string): number[] {
  return readSpokenText(plain.replace(/\b(?:one|uno|una|un)\b/g, '1')).runs.map(({ words }) =>
    Number(readNumber(words)?.digits ?? Number.NaN),
  );
}

/** Assistance animals are not pets, and so no filter. */
export function readPets(text: string): Criteria['pets'] | 'unreadable' {
  const plain = normaliseText(text);
  if (/\b(?:assistance|service|support|guide|asistencia|servicio|apoyo|guia)\b/.test(plain)) return null;
  if (NO_PETS.test(plain)) return null;
  const dog = /\b(?:dogs?|pup(?:py|pies|s)?|doggy|perr[oa]s?|perritos?|cachorros?)\b/.test(plain);
  const cat = /\b(?:cats?|kitt(?:en|ens|y|ies)|gat[oa]s?|gatitos?)\b/.test(plain);
  const isBoth = (dog && cat) || /\bboth\b|\bambos\b/.test(plain);
  if (!dog && !cat && !isBoth && NOTHING_FIRST.test(plain)) return null;
  if (NEGATION.test(plain)) return 'unreadable';
  if (isBoth) return 'both';
  if (dog) return 'dog';
  if (cat) return 'cat';
  return 'unreadable';
}
