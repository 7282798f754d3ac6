// The sandbox's Functions host answers as the real one does, so that nothing works here alone.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { app } from '@azure/functions';
import { createFunctionsHost } from '../../sandbox/functions-host.ts';
import type { FunctionsHost } from '../../sandbox/functions-host.ts';

let folder: string;
let host: FunctionsHost;
let locked: FunctionsHost;
let runs = 0;

app.http('echo', {
  route: 'echo/{word}',
  methods: ['GET', 'POST'],
  authLevel: 'anonymous',
  handler: async (request) => ({
    jsonBody: { word: request.params['word'], url: request.url, body: await request.text() },
  }),
});
app.http('secret', {
  route: 'secret',
  methods: ['GET'],
  authLevel: 'function',
  handler: () => ({ body: 'in' }),
});
app.timer('tick', {
  schedule: '0 */5 * * * *',
  handler: () => {
    runs += 1;
    if (runs === 2) throw new Error('the second run fails');
  },
});

function hostJson(text: string): string {
  const file = join(folder, `host-${Math.random()}.json`);
  writeFileSync(file, text);
  return file;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'host-'));
  const hostJsonFile = hostJson('{"version": "2.0", "extensions": {"http": {"routePrefix": ""}}}');
  host = await createFunctionsHost({ hostJsonFile });
  locked = await createFunctionsHost({ hostJsonFile, key: 'the-key', masterKey: 'the-master-key' });
});
afterEach(() => {
  delete process.env['FUNCTIONS_REQUEST_BODY_SIZE_LIMIT'];
  delete process.env['AzureWebJobsDisableHomepage'];
});
afterAll(async () => {
  await Promise.all([host.close(), locked.close()]);
  rmSync(folder, { recursive: true });
});

interface Answer {
  readonly status: number;
  readonly text: string;
}

