// Speech recognisers and models write one thing in many ways: "2 30 p m", "2.30", "nine-thirty", curly quotes, accents
// or none. Here they become plain tokens. Nothing is dropped but apostrophes and the marks that say nothing.

/** Longer than this nothing is read: what would be cut off might take back the rest. In UTF-16 code units. */
export const MAX_LENGTH = 200;

/** A piece of a text: a word, digits, or a sign. */
export type Token =
  | { readonly kind: 'word'; readonly text: string }
  /** Digits as they were written. */
  | { readonly kind: 'digits'; readonly text: string }
  | { readonly kind: 'decimal'; readonly text: string }
  /** `3rd` */
  | { readonly kind: 'ordinal'; readonly text: string }
  /** `2:30`, `2.30`, `14h30`, `14h` */
  | { readonly kind: 'clock'; readonly hour: number; readonly minute: number; readonly is24: boolean }
  /** `12/3`, `12/3/2026`, `1.3.2026`: two numbers and perhaps a year. */
  | { readonly kind: 'slash_date'; readonly text: string }
  /** `2026-12-03` */
  | { readonly kind: 'iso_date'; readonly text: string }
  /** `America/New_York` */
  | { readonly kind: 'zone'; readonly text: string }
  | { readonly kind: 'comma' }
  | { readonly kind: 'dash' }
  /** What can be no part of any time. */
  | { readonly kind: 'unknown'; readonly text: string };

const PATTERNS: readonly (readonly [RegExp, (match: RegExpExecArray) => Token | null])[] = [
  [/\s+/y, () => null],
  [
    /(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?!\d)(?:t(?=\d))?/y,
    ([, year = '', month = '', day = '']) => ({ kind: 'iso_date', text: `${year}-${month}-${day}` }),
  ],
  [/[a-z]+\/[a-z_]{3,}(?:\/[a-z_]+)?/y, ([text]) => ({ kind: 'zone', text })],
  [/\d{1,2}\/\d{1,2}(?:\/(?:\d{4}|\d{2}))?(?![\d/])/y, ([text]) => ({ kind: 'slash_date', text })],
  [/\d{1,2}[-.]\d{1,2}[-.](?:\d{4}|\d{2})(?![\d.-])/y, ([text]) => ({ kind: 'slash_date', text })],
  [
    /(\d{1,2})[:.]([0-5]\d)(?::00(?:\.0+)?)?(?![\d:]|\.\d)/y,
    ([text, hour = '', minute = '']) => clock(text, hour, minute),
  ],
  [
    /(\d{1,2})\s?h(?:rs?)?\s?([0-5]\d)?(?![\da-z])/y,
    ([text, hour = '', minute = '00']) => clock(text, hour, minute, true),
  ],
  // Seconds, and what else is written like a time and is none.
  [/\d+(?:[:.]\d+)+(?::\d+|(?<=\d{3})|(?<=:\d+))(?![\d.])/y, ([text]) => ({ kind: 'unknown', text })],
  [/\d+\.\d(?!\d)/y, ([text]) => ({ kind: 'decimal', text })],
  [
    /(\d{1,2})(?:st|nd|rd|th|er|ro|ra|do|da|to|ta|vo|va|mo|ma|no|na)(?![a-z])/y,
    ([, text = '']) => ({ kind: 'ordinal', text }),
  ],
  [/([ap])\s*\.?\s*m(?![a-z])\.?/y, ([, half = '']) => ({ kind: 'word', text: `${half}m` })],
  [/(?<=\d)([ap])(?![a-z])\.?/y, ([, half = '']) => ({ kind: 'word', text: `${half}m` })],
  // Letters behind digits are read only if they may stand there: "4b" is no 4.
  [
    /\d+(?=[a-z])(?!\d*(?:[ap]\.?\s?m?\b|ish\b|h\b|hrs?\b|min|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|ene|abr|ago|dic|mon|tue|wed|thu|fri|sat|sun))[a-z]*/y,
    ([text]) => ({ kind: 'unknown', text }),
  ],
  [/\d+(?!['"\d%])/y, ([text]) => ({ kind: 'digits', text })],
  // "threeish", "noonish"
  [/ish(?![a-z])/y, () => ({ kind: 'word', text: 'ish' })],
  [
    /(?:noon|midday|afternoon|evening|morning|lunchtime|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|thirty|forty)(?=ish\b)/y,
    ([text]) => ({ kind: 'word', text }),
  ],
  [/[a-z]+(?:'[a-z]+)*'?/y, ([text]) => ({ kind: 'word', text: text.replaceAll("'", '') })],
  // A hyphen inside a word says nothing, but for one between names of days or months; all others are a dash, as in `2-4`.
  [
    /(?<=\b(?:mon|tue|wed|thu|fri|sat|sun|lun|mar|mie|jue|vie|sab|dom)[a-z]*)-(?=(?:mon|tue|wed|thu|fri|sat|sun|lun|mar|mie|jue|vie|sab|dom))/y,
    () => ({ kind: 'dash' }),
  ],
  [/(?<=[a-z])-(?=[a-z])/y, () => null],
  [/[-–—]+/y, () => ({ kind: 'dash' })],
  [/[.,](?=\s*[ap]\.?\s?m\b)/y, () => null],
  [/[,;:.!?¿¡]+/y, () => ({ kind: 'comma' })],
  [/@/y, () => ({ kind: 'word', text: 'at' })],
  [/&/y, () => ({ kind: 'word', text: 'and' })],
  [/#(?=\d)/y, () => ({ kind: 'word', text: 'number' })],
  [/["()[\]]/y, () => null],
  [/\S/y, ([text]) => ({ kind: 'unknown', text })],
];

/** The words of a phrase, lower case and without accents, with what stands between them. */
export function toTokens(text: string): Token[] {
  const plain = foldText(text);
  const tokens: Token[] = [];
  for (let place = 0; place < plain.length;) {
    let end = place + 1;
    for (const [pattern, make] of PATTERNS) {
      pattern.lastIndex = place;
      const match = pattern.exec(plain);
      if (!match) continue;
      end = place + Math.max(1, match[0].length);
      const token = make(match);
      if (token) tokens.push(token);
      break;
    }
    place = end;
  }
  return tokens;
}

/** Lower case, without accents, with plain quotes. */
export function foldText(text: string): string {
  return text
    .toLowerCase()
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/(\d)\.?[ºª°]/g, '$1th')
    .replace(/[’‘`´ʼ]/g, "'")
    .replace(/[“”«»]/g, '"');
}

/** A leading zero, as in `09:30`, is the clock of 24 hours. */
function clock(text: string, hour: string, minute: string, isMarked = false): Token {
  const hours = Number(hour);
  if (hours > 24 || (hours === 24 && minute !== '00')) return { kind: 'unknown', text };
  const is24 = isMarked ? hours > 12 || hours === 0 : hours > 12 || hour.startsWith('0');
  return { kind: 'clock', hour: hours, minute: Number(minute), is24 };
}
