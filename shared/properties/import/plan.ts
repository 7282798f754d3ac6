// What an import would change. No I/O and no clock: everything is passed in, and the result says what to write.
import { hashText } from '../../core/hash.ts';
import { findFairHousingWords } from '../fair-housing.ts';
import { fieldsOf, isSame, setByOperator } from '../stored-home.ts';
import type { StoredHome } from '../stored-home.ts';
import type { PropertyPatch } from '../property.ts';
import type { Listing, ParsedListings, Unreadable, UnreadableListing } from './listing.ts';

/** What an import is planned from. */
export interface ImportInput {
  readonly userId: string;
  /** Null: rows are added and changed only, as if an operator had entered them. */
  readonly source: string | null;
  readonly parsed: ParsedListings;
  /** All homes of the manager. */
  readonly homes: readonly StoredHome[];
  /** The ids of the homes of the portfolio's other managers. */
  readonly otherIds: ReadonlySet<string>;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** What an import would write and report. */
export interface ImportPlan {
  /** The homes as they should be from now on: new and changed ones alone. */
  readonly writes: readonly StoredHome[];
  readonly added: number;
  readonly changed: number;
  readonly unchanged: number;
  /** Homes that leave the source with this import. */
  readonly gone: readonly StoredHome[];
  /** How many homes the source listed before. */
  readonly listedBefore: number;
  readonly unreadable: readonly Unreadable[];
  readonly warnings: readonly string[];
  /** The homes that become `rented`, for any reason. */
  readonly rented: readonly string[];
}

/** A source must lose more homes than this, and more than half, before anybody is asked. */
const MAX_QUIET_LOSS = 3;
const MAX_WARNINGS = 100;

/** Compares a listing file with the stored homes. Rows that cannot be used are in `unreadable`, and change nothing. */
export function planImport(input: ImportInput): ImportPlan {
  const { userId, source, parsed, now } = input;
  const before = new Map(input.homes.map((home) => [home.propertyId, home]));
  const unreadable = [...parsed.unreadable];
  const warnings = new Warnings(parsed.warnings);
  const seen = new Map<string, string>();
  const writes: StoredHome[] = [];
  let [added, unchanged] = [0, 0];

  for (const listing of parsed.listings) {
    const id = idOf(userId, source, listing);
    const home = before.get(id) ?? null;
    const why = refusal(id, home, input, seen);
    if (why !== null) {
      unreadable.push({ at: listing.at, ...why });
      continue;
    }
    seen.set(id, listing.at);
    warnings.check(listing);
    const after = merge(home, id, listing, source, now);
    if (!home) added++;
    else if (isUnchanged(home, after)) unchanged++;
    if (!home || !isUnchanged(home, after)) writes.push(after);
  }

  const changed = writes.length - added;
  const isListed = (home: StoredHome) => home.source === source && home.leftAt === null;
  const listedBefore = source === null ? 0 : input.homes.filter(isListed).length;
  const { stay, isUnidentified } = unreadHomes(input);
  if (isUnidentified && source !== null) {
    warnings.add('A row that could not be read names no home, so no home is taken to have left');
  }
  const gone =
    source === null || isUnidentified
      ? []
      : input.homes.filter(
          (home) => isListed(home) && !seen.has(home.propertyId) && !stay.has(home.propertyId),
        );
  const left = gone.map((home) => ({ ...home, leftAt: now }));
  const all = [...writes, ...left];
  return {
    writes: all,
    added,
    changed,
    unchanged,
    gone: left,
    listedBefore,
    unreadable,
    warnings: warnings.list(),
    rented: all
      .filter((home) => turnsRented(before.get(home.propertyId), home))
      .map((home) => home.propertyId),
  };
}

/** Whether a source would lose so much that somebody, or a second run, must say so first. */
export function isShrinking(plan: Pick<ImportPlan, 'gone' | 'listedBefore'>): boolean {
  return plan.gone.length > MAX_QUIET_LOSS && plan.gone.length * 2 > plan.listedBefore;
}

/** A key that is equal for two runs that would lose the same homes. */
export function lossKey(plan: Pick<ImportPlan, 'gone'>): string {
  return hashText(...plan.gone.map(({ propertyId }) => propertyId).sort());
}

/** The same after every import: the operator's own id, or one from source and external id, or from address and unit. */
export function idOf(
  userId: string,
  source: string | null,
  listing: Pick<Listing, 'propertyId' | 'externalId' | 'fields'>,
): string {
  if (listing.propertyId !== null) return listing.propertyId;
  const { externalId, fields } = listing;
  const key =
    source !== null && externalId !== null
      ? ['listing', userId, source, externalId]
      : [
          'address',
          userId,
          normal(fields.address),
          normal(fields.unit),
          normal(fields.postalCode ?? fields.city),
        ];
  return `p-${hashText(...key).slice(0, 20)}`;
}

function normal(text: string | null | undefined): string {
  return (text ?? '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

function refusal(
  id: string,
  home: StoredHome | null,
  { source, otherIds }: ImportInput,
  seen: ReadonlyMap<string, string>,
): Omit<Unreadable, 'at'> | null {
  const first = seen.get(id);
  if (first !== undefined) return { field: 'property_id', why: `is the same home as ${first}` };
  if (otherIds.has(id)) {
    return { field: 'property_id', why: 'another manager of the portfolio has a property with this id' };
  }
  if (!home || source === null || home.source === source) return null;
  const owner = home.source === null ? 'was entered by hand' : `belongs to the source ${home.source}`;
  return { field: 'property_id', why: `the property with this id ${owner}` };
}

function merge(
  home: StoredHome | null,
  propertyId: string,
  listing: Listing,
  source: string | null,
  now: number,
): StoredHome {
  if (source === null) {
    const blank: StoredHome = { propertyId, source: null, listed: {}, own: {}, leftAt: null, seenAt: null };
    const base = home ?? blank;
    const fields = keepDate(listing, fieldsOf(base));
    const kept = Object.entries(base.own).filter(([name]) => !Object.hasOwn(fields, name));
    return { ...base, own: { ...Object.fromEntries(kept), ...setByOperator(home, fields) } };
  }
  return {
    propertyId,
    source,
    listed: keepDate(listing, home?.listed ?? {}),
    own: home?.own ?? {},
    leftAt: null,
    seenAt: now,
  };
}

/** A home that is available "now" has been so since it was first said. */
function keepDate({ fields, isAvailableNow }: Listing, before: PropertyPatch): PropertyPatch {
  const known = before.availableOn ?? null;
  if (!isAvailableNow || known === null || known > (fields.availableOn ?? '')) return fields;
  return { ...fields, availableOn: known };
}

function isUnchanged(before: StoredHome, after: StoredHome): boolean {
  return (
    before.leftAt === after.leftAt && isSame(before.listed, after.listed) && isSame(before.own, after.own)
  );
}

function turnsRented(before: StoredHome | undefined, after: StoredHome): boolean {
  return before !== undefined && fieldsOf(after).status === 'rented' && fieldsOf(before).status !== 'rented';
}

/** The homes of rows that could not be read are listed all the same. */
function unreadHomes({ userId, source, parsed, homes }: ImportInput): {
  readonly stay: ReadonlySet<string>;
  readonly isUnidentified: boolean;
} {
  const stay = new Set<string>();
  const addresses = new Map(homes.map((home) => [addressKey(fieldsOf(home)), home.propertyId]));
  let isUnidentified = false;
  for (const row of parsed.unreadableListings) {
    const id = knownId(userId, source, row) ?? addresses.get(addressKey(row.fields));
    if (id !== undefined) stay.add(id);
    else if (row.fields.address === undefined) isUnidentified = true;
  }
  return { stay, isUnidentified };
}

function knownId(userId: string, source: string | null, row: UnreadableListing): string | undefined {
  if (row.propertyId === null && (source === null || row.externalId === null)) return undefined;
  return idOf(userId, source, { ...row, fields: row.fields });
}

function addressKey({ address, unit }: PropertyPatch): string {
  return JSON.stringify([normal(address), normal(unit)]);
}

/** What an operator should look at, up to a hundred of them. */
class Warnings {
  readonly #all: string[];

  constructor(first: readonly string[]) {
    this.#all = [...first];
  }

  add(warning: string): void {
    this.#all.push(warning);
  }

  /** Names wording that the Fair Housing Act forbids to say. */
  check({ at, fields }: Listing): void {
    if (this.#all.length > MAX_WARNINGS) return;
    for (const feature of fields.features ?? []) {
      for (const { topic, words } of findFairHousingWords(feature)) {
        this.add(`${at}: a feature says ${JSON.stringify(words)} (${topic}); it is never spoken`);
      }
    }
    for (const { topic, words } of findFairHousingWords(fields.description ?? '')) {
      this.add(`${at}: the description says ${JSON.stringify(words)} (${topic})`);
    }
  }

  list(): readonly string[] {
    if (this.#all.length <= MAX_WARNINGS) return this.#all;
    return [...this.#all.slice(0, MAX_WARNINGS), 'There are more warnings, which are not listed'];
  }
}
