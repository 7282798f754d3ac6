// Run by zone.test.ts in processes of other zones.
import { CHANGES, describeDays } from './clock-changes.ts';

const days = CHANGES.flatMap(({ zone, forward, back }) => [
  describeDays(zone, forward),
  describeDays(zone, back),
]);
process.stdout.write(JSON.stringify({ offset: new Date(0).getTimezoneOffset(), days }));
