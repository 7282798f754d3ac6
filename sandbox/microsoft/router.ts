// Chooses the part of Microsoft that answers a request, and runs it under the fault rules.
import { handleAdminConsent } from './entra-admin-consent.ts';
import { handleAuthorize } from './entra-authorize.ts';
import { getSigningKey } from './entra-issue.ts';
import { scopeTexts } from './entra-scopes.ts';
import { handleToken } from './entra-token.ts';
import { handleControl } from './control.ts';
import { runWithFaults } from './fault-response.ts';
import { handleGraph } from './graph.ts';
import { handleBatch } from './graph-batch.ts';
import { html, json } from './http.ts';
import type { HttpResponse, HttpRequest } from './http.ts';
import { errorPage } from './pages/layout.ts';
import { handleCalendarPages } from './pages/calendar.ts';
import { digest } from './store.ts';
import type { Store } from './store.ts';

function discovery(origin: string, tenant: string): HttpResponse {
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
}

async function handleLogin(store: Store, request: HttpRequest): Promise<HttpResponse | undefined> {
  const match = /^\/([^/]+)\/(.+)$/.exec(request.path);
  if (!match) return undefined;
  const tenant = decodeURIComponent(match[1] ?? '').toLowerCase();
  const isForm = request.method === 'GET' || request.method === 'POST';
  switch (match[2]) {
    case 'oauth2/v2.0/authorize':
      return isForm ? handleAuthorize(store, request, tenant) : undefined;
    case 'oauth2/v2.0/token':
      return request.method === 'POST' ? handleToken(store, request, tenant) : undefined;
    case 'v2.0/adminconsent':
      return isForm ? handleAdminConsent(store, request, tenant) : undefined;
    case 'v2.0/.well-known/openid-configuration':
      return discovery(request.origin, tenant);
    case 'discovery/v2.0/keys':
      return json(200, { keys: [(await getSigningKey()).jwk] });
    default:
      return undefined;
  }
}

function record(store: Store, request: HttpRequest, since: number, status: number, inBatch: boolean): void {
  const isGraph = request.path.startsWith('/v1.0/');
  const token = /^Bearer (.+)$/i.exec(request.headers['authorization'] ?? '')?.[1];
  const owner = token === undefined ? undefined : store.state.accessTokens[digest(token)]?.personId;
  store.log.push({
    at: store.now(),
    method: request.method,
    path: request.path,
    query: isGraph ? request.query.toString() : '',
    status,
    durationMs: performance.now() - since,
    inBatch,
    ...(owner === undefined ? {} : { person: owner }),
  });
}

/** Runs the work under the faults, and logs it. @throws {Dropped} */
async function answerLogged(
  store: Store,
  request: HttpRequest,
  inBatch: boolean,
  work: () => Promise<HttpResponse> | HttpResponse,
): Promise<HttpResponse> {
  const since = performance.now();
  let status = 0;
  try {
    const answer = await runWithFaults(store, request, work);
    status = answer.status;
    return answer;
  } finally {
    record(store, request, since, status, inBatch);
  }
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

/** Answers one request. @throws {Dropped} if the connection is to be cut. */
export async function serve(store: Store, request: HttpRequest): Promise<HttpResponse> {
  const { path } = request;
  if (!isDecodable(path)) return html(400, errorPage('Bad request', 'The path is not well encoded.'));
  await store.schedule.runDue();
  if (path === '/_control' || path.startsWith('/_control/')) return handleControl(store, request);
  if (path === '/' || path === '/calendar' || path.startsWith('/calendar/'))
    return handleCalendarPages(store, request);
  return answerLogged(store, request, false, async () => {
    if (path === '/v1.0/$batch' && request.method === 'POST') {
      return handleBatch(store, request, (inner) =>
        answerLogged(store, inner, true, () => handleGraph(store, inner)),
      );
    }
    if (path.startsWith('/v1.0/')) return handleGraph(store, request);
    return (
      (await handleLogin(store, request)) ??
      html(404, errorPage('Not found', 'Neither Microsoft’s login nor Graph has this path.'))
    );
  });
}
