// A plain yes. Hazard: a home that the caller turned down. Every word counts: "right, but the other one" is no yes.
import { NEGATIONS, SOFT_STREET_TYPES, STREET_TYPES } from './address-words.ts';
import { normaliseText } from './normalise-text.ts';

/** Before the yes: these say nothing. */
const HESITATION = 'uh|um|er|hmm|oh|ah|ok|okay|well|eh|pues|bueno';
/** The longer phrase first. */
const REAL_YES =
  'yes|yeah|yep|yup|correct|right|exactly|sure|thats (?:right|correct)|that is (?:right|correct)|si|claro|correcto|exacto';
/** They agree by pointing at what was proposed. */
const POINTERS = 'that one|thats (?:it|the one)|that is (?:it|the one)|the one|esa|ese|eso';
const YES = `${REAL_YES}|${POINTERS}`;
const PLAIN_YES = new RegExp(`^(?:(?:${HESITATION}) )*(?:${YES})(?= |$)`);
const REAL_YES_FIRST = new RegExp(`^(?:(?:${HESITATION}) )*(?:${REAL_YES})(?= |$)`);
const MORE_YES = new RegExp(`(?<= |^)(?:${YES})(?= |$)`, 'g');
/** They agree once more, and name nothing. */
const AGREEMENT =
  /(?<= |^)(?:thats|that|it|this|works|sounds|looks|good|great|fine|perfect|perfectly|lovely|wonderful|excellent|absolutely|definitely|certainly|of course|all right|alright|go|ahead|lets|sir|maam|me|for|too|misma|mismo|perfecto|perfecta|excelente|bien|muy|suena|parece|adelante|dale|vale|vamos|de acuerdo|desde luego|por supuesto|exactamente|senor|senora|senorita)(?= |$)/g;
/** After these a street or a building is named: "the one on Good Street". */
const PLACE_SIGN = /(?<= |^)(?:on|at|in|near|by|called|named|en|cerca|sobre|calle|avenida)(?= |$)/;
/** These deny the yes, or ask a question. */
const NO_YES: ReadonlySet<string> = new Set([
  ...NEGATIONS,
  ...'no nope nah never but pero what which where when who how cual donde cuando'.split(' '),
]);

/**
 * What is said besides "yes" to a home that was proposed: "yes, the one on Main" leaves "the one on main".
 * @returns null if the words do not begin with a yes, or deny it; empty if nothing else was said.
 */
export function besidesYes(text: string): string | null {
  const plain = normaliseText(text);
  if (!PLAIN_YES.test(plain) || plain.split(' ').some((word) => NO_YES.has(word))) return null;
  return plain.replace(PLAIN_YES, '').replace(MORE_YES, ' ').replace(/ +/g, ' ').trim();
}

/** Whether the words begin with a yes that says more than "that one", which points at whatever was asked about. */
export function beginsWithRealYes(text: string): boolean {
  return REAL_YES_FIRST.test(normaliseText(text));
}

/**
 * What is left of the words besides a yes without those that only agree: "that works", "go ahead", "perfecto". Words about a street
 * stay as they are: "Good Street" is a name.
 * @param rest what `besidesYes` left
 */
export function withoutAgreement(rest: string): string {
  const isPlace = PLACE_SIGN.test(rest) || rest.split(' ').some((word) => isStreetType(word));
  return isPlace ? rest : rest.replace(AGREEMENT, ' ').replace(/ +/g, ' ').trim();
}

function isStreetType(word: string): boolean {
  return word !== 'place' && (STREET_TYPES.has(word) || SOFT_STREET_TYPES.has(word));
}
