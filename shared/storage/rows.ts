import type { Row } from './tables.ts';

/** Reads one property of a row; null where it is absent or of another kind. */
export function textOf(row: Row, name: string): string | null {
  const value = row[name];
  return typeof value === 'string' ? value : null;
}

export function numberOf(row: Row, name: string): number | null {
  const value = row[name];
  return typeof value === 'number' ? value : null;
}

export function jsonOf(row: Row, name: string): unknown {
  return JSON.parse(textOf(row, name) ?? 'null');
}
