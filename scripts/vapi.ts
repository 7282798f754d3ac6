// `npm run vapi -- --url https://HOST/vapi/webhook`: creates and updates the tools at VAPI; shows what differs first.
import { VapiClient, VapiError } from '@vapi-ai/server-sdk';
import { parseArgs } from 'node:util';
import { readKeyterms } from './keyterms.ts';
import {
  addKeyterms,
  applyChanges,
  attachTools,
  describeTools,
  describeVapiError,
  planChanges,
} from './vapi-tools.ts';

const USAGE = `npm run vapi -- --url https://HOST/vapi/webhook [--credential ID] [--user-id ID] [--assistant ID]... [--dry-run]
npm run vapi -- --url https://HOST/vapi/webhook --print
  --credential  VAPI's id of the credential that holds the webhook's secret
  --user-id     the manager, if neither the assistant nor the number tells
  --assistant   attach the tools to this assistant; may be repeated
  --homes       an address of the app, such as https://HOST: the names of its homes become keyterms of the
                assistants' transcribers (needs --user-id, and PETERENTAL_KEY)
  --dry-run     show what differs and change nothing
  --print       write the tools as JSON for VAPI's dashboard; needs no key
VAPI_API_KEY is the private key. VAPI_BASE_URL stands for https://api.vapi.ai.`;

const { values } = parseArgs({
  options: {
    url: { type: 'string' },
    credential: { type: 'string' },
    'user-id': { type: 'string' },
    assistant: { type: 'string', multiple: true, default: [] },
    homes: { type: 'string' },
    'dry-run': { type: 'boolean', default: false },
    print: { type: 'boolean', default: false },
  },
});

function fail(message: string): never {
  console.error(`${message}\n\n${USAGE}`);
  process.exit(2);
}

const { url } = values;
if (url === undefined || !URL.canParse(url)) fail('--url must be the address of the webhook.');
const tools = describeTools({ url, credentialId: values.credential, userId: values['user-id'] });

function readTerms(app: string): Promise<string[]> {
  const userId = values['user-id'] ?? fail('--homes needs --user-id: whose homes are they?');
  return readKeyterms(app, process.env['PETERENTAL_KEY'] ?? '', userId);
}

async function synchronize(client: VapiClient): Promise<void> {
  const changes = await planChanges(client, tools);
  for (const { tool, id, differences } of changes) {
    const state = id === null ? 'new' : differences.length === 0 ? 'unchanged' : 'changed';
    console.log(`${tool.function?.name ?? ''}: ${state}`);
    if (id !== null) for (const difference of differences) console.log(`  ${difference}`);
  }
  if (values['dry-run']) return;
  const ids = await applyChanges(client, changes, (note) => {
    console.log(note);
  });
  const terms = values.homes === undefined ? [] : await readTerms(values.homes);
  for (const assistant of values.assistant) {
    const attached = await attachTools(client, assistant, ids);
    console.log(`assistant ${assistant}: ${attached === 0 ? 'has them all' : `${attached} attached`}`);
    if (terms.length === 0) continue;
    const added = await addKeyterms(client, assistant, terms);
    console.log(`  keyterms: ${added === null ? 'its transcriber takes none' : `${added} added`}`);
  }
}

if (values.print) {
  console.log(JSON.stringify(tools, null, 2));
} else {
  const token = process.env['VAPI_API_KEY'] ?? fail('VAPI_API_KEY is missing.');
  const baseUrl = process.env['VAPI_BASE_URL'];
  const client = new VapiClient({ token, ...(baseUrl !== undefined && { baseUrl }) });
  await synchronize(client).catch((error: unknown) => {
    if (!(error instanceof VapiError)) throw error;
    console.error(`VAPI answered ${error.statusCode ?? 'nothing'}: ${describeVapiError(error)}`);
    process.exit(1);
  });
}
