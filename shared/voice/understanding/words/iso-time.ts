// What models write: ISO 8601, with an offset or without, with a zone's name behind it, and often with a `Z` on local
// times.
import { SECOND_MS } from '../../../core/duration.ts';
import { instantOf, isLocalDate, isTimeZone } from '../../../scheduling/zone.ts';

/** A date, or an instant in epoch milliseconds. */
export type IsoTime =
  /** A local date, `YYYY-MM-DD`. `midnight`: what it would be as an instant, if it is written as one. */
  | { readonly kind: 'date'; readonly date: string; readonly midnight: IsoInstant | null }
  | ({ readonly kind: 'instant' } & IsoInstant);

/** `wall`: the instant at which the manager's clock shows what is written. */
export interface IsoInstant {
  readonly at: number;
  readonly wall: number;
}

const ISO =
  /^(\d{4}-\d{2}-\d{2})(?:[T ]((?:[01]\d|2[0-3]):[0-5]\d)(?::([0-5]\d)(?:\.\d{1,9})?)?\s*(Z|[+-]\d{2}:?\d{2})?)?\s*(?:\[?([A-Za-z]+(?:\/[A-Za-z_]+)+)\]?)?$/i;

/**
 * A date, or midnight in UTC or without an offset, is that local date: models write dates so. With an offset it is that instant; with a zone
 * named behind it that zone's clock; else the manager's. A time that the clocks skip is the change, one that comes twice
 * the first. Null if the text is anything else.
 */
export function readIsoTime(text: string, zone: string): IsoTime | null {
  const [, date = '', time, seconds = '00', offset, name] = ISO.exec(text.trim()) ?? [];
  if (!isLocalDate(date) || (name !== undefined && !isTimeZone(name))) return null;
  const isUtc = offset !== undefined && /^(z|[+-]00:?00)$/i.test(offset);
  if (time === undefined) return { kind: 'date', date, midnight: null };
  const more = Number(seconds) * SECOND_MS;
  const wall = instantOf({ date, time }, zone).at + more;
  if (`${time}:${seconds}` === '00:00:00' && (offset === undefined || isUtc) && name === undefined) {
    const at = isUtc ? Date.parse(`${date}T00:00:00Z`) : wall;
    return { kind: 'date', date, midnight: { at, wall } };
  }
  const there = name === undefined ? null : instantOf({ date, time }, name).at + more;
  if (offset === undefined) return { kind: 'instant', at: there ?? wall, wall };
  const withColon = offset.length === 5 ? `${offset.slice(0, 3)}:${offset.slice(3)}` : offset.toUpperCase();
  const at = Date.parse(`${date}T${time}:${seconds}${withColon}`);
  // An offset and a zone that disagree say nothing certain.
  return Number.isNaN(at) || (there !== null && there !== at) ? null : { kind: 'instant', at, wall };
}
