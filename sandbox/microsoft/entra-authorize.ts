// GET and POST /{tenant}/oauth2/v2.0/authorize: sign in, consent, and back to the app.
//
// Written by hand on jose rather than on oidc-provider: Microsoft's tenants in the path, one client for all of them, its own error
// bodies (error_codes, suberror), client_info, consent by an administrator, and refresh tokens that rotate without revoking the
// older ones would each have to be bent around that library's policies, which leaves little of it but its JWTs.
//
// The pages keep nothing between steps: each form posts back to the same URL, which is judged again.
import { randomBytes } from 'node:crypto';
import { describeError } from './entra-errors.ts';
import { hasConsent, normalizeScopes, recordConsent, scopeTexts } from './entra-scopes.ts';
import { html, redirect, withQuery } from './http.ts';
import type { HttpResponse, HttpRequest } from './http.ts';
import { approvalPage, consentPage } from './pages/consent.ts';
import { errorPage } from './pages/layout.ts';
import { signInPage } from './pages/sign-in.ts';
import { personalTenantId } from './people.ts';
import type { Person } from './people.ts';
import { tenantOf } from './directory.ts';
import { digest } from './store.ts';
import type { Store } from './store.ts';

const codeLifetimeMs = 10 * 60_000;

interface AuthorizationRequest {
  tenant: string;
  clientId: string;
  redirectUri: string;
  state: string | undefined;
  nonce: string | undefined;
  scopes: string[];
  challenge: string;
  prompt: string | undefined;
}

/** The people who may sign in at `/{tenant}/`. */
export function peopleAt(store: Store, tenant: string): Person[] {
  const { people, tenants } = store.state;
  if (tenant === 'common') return people;
  if (tenant === 'organizations') return people.filter((one) => one.kind === 'work');
  if (tenant === 'consumers') return people.filter((one) => one.kind === 'personal');
  const named = tenants.find((one) => one.id === tenant || one.domain === tenant);
  return people.filter((one) => one.tenantId === named?.id);
}

/** Whether a path's tenant is known: an id, a domain, or one of Entra's own names. */
export function isTenant(store: Store, tenant: string): boolean {
  return (
    ['common', 'organizations', 'consumers'].includes(tenant) ||
    store.state.tenants.some((one) => one.id === tenant || one.domain === tenant)
  );
}

/** What is wrong with the client or where it wants to return: shown to the person, never sent back to that address. */
export function judgeReturn(store: Store, tenant: string, query: URLSearchParams): HttpResponse | undefined {
  const refuse = (aadsts: number, message: string): HttpResponse =>
    html(400, errorPage('Sign in', describeError(aadsts, message, store.now())));
  const clientId = query.get('client_id');
  const redirectUri = query.get('redirect_uri');
  if (!isTenant(store, tenant)) {
    return refuse(90002, `Tenant '${tenant}' not found. Check to make sure you have the correct tenant ID.`);
  }
  if (!clientId) {
    return refuse(900144, "The request body must contain the following parameter: 'client_id'.");
  }
  if (clientId !== store.clientId) {
    return refuse(700016, `Application with identifier '${clientId}' was not found in the directory.`);
  }
  if (redirectUri === null || !store.state.redirectUris.includes(redirectUri)) {
    return refuse(
      50011,
      `The redirect URI '${redirectUri ?? ''}' specified in the request does not match the redirect URIs configured for the application '${clientId}'.`,
    );
  }
  return undefined;
}

/** The request, or the answer that refuses it. */
function readAuthorizationRequest(
  store: Store,
  tenant: string,
  query: URLSearchParams,
): AuthorizationRequest | HttpResponse {
  const refused = judgeReturn(store, tenant, query);
  if (refused) return refused;
  const text = (name: string): string | undefined => query.get(name) ?? undefined;
  const redirectUri = text('redirect_uri') ?? '';
  const back = (error: string, aadsts: number, message: string): HttpResponse =>
    redirect(
      withQuery(redirectUri, {
        error,
        error_description: describeError(aadsts, message, store.now()),
        state: text('state'),
      }),
    );
  const duplicated = [...new Set(query.keys())].find((name) => query.getAll(name).length > 1);
  if (duplicated !== undefined) {
    return back('invalid_request', 9000411, `The parameter '${duplicated}' is duplicated.`);
  }
  if (text('response_type') !== 'code') {
    return back(
      'unsupported_response_type',
      700054,
      "response_type is not enabled for the application: only 'code' is.",
    );
  }
  if ((text('response_mode') ?? 'query') !== 'query') {
    return back('invalid_request', 900561, 'The stand-in answers in the query only.');
  }
  const scopes = normalizeScopes(text('scope') ?? '');
  if (scopes.length === 0) {
    return back('invalid_request', 900144, "The request body must contain the following parameter: 'scope'.");
  }
  const unknown = scopes.find((scope) => !(scope in scopeTexts));
  if (unknown !== undefined) {
    return back(
      'invalid_client',
      650053,
      `The application asked for scope '${unknown}' that doesn't exist on the resource.`,
    );
  }
  const challenge = text('code_challenge');
  if (!challenge || text('code_challenge_method') !== 'S256' || !/^[\w-]{43}$/.test(challenge)) {
    return back(
      'invalid_request',
      9002325,
      'Proof Key for Code Exchange (S256) is required for authorization code redemption.',
    );
  }
  const prompt = text('prompt');
  if (prompt !== undefined && !['login', 'select_account', 'consent', 'none'].includes(prompt)) {
    return back('invalid_request', 90023, `Unsupported 'prompt' value '${prompt}'.`);
  }
  if (prompt === 'none') {
    return back('login_required', 50058, 'A silent sign-in request was sent but no user is signed in.');
  }
  const clientId = text('client_id') ?? '';
  return {
    tenant,
    clientId,
    redirectUri,
    state: text('state'),
    nonce: text('nonce'),
    scopes,
    challenge,
    prompt,
  };
}

