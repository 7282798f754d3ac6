// `npm run vapi` against a small stand-in of VAPI's API, over HTTP and through VAPI's own SDK.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { VapiClient } from '@vapi-ai/server-sdk';
import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { keytermsOf, mergeKeyterms } from '../../scripts/keyterms.ts';
import {
  addKeyterms,
  applyChanges,
  attachTools,
  describeTools,
  planChanges,
} from '../../scripts/vapi-tools.ts';
import { home } from '../properties/homes.ts';
import { TOOLS } from '../../shared/voice/tools/definitions.ts';

const KEY = 'private-key';
const URL = 'https://app.example/vapi/webhook';
type Thing = Record<string, unknown> & { id: string };
const tools = new Map<string, Thing>();
const assistants = new Map<string, Thing>();
const requests: string[] = [];

interface Reply {
  readonly status: number;
  readonly value: unknown;
}

/** What the stand-in refuses with 400, by a field that a body has. */
const refused = new Map<string, string>();

/** Stores what it is sent, adds what VAPI adds, and refuses a wrong key. */
function reply(method: string, path: string, key: string | undefined, body: string): Reply {
  const [, kind, id] = path.split(/[/?]/);
  const things = kind === 'tool' ? tools : assistants;
  if (key !== `Bearer ${KEY}`) return { status: 401, value: { message: 'Invalid Key' } };
  requests.push(`${method} ${kind ?? ''}`);
  const sent = body === '' ? {} : (JSON.parse(body) as Record<string, unknown>);
  const field = Object.keys(sent).find((name) => refused.has(name));
  if (field !== undefined) return { status: 400, value: { message: [refused.get(field)], statusCode: 400 } };
  const known = things.get(id ?? '');
  if (method === 'GET') return { status: 200, value: known ?? [...things.values()] };
  if (method === 'POST') {
    const ofVapi = { orgId: 'org', createdAt: '2026-11-23T00:00:00Z', async: false };
    const made: Thing = { ...sent, id: `tool-${things.size + 1}`, ...ofVapi };
    things.set(made.id, made);
    return { status: 201, value: made };
  }
  if (!known) return { status: 404, value: { message: 'Not Found' } };
  things.set(known.id, { ...known, ...sent });
  return { status: 200, value: things.get(known.id) };
}

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const { method = '', url = '', headers } = request;
    const { status, value } = reply(method, url, headers.authorization, Buffer.concat(chunks).toString());
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
  });
});
let baseUrl: string;
let client: VapiClient;

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  client = new VapiClient({ token: KEY, baseUrl, maxRetries: 0 });
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  tools.clear();
  assistants.clear();
  requests.length = 0;
  refused.clear();
});

async function sync(options: Parameters<typeof describeTools>[0]) {
  const changes = await planChanges(client, describeTools(options));
  const notes: string[] = [];
  const ids = await applyChanges(client, changes, (note) => notes.push(note));
  return { changes, ids, notes };
}

describe('the tools for VAPI', () => {
  test('are complete, each with a description for the model, a deadline, and room for its arguments', () => {
    const described = describeTools({ url: URL, credentialId: 'cred' });
    expect(described.map((tool) => tool.function?.name)).toEqual(Object.keys(TOOLS));
    for (const tool of described) {
      expect(tool).toMatchObject({
        type: 'function',
        maxTokens: 500,
        server: { url: URL, credentialId: 'cred' },
      });
      expect(tool.function?.description?.length).toBeGreaterThan(40);
      expect(tool.messages?.map(({ type }) => type)).toEqual([
        'request-start',
        'request-response-delayed',
        'request-failed',
      ]);
      expect(tool.function?.parameters?.properties).not.toHaveProperty('user_id');
      expect(tool.parameters).toBeUndefined();
    }
  });

  test('name their required arguments, and carry the manager as a static parameter that the model does not see', () => {
    const tools = describeTools({ url: URL, userId: '+15555550001' });
    const book = tools.find((tool) => tool.function?.name === 'set_appointment');
    expect(book?.function?.parameters?.required).toEqual(['property_address', 'start_time']);
    expect(book?.parameters).toEqual([{ key: 'user_id', value: '+15555550001' }]);
  });
});

/**
 * What VAPI's public API document (2026-08-20) says of a CreateFunctionToolDTO: the fields of each part, and which of
 * them it needs. `maxTokens` is not among them.
 */
