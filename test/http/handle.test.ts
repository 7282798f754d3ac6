import { HttpRequest } from '@azure/functions';
import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { AppError } from '../../shared/core/errors.ts';
import { createLog } from '../../shared/core/log.ts';
import { createHandler } from '../../shared/http/handle.ts';
import type { AppSource } from '../../shared/http/handle.ts';
import { readBody } from '../../shared/http/read-body.ts';
import type { Handlers, Route } from '../../shared/http/route.ts';
import { html } from '../../shared/core/html.ts';

interface App {
  readonly name: string;
}
const logged: string[] = [];
const silent = () => undefined;
const source: AppSource<App> = {
  findApp: () => ({ name: 'app' }),
  requireApp: () => ({ name: 'app' }),
  log: () => ({ ...createLog({ info: silent, warn: silent, error: silent }), error: (e) => logged.push(e) }),
};

const ROUTE = {
  path: '/things/{thing_id}',
  access: 'anonymous',
  tag: 'Things',
  errorFormat: 'negotiated',
  params: z.object({ thing_id: z.string().max(3, 'is too long') }),
  operations: {
    PUT: {
      summary: 'Put',
      query: z.object({ dry_run: z.enum(['true']).optional() }),
      body: { json: z.strictObject({ size: z.int() }) },
      responses: {
        200: { description: 'Put', json: z.object({ size: z.int() }) },
        204: { description: 'x' },
      },
    },
  },
} as const satisfies Route;

function put(
  handlers: Handlers<App, typeof ROUTE>,
  { body = '{"size":1}', id = 'a', query = {}, accept = '' } = {},
) {
  const request = new HttpRequest({
    method: 'PUT',
    url: `http://localhost/things/${id}`,
    params: { thing_id: id },
    query,
    headers: { accept },
    body: { string: body },
  });
  return createHandler(ROUTE, handlers, source)(request);
}

describe('a route’s handler', () => {
  const echo: Handlers<App, typeof ROUTE> = {
    PUT: ({ app, params, query, body, signal }) => {
      expect([app.name, params.thing_id, query.dry_run, signal.aborted]).toEqual([
        'app',
        'a',
        undefined,
        false,
      ]);
      return { status: 200, body: { size: body.size }, headers: { etag: '"1"' } };
    },
  };

  test('gets the validated request, and its response is sent', async () => {
    expect(await put(echo, { query: { dry_run: '' } })).toMatchObject({
      status: 200,
      jsonBody: { size: 1 },
      headers: { etag: '"1"', 'cache-control': 'no-store' },
    });
  });

  test.each([
    ['a parameter', { id: 'abcd' }, 'thing_id', 'is too long'],
    ['the query', { query: { dry_run: 'maybe' } }, 'dry_run', ''],
    ['a field of the body', { body: '{"size":"big"}' }, 'size', ''],
    ['an unknown field', { body: '{"size":1,"x":2}' }, 'body', ''],
  ])('is not called if %s is invalid', async (_, request, field, message) => {
    const response = await put(echo, request);
    expect(response.status).toBe(400);
    expect(response.jsonBody).toMatchObject({
      error: {
        code: 'invalid_request',
        details: [{ field, message: expect.stringContaining(message) as unknown }],
      },
    });
  });

  test('is not called if the body is not JSON or is too large', async () => {
    expect(await put(echo, { body: '{' })).toMatchObject({ status: 400 });
    expect(await put(echo, { body: ' '.repeat(64 * 1024 + 1) })).toMatchObject({
      status: 413,
      jsonBody: { error: { code: 'payload_too_large', message: 'The body is larger than 64 KiB' } },
    });
  });

  test('may throw: an AppError is answered by its own code, any other error by the code "internal", and both are logged', async () => {
    const throttled = new AppError('microsoft_throttled', 'Wait', { retryAfterMs: 1_500 });
    const failing = (error: Error): Handlers<App, typeof ROUTE> => ({ PUT: () => Promise.reject(error) });
    expect(await put(failing(throttled))).toMatchObject({
      status: 502,
      headers: { 'retry-after': '2' },
      jsonBody: { error: { code: 'microsoft_throttled' } },
    });
    const response = await put(failing(new Error('secret')));
    expect(response).toMatchObject({ status: 500, jsonBody: { error: { code: 'internal' } } });
    expect(JSON.stringify(response)).not.toContain('secret');
    expect(logged).toEqual(['request_failed', 'request_failed']);
  });

  test('answers a browser with a page, also for an error', async () => {
    const accept = 'text/html';
    expect((await put(echo, { id: 'abcd', accept })).body).toContain('<!doctype html>');
    const refusing: Handlers<App, typeof ROUTE> = {
      PUT: () => ({
        refusal: { code: 'link_used', message: 'Used' },
        page: { title: 'Used already', content: html`<p>x</p>` },
      }),
    };
    const page = await put(refusing, { accept });
    expect(page.status).toBe(410);
    expect(page.body).toContain('Used already');
    expect(await put(refusing)).toMatchObject({ status: 410, jsonBody: { error: { code: 'link_used' } } });
  });

  test('does not compile with a body, a status or a field that its entry does not have', () => {
    const wrong: unknown[] = [
      // @ts-expect-error -- a text is no integer
      { PUT: () => ({ status: 200, body: { size: 'big' } }) } satisfies Handlers<App, typeof ROUTE>,
      // @ts-expect-error -- the entry has no status 201
      { PUT: () => ({ status: 201, body: { size: 1 } }) } satisfies Handlers<App, typeof ROUTE>,
      // @ts-expect-error -- the body has no such field
      { PUT: ({ body }) => ({ status: 200, body: { size: Number(body.weight) } }) } satisfies Handlers<
        App,
        typeof ROUTE
      >,
      // @ts-expect-error -- the route has no such method
      { PUT: () => ({ status: 204 }), GET: () => ({ status: 204 }) } satisfies Handlers<App, typeof ROUTE>,
      // @ts-expect-error -- the handler is missing
      {} satisfies Handlers<App, typeof ROUTE>,
    ];
    expect(wrong).toHaveLength(5);
  });
});

