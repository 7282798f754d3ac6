// `npm run vapi` against a small stand-in of VAPI's API, over HTTP and through VAPI's own SDK.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { VapiClient } from '@vapi-ai/server-sdk';
import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { applyChanges, attachTools, describeTools, planChanges } from '../../scripts/vapi-tools.ts';
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

/** Keeps what it is sent, adds what VAPI adds, and refuses a wrong key. */
function reply(method: string, path: string, key: string | undefined, body: string): Reply {
  const [, kind, id] = path.split(/[/?]/);
  const things = kind === 'tool' ? tools : assistants;
  if (key !== `Bearer ${KEY}`) return { status: 401, value: { message: 'Invalid Key' } };
  requests.push(`${method} ${kind ?? ''}`);
  const sent = body === '' ? {} : (JSON.parse(body) as Record<string, unknown>);
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
});

async function sync(options: Parameters<typeof describeTools>[0]) {
  const changes = await planChanges(client, describeTools(options));
  return { changes, ids: await applyChanges(client, changes) };
}

describe('the tools', () => {
  test('are all there, each with words for the model, a deadline, and room for its arguments', () => {
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

  test('say which arguments are needed, and carry the manager where VAPI adds him, not the model', () => {
    const [, book] = describeTools({ url: URL, userId: '+15555550001' });
    expect(book?.function?.parameters?.required).toEqual(['property_address', 'start_time']);
    expect(book?.parameters).toEqual([{ key: 'user_id', value: '+15555550001' }]);
  });
});

describe('VAPI', () => {
  test('is given the tools once, and nothing the next time', async () => {
    const first = await sync({ url: URL });
    expect(first.changes.every(({ id }) => id === null)).toBe(true);
    expect(tools.size).toBe(7);
    requests.length = 0;
    const second = await sync({ url: URL });
    expect(second.changes.flatMap(({ differences }) => differences)).toEqual([]);
    expect(second.ids).toEqual(first.ids);
    expect(requests).toEqual(['GET tool']);
  });

  test('has only what differs changed, and is told what that is', async () => {
    const { ids } = await sync({ url: URL });
    const changed = tools.get(ids[1] ?? '');
    tools.set(ids[1] ?? '', { ...changed, id: ids[1] ?? '', server: { url: URL, timeoutSeconds: 20 } });
    requests.length = 0;
    const { changes } = await sync({ url: URL });
    expect(changes.map(({ differences }) => differences)).toEqual([
      [],
      ['server.timeoutSeconds: 20 -> 15'],
      [],
      [],
      [],
      [],
      [],
    ]);
    expect(requests).toEqual(['GET tool', 'PATCH tool']);
    expect(tools.get(ids[1] ?? '')).toMatchObject({ server: { timeoutSeconds: 15 }, orgId: 'org' });
  });

  test('keeps the tools of another app and of another manager', async () => {
    await sync({ url: 'https://staging.example/vapi/webhook' });
    await sync({ url: URL, userId: 'ann' });
    await sync({ url: URL, userId: 'bob' });
    expect(tools.size).toBe(21);
  });

  test('has them attached to an assistant beside what it has', async () => {
    assistants.set('a1', { id: 'a1', model: { provider: 'openai', model: 'gpt', toolIds: ['other'] } });
    const { ids } = await sync({ url: URL });
    expect(await attachTools(client, 'a1', ids)).toBe(7);
    expect(assistants.get('a1')).toMatchObject({ model: { provider: 'openai', toolIds: ['other', ...ids] } });
    expect(await attachTools(client, 'a1', ids)).toBe(0);
  });
});

describe('the command', () => {
  const run = (...args: string[]) =>
    promisify(execFile)('node_modules/.bin/node', ['scripts/vapi.ts', '--url', URL, ...args], {
      env: { PATH: process.env['PATH'], VAPI_API_KEY: KEY, VAPI_BASE_URL: baseUrl },
    });

  test('shows what is new, does it, and attaches', async () => {
    assistants.set('a1', { id: 'a1', model: {} });
    const dry = await run('--dry-run');
    expect(dry.stdout).toContain('set_appointment: new');
    expect(tools.size).toBe(0);
    expect((await run('--assistant', 'a1')).stdout).toContain('assistant a1: 7 attached');
    expect((await run('--assistant', 'a1')).stdout).toMatch(
      /take_message: unchanged\nassistant a1: has them all/,
    );
  });

  test('prints what the dashboard takes, without a key', async () => {
    expect(JSON.parse((await run('--print')).stdout)).toEqual(
      JSON.parse(JSON.stringify(describeTools({ url: URL }))),
    );
    expect(requests).toEqual([]);
  });
});