const DTO: Readonly<Record<string, { fields: readonly string[]; needs: readonly string[] }>> = {
  tool: {
    fields: [
      'messages',
      'type',
      'async',
      'server',
      'variableExtractionPlan',
      'parameters',
      'function',
      'rejectionPlan',
    ],
    needs: ['type'],
  },
  server: {
    fields: [
      'timeoutSeconds',
      'credentialId',
      'staticIpAddressesEnabled',
      'encryptedPaths',
      'url',
      'headers',
      'backoffPlan',
    ],
    needs: [],
  },
  function: { fields: ['name', 'strict', 'description', 'parameters'], needs: ['name'] },
  parameters: { fields: ['type', 'properties', 'required'], needs: ['type', 'properties'] },
  schema: {
    fields: ['type', 'items', 'properties', 'description', 'pattern', 'format', 'required', 'enum', 'title'],
    needs: ['type'],
  },
  static: { fields: ['key', 'value'], needs: ['key', 'value'] },
  'request-start': { fields: ['contents', 'type', 'blocking', 'content', 'conditions'], needs: ['type'] },
  'request-response-delayed': {
    fields: ['contents', 'type', 'timingMilliseconds', 'content', 'conditions'],
    needs: ['type'],
  },
  'request-failed': {
    fields: ['contents', 'type', 'role', 'endCallAfterSpokenEnabled', 'content', 'conditions'],
    needs: ['type'],
  },
};

function expectPart(name: string, part: unknown): void {
  const { fields, needs } = DTO[name] ?? { fields: [], needs: ['an entry'] };
  const given = Object.keys(part as object);
  expect({ name, unknown: given.filter((key) => !fields.includes(key)) }).toEqual({ name, unknown: [] });
  expect({ name, missing: needs.filter((key) => !given.includes(key)) }).toEqual({ name, missing: [] });
}

test('the tools for VAPI have only fields that VAPI’s API document knows, and maxTokens', () => {
  for (const { maxTokens, ...tool } of describeTools({ url: URL, credentialId: 'c', userId: 'u' })) {
    expect(maxTokens).toBe(500);
    expectPart('tool', tool);
    expectPart('server', tool.server);
    expect(tool.server?.timeoutSeconds).toBeGreaterThanOrEqual(1);
    expect(tool.server?.timeoutSeconds).toBeLessThanOrEqual(300);
    expectPart('function', tool.function);
    expect(tool.function?.name).toMatch(/^[a-zA-Z0-9_-]{1,64}$/);
    expectPart('parameters', tool.function?.parameters);
    for (const schema of Object.values(tool.function?.parameters?.properties ?? {})) {
      expectPart('schema', schema);
      expect(['string', 'number', 'integer', 'boolean', 'array', 'object']).toContain(schema.type);
    }
    for (const parameter of tool.parameters ?? []) expectPart('static', parameter);
    for (const message of tool.messages ?? []) {
      expectPart(message.type, message);
      if ('timingMilliseconds' in message) {
        expect(message.timingMilliseconds).toBeGreaterThanOrEqual(100);
        expect(message.timingMilliseconds).toBeLessThanOrEqual(120_000);
      }
    }
  }
});

describe('sending the tools to VAPI', () => {
  test('creates them once, and changes nothing the next time', async () => {
    const first = await sync({ url: URL });
    expect(first.changes.every(({ id }) => id === null)).toBe(true);
    expect(tools.size).toBe(Object.keys(TOOLS).length);
    requests.length = 0;
    const second = await sync({ url: URL });
    expect(second.changes.flatMap(({ differences }) => differences)).toEqual([]);
    expect(second.ids).toEqual(first.ids);
    expect(requests).toEqual(['GET tool']);
  });

  test('changes only what differs, and lists it', async () => {
    const { ids } = await sync({ url: URL });
    const changed = tools.get(ids[1] ?? '');
    tools.set(ids[1] ?? '', { ...changed, id: ids[1] ?? '', server: { url: URL, timeoutSeconds: 20 } });
    requests.length = 0;
    const { changes } = await sync({ url: URL });
    expect(changes.map(({ differences }) => differences)).toEqual(
      changes.map((_, index) => (index === 1 ? ['server.timeoutSeconds: 20 -> 15'] : [])),
    );
    expect(requests).toEqual(['GET tool', 'PATCH tool']);
    expect(tools.get(ids[1] ?? '')).toMatchObject({ server: { timeoutSeconds: 15 }, orgId: 'org' });
  });

  test('is repeated without maxTokens if VAPI refuses that field, and the note says so', async () => {
    refused.set('maxTokens', 'property maxTokens should not exist');
    const { ids, notes } = await sync({ url: URL });
    expect(tools.size).toBe(ids.length);
    expect([...tools.values()].every((tool) => !('maxTokens' in tool))).toBe(true);
    expect(notes).toEqual([expect.stringContaining('maxTokens')]);
  });

  test('is not repeated if VAPI refuses anything else', async () => {
    refused.set('messages', 'messages.0.type must be one of the allowed values');
    await expect(sync({ url: URL })).rejects.toMatchObject({ statusCode: 400 });
    expect(tools.size).toBe(0);
  });

  test('leaves the tools of another app and of another manager alone', async () => {
    await sync({ url: 'https://staging.example/vapi/webhook' });
    await sync({ url: URL, userId: 'ann' });
    await sync({ url: URL, userId: 'bob' });
    expect(tools.size).toBe(3 * Object.keys(TOOLS).length);
  });

  test('attaches them to an assistant beside the tools that it has', async () => {
    assistants.set('a1', { id: 'a1', model: { provider: 'openai', model: 'gpt', toolIds: ['other'] } });
    const { ids } = await sync({ url: URL });
    expect(await attachTools(client, 'a1', ids)).toBe(Object.keys(TOOLS).length);
    expect(assistants.get('a1')).toMatchObject({ model: { provider: 'openai', toolIds: ['other', ...ids] } });
    expect(await attachTools(client, 'a1', ids)).toBe(0);
  });
});