describe('a body', () => {
  /** A body of so many chunks, which tells how many were asked for and whether the rest was refused. */
  function endless(chunks: number) {
    const seen = { read: 0 };
    let resolve = (): void => undefined;
    const cancelled = new Promise<void>((done) => (resolve = done));
    const stream = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          if (seen.read === chunks) controller.close();
          else controller.enqueue(new Uint8Array(1024));
          seen.read += 1;
        },
        cancel() {
          resolve();
        },
      },
      { highWaterMark: 0 },
    );
    const request = { headers: new Headers(), body: stream } as unknown as HttpRequest;
    return { seen, request, cancelled };
  }

  test('is read up to its limit', async () => {
    const { request } = endless(4);
    expect(await readBody(request, 4 * 1024)).toHaveLength(4 * 1024);
  });

  test('that is too large is refused at the limit, and its rest is discarded, or cut off if it does not end', async () => {
    const { request, seen, cancelled } = endless(1_000_000);
    await expect(readBody(request, 4 * 1024)).rejects.toMatchObject({ code: 'payload_too_large' });
    expect(seen.read).toBeLessThan(10);
    await cancelled;
    expect(seen.read).toBeLessThan(17 * 1024);
  });

  test('that says it is too large is not read at all', async () => {
    const { request, seen } = endless(10);
    request.headers.set('content-length', '5000000');
    await expect(readBody(request, 4 * 1024 * 1024)).rejects.toMatchObject({
      code: 'payload_too_large',
      message: 'The body is larger than 4 MiB',
    });
    expect(seen.read).toBe(0);
  });

  test('that breaks off is an invalid request', async () => {
    const stream = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        controller.error(new Error('gone'));
      },
    });
    const request = { headers: new Headers(), body: stream } as unknown as HttpRequest;
    await expect(readBody(request, 10)).rejects.toMatchObject({ code: 'invalid_request' });
  });

  test('that is missing is empty', async () => {
    const request = { headers: new Headers(), body: null } as unknown as HttpRequest;
    expect(await readBody(request, 10)).toHaveLength(0);
  });
});
