import { isTimeZone } from '../../../scheduling/zone.ts';

/** The zone that was named; null for one that is not known. `local` is the manager's own. */
export function toZone(name: string, managersZone: string): string | null {
  if (name === 'local') return managersZone;
  // Words arrive in lower case; Intl does not mind, but a name is told apart by its slash.
  return isTimeZone(name) ? name : null;
}
