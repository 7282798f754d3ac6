// POST /{tenant}/oauth2/v2.0/token. Codes and refresh tokens for tokens.
import { createHash, timingSafeEqual } from 'node:crypto';
import { decodeJwt } from 'jose';
import { isTenant } from './entra-authorize.ts';
import { tokenError } from './entra-errors.ts';
import type { TokenError } from './entra-errors.ts';
import { issueTokens, refreshIdleMs } from './entra-issue.ts';
import { consentKey, normalizeScopes } from './entra-scopes.ts';
import { json } from './http.ts';
import type { HttpResponse, HttpRequest } from './http.ts';
import type { Person } from './people.ts';
import { digest } from './store.ts';
import type { Grant, SignInProblem, Store } from './store.ts';

const problems: Record<SignInProblem, TokenError> = {
  mfa: {
    error: 'interaction_required',
    aadsts: 50076,
    message:
      'Due to a configuration change made by your administrator, or because you moved to a new location, you must use multi-factor authentication to access the resource.',
    suberror: 'basic_action',
    claims: '{"access_token":{"capolids":{"essential":true,"values":["sandbox"]}}}',
  },
  policy: {
    error: 'interaction_required',
    aadsts: 53003,
    message: 'Access has been blocked by Conditional Access policies.',
    suberror: 'message_only',
  },
  bad_token: {
    error: 'invalid_grant',
    aadsts: 700082,
    message: 'The refresh token has expired due to inactivity.',
    suberror: 'bad_token',
  },
  disabled: { error: 'invalid_grant', aadsts: 50057, message: 'The user account is disabled.' },
  expired: {
    error: 'invalid_grant',
    aadsts: 70008,
    message: 'The provided authorization code or refresh token has expired.',
  },
};

function isSame(a: string, b: string): boolean {
  return timingSafeEqual(Buffer.from(digest(a)), Buffer.from(digest(b)));
}

/** Who calls, or why not. */
function judgeClient(store: Store, form: URLSearchParams, request: HttpRequest): TokenError | undefined {
  const clientId = form.get('client_id');
  if (!clientId) return missing('client_id');
  if (clientId !== store.clientId) {
    return {
      error: 'unauthorized_client',
      aadsts: 700016,
      message: `Application with identifier '${clientId}' was not found in the directory.`,
    };
  }
  const secret = form.get('client_secret');
  const assertion = form.get('client_assertion');
  if (secret !== null) {
    return isSame(secret, store.clientSecret)
      ? undefined
      : {
          status: 401,
          error: 'invalid_client',
          aadsts: 7000215,
          message: `Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${clientId}'.`,
        };
  }
  if (assertion !== null) return judgeAssertion(store, form, assertion, request);
  return {
    status: 401,
    error: 'invalid_client',
    aadsts: 7000218,
    message: "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
  };
}

function judgeAssertion(
  store: Store,
  form: URLSearchParams,
  assertion: string,
  request: HttpRequest,
): TokenError | undefined {
  const refuse = (aadsts: number, message: string): TokenError => ({
    status: 401,
    error: 'invalid_client',
    aadsts,
    message,
  });
  if (form.get('client_assertion_type') !== 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer') {
    return refuse(900144, "The request body must contain the following parameter: 'client_assertion_type'.");
  }
  try {
    const { aud, exp } = decodeJwt(assertion);
    const audiences = Array.isArray(aud) ? aud : [aud];
    const isForUs = audiences.some(
      (one) => one === 'api://AzureADTokenExchange' || one === request.origin + request.path,
    );
    if (!isForUs)
      return refuse(700212, 'No matching federated identity record found for presented assertion audience.');
    if (exp === undefined || exp * 1000 <= store.now()) {
      return refuse(700024, 'Client assertion is not within its valid time range.');
    }
    return undefined;
  } catch {
    return refuse(50027, 'JWT token is invalid or malformed.');
  }
}

function missing(parameter: string): TokenError {
  return {
    error: 'invalid_request',
    aadsts: 900144,
    message: `The request body must contain the following parameter: '${parameter}'.`,
  };
}

function invalidGrant(aadsts: number, message: string, suberror?: string): TokenError {
  return {
    error: 'invalid_grant',
    aadsts,
    message,
    ...(suberror === undefined ? {} : { suberror }),
  };
}

interface Granted {
  person: Person;
  scopes: string[];
  granted: string[];
  nonce?: string | undefined;
}

