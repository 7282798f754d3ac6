/**
 * A host for the app's functions: routes, methods, keys, parameters, bodies and timers as the Azure Functions host treats them.
 *
 * What differs from the real host: there is no scaling, no time-out and no host.log; `POST /admin/functions/NAME` answers when the
 * function has ended, not before; all other /admin routes are missing; the home page is one line; HSTS headers are not sent, since
 * this host has no https; time spans in host.json are checked where they stand, not by .NET's binder; a body over the limit is
 * refused with 413 before it is read, or when it passes the limit.
 * @see https://learn.microsoft.com/azure/azure-functions/functions-bindings-http-webhook-trigger
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { registry } from './functions-core.ts';
import { readHostJson } from './functions-host-json.ts';
import { bodyOf, invoke, toSetCookie } from './functions-invoke.ts';
import { bodyLimit, judgeHead, readBody, refuseLongHeads, serverHeaderBytes } from './functions-limits.ts';
import { findRoute, toRoutes, triggerOf } from './functions-routes.ts';
import type { FoundRoute } from './functions-routes.ts';
import { BodyTooLarge, passOn, startHttpStream } from './functions-stream.ts';
import { keepConnections } from './keep-alive.ts';

export interface FunctionsHost {
  readonly url: string;
  /** Opens every function, and /admin. */
  readonly masterKey: string;
  /** Runs a timer's function now. */
  runTimer(name: string): Promise<void>;
  close(): Promise<void>;
}

export interface FunctionsHostOptions {
  /** Default 0: any free port. */
  readonly port?: number;
  /** Opens functions of level `function`, as `x-functions-key` or `?code=`. Without it no key is asked for, as by `func start`. */
  readonly key?: string;
  /** Default: a random one. It is asked for only if there is a `key`. */
  readonly masterKey?: string;
  /** Where the functions' log lines go. Default: nowhere. */
  readonly log?: (level: string, line: string) => void;
  /** Called when a request arrives; what it returns is called with the status of the answer. */
  readonly onRequest?: (method: string, path: string) => (status: number) => void;
  /** Default: the project's own. */
  readonly hostJsonFile?: string;
}

const projectHostJson = join(import.meta.dirname, '../host.json');

