// From the bytes of a file to its homes. Each format's parser is loaded when a file first needs it.
import { AppError } from '../../core/errors.ts';
import type { ListingFormat, ParsedListings } from './listing.ts';

/** The longest file that is read, in bytes. */
export const MAX_LISTING_BYTES = 10 * 1024 * 1024;

/** What a `content-type` says of a file. */
export interface MediaType {
  readonly kind: 'csv' | 'xml' | 'json';
  /** A label of the Encoding Standard; null if none is named. */
  readonly charset: string | null;
}

const KINDS: ReadonlyMap<string, MediaType['kind']> = new Map([
  ['text/csv', 'csv'],
  ['application/csv', 'csv'],
  ['application/xml', 'xml'],
  ['text/xml', 'xml'],
  ['application/json', 'json'],
]);

/** Null for a content type that no listing has. */
export function parseMediaType(contentType: string): MediaType | null {
  const [type = '', ...parameters] = contentType.split(';').map((part) => part.trim());
  const kind = KINDS.get(type.toLowerCase());
  if (kind === undefined) return null;
  const named = parameters.map((parameter) => /^charset="?([\w.:-]+)"?$/i.exec(parameter)?.[1]);
  return { kind, charset: named.find((charset) => charset !== undefined) ?? null };
}

const KIND_OF_FORMAT: Readonly<Record<ListingFormat, MediaType['kind']>> = {
  csv: 'csv',
  json: 'json',
  mits: 'xml',
  buildium: 'xml',
  hotpads: 'xml',
};

/** What a file is, from its format if that is given, else from how it begins: for feeds whose content type says nothing. */
export function detectKind(bytes: Uint8Array, format: ListingFormat | null): MediaType['kind'] {
  if (format !== null) return KIND_OF_FORMAT[format];
  const start = new TextDecoder().decode(bytes.subarray(0, 1_000)).replaceAll('\0', '').trimStart();
  return start.startsWith('<') ? 'xml' : start.startsWith('{') || start.startsWith('[') ? 'json' : 'csv';
}

/**
 * @param today local date, `YYYY-MM-DD`: what "now" means, and what a day without a year is near to
 * @throws `payload_too_large`; `invalid_request` if the file is no list of homes, with why
 */
export async function readListings(
  bytes: Uint8Array,
  media: MediaType,
  today: string,
): Promise<ParsedListings> {
  if (bytes.byteLength > MAX_LISTING_BYTES) {
    throw new AppError('payload_too_large', 'The file is larger than 10 MiB');
  }
  const text = decode(bytes, media);
  if (text.trim() === '') throw new AppError('invalid_request', 'The file is empty');
  if (media.kind === 'csv') return (await import('./csv.ts')).readCsv(text, today);
  if (media.kind === 'json') return (await import('./json.ts')).readJsonListings(text, today);
  return readXml(text, today);
}

async function readXml(text: string, today: string): Promise<ParsedListings> {
  const { parseXml } = await import('./xml.ts');
  const { name, root } = await parseXml(text);
  if (name === 'hotPadsItems') return (await import('./hotpads.ts')).readHotPads(root, today);
  if (name === 'PhysicalProperty') {
    const { isBuildium, readBuildium } = await import('./buildium.ts');
    if (isBuildium(root)) return readBuildium(root, today);
    return (await import('./mits.ts')).readMits(root, today);
  }
  throw new AppError(
    'invalid_request',
    'The XML is no listing feed: its root must be PhysicalProperty or hotPadsItems',
  );
}

/** A byte order mark counts first, then the content type, then what an XML file says of itself, then UTF-8. */
function decode(bytes: Uint8Array, media: MediaType): string {
  const mark =
    bytes[0] === 0xfe && bytes[1] === 0xff
      ? 'utf-16be'
      : bytes[0] === 0xff && bytes[1] === 0xfe
        ? 'utf-16le'
        : null;
  const declared =
    media.kind === 'xml'
      ? (/^<\?xml[^>]*encoding=["']([\w.:-]+)["']/i.exec(
          new TextDecoder('latin1').decode(bytes.subarray(0, 200)),
        )?.[1] ?? null)
      : null;
  const label = mark ?? media.charset ?? declared ?? 'utf-8';
  try {
    return new TextDecoder(label, { fatal: true }).decode(bytes);
  } catch (cause) {
    // Spreadsheets of older Windows programs are in its own code page, and say so nowhere.
    if (label === 'utf-8' && media.charset === null && media.kind === 'csv') {
      return new TextDecoder('windows-1252').decode(bytes);
    }
    throw new AppError('invalid_request', `The file cannot be read as ${label}`, { cause });
  }
}
