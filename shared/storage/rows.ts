// Keys and properties of rows.
import { hashText } from '../core/hash.ts';
import { rememberResults } from '../core/remember.ts';
import type { Row } from './tables.ts';

/** The form of every row that is written now, in its property `version`. A change that old code cannot read raises it. */
export const ROW_VERSION = 1;

// Table Storage takes strings of up to 32,768 UTF-16 units.
const CHUNK_LENGTH = 32_000;

const hashOf = rememberResults(5_000, (userId: string) => hashText('manager', userId));

/** The partition of one manager. */
export function managerKey(userId: string): string {
  return hashOf(userId);
}

/** One property as text; null if it is missing or of another kind. */
export function textOf(row: Row, name: string): string | null {
  const value = row[name];
  return typeof value === 'string' ? value : null;
}

/** One property as a number; null if it is missing or of another kind. */
export function numberOf(row: Row, name: string): number | null {
  const value = row[name];
  return typeof value === 'number' ? value : null;
}

/** One property that holds JSON; null if it is missing. @throws SyntaxError if it is not JSON */
export function jsonOf(row: Row, name: string): unknown {
  return JSON.parse(textOf(row, name) ?? 'null');
}

/** Spreads a text over as many properties as Table Storage's limits ask for: `name0`, `name1`, ... */
export function splitText(name: string, text: string): Record<string, string> {
  return Object.fromEntries(
    Array.from({ length: Math.ceil(text.length / CHUNK_LENGTH) }, (_, index) => [
      `${name}${index}`,
      text.slice(index * CHUNK_LENGTH, (index + 1) * CHUNK_LENGTH),
    ]),
  );
}

/** The row with another text in the place of one that `splitText` spread. Nothing of a longer one is left. */
export function replaceText(row: Row, name: string, text: string): Row {
  const isChunk = (property: string): boolean =>
    property.startsWith(name) && /^\d+$/.test(property.slice(name.length));
  const { partitionKey, rowKey } = row;
  const others = Object.entries(row).filter(([property]) => !isChunk(property));
  return { ...Object.fromEntries(others), partitionKey, rowKey, ...splitText(name, text) };
}

/** Puts together what `splitText` spread; empty if there is nothing. */
export function joinText(name: string, row: Row): string {
  const chunks: string[] = [];
  for (let value = row[`${name}0`]; typeof value === 'string'; value = row[`${name}${chunks.length}`]) {
    chunks.push(value);
  }
  return chunks.join('');
}