/** @see https://datatracker.ietf.org/doc/html/rfc7636#section-4.6 */
function redeemCode(store: Store, form: URLSearchParams): Granted | TokenError {
  const value = form.get('code');
  if (!value) return missing('code');
  const code = store.state.codes[digest(value)];
  const person = code && store.state.people.find((one) => one.id === code.personId);
  if (!code || !person) {
    return invalidGrant(70000, "The provided value for the 'code' parameter is not valid.");
  }
  if (code.redeemed) {
    return invalidGrant(
      54005,
      'OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an existing refresh token.',
    );
  }
  if (store.now() >= code.expiresAt) {
    return invalidGrant(
      70008,
      'The provided authorization code or refresh token has expired due to inactivity. Send a new interactive authorization request for this user and resource.',
    );
  }
  if (form.get('redirect_uri') !== code.redirectUri) {
    return {
      error: 'invalid_client',
      aadsts: 500112,
      message:
        'The reply address does not match the reply address provided when requesting Authorization code.',
    };
  }
  const verifier = form.get('code_verifier');
  if (!verifier) return missing('code_verifier');
  code.redeemed = true;
  const challenge = createHash('sha256').update(verifier).digest('base64url');
  if (!/^[A-Za-z0-9._~-]{43,128}$/.test(verifier) || challenge !== code.challenge) {
    return invalidGrant(
      501481,
      'The Code_Verifier does not match the code_challenge supplied in the authorization request.',
    );
  }
  return { person, scopes: code.scopes, granted: code.scopes, nonce: code.nonce };
}

function judgeRefreshToken(store: Store, token: Grant): TokenError | undefined {
  const { personId } = token;
  const problem = store.state.problems[personId];
  if (problem) return problems[problem];
  if (token.revoked) {
    return invalidGrant(
      50173,
      'The provided grant has expired due to it being revoked, a fresh auth token is needed. The user might have changed or reset their password.',
    );
  }
  if (store.now() >= token.lastUsedAt + refreshIdleMs) {
    return invalidGrant(
      700082,
      `The refresh token has expired due to inactivity. The token was issued on ${new Date(token.issuedAt).toISOString()} and was inactive for 90.00:00:00.`,
    );
  }
  return undefined;
}

function refresh(store: Store, form: URLSearchParams): Granted | TokenError {
  const value = form.get('refresh_token');
  if (!value) return missing('refresh_token');
  const token = store.state.refreshTokens[digest(value)];
  const person = token && store.state.people.find((one) => one.id === token.personId);
  if (!token || !person || token.clientId !== store.clientId) {
    return invalidGrant(9002313, 'Invalid request. Request is malformed or invalid.');
  }
  const refused = judgeRefreshToken(store, token);
  if (refused) return refused;
  const consented = new Set([
    ...(store.state.consents[consentKey(person.id, store.clientId)] ?? []),
    ...(store.state.consents[consentKey(person.tenantId, store.clientId)] ?? []),
  ]);
  const wanted = form.has('scope') ? normalizeScopes(form.get('scope') ?? '') : token.scopes;
  if (!wanted.every((scope) => consented.has(scope))) {
    return invalidGrant(
      65001,
      `The user or administrator has not consented to use the application with ID '${store.clientId}'. Send an interactive authorization request for this user and resource.`,
      'consent_required',
    );
  }
  token.lastUsedAt = store.now();
  const openid = token.scopes.filter((scope) => ['openid', 'profile', 'email'].includes(scope));
  return { person, scopes: [...new Set([...wanted, ...openid])], granted: token.scopes };
}

/** The `/token` endpoint: authorization code with PKCE, and refresh. @see RFC 6749, sections 4.1.3 and 6 */
export async function handleToken(store: Store, request: HttpRequest, tenant: string): Promise<HttpResponse> {
  const refuse = (fault: TokenError): HttpResponse => tokenError(fault, store.now());
  if (!isTenant(store, tenant)) {
    return refuse({ error: 'invalid_request', aadsts: 90002, message: `Tenant '${tenant}' not found.` });
  }
  if (!request.headers['content-type']?.startsWith('application/x-www-form-urlencoded')) {
    return refuse(missing('grant_type'));
  }
  const form = new URLSearchParams(request.body);
  const grantType = form.get('grant_type');
  if (!grantType) return refuse(missing('grant_type'));
  const client = judgeClient(store, form, request);
  if (client) return refuse(client);
  if (grantType !== 'authorization_code' && grantType !== 'refresh_token') {
    return refuse({
      error: 'unsupported_grant_type',
      aadsts: 70003,
      message: `The app requested an unsupported grant type '${grantType}'.`,
    });
  }
  const granted = grantType === 'refresh_token' ? refresh(store, form) : redeemCode(store, form);
  if ('error' in granted) return refuse(granted);
  const { person, ...rest } = granted;
  return json(200, await issueTokens(store, person, { clientId: store.clientId, ...rest }, request.origin), {
    'cache-control': 'no-store',
  });
}
