import type { Row } from './tables.ts';

// Table Storage takes strings of up to 32,768 UTF-16 units.
const CHUNK_LENGTH = 32_000;

/** Spreads a text over as many properties as the limits of Table Storage ask for: `name0`, `name1`, ... */
export function splitText(name: string, text: string): Record<string, string> {
  return Object.fromEntries(
    Array.from({ length: Math.ceil(text.length / CHUNK_LENGTH) }, (_, index) => [
      `${name}${index}`,
      text.slice(index * CHUNK_LENGTH, (index + 1) * CHUNK_LENGTH),
    ]),
  );
}

/** Puts together what `splitText` spread; empty where there is nothing. */
export function joinText(name: string, row: Row): string {
  const chunks: string[] = [];
  for (let value = row[`${name}0`]; typeof value === 'string'; value = row[`${name}${chunks.length}`]) {
    chunks.push(value);
  }
  return chunks.join('');
}
