// A spreadsheet: columns with our own field names, or those that AppFolio, Buildium, DoorLoop and Rentvine export.
import { AppError } from '../../core/errors.ts';
import { MAX_LENGTH } from '../property-body.ts';
import type { PetPolicy } from '../property.ts';
import { assertCount, collect } from './collect.ts';
import { columnKey, COLUMNS, PET_WORDS, STATUS_WORDS } from './csv-columns.ts';
import type { ColumnMeaning } from './csv-columns.ts';
import type { ParsedListings, Unreadable } from './listing.ts';
import { readRow } from './row-reader.ts';
import type { FieldNames, RowOutcome } from './row-reader.ts';
import { cleanLine, quote } from './values.ts';

const SEPARATORS = [',', ';', '\t'];
/** Between the texts of one cell. */
const LIST = /[;|]/;

interface CsvRecord {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

/**
 * @param today local date for "now" and for days without a year
 * @throws `invalid_request` if the text is no CSV, or has no column with an address
 */
export async function readCsv(text: string, today: string): Promise<ParsedListings> {
  const records = await parse(text);
  const [head, ...rows] = records;
  const headers = head?.record ?? [];
  const columns = findColumns(headers);
  if (columns.byMeaning.address === undefined) {
    throw new AppError('invalid_request', 'The CSV has no column for the address, such as address or street');
  }
  const warnings = columns.unknown.map(
    (header) => `The column ${quote(header)} is not known and was not read`,
  );
  if (columns.isBuildingId) {
    warnings.push(
      'The column property_id was not read: beside unit_id it is the building’s id, not the home’s',
    );
  }
  assertCount(rows.length);
  const outcomes = rows.map((row) => toOutcome(row, headers, columns, today));
  return collect('csv', outcomes, warnings);
}

async function parse(text: string): Promise<readonly CsvRecord[]> {
  const { parse } = await import('csv-parse/sync');
  const firstLine = /^[^\r\n]*/.exec(text)?.[0] ?? '';
  const delimiter = SEPARATORS.toSorted((a, b) => firstLine.split(b).length - firstLine.split(a).length)[0];
  try {
    const records: unknown = parse(text, {
      delimiter,
      info: true,
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
      skip_records_with_empty_values: true,
      max_record_size: 200_000,
    });
    // With `info` each record has its position; the package's types do not say so.
    return records as readonly CsvRecord[];
  } catch (cause) {
    const line = (cause as { lines?: unknown }).lines;
    const where = typeof line === 'number' ? ` near line ${line}` : '';
    throw new AppError(
      'invalid_request',
      `The CSV cannot be read${where}: a quote is not closed, or a row is too long`,
      {
        cause,
      },
    );
  }
}

interface Columns {
  /** The indexes of the columns with each meaning, in the order in which they count. */
  readonly byMeaning: Partial<Record<ColumnMeaning, readonly number[]>>;
  readonly unknown: readonly string[];
  readonly isBuildingId: boolean;
}

function findColumns(headers: readonly string[]): Columns {
  const keys = headers.map(columnKey);
  const isBuildingId = keys.includes('property_id') && keys.includes('unit_id');
  const byMeaning: Partial<Record<ColumnMeaning, number[]>> = {};
  const known = new Set<number>();
  for (const [meaning, names] of Object.entries(COLUMNS)) {
    const indexes = names.flatMap((name) => keys.flatMap((key, index) => (key === name ? [index] : [])));
    for (const index of indexes) known.add(index);
    if (indexes.length > 0 && !(isBuildingId && meaning === 'propertyId')) {
      byMeaning[meaning as ColumnMeaning] = indexes;
    }
  }
  const unknown = headers.filter((header, index) => !known.has(index) && header.trim() !== '');
  return { byMeaning, unknown, isBuildingId };
}

function toOutcome(
  { record, info }: CsvRecord,
  headers: readonly string[],
  columns: Columns,
  today: string,
): RowOutcome {
  // `lines` is where the record ends.
  const breaks = record.reduce((sum, cell) => sum + (cell.match(/\r\n|\n|\r/g)?.length ?? 0), 0);
  const at = `line ${info.lines - breaks}`;
  const problems: Omit<Unreadable, 'at'>[] = [];
  const names: { [Name in keyof FieldNames]: string } = {};

  const cell = (meaning: ColumnMeaning): string | null => {
    for (const index of columns.byMeaning[meaning] ?? []) {
      const text = record[index]?.trim() ?? '';
      if (text !== '') return text;
    }
    return null;
  };
  const headerOf = (meaning: ColumnMeaning): string => {
    const indexes = columns.byMeaning[meaning] ?? [];
    const used = indexes.find((index) => (record[index]?.trim() ?? '') !== '') ?? indexes[0];
    return (used === undefined ? undefined : headers[used]?.trim()) ?? meaning;
  };
  const word = <T>(meaning: ColumnMeaning, words: Readonly<Record<string, T>>): T | null => {
    const text = cell(meaning);
    if (text === null) return null;
    const key = columnKey(text);
    if (Object.hasOwn(words, key)) return words[key] ?? null;
    problems.push({ field: headerOf(meaning), why: `is not known: ${quote(text)}` });
    return null;
  };

  if (record.length > headers.length) {
    const why = `has ${record.length} columns where the header has ${headers.length}: a comma in a text needs quotes around the text`;
    problems.push({ field: 'row', why });
  }
  const dogs = word<PetPolicy>('dogs', PET_WORDS);
  const cats = word<PetPolicy>('cats', PET_WORDS);
  const note = cleanLine(cell('petsNote') ?? '')?.slice(0, MAX_LENGTH.note) ?? null;
  const [beds, baths] = splitBedsAndBaths(cell('bedsAndBaths'));
  for (const meaning of Object.keys(columns.byMeaning)) {
    names[meaning as keyof FieldNames] = headerOf(meaning as ColumnMeaning);
  }
  return readRow(
    {
      at,
      propertyId: cell('propertyId'),
      externalId: cell('externalId'),
      address: cell('address'),
      unit: cell('unit'),
      city: cell('city'),
      state: cell('state'),
      postalCode: cell('postalCode'),
      name: cell('name'),
      aliases: cell('aliases')?.split(LIST),
      status: word('status', STATUS_WORDS),
      bedrooms: cell('bedrooms') ?? beds,
      bathrooms: cell('bathrooms') ?? countBaths(cell('fullBaths'), cell('halfBaths')) ?? baths,
      rent: cell('rent'),
      deposit: cell('deposit'),
      squareFeet: cell('squareFeet'),
      propertyType: cell('propertyType'),
      availableOn: cell('availableOn'),
      pets: dogs === null && cats === null && note === null ? null : { dogs, cats, note },
      features: cell('features')?.split(LIST),
      latitude: cell('latitude'),
      longitude: cell('longitude'),
      listingUrl: cell('listingUrl'),
      description: cell('description'),
      problems,
    },
    today,
    names,
  );
}

/** AppFolio's `2/1.00`. What has another form stays one text, so that it is refused in words. */
function splitBedsAndBaths(text: string | null): [string | null, string | null] {
  if (text === null) return [null, null];
  const match = /^([^/]*)\/([^/]*)$/.exec(text);
  return match ? [match[1]?.trim() ?? null, match[2]?.trim() ?? null] : [text, null];
}

/** Full and half bathrooms as one number. */
export function countBaths(full: string | null, half: string | null): string | null {
  if (full === null && half === null) return null;
  const count = Number(full ?? '0') + 0.5 * Number(half ?? '0');
  return Number.isFinite(count) ? String(count) : (full ?? half);
}