/** Whom the sign-in page offers; `login_hint` and `domain_hint` narrow it if they name somebody. */
function candidates(store: Store, tenant: string, query: URLSearchParams): Person[] {
  const all = peopleAt(store, tenant);
  const hint = query.get('prompt') === 'select_account' ? undefined : query.get('login_hint')?.toLowerCase();
  const hinted = all.filter((one) => one.userPrincipalName.toLowerCase() === hint);
  if (hinted.length > 0) return hinted;
  const domain = query.get('domain_hint');
  const inDomain = all.filter((one) =>
    domain === 'consumers'
      ? one.tenantId === personalTenantId
      : domain === 'organizations'
        ? one.kind === 'work'
        : domain !== null && tenantOf(store, one).domain === domain,
  );
  return inDomain.length > 0 ? inDomain : all;
}

function grantCode(store: Store, authorization: AuthorizationRequest, person: Person): HttpResponse {
  const code = `1.Sandbox.${randomBytes(48).toString('base64url')}`;
  const now = store.now();
  store.state.codes[digest(code)] = {
    personId: person.id,
    clientId: authorization.clientId,
    scopes: authorization.scopes,
    redirectUri: authorization.redirectUri,
    challenge: authorization.challenge,
    nonce: authorization.nonce,
    issuedAt: now,
    lastUsedAt: now,
    expiresAt: now + codeLifetimeMs,
    redeemed: false,
  };
  return redirect(withQuery(authorization.redirectUri, { code, state: authorization.state }));
}

/** The `/authorize` endpoint and its pages. @see https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow */
export function handleAuthorize(store: Store, request: HttpRequest, tenant: string): HttpResponse {
  const authorization = readAuthorizationRequest(store, tenant, request.query);
  if ('status' in authorization) return authorization;
  const form = new URLSearchParams(request.method === 'POST' ? request.body : '');
  const action = `${request.path}?${request.query.toString()}`;
  const account = form.get('account');
  const decision = form.get('decision');
  if (decision === 'cancel') {
    return redirect(
      withQuery(authorization.redirectUri, {
        error: 'access_denied',
        error_subcode: 'cancel',
        state: authorization.state,
      }),
    );
  }
  if (account === null) {
    return html(200, signInPage({ store, action, people: candidates(store, tenant, request.query) }));
  }
  const person = peopleAt(store, tenant).find((one) => one.id === account);
  if (!person) {
    const message = 'User account does not exist in tenant and cannot access the application in that tenant.';
    return html(400, errorPage('Sign in', describeError(50020, message, store.now())));
  }
  return consentAs(store, authorization, person, form, action);
}

function consentAs(
  store: Store,
  authorization: AuthorizationRequest,
  person: Person,
  form: URLSearchParams,
  action: string,
): HttpResponse {
  const organization = tenantOf(store, person);
  const isBlocked = authorization.scopes.some((scope) => organization.blockedScopes?.includes(scope));
  const mayConsent = person.administrator || (organization.userConsent && !isBlocked);
  const isConsented = hasConsent(store, person, authorization.scopes);
  const decision = form.get('decision');
  if (isConsented && authorization.prompt !== 'consent') return grantCode(store, authorization, person);
  if (!mayConsent && !isConsented) {
    if (decision === 'administrator') {
      const administrators = peopleAt(store, organization.id).filter((one) => one.administrator);
      return html(200, signInPage({ store, action, people: administrators }));
    }
    if (decision === 'return') {
      const message = `The admin of '${organization.name}' must approve '${authorization.clientId}'; the user cannot consent.`;
      const description = describeError(90094, message, store.now());
      return redirect(
        withQuery(authorization.redirectUri, {
          error: 'access_denied',
          error_description: description,
          state: authorization.state,
        }),
      );
    }
    return html(200, approvalPage({ store, action, person }));
  }
  if (decision !== 'accept')
    return html(200, consentPage({ store, action, person, scopes: authorization.scopes }));
  const forAll = person.administrator && form.get('organization') === 'on';
  recordConsent(store, forAll ? person.tenantId : person.id, authorization.scopes);
  return grantCode(store, authorization, person);
}
