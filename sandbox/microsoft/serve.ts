// Which part of Microsoft answers a request, with the faults that were asked for on the way.
import { setTimeout as sleep } from 'node:timers/promises';
import { handleAdminConsent } from './entra-admin-consent.ts';
import { handleAuthorize } from './entra-authorize.ts';
import { tokenError } from './entra-errors.ts';
import { getSigningKey } from './entra-issue.ts';
import { scopeTexts } from './entra-scopes.ts';
import { handleToken } from './entra-token.ts';
import { handleControl } from './control.ts';
import type { FaultRule } from './faults.ts';
import { handleGraph } from './graph.ts';
import { handleBatch } from './graph-batch.ts';
import { graphError } from './graph-error.ts';
import { html, json } from './http.ts';
import type { Answer, Asked } from './http.ts';
import { errorPage } from './pages/layout.ts';
import { handleCalendarPages } from './pages/calendar.ts';
import { digest } from './world.ts';
import type { World } from './world.ts';

/** The connection is to be cut without an answer. */
export class Dropped extends Error {}

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

const isTokenPath = (path: string): boolean => path.endsWith('/oauth2/v2.0/token');

/** The answer a rule puts in place of the work, if it does. */
const faultAnswer = (world: World, rule: FaultRule, path: string): Answer | undefined => {
  const headers: Record<string, string> =
    rule.retryAfter === undefined ? {} : { 'retry-after': String(rule.retryAfter) };
  const status = rule.status ?? 502;
  if (rule.shape === 'html') {
    const answer = html(
      status,
      '<html><head><title>502 Bad Gateway</title></head><body><h1>Bad Gateway</h1></body></html>',
    );
    return { ...answer, headers: { ...answer.headers, ...headers } };
  }
  if (rule.shape === 'empty') return { status, headers };
  if (rule.body !== undefined) return json(status, rule.body, headers);
  if (rule.status === undefined) return undefined;
  if (isTokenPath(path)) {
    return tokenError(
      {
        status,
        error: rule.code ?? (status < 500 ? 'invalid_grant' : 'temporarily_unavailable'),
        aadsts: rule.aadsts ?? 90033,
        message: rule.message ?? 'A transient error has occurred. Please try again.',
        suberror: rule.suberror,
        claims: rule.claims,
      },
      world.now(),
      headers,
    );
  }
  const code = rule.code ?? graphCodes[status] ?? 'UnknownError';
  return graphError(
    { status, code, message: rule.message ?? 'A fault that was asked for.' },
    world.now(),
    headers,
  );
};

const withFaults = async (
  world: World,
  asked: Asked,
  work: () => Promise<Answer> | Answer,
): Promise<Answer> => {
  const rule = world.faults.take(asked.method, asked.path);
  if (!rule) return work();
  // A test that is over does not wait for an answer that hangs.
  if (rule.delayMs !== undefined) await sleep(rule.delayMs, undefined, { ref: false });
  if (rule.drop === 'before') throw new Dropped();
  const answer = faultAnswer(world, rule, asked.path) ?? (await work());
  if (rule.drop === 'after') throw new Dropped();
  return answer;
};

const discovery = (origin: string, tenant: string): Answer => {
  const base = `${origin}/${tenant}`;
  return json(200, {
    issuer: `${base}/v2.0`,
    authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
    token_endpoint: `${base}/oauth2/v2.0/token`,
    jwks_uri: `${base}/discovery/v2.0/keys`,
    response_types_supported: ['code'],
    response_modes_supported: ['query'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt'],
    code_challenge_methods_supported: ['S256'],
    scopes_supported: Object.keys(scopeTexts),
  });
};

const handleLogin = async (world: World, asked: Asked): Promise<Answer | undefined> => {
  const match = /^\/([^/]+)\/(.+)$/.exec(asked.path);
  if (!match) return undefined;
  const tenant = decodeURIComponent(match[1] ?? '').toLowerCase();
  const isForm = asked.method === 'GET' || asked.method === 'POST';
  switch (match[2]) {
    case 'oauth2/v2.0/authorize':
      return isForm ? handleAuthorize(world, asked, tenant) : undefined;
    case 'oauth2/v2.0/token':
      return asked.method === 'POST' ? handleToken(world, asked, tenant) : undefined;
    case 'v2.0/adminconsent':
      return isForm ? handleAdminConsent(world, asked, tenant) : undefined;
    case 'v2.0/.well-known/openid-configuration':
      return discovery(asked.origin, tenant);
    case 'discovery/v2.0/keys':
      return json(200, { keys: [(await getSigningKey()).jwk] });
    default:
      return undefined;
  }
};

const record = (world: World, asked: Asked, since: number, status: number, inBatch: boolean): void => {
  const isGraph = asked.path.startsWith('/v1.0/');
  const token = /^Bearer (.+)$/i.exec(asked.headers['authorization'] ?? '')?.[1];
  const owner = token === undefined ? undefined : world.state.accessTokens[digest(token)]?.personId;
  world.log.push({
    at: world.now(),
    method: asked.method,
    path: asked.path,
    query: isGraph ? asked.query.toString() : '',
    status,
    durationMs: performance.now() - since,
    inBatch,
    ...(owner === undefined ? {} : { person: owner }),
  });
};

/** Runs the work under the faults, and logs it. @throws {Dropped} */
const answerLogged = async (
  world: World,
  asked: Asked,
  inBatch: boolean,
  work: () => Promise<Answer> | Answer,
): Promise<Answer> => {
  const since = performance.now();
  let status = 0;
  try {
    const answer = await withFaults(world, asked, work);
    status = answer.status;
    return answer;
  } finally {
    record(world, asked, since, status, inBatch);
  }
};

const isDecodable = (text: string): boolean => {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
};

/** Answers one request. @throws {Dropped} where the connection is to be cut. */
export const serve = async (world: World, asked: Asked): Promise<Answer> => {
  const { path } = asked;
  if (!isDecodable(path)) return html(400, errorPage('Bad request', 'The path is not well encoded.'));
  if (path === '/_control' || path.startsWith('/_control/')) return handleControl(world, asked);
  if (path === '/' || path === '/calendar' || path.startsWith('/calendar/'))
    return handleCalendarPages(world, asked);
  return answerLogged(world, asked, false, async () => {
    if (path === '/v1.0/$batch' && asked.method === 'POST') {
      return handleBatch(world, asked, (inner) =>
        answerLogged(world, inner, true, () => handleGraph(world, inner)),
      );
    }
    if (path.startsWith('/v1.0/')) return handleGraph(world, asked);
    return (
      (await handleLogin(world, asked)) ??
      html(404, errorPage('Not found', 'Neither Microsoft’s login nor Graph has this path.'))
    );
  });
};
