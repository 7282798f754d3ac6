// What a Graph request asks for: OData options, preferences, pages. Anything that it does not know is refused.
import { isEventProperty } from './event-shape.ts';
import { badRequest, unreadableQuery, unsupportedTimeZone } from './graph-error.ts';
import type { HttpRequest } from './http.ts';
import { toIana } from './zones.ts';

export interface ODataQuery {
  /** The name to answer with, as asked. */
  zoneName: string;
  zone: string;
  immutableIds: boolean;
  textBody: boolean;
  select: string[] | undefined;
  /** Ids of extended properties to bring along. */
  expand: string[];
  /** This server as the client called it. */
  origin: string;
  /** Headers that say which preferences were honoured. */
  applied: Record<string, string>;
}

/** Splits `Prefer` at commas outside quotes. */
function preferences(header: string): string[] {
  return (header.match(/(?:"[^"]*"|[^,"])+/g) ?? []).map((one) => one.trim()).filter(Boolean);
}

const propertyId = /^(String|Integer|Boolean|SystemTime) \{[0-9a-f-]{36}\} (Name .+|Id 0x[0-9a-f]+)$/i;

/** Whether it is the id of a named extended property, such as `String {GUID} Name booking`. */
export function isPropertyId(id: string): boolean {
  return propertyId.test(id);
}

function readExpand(expand: string): string[] {
  const inner = /^singleValueExtendedProperties\(\s*\$filter\s*=\s*(.+)\)$/i.exec(expand)?.[1];
  const ids = inner?.split(/\s+or\s+/i).map((part) => /^id eq '([^']+)'$/i.exec(part.trim())?.[1]);
  if (!ids || ids.some((id) => id === undefined || !isPropertyId(id))) {
    throw unreadableQuery(`Could not read $expand '${expand}'.`);
  }
  return ids.filter((id) => id !== undefined);
}

/** The OData query and the `Prefer` header of a request. What is not in `allowed` is refused, so that no test passes by luck. */
export function readQuery(request: HttpRequest, allowed: readonly string[]): ODataQuery {
  for (const name of new Set(request.query.keys())) {
    if (!allowed.includes(name))
      throw unreadableQuery(`The query parameter '${name}' is not supported here.`);
    if (request.query.getAll(name).length > 1)
      throw unreadableQuery(`The query parameter '${name}' stands twice.`);
  }
  const query: ODataQuery = {
    zoneName: 'UTC',
    zone: 'UTC',
    immutableIds: false,
    textBody: false,
    select: undefined,
    expand: [],
    origin: request.origin,
    applied: {},
  };
  const applied: string[] = [];
  for (const preference of preferences(request.headers['prefer'] ?? '')) {
    const [, name = '', value = ''] = /^([\w.-]+)\s*=\s*"?([^"]*)"?$/.exec(preference) ?? [];
    if (name.toLowerCase() === 'outlook.timezone') {
      const zone = toIana(value);
      if (!zone) throw unsupportedTimeZone(value);
      Object.assign(query, { zone, zoneName: value });
    } else if (name.toLowerCase() === 'idtype') {
      if (value !== 'ImmutableId') continue;
      query.immutableIds = true;
    } else if (name.toLowerCase() === 'outlook.body-content-type') {
      query.textBody = value.toLowerCase() === 'text';
    } else continue;
    applied.push(preference);
  }
  if (applied.length > 0) query.applied = { 'preference-applied': applied.join(', ') };
  const select = request.query.get('$select');
  if (select !== null) {
    query.select = select.split(',').map((name) => name.trim());
    const unknown = query.select.find((name) => !isEventProperty(name));
    if (unknown !== undefined) {
      throw unreadableQuery(
        `Parsing OData Select and Expand failed: Could not find a property named '${unknown}' on type 'microsoft.graph.event'.`,
      );
    }
  }
  const expand = request.query.get('$expand');
  if (expand !== null) query.expand = readExpand(expand);
  return query;
}

function countOf(request: HttpRequest, name: string, fallback: number, most: number): number {
  const text = request.query.get(name);
  if (text === null) return fallback;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value > most) {
    throw badRequest(`Invalid value '${text}' for $${name.slice(1)} query option.`);
  }
  return value;
}

/** One page of `rows` and the link to the next; a page holds 10 unless asked otherwise, 1,000 at most. */
export function pageOf<T>(request: HttpRequest, rows: readonly T[]): { rows: T[]; next?: string } {
  const size = countOf(request, '$top', 10, 1000);
  if (size === 0) throw badRequest("Invalid value '0' for $top query option.");
  const token = request.query.get('$skiptoken');
  const skipped = token === null ? countOf(request, '$skip', 0, 1_000_000) : readSkipToken(token);
  const end = skipped + size;
  if (end >= rows.length) return { rows: rows.slice(skipped) };
  const query = new URLSearchParams(request.query);
  query.delete('$skip');
  query.set('$skiptoken', Buffer.from(`sandbox:${end}`).toString('base64url'));
  return { rows: rows.slice(skipped, end), next: `${request.origin}${request.path}?${query.toString()}` };
}

function readSkipToken(token: string): number {
  const skipped = /^sandbox:(\d+)$/.exec(Buffer.from(token, 'base64url').toString())?.[1];
  if (skipped === undefined) throw badRequest('The $skiptoken is not valid.');
  return Number(skipped);
}
