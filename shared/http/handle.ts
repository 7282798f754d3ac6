import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import type { z } from 'zod';
import { startDeadline } from '../core/deadline.ts';
import type { RunningDeadline } from '../core/deadline.ts';
import { AppError, statusOf } from '../core/errors.ts';
import type { ErrorCode } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import { readBody } from './read-body.ts';
import { toErrorResponse, toFault, toResponse, wantsPage } from './responses.ts';
import type { AnyReply, BodySpec, Handlers, Method, Operation, RefusalReply, Route } from './route.ts';
import { SECOND_MS } from '../core/duration.ts';

/** Long enough for Microsoft's slow days. */
const REQUEST_MS = 25 * SECOND_MS;
/** Most bodies hold a few settings. */
export const DEFAULT_MAX_BYTES = 64 * 1024;
/** Faults that are logged once, when they occur: a wrong setting when it is read, a feed when it is fetched. */
const LOGGED_BEFORE: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['misconfigured', 'feed_unreadable']);

/** What the wrapper needs of the running app. */
export interface AppSource<App> {
  /** @throws AppError `misconfigured` */
  requireApp(): App;
  /** Null with bad settings. */
  findApp(): App | null;
  log(): Log;
}

type AnyHandler = (
  input: Readonly<Record<string, unknown>>,
) => AnyReply | RefusalReply | Promise<AnyReply | RefusalReply>;

/**
 * The function for a route: checks what came in against the route's entry, runs the handler with the app passed in, and
 * turns its reply, or what it throws, into a response.
 */
export function createHandler<App, R extends Route>(
  route: R,
  handlers: Handlers<App, R>,
  source: AppSource<App>,
): (request: HttpRequest) => Promise<HttpResponseInit> {
  // Each handler is typed by its operation; here all of them look alike.
  const byMethod = handlers as unknown as Readonly<Partial<Record<Method, AnyHandler>>>;
  const format = route.errorFormat ?? 'json';

  return async (request) => {
    const asPage = format === 'page' || (format === 'negotiated' && wantsPage(request));
    let deadline: RunningDeadline | undefined;
    try {
      const method = (request.method === 'HEAD' ? 'GET' : request.method) as Method;
      const operation = route.operations[method];
      const handler = byMethod[method];
      if (!operation || !handler) throw new AppError('not_found', 'There is no such route');
      const app = route.withoutApp ? source.findApp() : source.requireApp();
      const input = await readInput(route, operation, request);
      // However long the body took to arrive.
      deadline = startDeadline(route.timeoutMs ?? REQUEST_MS);
      const reply = await handler({ app, request, ...input, signal: deadline.signal });
      if (!reply.refusal) return toResponse(reply);
      const { code, message } = reply.refusal;
      if (asPage) return toResponse({ status: statusOf(code), page: reply.page });
      return toErrorResponse(new AppError(code, message), false);
    } catch (error) {
      const fault = toFault(error);
      if (statusOf(fault.code) >= 500 && !LOGGED_BEFORE.has(fault.code))
        source.log().error('request_failed', { code: fault.code }, error);
      return toErrorResponse(fault, asPage);
    } finally {
      deadline?.clear();
    }
  };
}

async function readInput(route: Route, operation: Operation, request: HttpRequest) {
  const given = [...request.query].filter(([, value]) => value !== '');
  return {
    params: route.params && parseInput(route.params, request.params),
    query: operation.query && parseInput(operation.query, Object.fromEntries(given)),
    body: operation.body && (await readInputBody(operation.body, request)),
    wantsPage: wantsPage(request),
  };
}

async function readInputBody(spec: BodySpec, request: HttpRequest): Promise<unknown> {
  if ('form' in spec) {
    const form = new URLSearchParams(decode(await readBody(request, DEFAULT_MAX_BYTES)));
    return parseInput(spec.form, Object.fromEntries(form));
  }
  if ('bytes' in spec && spec.onDemand)
    return (signal: AbortSignal) => readBody(request, spec.maxBytes, signal);
  const bytes = await readBody(request, spec.maxBytes ?? DEFAULT_MAX_BYTES);
  return 'bytes' in spec ? bytes : parseInput(spec.json, parseJson(decode(bytes)));
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AppError('invalid_request', 'The body must be JSON', { cause });
  }
}

/** Checks what came from outside. @throws AppError `invalid_request`, with one detail for each invalid field */
export function parseInput<T>(schema: z.ZodType<T>, input: unknown): T {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const details = parsed.error.issues.map(({ path, message }) => ({
    field: path.join('.') || 'body',
    message,
  }));
  const message = details.map(({ field, message: text }) => `${field}: ${text}`).join('; ');
  throw new AppError('invalid_request', message, { details });
}
