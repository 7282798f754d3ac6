// A plain yes. Hazard: a home that the caller turned down. Every word counts: "right, but the other one" is no yes.
import { NEGATIONS } from './address-words.ts';
import { normaliseText } from './normalise-text.ts';

/** Before the yes: these say nothing. */
const HESITATION = 'uh|um|er|hmm|oh|ah|ok|okay|well|eh|pues|bueno';
/** The longer phrase first. */
const YES =
  'yes|yeah|yep|yup|correct|right|exactly|sure|that one|thats (?:it|right|the one|correct)|that is (?:it|right|the one|correct)|the one|si|claro|correcto|exacto|esa|ese|eso';
const PLAIN_YES = new RegExp(`^(?:(?:${HESITATION}) )*(?:${YES})(?= |$)`);
const MORE_YES = new RegExp(`(?<= |^)(?:${YES})(?= |$)`, 'g');
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