function isTrue(text: string | undefined): boolean {
  return text?.toLowerCase() === 'true';
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

/** Starts a host for the functions that have been registered. @throws Error if there is none, or the port is in use */
export async function createFunctionsHost(options: FunctionsHostOptions = {}): Promise<FunctionsHost> {
  const { model } = registry;
  if (model === null) throw new Error('The app registered no function');
  const hostJson = readHostJson(options.hostJsonFile ?? projectHostJson);
  const masterKey = options.masterKey ?? randomBytes(24).toString('base64url');
  const routes = toRoutes(registry.functions.values(), hostJson.routePrefix);
  registry.httpStream ??= startHttpStream(model);
  const httpStream = await registry.httpStream;

  function log(level: string, line: string): void {
    options.log?.(level, line);
  }

  async function runTimer(name: string): Promise<void> {
    const target = registry.functions.get(name);
    if (target === undefined || triggerOf(target)?.type !== 'timerTrigger')
      throw new Error(`There is no timer named ${name}`);
    const input = { json: JSON.stringify({ IsPastDue: false, Schedule: {}, ScheduleStatus: {} }) };
    await invoke({ id: randomUUID(), target, input, triggerMetadata: {}, log });
  }

  /** 202, 400, 401 or 404, as the real host answers POST /admin/functions/NAME. */
  async function runByHand(name: string, request: IncomingMessage, givenKeys: unknown[]): Promise<number> {
    if (options.key !== undefined && !givenKeys.includes(masterKey)) return 401;
    if (!registry.functions.has(name)) return 404;
    const isJson = request.headers['content-type']?.startsWith('application/json') ?? false;
    if (!isJson || !isJsonObject((await readBody(request)).toString('utf8'))) return 400;
    await runTimer(name).catch((error: unknown) => {
      // Who asked has its 202 long before, on the real host: a failure is in the log alone.
      log('error', error instanceof Error ? (error.stack ?? error.message) : String(error));
    });
    return 202;
  }

  async function answerFound(
    { route, params }: FoundRoute,
    url: URL,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const method = request.method ?? 'GET';
    const headers = Object.fromEntries(
      Object.entries(request.headers).map(([k, v]) => [k, Array.isArray(v) ? v.join(', ') : (v ?? '')]),
    );
    const id = randomUUID();
    const run = { id, target: route.target, log };
    if (httpStream !== null) {
      const triggerMetadata = {
        Headers: { json: JSON.stringify(headers) },
        ...Object.fromEntries(Object.entries(params).map(([name, value]) => [name, { string: value }])),
      };
      await passOn(httpStream, id, request, response, {
        limit: bodyLimit(process.env),
        headers: hostJson.customHeaders,
        invoke: () => invoke({ ...run, input: {}, triggerMetadata }),
      });
      return;
    }
    const query = Object.fromEntries(url.searchParams);
    const body = { bytes: await readBody(request) };
    const http = { url: url.href, method, headers, params, query, body };
    const output = (await invoke({ ...run, input: { http }, triggerMetadata: {} }))?.http ?? {};
    response.writeHead(Number(output.statusCode ?? 200), {
      ...hostJson.customHeaders,
      ...output.headers,
      ...(output.cookies?.length ? { 'set-cookie': output.cookies.map(toSetCookie) } : {}),
    });
    response.end(bodyOf(output));
  }

  /** @returns the status of an answer without a body; null once a function, or the home page, has answered */
  async function handle(request: IncomingMessage, response: ServerResponse): Promise<number | null> {
    const wrongHead = judgeHead(request);
    if (wrongHead !== null) return wrongHead;
    if (hostJson.isBroken) return 500;
    const target = request.url ?? '/';
    const origin = `http://${request.headers.host ?? 'localhost'}`;
    const url = URL.parse(target.startsWith('/') ? `${origin}${target}` : target);
    if (url === null) return 400;
    const method = request.method ?? 'GET';
    const found = findRoute(routes, method, url.pathname);
    if (found === undefined && url.pathname === '/') {
      if (isTrue(process.env['AzureWebJobsDisableHomepage'])) return 204;
      response.writeHead(200, { 'content-type': 'text/html' });
      response.end('<p>Your Azure Function App is up and running.</p>');
      return null;
    }
    const givenKeys: unknown[] = [request.headers['x-functions-key'], url.searchParams.get('code')];
    const name = /^\/admin\/functions\/(\w+)\/?$/i.exec(url.pathname)?.[1];
    if (name !== undefined && method === 'POST') return runByHand(name, request, givenKeys);
    if (found === undefined) return 404;
    const { authLevel } = found.route.binding;
    const keys = authLevel === 'function' ? [options.key, masterKey] : [masterKey];
    const isKeyWanted = options.key !== undefined && (authLevel === 'function' || authLevel === 'admin');
    if (isKeyWanted && !givenKeys.some((given) => keys.some((key) => key === given))) return 401;
    if (Number(request.headers['content-length'] ?? 0) > bodyLimit(process.env)) return 413;
    await answerFound(found, url, request, response);
    return null;
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const status = await handle(request, response);
    if (status === null) return;
    // What is left of a body that is refused is not read, so the connection cannot go on.
    const headers = status === 413 || status === 414 || status === 431 ? { connection: 'close' } : {};
    response.writeHead(status, { ...(status !== 204 && { 'content-length': 0 }), ...headers }).end();
  }

  const server = createServer({ maxHeaderSize: serverHeaderBytes }, (request, response) => {
    const onAnswer = options.onRequest?.(request.method ?? 'GET', request.url?.split('?')[0] ?? '/');
    if (onAnswer)
      response.once('finish', () => {
        onAnswer(response.statusCode);
      });
    answer(request, response).catch((error: unknown) => {
      if (!(error instanceof BodyTooLarge))
        log('error', error instanceof Error ? (error.stack ?? error.message) : String(error));
      // The host answers an empty 500 if a function throws.
      if (!response.headersSent)
        response.writeHead(error instanceof BodyTooLarge ? 413 : 500, { connection: 'close' });
      response.end();
    });
  });
  keepConnections(server);
  refuseLongHeads(server);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    masterKey,
    runTimer,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}
