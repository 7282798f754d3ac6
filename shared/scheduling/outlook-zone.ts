// The table of Windows names is 79 KB, and is needed only when a mailbox's settings are read: load this file then.
import { findIana } from 'windows-iana';
import { isTimeZone } from './zone.ts';

/**
 * The IANA name of a zone as Outlook tells it: a Windows name or an IANA one. Null for custom and unknown zones.
 * @see https://learn.microsoft.com/graph/api/resources/mailboxsettings
 */
export function toIanaZone(windowsOrIana: string): string | null {
  if (isTimeZone(windowsOrIana)) return windowsOrIana;
  if (windowsOrIana.toLowerCase() === 'tzone://microsoft/utc') return 'UTC';
  const [name] = findIana(windowsOrIana);
  return name !== undefined && isTimeZone(name) ? name : null;
}
