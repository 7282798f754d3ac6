// A phone number in words: "three one two, five five five, oh one double one".
import { parsePhoneNumber } from '../../../core/identifiers.ts';
import { spokenNumbers } from '../words/number-words.ts';
import { foldText, MAX_LENGTH } from '../words/tokens.ts';

const FILLER = new Set(
  'my number is its the phone cell area code and mi numero es el de telefono codigo area y please por favor'.split(
    ' ',
  ),
);
const TIMES: Readonly<Record<string, number>> = { double: 2, triple: 3, doble: 2 };

/** E.164; a number without a country code is taken for one of North America. Null if some of the words are not read. */
export function readSpokenPhone(text: string): string | null {
  const digits = text.length > MAX_LENGTH ? null : toDigits(text);
  if (digits === null) return null;
  if (text.trim().startsWith('+')) return parsePhoneNumber(`+${digits}`);
  return parsePhoneNumber(digits.length === 10 ? `+1${digits}` : `+${digits}`);
}

function toDigits(text: string): string | null {
  const words = foldText(text)
    .replace(/(\d)[\s().\-/]+(?=\d)/g, '$1')
    .split(/[\s().,\-/+]+/)
    .filter((word) => word !== '' && !FILLER.has(word.replaceAll("'", '')));
  let digits = '';
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? '';
    const times = Object.hasOwn(TIMES, word) ? (TIMES[word] ?? 1) : 1;
    if (times > 1) i++;
    const said = words[i] ?? '';
    if (/^\d+$/.test(said)) digits += said.repeat(times);
    else if (said === 'oh' || said === 'o') digits += '0'.repeat(times);
    else if (said === 'hundred') digits += '00';
    else {
      const [number] = spokenNumbers(words, i).sort((a, b) => b.length - a.length);
      if (!number || number.isOrdinal) return null;
      digits += String(number.value).repeat(times);
      i += number.length - 1;
    }
  }
  return digits;
}
