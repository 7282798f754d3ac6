// The services that the app calls (Table Storage and Microsoft), in a child process: their processor time does not count as the app's.
import { createTables } from '../sandbox/azurite.ts';
import { createMicrosoft } from '../sandbox/microsoft/microsoft.ts';
import { samplePeople } from '../sandbox/microsoft/people.ts';
import type { PlainTokens } from './plain.ts';

/** How the app reaches the two, as the child process sends it. */
export interface Backends {
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
} satisfies Backends);
process.once('disconnect', () => process.exit());
