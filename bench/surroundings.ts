// A child process: the tables and Microsoft, so that their work is not taken for the app's.
import { createTables } from '../sandbox/azurite.ts';
import { createMicrosoft } from '../sandbox/microsoft/microsoft.ts';

export interface Surroundings {
  readonly connectionString: string;
  readonly url: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

const redirectUri = process.argv[2] ?? '';
const [{ connectionString }, microsoft] = await Promise.all([
  createTables(),
  createMicrosoft({ withSampleWeek: true, redirectUris: [redirectUri] }),
]);
// As far away as Microsoft is. Callers who are answered at once would measure nothing but the queue before two cores.
microsoft.setFault({ path: '/v1.0/*', delayMs: 100, times: Infinity });
const { url, clientId, clientSecret } = microsoft;
process.send?.({ connectionString, url, clientId, clientSecret } satisfies Surroundings);
process.once('disconnect', () => process.exit());
