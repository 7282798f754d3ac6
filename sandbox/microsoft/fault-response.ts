// Carries out a request under the fault rule that strikes it: delays, wrong answers, lost answers, work that lands later.
import { setTimeout as sleep } from 'node:timers/promises';
import { tokenError } from './entra-errors.ts';
import type { FaultRule, Landing } from './faults.ts';
import { graphError } from './graph-error.ts';
import { html, json } from './http.ts';
import type { HttpRequest, HttpResponse } from './http.ts';
import { Cancelled } from './schedule.ts';
import type { Store } from './store.ts';

/** The connection is to be cut without an answer. */
export class Dropped extends Error {}

type Work = () => Promise<HttpResponse> | HttpResponse;

const graphCodes: Record<number, string> = {
  401: 'InvalidAuthenticationToken',
  403: 'ErrorAccessDenied',
  404: 'ErrorItemNotFound',
  412: 'ErrorIrresolvableConflict',
  429: 'ApplicationThrottled',
  500: 'InternalServerError',
  502: 'BadGateway',
  503: 'ServiceUnavailable',
  504: 'GatewayTimeout',
};

/** The answer that a rule puts in place of the work's, if it does. */
function substituteFor(store: Store, rule: FaultRule, path: string): HttpResponse | undefined {
  const headers: Record<string, string> =
    rule.retryAfter === undefined ? {} : { 'retry-after': String(rule.retryAfter) };
  const status = rule.status ?? 502;
  if (rule.shape === 'html') {
    const page = html(
      status,
      '<html><head><title>502 Bad Gateway</title></head><body><h1>Bad Gateway</h1></body></html>',
    );
    return { ...page, headers: { ...page.headers, ...headers } };
  }
  if (rule.shape === 'empty') return { status, headers };
  if (rule.body !== undefined) return json(status, rule.body, headers);
  if (rule.status === undefined) return undefined;
  if (path.endsWith('/oauth2/v2.0/token')) {
    return tokenError(
      {
        status,
        error: rule.code ?? (status < 500 ? 'invalid_grant' : 'temporarily_unavailable'),
        aadsts: rule.aadsts ?? 90033,
        message: rule.message ?? 'A transient error has occurred. Please try again.',
        suberror: rule.suberror,
        claims: rule.claims,
      },
      store.now(),
      headers,
    );
  }
  const code = rule.code ?? graphCodes[status] ?? 'UnknownError';
  return graphError(
    { status, code, message: rule.message ?? 'A fault that was asked for.' },
    store.now(),
    headers,
  );
}

function timeOf(store: Store, landing: Landing): number | null {
  if (landing === 'on_release') return null;
  return 'at' in landing ? landing.at : store.now() + landing.afterMs;
}

/** Waits for the work's time, does it, and writes down how it ended. @throws {Dropped} if the stand-in is reset first */
async function land(store: Store, request: HttpRequest, rule: FaultRule, landing: Landing, work: Work) {
  const name = rule.name ?? rule.path;
  const { method, path } = request;
  return new Promise<HttpResponse>((resolve, reject) => {
    store.schedule.add({
      name,
      at: timeOf(store, landing),
      what: `${method} ${path}`,
      async run() {
        try {
          const response = await work();
          store.landings.push({ name, method, path, status: response.status, at: store.now() });
          resolve(response);
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      },
      cancel() {
        reject(new Dropped());
      },
    });
  });
}

async function waitForRelease(store: Store, request: HttpRequest, rule: FaultRule): Promise<void> {
  // `never` is a name that nobody releases: only a reset ends it.
  const name = rule.answer === 'never' ? '(never)' : (rule.name ?? rule.path);
  try {
    await store.schedule.wait({ name, at: null, what: `the answer to ${request.method} ${request.path}` });
  } catch (error) {
    throw error instanceof Cancelled ? new Dropped() : error;
  }
}

/** The work's own answer, if it is needed now. Undefined if the work is skipped, or lands by itself later. */
async function carryOut(
  store: Store,
  request: HttpRequest,
  rule: FaultRule,
  hasSubstitute: boolean,
  work: Work,
): Promise<HttpResponse | undefined> {
  const isAnsweredWithoutIt = hasSubstitute || rule.drop !== undefined || rule.answer === 'never';
  if (rule.lands !== undefined) {
    const landing = land(store, request, rule, rule.lands, work);
    if (!isAnsweredWithoutIt) return landing;
    landing.catch((error: unknown) => {
      if (!(error instanceof Dropped)) process.emitWarning(error instanceof Error ? error : String(error));
    });
    return undefined;
  }
  const isDone = rule.work === undefined ? !hasSubstitute && rule.drop !== 'before' : rule.work === 'done';
  return isDone ? work() : undefined;
}

/** Runs the work under the rule that strikes the request, if one does. @throws {Dropped} if the connection is to be cut */
export async function runWithFaults(store: Store, request: HttpRequest, work: Work): Promise<HttpResponse> {
  const rule = store.faults.take(request);
  if (!rule) return work();
  // A test that is over does not wait for an answer that hangs.
  if (rule.delayMs !== undefined) await sleep(rule.delayMs, undefined, { ref: false });
  const substitute = substituteFor(store, rule, request.path);
  const own = await carryOut(store, request, rule, substitute !== undefined, work);
  if (rule.answer !== undefined) await waitForRelease(store, request, rule);
  const response = substitute ?? own;
  if (rule.drop !== undefined || response === undefined) throw new Dropped();
  return response;
}
