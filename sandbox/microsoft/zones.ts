// Zone names as Microsoft writes them, and wall clocks by Intl alone: the stand-in must not share the app's own zone rule.
import { findIana } from 'windows-iana';

const formats = new Map<string, Intl.DateTimeFormat>();

function formatFor(iana: string): Intl.DateTimeFormat {
  const known = formats.get(iana);
  if (known) return known;
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: iana,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  formats.set(iana, format);
  return format;
}

/** Windows zones that CLDR's table leaves out. Outlook takes them all the same. */
const withoutIanaName: Readonly<Record<string, string>> = {
  'Kamchatka Standard Time': 'Asia/Kamchatka',
  'Mid-Atlantic Standard Time': 'Etc/GMT+2',
};

/** The IANA name of a zone that Outlook knows by its Windows or IANA name; undefined for others, custom zones among them. */
export function toIana(name: string): string | undefined {
  if (name.toUpperCase() === 'UTC') return 'UTC';
  if (Object.hasOwn(withoutIanaName, name)) return withoutIanaName[name];
  const [windows] = findIana(name);
  if (windows) return windows;
  try {
    formatFor(name);
    return /^[+-]/.test(name) ? undefined : name;
  } catch {
    return undefined;
  }
}

/** Epoch milliseconds to `YYYY-MM-DDTHH:mm:ss` on the zone's clock. */
export function wallAt(at: number, iana: string): string {
  if (iana === 'UTC') return new Date(at).toISOString().slice(0, 19);
  const part: Record<string, string> = {};
  for (const { type, value } of formatFor(iana).formatToParts(at)) part[type] = value;
  return `${part['year']}-${part['month']}-${part['day']}T${part['hour']}:${part['minute']}:${part['second']}`;
}

function asUtc(wall: string): number {
  return Date.parse(`${wall}Z`);
}

/**
 * A wall clock `YYYY-MM-DDTHH:mm:ss` to epoch milliseconds: a time that the clocks skip moves on by the gap, a repeated one is
 * its first occurrence.
 */
export function instantOf(wall: string, iana: string): number {
  const naive = asUtc(wall);
  const offsetAt = (at: number): number => asUtc(wallAt(at, iana)) - at;
  // Offsets a day before and after bracket any transition.
  const before = naive - offsetAt(naive - 86_400_000);
  const after = naive - offsetAt(naive + 86_400_000);
  return wallAt(before, iana) === wall || wallAt(after, iana) !== wall ? before : after;
}

/** `YYYY-MM-DD`, so many days on. */
export function addDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/** 0 for Sunday. */
export function weekdayOf(date: string): number {
  return new Date(`${date}T00:00:00Z`).getUTCDay();
}
