/**
 * A host for the app's functions: routes, methods, keys, parameters and timers as the Azure Functions host treats them.
 *
 * It calls the app through the library's own programming model, as the Node worker does. Not here: scaling, time-outs, logs.
 * @see https://learn.microsoft.com/azure/azure-functions/functions-bindings-http-webhook-trigger
 */
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { registry } from './functions-core.ts';
import type { Binding, RegisteredFunction, RpcCookie, RpcData } from './functions-core.ts';

export interface FunctionsHost {
  readonly url: string;
  /** Runs a timer's function now. */
  runTimer(name: string): Promise<void>;
  close(): Promise<void>;
}

export interface FunctionsHostOptions {
  /** Default 0: any free port. */
  readonly port?: number;
  /** Asked for by functions of level `function`, as `x-functions-key` or `?code=`. Without it no key is asked for, as by `func start`. */
  readonly key?: string;
  /** Where the functions' log lines go. Default: nowhere. */
  readonly log?: (level: string, line: string) => void;
}

interface Route {
  readonly pattern: RegExp;
  readonly methods: readonly string[];
  readonly binding: Binding;
  readonly target: RegisteredFunction;
}

const MAX_BODY = 100 * 1024 * 1024;

function triggerOf(target: RegisteredFunction): Binding | undefined {
  return Object.values(target.metadata.bindings).find(({ type }) => type.endsWith('Trigger'));
}

function toRoutes(functions: Iterable<RegisteredFunction>): Route[] {
  return [...functions].flatMap((target) => {
    const binding = triggerOf(target);
    if (binding?.type !== 'httpTrigger') return [];
    const source = (binding.route ?? target.metadata.name)
      .split('/')
      .map((part) => part.replace(/^\{(\w+)\}$/, '(?<$1>[^/]+)'))
      .join('/');
    const methods = (binding.methods ?? ['GET', 'POST']).map((method) => method.toUpperCase());
    return [{ pattern: new RegExp(`^/${source}/?$`, 'i'), methods, binding, target }];
  });
}

async function readBody(request: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function toSetCookie(cookie: RpcCookie): string {
  return [
    `${cookie.name ?? ''}=${encodeURIComponent(cookie.value ?? '')}`,
    cookie.path?.value !== undefined && `Path=${cookie.path.value}`,
    cookie.maxAge?.value !== undefined && `Max-Age=${cookie.maxAge.value}`,
    cookie.secure?.value && 'Secure',
    cookie.httpOnly?.value && 'HttpOnly',
    cookie.sameSite === 'lax' && 'SameSite=Lax',
    cookie.sameSite === 'strict' && 'SameSite=Strict',
  ]
    .filter(Boolean)
    .join('; ');
}

export async function createFunctionsHost(options: FunctionsHostOptions = {}): Promise<FunctionsHost> {
  const model = registry.model;
  if (model === null) throw new Error('The app registered no function');
  const routes = toRoutes(registry.functions.values());

  const invoke = async (
    target: RegisteredFunction,
    input: RpcData,
    triggerMetadata: Record<string, RpcData>,
  ): Promise<RpcData | null | undefined> => {
    const trigger = triggerOf(target);
    if (trigger === undefined) throw new Error(`${target.metadata.name} has no trigger`);
    const invocation = model.getInvocationModel({
      invocationId: randomUUID(),
      metadata: target.metadata,
      request: { triggerMetadata, inputData: [{ name: trigger.name, data: input }] },
      log: (level: string, _category: string, message: string) => options.log?.(level, message),
    });
    const { context, inputs } = await invocation.getArguments();
    const hook = { invocationContext: context, inputs, functionCallback: target.handler, hookData: {} };
    for (const callback of registry.hooks.get('preInvocation') ?? []) await callback(hook);
    const result = await invocation.invokeFunction(context, hook.inputs, hook.functionCallback);
    return (await invocation.getResponse(context, result)).returnValue;
  };

  const runTimer = async (name: string): Promise<void> => {
    const target = registry.functions.get(name);
    if (target === undefined || triggerOf(target)?.type !== 'timerTrigger')
      throw new Error(`There is no timer named ${name}`);
    await invoke(
      target,
      { json: JSON.stringify({ IsPastDue: false, Schedule: {}, ScheduleStatus: {} }) },
      {},
    );
  };

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', `http://${request.headers.host ?? 'localhost'}`);
    const method = request.method ?? 'GET';
    const timer = /^\/admin\/functions\/(\w+)$/.exec(url.pathname)?.[1];
    if (timer !== undefined && method === 'POST' && registry.functions.has(timer)) {
      await runTimer(timer);
      response.writeHead(202).end();
      return;
    }
    const route = routes.find(
      ({ pattern, methods }) => pattern.test(url.pathname) && methods.includes(method),
    );
    if (route === undefined) {
      response.writeHead(404).end();
      return;
    }
    const key = request.headers['x-functions-key'] ?? url.searchParams.get('code');
    if (options.key !== undefined && route.binding.authLevel === 'function' && key !== options.key) {
      response.writeHead(401).end();
      return;
    }
    const body = await readBody(request);
    if (body === null) {
      response.writeHead(413).end();
      return;
    }
    const groups = route.pattern.exec(url.pathname)?.groups ?? {};
    const params = Object.fromEntries(Object.entries(groups).map(([k, v]) => [k, decodeURIComponent(v)]));
    const headers = Object.fromEntries(
      Object.entries(request.headers).map(([k, v]) => [k, Array.isArray(v) ? v.join(', ') : (v ?? '')]),
    );
    const query = Object.fromEntries(url.searchParams);
    const http = { url: url.href, method, headers, params, query, body: { bytes: body } };
    const output = (await invoke(route.target, { http }, {}))?.http ?? {};
    response.writeHead(Number(output.statusCode ?? 200), {
      ...output.headers,
      ...(output.cookies?.length ? { 'set-cookie': output.cookies.map(toSetCookie) } : {}),
    });
    const bytes = output.body?.bytes;
    response.end(bytes ? Buffer.from(bytes) : (output.body?.string ?? ''));
  };

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      options.log?.('error', error instanceof Error ? (error.stack ?? error.message) : String(error));
      // The host answers an empty 500 where a function throws.
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
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
