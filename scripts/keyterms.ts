// Names that callers say, for a transcriber that takes them. Deepgram boosts 100 terms of 500 tokens in all; over that
// limit it stops transcribing, so less is sent.
import { z } from 'zod';
import { NO_FIELDS, PROPERTY_STATUSES } from '../shared/properties/property.ts';
import type { ListedProperty } from '../shared/properties/property.ts';
import { createRentalsClient } from './rentals-client.ts';
import { parseListing } from '../shared/properties/match/parse-listing.ts';

const MAX_TERMS = 100;
const MAX_TOKENS = 500;
/** A name has rarely more than a token for each 3 characters; the space before it counts too. */
const CHARACTERS_PER_TOKEN = 3;

/** The names of streets and communities, those of the most homes first. */
export function keytermsOf(properties: readonly ListedProperty[]): string[] {
  const counts = new Map<string, number>();
  for (const property of properties) {
    if (property.status === 'hidden' || property.status === 'rented') continue;
    const names = parseListing(property).names.filter(({ isPartial }) => !isPartial);
    const words = names.map((name) => name.words.map(capital).join(' '));
    for (const name of new Set(words)) if (name.length > 2) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const sorted = [...counts].sort(([a, countA], [b, countB]) => countB - countA || a.localeCompare(b, 'en'));
  return sorted.map(([name]) => name);
}

/** The terms that stand already, and as many of the new ones as fit. */
export function mergeKeyterms(standing: readonly string[], added: readonly string[]): string[] {
  const merged: string[] = [];
  const known = new Set<string>();
  let tokens = 0;
  for (const term of [...standing, ...added]) {
    const key = term.toLowerCase();
    const cost = Math.ceil((term.length + 1) / CHARACTERS_PER_TOKEN);
    if (known.has(key) || merged.length >= MAX_TERMS || tokens + cost > MAX_TOKENS) continue;
    known.add(key);
    tokens += cost;
    merged.push(term);
  }
  return merged;
}

function capital(word: string): string {
  return `${word.charAt(0).toUpperCase()}${word.slice(1)}`;
}

const listed = z.object({
  address: z.string(),
  unit: z.string().nullable(),
  city: z.string().nullable(),
  name: z.string().nullable(),
  aliases: z.array(z.string()),
  status: z.enum(PROPERTY_STATUSES),
});

/** The names of a manager's homes, read from a running app. @throws if the app refuses */
export async function readKeyterms(app: string, key: string, userId: string): Promise<string[]> {
  const rows = await createRentalsClient(app, key).list(userId);
  return keytermsOf(
    rows.map((row) => {
      const home = listed.parse(row);
      return { ...NO_FIELDS, ...home, propertyId: home.address, userId, source: null };
    }),
  );
}
