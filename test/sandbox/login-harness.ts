// Sign-ins at the stand-in’s login endpoint, by MSAL and by hand.
import { afterAll, afterEach, beforeAll, expect } from '@jest/globals';
import { ConfidentialClientApplication, CryptoProvider } from '@azure/msal-node';
import type { AuthenticationResult, AuthorizationUrlRequest } from '@azure/msal-node';
import { createHash } from 'node:crypto';
import { createMicrosoft } from '../../sandbox/microsoft/microsoft.ts';
import type { Microsoft } from '../../sandbox/microsoft/microsoft.ts';

export const start = Date.parse('2026-11-23T15:00:00Z');

export const day = 24 * 3_600_000;

export const redirectUri = 'http://localhost:7071/calendar/auth/callback';

export const scopes = ['Calendars.ReadWrite', 'User.Read'];

export const pete = 'pete@lakeviewrentals.example';

/** The stand-in’s. */
export const clock = { now: start };

export let microsoft: Microsoft;

export const createClient = (
  credential: Record<string, unknown> = { clientSecret: microsoft.clientSecret },
) =>
  new ConfidentialClientApplication({
    auth: {
      clientId: microsoft.clientId,
      ...credential,
      authority: 'https://login.microsoftonline.com/common',
      authorityMetadata: JSON.stringify({
        authorization_endpoint: `${microsoft.url}/common/oauth2/v2.0/authorize`,
        token_endpoint: `${microsoft.url}/common/oauth2/v2.0/token`,
        issuer: `${microsoft.url}/{tenantid}/v2.0`,
        jwks_uri: `${microsoft.url}/common/discovery/v2.0/keys`,
      }),
    },
  });

export const begin = async (client = createClient(), more: Partial<AuthorizationUrlRequest> = {}) => {
  const { verifier, challenge } = await new CryptoProvider().generatePkceCodes();
  const url = await client.getAuthCodeUrl({
    scopes,
    redirectUri,
    state: 'the state',
    nonce: 'the nonce',
    codeChallenge: challenge,
    codeChallengeMethod: 'S256',
    prompt: 'select_account',
    ...more,
  });
  return { verifier, url };
};

export const connect = async (person: string, client = createClient()): Promise<AuthenticationResult> => {
  const { verifier, url } = await begin(client);
  const back = new URL(await microsoft.signIn(url, person));
  expect(back.origin + back.pathname).toBe(redirectUri);
  expect(back.searchParams.get('state')).toBe('the state');
  const code = back.searchParams.get('code') ?? '';
  return client.acquireTokenByCode({ code, scopes, redirectUri, codeVerifier: verifier, nonce: 'the nonce' });
};

export const refresh = async (client: ConfidentialClientApplication, { account }: AuthenticationResult) => {
  if (!account) throw new Error('no account');
  return client.acquireTokenSilent({ account, scopes, forceRefresh: true });
};

/** A token request by hand; undefined leaves a parameter out. */
export const requestToken = async (form: Record<string, string | undefined>) => {
  const given: Record<string, string | undefined> = {
    client_id: microsoft.clientId,
    client_secret: microsoft.clientSecret,
    ...form,
  };
  const body = new URLSearchParams();
  for (const [name, value] of Object.entries(given)) if (value !== undefined) body.set(name, value);
  const answer = await fetch(`${microsoft.url}/common/oauth2/v2.0/token`, { method: 'POST', body });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
};

export const authorizeUrl = (
  parameters: Record<string, string | undefined> = {},
  tenant = 'common',
): string => {
  const url = new URL(`${microsoft.url}/${tenant}/oauth2/v2.0/authorize`);
  const all: Record<string, string | undefined> = {
    client_id: microsoft.clientId,
    response_type: 'code',
    redirect_uri: redirectUri,
    scope: 'openid profile offline_access User.Read Calendars.ReadWrite',
    state: 's',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...parameters,
  };
  for (const [name, value] of Object.entries(all)) if (value !== undefined) url.searchParams.set(name, value);
  return url.href;
};

export const verifier = 'a-verifier-of-at-least-forty-three-characters-0123456789';

export const codeFor = async (person: string): Promise<string> =>
  new URL(await microsoft.signIn(authorizeUrl(), person)).searchParams.get('code') ?? '';

export const codeForm = (code: string) => ({
  grant_type: 'authorization_code',
  code,
  redirect_uri: redirectUri,
  code_verifier: verifier,
});

/** One stand-in for all tests of a file. */
export function useLogin(): void {
  beforeAll(async () => {
    microsoft = await createMicrosoft({ now: () => clock.now });
  });
  afterEach(() => {
    clock.now = start;
    microsoft.reset();
  });
  afterAll(() => microsoft.close());
}
