// The Functions host with HTTP streaming switched on: bodies reach the function while they come in.
import { request as httpRequest } from 'node:http';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { app } from '@azure/functions';
import { createFunctionsHost } from '../../sandbox/functions-host.ts';
import type { FunctionsHost } from '../../sandbox/functions-host.ts';

let host: FunctionsHost;
let firstChunk: ((text: string) => void) | undefined;

app.setup({ enableHttpStream: true });
app.http('echo', {
  route: 'echo/{word}',
  methods: ['GET', 'POST'],
  authLevel: 'anonymous',
  handler: async (request) => {
    const text = await request.text();
    const { params, query, method } = request;
    return {
      status: 201,
      headers: { 'x-own': 'yes' },
      cookies: [{ name: 'a', value: 'b', httpOnly: true }],
      jsonBody: {
        word: params['word'],
        q: query.get('q'),
        method,
        agent: request.headers.get('x-agent'),
        text,
      },
    };
  },
});
app.http('early', {
  methods: ['POST'],
  authLevel: 'anonymous',
  handler: async (request) => {
    const reader = request.body?.getReader();
    const first = await reader?.read();
    firstChunk?.(Buffer.from(first?.value as Uint8Array).toString());
    return { status: 413 };
  },
});
app.http('broken', {
  methods: ['POST'],
  authLevel: 'anonymous',
  handler: () => {
    throw new Error('it fails');
  },
});

beforeAll(async () => {
  host = await createFunctionsHost();
});
afterEach(() => {
  delete process.env['FUNCTIONS_REQUEST_BODY_SIZE_LIMIT'];
});
afterAll(() => host.close());

function open(path: string): { sent: ClientRequest; answer: Promise<IncomingMessage> } {
  const sent = httpRequest(`${host.url}${path}`, { method: 'POST', agent: false });
  const answer = new Promise<IncomingMessage>((resolve, reject) => {
    sent.once('response', resolve);
    sent.on('error', reject);
  });
  return { sent, answer };
}

test('a body in chunks arrives whole, and the answer comes back with its headers and cookies', async () => {
  const { sent, answer } = open('/echo/a%20b?q=1');
  sent.setHeader('x-agent', 'test');
  sent.write('hel');
  sent.end('lo');
  const response = await answer;
  let text = '';
  for await (const chunk of response) text += String(chunk);
  expect(response.statusCode).toBe(201);
  expect(response.headers).toMatchObject({ 'x-own': 'yes', 'set-cookie': ['a=b; HttpOnly'] });
  expect(response.headers).not.toHaveProperty('x-ms-invocation-id');
  expect(JSON.parse(text)).toEqual({ word: 'a b', q: '1', method: 'POST', agent: 'test', text: 'hello' });
});

test('a body with a length arrives whole, and so does an empty one', async () => {
  const posted = await fetch(`${host.url}/echo/x`, { method: 'POST', body: 'hello' });
  expect(await posted.json()).toMatchObject({ text: 'hello' });
  const got = await fetch(`${host.url}/echo/x`);
  expect(await got.json()).toMatchObject({ method: 'GET', text: '' });
});

test('a function can answer before the body has ended', async () => {
  const { sent, answer } = open('/early');
  const first = new Promise<string>((resolve) => {
    firstChunk = resolve;
  });
  sent.write('the first part');
  expect(await first).toBe('the first part');
  expect((await answer).statusCode).toBe(413);
  sent.destroy();
});

test('a function that throws is answered with an empty 500', async () => {
  const answer = await fetch(`${host.url}/broken`, { method: 'POST', body: 'hello' });
  expect([answer.status, await answer.text()]).toEqual([500, '']);
});

test('a body in chunks is refused when it passes the host’s limit', async () => {
  process.env['FUNCTIONS_REQUEST_BODY_SIZE_LIMIT'] = '10';
  const { sent, answer } = open('/echo/x');
  sent.write('a body of more');
  expect((await answer).statusCode).toBe(413);
  sent.destroy();
});

test('a second host in the process uses the stream of the first one', async () => {
  const second = await createFunctionsHost();
  const answer = await fetch(`${second.url}/echo/x`, { method: 'POST', body: 'hello' });
  expect(await answer.json()).toMatchObject({ text: 'hello' });
  await second.close();
});