/** Sends the target as it is, which fetch would tidy up. */
function send(
  target: string,
  options: { method?: string; headers?: Record<string, string>; body?: string; chunked?: boolean } = {},
): Promise<Answer> {
  const { method = 'GET', headers = {}, body = '', chunked = false } = options;
  return new Promise((resolve, reject) => {
    const length = chunked
      ? { 'transfer-encoding': 'chunked' }
      : { 'content-length': Buffer.byteLength(body) };
    const sent = httpRequest(
      host.url,
      { method, path: target, headers: { ...length, ...headers }, agent: false },
      (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => (text += chunk.toString()));
        response.on('end', () => {
          resolve({ status: response.statusCode ?? 0, text });
        });
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

async function wordOf(target: string): Promise<unknown> {
  const { text } = await send(target);
  return (JSON.parse(text) as { word: unknown }).word;
}

describe('the local Functions host', () => {
  test.each([
    ['/echo/%40%2B%20', '@+ '],
    ['/echo/K%C3%B6ln', 'Köln'],
    ['/echo/a+b', 'a+b'],
    ['/echo/a%2Fb', 'a%2Fb'],
    ['/echo/100%', '100%'],
    ['/echo/%zz', '%zz'],
    ['/echo/%2', '%2'],
    ['/echo/%ff', '%ff'],
    ['/ECHO/word', 'word'],
    ['/echo/word/', 'word'],
    ['/a/../echo/word', 'word'],
    ['/echo/word?code=anything', 'word'],
  ])('passes the parameter of %s to the function as "%s"', async (target, word) => {
    expect(await wordOf(target)).toBe(word);
  });

  test.each([
    ['/nothing', 'GET', 404],
    ['/echo', 'GET', 404],
    ['/echo/word', 'DELETE', 404],
    ['/echo/word', 'OPTIONS', 404],
    ['//echo/word', 'GET', 404],
    ['/echo/%00', 'GET', 400],
  ])('responds to %s by %s with %i and no body', async (target, method, status) => {
    expect(await send(target, { method })).toEqual({ status, text: '' });
  });

  test('responds to a request line of over 8 KB with 414', async () => {
    expect((await send(`/echo/${'x'.repeat(8_150)}`)).status).toBe(200);
    expect(await send(`/echo/${'x'.repeat(8_200)}`)).toEqual({ status: 414, text: '' });
  });

  test.each([40_000, 150_000])('responds to %i bytes of headers with 431', async (size) => {
    const { status } = await send('/echo/word', { headers: { 'x-long': 'x'.repeat(size) } });
    expect(status).toBe(431);
  });

  test('responds to what is not HTTP with 400', async () => {
    const socket = connect(Number(new URL(host.url).port), '127.0.0.1');
    const text = await new Promise<string>((resolve) => {
      socket.once('data', (chunk) => {
        resolve(String(chunk));
      });
      socket.write('nonsense\r\n\r\n');
    });
    socket.destroy();
    expect(text).toContain('HTTP/1.1 400');
  });
});

describe('the local home page', () => {
  test('is the host’s own, until a setting switches it off', async () => {
    expect(await send('/')).toMatchObject({ status: 200, text: expect.stringContaining('up and running') });
    process.env['AzureWebJobsDisableHomepage'] = 'true';
    expect(await send('/')).toEqual({ status: 204, text: '' });
  });
});

describe('a request body at the local host', () => {
  test('arrives with its length, and arrives empty when it comes in chunks', async () => {
    const sized = await send('/echo/word', { method: 'POST', body: 'hello' });
    expect(JSON.parse(sized.text)).toMatchObject({ body: 'hello' });
    const chunked = await send('/echo/word', { method: 'POST', body: 'hello', chunked: true });
    expect(JSON.parse(chunked.text)).toMatchObject({ body: '' });
  });

  test('over the host’s limit is refused, and the limit is a setting', async () => {
    process.env['FUNCTIONS_REQUEST_BODY_SIZE_LIMIT'] = '5';
    expect((await send('/echo/word', { method: 'POST', body: 'hello' })).status).toBe(200);
    expect(await send('/echo/word', { method: 'POST', body: 'hello!' })).toEqual({ status: 413, text: '' });
  });
});

describe('a key of the local host', () => {
  const ask = (path: string, init: RequestInit = {}): Promise<number> =>
    fetch(`${locked.url}${path}`, init).then(({ status }) => status);
  const post = (key: string | undefined, body = '{}', type = 'application/json'): RequestInit => ({
    method: 'POST',
    body,
    headers: { 'content-type': type, ...(key !== undefined && { 'x-functions-key': key }) },
  });

  test('gives access to what it is for: the function key to its functions, the master key to everything', async () => {
    expect(await ask('/secret')).toBe(401);
    expect(await ask('/secret?code=wrong')).toBe(401);
    for (const key of ['the-key', 'the-master-key']) {
      expect(await ask(`/secret?code=${key}`)).toBe(200);
      expect(await ask('/secret', { headers: { 'x-functions-key': key } })).toBe(200);
    }
  });

  test('that is the master key runs a function by hand, with a JSON body, and hides its failure', async () => {
    const path = '/admin/functions/tick';
    runs = 0;
    expect(await ask(path, post(undefined))).toBe(401);
    expect(await ask(path, post('the-key'))).toBe(401);
    expect(await ask(path, post('the-master-key', '{}', 'text/plain'))).toBe(400);
    expect(await ask(path, post('the-master-key', 'no JSON'))).toBe(400);
    expect(await ask('/admin/functions/nothing', post('the-master-key'))).toBe(404);
    expect(runs).toBe(0);
    expect(await ask(path, post('the-master-key'))).toBe(202);
    expect(await ask(path, post('the-master-key'))).toBe(202);
    expect(runs).toBe(2);
  });
});

describe('the local host’s host.json', () => {
  const statusWith = async (text: string, path: string): Promise<Answer> => {
    const own = await createFunctionsHost({ hostJsonFile: hostJson(text) });
    try {
      const answer = await fetch(`${own.url}${path}`);
      return { status: answer.status, text: await answer.text() };
    } finally {
      await own.close();
    }
  };

  test.each([
    ['31536000', 500],
    ['365 days', 500],
    ['365.00:00:00', 200],
    ['10', 200],
  ])('with the HSTS age "%s" makes every request answer %i', async (maxAge, status) => {
    const text = JSON.stringify({
      extensions: { http: { routePrefix: '', hsts: { isEnabled: true, maxAge } } },
    });
    const answers = [await statusWith(text, '/echo/word'), await statusWith(text, '/')];
    expect(answers.map((answer) => answer.status)).toEqual([status, status]);
    if (status === 500) expect(answers[0]?.text).toBe('');
  });

  test('puts the functions below /api if it has no route prefix', async () => {
    expect((await statusWith('{}', '/api/echo/word')).status).toBe(200);
    expect((await statusWith('{}', '/echo/word')).status).toBe(404);
  });

  test('keeps the host from starting if it is not JSON', async () => {
    await expect(createFunctionsHost({ hostJsonFile: hostJson('{') })).rejects.toThrow(SyntaxError);
  });
});
