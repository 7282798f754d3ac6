// POST /{tenant}/oauth2/v2.0/token. Codes and refresh tokens for tokens.
import { createHash, timingSafeEqual } from 'node:crypto';
import { decodeJwt } from 'jose';
import { isTenant } from './entra-authorize.ts';
import { tokenError } from './entra-errors.ts';
import type { TokenError } from './entra-errors.ts';
import { issueTokens, refreshIdleMs } from './entra-issue.ts';
import { consentKey, normalizeScopes } from './entra-scopes.ts';
import { json } from './http.ts';
import type { Answer, Asked } from './http.ts';
import type { Person } from './people.ts';
import { digest } from './world.ts';
import type { Grant, SignInProblem, World } from './world.ts';

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

const isSame = (a: string, b: string): boolean =>
  timingSafeEqual(Buffer.from(digest(a)), Buffer.from(digest(b)));

/** Who calls, or why not. */
const judgeClient = (world: World, form: URLSearchParams, asked: Asked): TokenError | undefined => {
  const clientId = form.get('client_id');
  if (!clientId) return missing('client_id');
  if (clientId !== world.clientId) {
    return {
      error: 'unauthorized_client',
      aadsts: 700016,
      message: `Application with identifier '${clientId}' was not found in the directory.`,
    };
  }
  const secret = form.get('client_secret');
  const assertion = form.get('client_assertion');
  if (secret !== null) {
    return isSame(secret, world.clientSecret)
      ? undefined
      : {
          status: 401,
          error: 'invalid_client',
          aadsts: 7000215,
          message: `Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${clientId}'.`,
        };
  }
  if (assertion !== null) return judgeAssertion(world, form, assertion, asked);
  return {
    status: 401,
    error: 'invalid_client',
    aadsts: 7000218,
    message: "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
  };
};

const judgeAssertion = (
  world: World,
  form: URLSearchParams,
  assertion: string,
  asked: Asked,
): TokenError | undefined => {
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
      (one) => one === 'api://AzureADTokenExchange' || one === asked.origin + asked.path,
    );
    if (!isForUs)
      return refuse(700212, 'No matching federated identity record found for presented assertion audience.');
    if (exp === undefined || exp * 1000 <= world.now()) {
      return refuse(700024, 'Client assertion is not within its valid time range.');
    }
    return undefined;
  } catch {
    return refuse(50027, 'JWT token is invalid or malformed.');
  }
};

const missing = (parameter: string): TokenError => ({
  error: 'invalid_request',
  aadsts: 900144,
  message: `The request body must contain the following parameter: '${parameter}'.`,
});

const invalidGrant = (aadsts: number, message: string, suberror?: string): TokenError => ({
  error: 'invalid_grant',
  aadsts,
  message,
  ...(suberror === undefined ? {} : { suberror }),
});

interface Granted {
  person: Person;
  scopes: string[];
  granted: string[];
  nonce?: string | undefined;
}

/** @see https://datatracker.ietf.org/doc/html/rfc7636#section-4.6 */
const redeemCode = (world: World, form: URLSearchParams): Granted | TokenError => {
  const value = form.get('code');
  if (!value) return missing('code');
  const code = world.state.codes[digest(value)];
  const person = code && world.state.people.find((one) => one.id === code.personId);
  if (!code || !person) {
    return invalidGrant(70000, "The provided value for the 'code' parameter is not valid.");
  }
  if (code.redeemed) {
    return invalidGrant(
      54005,
      'OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an existing refresh token.',
    );
  }
  if (world.now() >= code.expiresAt) {
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
};

const judgeRefreshToken = (world: World, token: Grant): TokenError | undefined => {
  const { personId } = token;
  const problem = world.state.problems[personId];
  if (problem) return problems[problem];
  if (token.revoked) {
    return invalidGrant(
      50173,
      'The provided grant has expired due to it being revoked, a fresh auth token is needed. The user might have changed or reset their password.',
    );
  }
  if (world.now() >= token.lastUsedAt + refreshIdleMs) {
    return invalidGrant(
      700082,
      `The refresh token has expired due to inactivity. The token was issued on ${new Date(token.issuedAt).toISOString()} and was inactive for 90.00:00:00.`,
    );
  }
  return undefined;
};

const refresh = (world: World, form: URLSearchParams): Granted | TokenError => {
  const value = form.get('refresh_token');
  if (!value) return missing('refresh_token');
  const token = world.state.refreshTokens[digest(value)];
  const person = token && world.state.people.find((one) => one.id === token.personId);
  if (!token || !person || token.clientId !== world.clientId) {
    return invalidGrant(9002313, 'Invalid request. Request is malformed or invalid.');
  }
  const refused = judgeRefreshToken(world, token);
  if (refused) return refused;
  const consented = new Set([
    ...(world.state.consents[consentKey(person.id, world.clientId)] ?? []),
    ...(world.state.consents[consentKey(person.tenantId, world.clientId)] ?? []),
  ]);
  const wanted = form.has('scope') ? normalizeScopes(form.get('scope') ?? '') : token.scopes;
  if (!wanted.every((scope) => consented.has(scope))) {
    return invalidGrant(
      65001,
      `The user or administrator has not consented to use the application with ID '${world.clientId}'. Send an interactive authorization request for this user and resource.`,
      'consent_required',
    );
  }
  token.lastUsedAt = world.now();
  const openid = token.scopes.filter((scope) => ['openid', 'profile', 'email'].includes(scope));
  return { person, scopes: [...new Set([...wanted, ...openid])], granted: token.scopes };
};

export const handleToken = async (world: World, asked: Asked, tenant: string): Promise<Answer> => {
  const refuse = (fault: TokenError): Answer => tokenError(fault, world.now());
  if (!isTenant(world, tenant)) {
    return refuse({ error: 'invalid_request', aadsts: 90002, message: `Tenant '${tenant}' not found.` });
  }
  if (!asked.headers['content-type']?.startsWith('application/x-www-form-urlencoded')) {
    return refuse(missing('grant_type'));
  }
  const form = new URLSearchParams(asked.body);
  const grantType = form.get('grant_type');
  if (!grantType) return refuse(missing('grant_type'));
  const client = judgeClient(world, form, asked);
  if (client) return refuse(client);
  if (grantType !== 'authorization_code' && grantType !== 'refresh_token') {
    return refuse({
      error: 'unsupported_grant_type',
      aadsts: 70003,
      message: `The app requested an unsupported grant type '${grantType}'.`,
    });
  }
  const granted = grantType === 'refresh_token' ? refresh(world, form) : redeemCode(world, form);
  if ('error' in granted) return refuse(granted);
  const { person, ...rest } = granted;
  return json(200, await issueTokens(world, person, { clientId: world.clientId, ...rest }, asked.origin), {
    'cache-control': 'no-store',
  });
};
