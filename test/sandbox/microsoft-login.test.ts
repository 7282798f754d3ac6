import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import {
  ConfidentialClientApplication,
  CryptoProvider,
  InteractionRequiredAuthError,
} from '@azure/msal-node';
import type { AuthenticationResult } from '@azure/msal-node';
import { createMicrosoft } from '../../sandbox/microsoft/microsoft.ts';
import type { Microsoft } from '../../sandbox/microsoft/microsoft.ts';

const start = Date.parse('2026-11-23T15:00:00Z');
const redirectUri = 'http://localhost:7071/calendar/auth/callback';
const scopes = ['Calendars.ReadWrite', 'User.Read'];
let now = start;
let microsoft: Microsoft;

beforeAll(async () => {
  microsoft = await createMicrosoft({ now: () => now });
});
afterEach(() => {
  now = start;
  microsoft.reset();
});
afterAll(() => microsoft.close());

const createClient = (secret = microsoft.clientSecret): ConfidentialClientApplication =>
  new ConfidentialClientApplication({
    auth: {
      clientId: microsoft.clientId,
      clientSecret: secret,
      authority: 'https://login.microsoftonline.com/common',
      authorityMetadata: JSON.stringify({
        authorization_endpoint: `${microsoft.url}/common/oauth2/v2.0/authorize`,
        token_endpoint: `${microsoft.url}/common/oauth2/v2.0/token`,
        issuer: `${microsoft.url}/{tenantid}/v2.0`,
        jwks_uri: `${microsoft.url}/common/discovery/v2.0/keys`,
      }),
    },
  });

const connect = async (person: string, client = createClient()): Promise<AuthenticationResult> => {
  const { verifier, challenge } = await new CryptoProvider().generatePkceCodes();
  const url = await client.getAuthCodeUrl({
    scopes,
    redirectUri,
    state: 'st',
    nonce: 'no',
    codeChallenge: challenge,
    codeChallengeMethod: 'S256',
    prompt: 'select_account',
  });
  const back = new URL(await microsoft.signIn(url, person));
  expect(back.searchParams.get('state')).toBe('st');
  return client.acquireTokenByCode({
    code: back.searchParams.get('code') ?? '',
    scopes,
    redirectUri,
    codeVerifier: verifier,
    nonce: 'no',
  });
};

describe('sign-in through MSAL', () => {
  test('a consented code becomes tokens with the account of the one who signed in', async () => {
    const result = await connect('pete@lakeviewrentals.example');
    expect(result.account?.username).toBe('pete@lakeviewrentals.example');
    expect(result.scopes).toContain('Calendars.ReadWrite');
    const me = await fetch(`${microsoft.url}/v1.0/me`, {
      headers: { authorization: `Bearer ${result.accessToken}` },
    });
    expect(await me.json()).toMatchObject({ userPrincipalName: 'pete@lakeviewrentals.example' });
  });

  test('a revoked grant makes the refresh fail', async () => {
    const client = createClient();
    const { account } = await connect('pete@lakeviewrentals.example', client);
    if (!account) throw new Error('no account');
    const again = await client.acquireTokenSilent({ account, scopes, forceRefresh: true });
    expect(again.fromCache).toBe(false);
    microsoft.setSignInProblem('pete@lakeviewrentals.example', 'mfa');
    await expect(client.acquireTokenSilent({ account, scopes, forceRefresh: true })).rejects.toThrow(
      InteractionRequiredAuthError,
    );
  });
});
