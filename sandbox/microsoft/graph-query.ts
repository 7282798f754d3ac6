// What a Graph request asks for: OData options, preferences, pages. Anything that it does not know is refused.
import { isEventProperty } from './event-shape.ts';
import { badRequest, GraphFault, unreadableQuery } from './graph-error.ts';
import type { Asked } from './http.ts';
import { toIana } from './zones.ts';

export interface Wishes {
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
const preferences = (header: string): string[] =>
  (header.match(/(?:"[^"]*"|[^,"])+/g) ?? []).map((one) => one.trim()).filter(Boolean);

const propertyId = /^(String|Integer|Boolean|SystemTime) \{[0-9a-f-]{36}\} (Name .+|Id 0x[0-9a-f]+)$/i;
export const isPropertyId = (id: string): boolean => propertyId.test(id);

const readExpand = (expand: string): string[] => {
  const inner = /^singleValueExtendedProperties\(\s*\$filter\s*=\s*(.+)\)$/i.exec(expand)?.[1];
  const ids = inner?.split(/\s+or\s+/i).map((part) => /^id eq '([^']+)'$/i.exec(part.trim())?.[1]);
  if (!ids || ids.some((id) => id === undefined || !isPropertyId(id))) {
    throw unreadableQuery(`Could not read $expand '${expand}'.`);
  }
  return ids.filter((id) => id !== undefined);
};

export const readWishes = (asked: Asked, allowed: readonly string[]): Wishes => {
  for (const name of new Set(asked.query.keys())) {
    if (!allowed.includes(name))
      throw unreadableQuery(`The query parameter '${name}' is not supported here.`);
    if (asked.query.getAll(name).length > 1)
      throw unreadableQuery(`The query parameter '${name}' stands twice.`);
  }
  const wishes: Wishes = {
    zoneName: 'UTC',
    zone: 'UTC',
    immutableIds: false,
    textBody: false,
    select: undefined,
    expand: [],
    origin: asked.origin,
    applied: {},
  };
  const applied: string[] = [];
  for (const preference of preferences(asked.headers['prefer'] ?? '')) {
    const [, name = '', value = ''] = /^([\w.-]+)\s*=\s*"?([^"]*)"?$/.exec(preference) ?? [];
    if (name.toLowerCase() === 'outlook.timezone') {
      const zone = toIana(value);
      if (!zone) {
        throw new GraphFault(
          400,
          'TimeZoneNotSupportedException',
          `A valid TimeZone value must be specified. The following TimeZone value is not supported: '${value}'.`,
        );
      }
      Object.assign(wishes, { zone, zoneName: value });
    } else if (name.toLowerCase() === 'idtype') {
      if (value !== 'ImmutableId') continue;
      wishes.immutableIds = true;
    } else if (name.toLowerCase() === 'outlook.body-content-type') {
      wishes.textBody = value.toLowerCase() === 'text';
    } else continue;
    applied.push(preference);
  }
  if (applied.length > 0) wishes.applied = { 'preference-applied': applied.join(', ') };
  const select = asked.query.get('$select');
  if (select !== null) {
    wishes.select = select.split(',').map((name) => name.trim());
    const unknown = wishes.select.find((name) => !isEventProperty(name));
    if (unknown !== undefined) {
      throw unreadableQuery(
        `Parsing OData Select and Expand failed: Could not find a property named '${unknown}' on type 'microsoft.graph.event'.`,
      );
    }
  }
  const expand = asked.query.get('$expand');
  if (expand !== null) wishes.expand = readExpand(expand);
  return wishes;
};

const countOf = (asked: Asked, name: string, fallback: number, most: number): number => {
  const text = asked.query.get(name);
  if (text === null) return fallback;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value > most) {
    throw badRequest(`Invalid value '${text}' for $${name.slice(1)} query option.`);
  }
  return value;
};

/** One page of `rows` and the link to the next; a page holds 10 unless asked otherwise, 1,000 at most. */
export const pageOf = <T>(asked: Asked, rows: readonly T[]): { rows: T[]; next?: string } => {
  const size = countOf(asked, '$top', 10, 1000);
  if (size === 0) throw badRequest("Invalid value '0' for $top query option.");
  const token = asked.query.get('$skiptoken');
  const skipped = token === null ? countOf(asked, '$skip', 0, 1_000_000) : readSkipToken(token);
  const end = skipped + size;
  if (end >= rows.length) return { rows: rows.slice(skipped) };
  const query = new URLSearchParams(asked.query);
  query.delete('$skip');
  query.set('$skiptoken', Buffer.from(`sandbox:${end}`).toString('base64url'));
  return { rows: rows.slice(skipped, end), next: `${asked.origin}${asked.path}?${query.toString()}` };
};

const readSkipToken = (token: string): number => {
  const skipped = /^sandbox:(\d+)$/.exec(Buffer.from(token, 'base64url').toString())?.[1];
  if (skipped === undefined) throw badRequest('The $skiptoken is not valid.');
  return Number(skipped);
};