describe('npm run vapi', () => {
  const run = (...args: string[]) =>
    promisify(execFile)('node_modules/.bin/node', ['scripts/vapi.ts', '--url', URL, ...args], {
      env: { PATH: process.env['PATH'], VAPI_API_KEY: KEY, VAPI_BASE_URL: baseUrl },
    });

  test('shows what is new, creates it, and attaches it to an assistant', async () => {
    assistants.set('a1', { id: 'a1', model: {} });
    const dry = await run('--dry-run');
    expect(dry.stdout).toContain('set_appointment: new');
    expect(tools.size).toBe(0);
    expect((await run('--assistant', 'a1')).stdout).toContain(
      `assistant a1: ${Object.keys(TOOLS).length} attached`,
    );
    expect((await run('--assistant', 'a1')).stdout).toMatch(
      /take_message: unchanged\nassistant a1: has them all/,
    );
  });

  test('shows a refusal in VAPI’s own words, and fails', async () => {
    refused.set('server', 'server.url must be a URL');
    await expect(run()).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('VAPI answered 400: server.url must be a URL') as unknown,
    });
  });

  test('prints what the dashboard takes, without a key', async () => {
    expect(JSON.parse((await run('--print')).stdout)).toEqual(
      JSON.parse(JSON.stringify(describeTools({ url: URL }))),
    );
    expect(requests).toEqual([]);
  });
});

describe('the names that a transcriber listens for', () => {
  test('are those of streets and communities, once each, those of the most homes first', () => {
    const homes = [
      home('829 Western Ave'),
      home('1000 Rambling Oaks', { unit: '6', name: 'Rambling Oaks Apartments' }),
      home('1000 Rambling Oaks', { unit: '12' }),
      home('9 Gone St', { status: 'rented' }),
      home('66 Secret Ct', { status: 'hidden' }),
    ];
    expect(keytermsOf(homes)).toEqual(['Rambling Oaks', 'Western']);
  });

  test('are at most 100, within 500 tokens, after the existing ones', () => {
    const many = Array.from({ length: 150 }, (_, at) => `Street ${at}`);
    const merged = mergeKeyterms(['Pete', 'Street 3'], many);
    expect(merged.slice(0, 3)).toEqual(['Pete', 'Street 3', 'Street 0']);
    expect(merged).toHaveLength(100);
    expect(new Set(merged).size).toBe(100);
    const long = mergeKeyterms(
      [],
      Array.from({ length: 90 }, (_, at) => `Northwestern Commons ${at}`),
    );
    expect(long.join(' ').length / 3).toBeLessThan(500);
    expect(long.length).toBeGreaterThan(50);
  });

  test('are given to a transcriber of Deepgram, and to no other', async () => {
    const client = new VapiClient({ token: KEY, baseUrl });
    const deepgram = { provider: 'deepgram', model: 'nova-3', keyterm: ['Pete'] };
    assistants.set('heard', { id: 'heard', transcriber: deepgram });
    assistants.set('other', { id: 'other', transcriber: { provider: 'talkscriber' } });
    expect(await addKeyterms(client, 'heard', ['Western'])).toBe(1);
    expect(assistants.get('heard')?.['transcriber']).toEqual({ ...deepgram, keyterm: ['Pete', 'Western'] });
    expect(await addKeyterms(client, 'heard', ['Western'])).toBe(0);
    expect(await addKeyterms(client, 'other', ['Western'])).toBeNull();
  });
});
