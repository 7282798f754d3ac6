// An e-mail address, as it is said on the phone: "ann dot lee at example dot com", "ana guion bajo paz arroba ejemplo
// punto com". Hazard: an invitation with a home's address in it that goes to a stranger. What is not certain is unread.
import { parseEmail } from '../../../core/identifiers.ts';
import { spokenNumbers } from '../words/number-words.ts';
import { foldText, MAX_LENGTH } from '../words/tokens.ts';

const SIGNS: readonly (readonly [words: RegExp, sign: string])[] = [
  [/(?:at sign|at|arroba)/, '@'],
  [/(?:dot|period|point|punto)/, '.'],
  [/(?:underscore|under score|guion bajo|guion abajo|linea baja)/, '_'],
  [/(?:dash|hyphen|minus|guion medio|guion)/, '-'],
  [/(?:plus sign|plus|mas)/, '+'],
];

/**
 * @returns the address in lower case; null if it is none, or if some of it may be written in more than one way: "ann lee
 * at example dot com" does not tell what stands between the names.
 */
export function readSpokenEmail(text: string): string | null {
  if (text.length > MAX_LENGTH) return null;
  // What is written with an accent is another address without it; a name that is said has none.
  if (text.includes('@') && /[^ -~]/.test(text)) return null;
  let written = foldText(text)
    .replace(/(?:[\s.,;!?]+(?:please|thanks|thank you|por favor|gracias))?[\s.,;!?]*$/, '')
    .trim();
  for (const [words, sign] of SIGNS) {
    written = written.replace(new RegExp(`(?<![^\\s])${words.source}(?![^\\s])`, 'g'), sign);
  }
  const [local, domain, ...more] = written.split('@').map((part) => part.trim());
  if (local === undefined || domain === undefined || more.length > 0) return null;
  const name = join(local, false);
  const host = join(domain, true);
  return name === null || host === null ? null : parseEmail(`${name}@${host}`);
}

/** Spelled letters, numbers and signs without the gaps between them. */
function join(part: string, isDomain: boolean): string | null {
  const words = part.split(/\s+/).filter((word) => word !== '');
  let joined = '';
  let wasWord = false;
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? '';
    const [number] = spokenNumbers(words, i).sort((a, b) => b.length - a.length);
    if (number && !number.isOrdinal && words.length > 1) {
      joined += String(number.value);
      i += number.length - 1;
      wasWord = false;
      continue;
    }
    const isWord = /[a-z]{2}/.test(word);
    // Two names beside each other: nothing says what is between them. A domain's name has no gaps: "my house dot com".
    if (isWord && wasWord && (!isDomain || joined.includes('.'))) return null;
    joined += word;
    wasWord = isWord && /[a-z]$/.test(word);
  }
  return joined === '' ? null : joined;
}
