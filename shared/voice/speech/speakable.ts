/** A spoken line is no longer than this. */
export const MAX_WORDS = 60;

/** How many words a line has: what spaces part. */
export function countWords(line: string): number {
  return line.split(/\s+/).filter((word) => word !== '').length;
}

/**
 * A text from outside, fit to be read aloud inside a line of ours: no control characters, no markup, no more than so
 * many words and characters, and nothing that would end a sentence early.
 */
export function toSpeakable(text: string, maxWords: number, maxCharacters = maxWords * 12): string {
  const words = text
    .normalize('NFC')
    .replace(/https?:\/\/\S*/gi, ' ')
    // Letters, numbers and the characters of names and addresses; everything else becomes a gap, control characters and marks of direction, too.
    .replace(/[^\p{L}\p{M}\p{N} ,.'’#&/:?!¿¡+@-]/gu, ' ')
    .split(/\s+/)
    .filter((word) => /[\p{L}\p{N}]/u.test(word));
  const cut = words.slice(0, maxWords).join(' ');
  const short =
    cut.length > maxCharacters
      ? cut.slice(0, maxCharacters).replace(/\s*\S*$/, '') || cut.slice(0, maxCharacters)
      : cut;
  return short.replace(/\p{Cs}/gu, '').replace(/[\s,.:;/#&!?-]+$/u, '');
}
