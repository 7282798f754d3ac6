// A child process: the tables and Microsoft, so that their work is not taken for the app's.
import { createTables } from '../sandbox/azurite.ts';
import { createMicrosoft } from '../sandbox/microsoft/microsoft.ts';
import { samplePeople } from '../sandbox/microsoft/people.ts';
import type { PlainTokens } from './plain.ts';

export interface Surroundings {
  readonly connectionString: string;
  readonly standIn: { readonly url: string; readonly clientId: string; readonly clientSecret: string };
  /** Of the person whose calendar is asked about. */
  readonly tokens: PlainTokens;
}

const [redirectUri = ''] = process.argv.slice(2);
const [{ connectionString }, microsoft] = await Promise.all([
  createTables(),
  createMicrosoft({ withSampleWeek: true, redirectUris: [redirectUri] }),
]);
const { url, clientId, clientSecret } = microsoft;
process.send?.({
  connectionString,
  standIn: { url, clientId, clientSecret },
  tokens: await microsoft.issueTokens(samplePeople.pete.id),
} satisfies Surroundings);
process.once('disconnect', () => process.exit());
