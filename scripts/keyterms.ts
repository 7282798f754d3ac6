// Names that callers say, for a transcriber that takes them. Deepgram boosts 100 terms of 500 tokens in all; over that
// limit it stops transcribing, so less is sent.
import { z } from 'zod';
import { NO_FIELDS, PROPERTY_STATUSES } from '../shared/properties/property.ts';
import type { ListedProperty } from '../shared/properties/property.ts';
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

const listSchema = z.object({
  properties: z.array(
    z.looseObject({
      address: z.string(),
      unit: z.string().nullish(),
      city: z.string().nullish(),
      name: z.string().nullish(),
      aliases: z.array(z.string()).nullish(),
      status: z.enum(PROPERTY_STATUSES),
    }),
  ),
  next: z.string().nullish(),
});

/** The names of a manager's homes, read from a running app. @throws if the app refuses */
export async function readKeyterms(app: string, userId: string | undefined): Promise<string[]> {
  if (userId === undefined) throw new Error('--homes needs --user-id: whose homes are they?');
  const key = process.env['FUNCTION_KEY'];
  const homes: ListedProperty[] = [];
  let next: string | null = '';
  while (next !== null) {
    const query: string = next === '' ? '' : `?next=${encodeURIComponent(next)}`;
    const url = new URL(`/managers/${encodeURIComponent(userId)}/properties${query}`, app);
    const response = await fetch(url, { headers: key === undefined ? {} : { 'x-functions-key': key } });
    if (!response.ok) throw new Error(`${url.pathname} answered ${response.status}`);
    const page = listSchema.parse(await response.json());
    for (const { address, unit, city, name, aliases, status } of page.properties) {
      homes.push({
        ...NO_FIELDS,
        propertyId: address,
        userId,
        source: null,
        address,
        unit: unit ?? null,
        city: city ?? null,
        name: name ?? null,
        aliases: aliases ?? [],
        status,
      });
    }
    next = page.next ?? null;
  }
  return keytermsOf(homes);
}
