import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import {
  ConfidentialClientApplication,
  CryptoProvider,
  InteractionRequiredAuthError,
} from '@azure/msal-node';
import type { AuthenticationResult, AuthorizationUrlRequest } from '@azure/msal-node';
import { createLocalJWKSet, jwtVerify, SignJWT } from 'jose';
import type { JSONWebKeySet } from 'jose';
import { createHash, randomBytes } from 'node:crypto';
import { createMicrosoft } from '../../sandbox/microsoft/microsoft.ts';
import type { Microsoft } from '../../sandbox/microsoft/microsoft.ts';

const start = Date.parse('2026-11-23T15:00:00Z');
const day = 24 * 3_600_000;
const redirectUri = 'http://localhost:7071/calendar/auth/callback';
const scopes = ['Calendars.ReadWrite', 'User.Read'];
const pete = 'pete@lakeviewrentals.example';
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

const createClient = (credential: Record<string, unknown> = { clientSecret: microsoft.clientSecret }) =>
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

const begin = async (client = createClient(), more: Partial<AuthorizationUrlRequest> = {}) => {
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

const connect = async (person: string, client = createClient()): Promise<AuthenticationResult> => {
  const { verifier, url } = await begin(client);
  const back = new URL(await microsoft.signIn(url, person));
  expect(back.origin + back.pathname).toBe(redirectUri);
  expect(back.searchParams.get('state')).toBe('the state');
  const code = back.searchParams.get('code') ?? '';
  return client.acquireTokenByCode({ code, scopes, redirectUri, codeVerifier: verifier, nonce: 'the nonce' });
};

const refresh = async (client: ConfidentialClientApplication, { account }: AuthenticationResult) => {
  if (!account) throw new Error('no account');
  return client.acquireTokenSilent({ account, scopes, forceRefresh: true });
};

/** A token request by hand; undefined leaves a parameter out. */
const requestToken = async (form: Record<string, string | undefined>) => {
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

const authorizeUrl = (parameters: Record<string, string | undefined> = {}, tenant = 'common'): string => {
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

const verifier = 'a-verifier-of-at-least-forty-three-characters-0123456789';
const codeFor = async (person: string): Promise<string> =>
  new URL(await microsoft.signIn(authorizeUrl(), person)).searchParams.get('code') ?? '';
const codeForm = (code: string) => ({
  grant_type: 'authorization_code',
  code,
  redirect_uri: redirectUri,
  code_verifier: verifier,
});

describe('a sign-in through MSAL', () => {
  test('ends with the account of the one who signed in, and a token that Graph takes', async () => {
    const result = await connect(pete);
    expect(result.account?.username).toBe(pete);
    expect(result.scopes).toEqual(expect.arrayContaining(scopes));
    const headers = { authorization: `Bearer ${result.accessToken}` };
    const me = await fetch(`${microsoft.url}/v1.0/me`, { headers });
    expect(await me.json()).toMatchObject({ userPrincipalName: pete, displayName: 'Pete Sampson' });
  });

  test('works with a client assertion in place of a secret, and not with one for another audience', async () => {
    const assertion = (audience: string): Promise<string> =>
      new SignJWT({})
        .setProtectedHeader({ alg: 'HS256' })
        .setAudience(audience)
        .setSubject('the identity')
        .setExpirationTime(start / 1000 + 600)
        .sign(randomBytes(32));
    const good = createClient({ clientAssertion: await assertion('api://AzureADTokenExchange') });
    expect((await connect(pete, good)).account?.username).toBe(pete);
    const bad = createClient({ clientAssertion: await assertion('api://elsewhere') });
    await expect(connect(pete, bad)).rejects.toMatchObject({ errorCode: 'invalid_client' });
  });

  test('issues an id token that verifies against the published keys and carries Microsoft’s claims', async () => {
    const { body } = await requestToken(codeForm(await codeFor('mallory@shadow.example')));
    const keys = (await (await fetch(`${microsoft.url}/common/discovery/v2.0/keys`)).json()) as JSONWebKeySet;
    const { payload } = await jwtVerify(String(body['id_token']), createLocalJWKSet(keys), {
      audience: microsoft.clientId,
      currentDate: new Date(now),
    });
    expect(payload).toMatchObject({
      tid: 'e8d4c2b0-6f1a-4b7d-9c3e-2a5b8c7d6e04',
      preferred_username: 'mallory@shadow.example',
      email: pete,
      xms_edov: false,
    });
    expect(payload.iss).toBe(`${microsoft.url}/${String(payload['tid'])}/v2.0`);
  });

  test('keeps refresh tokens that were used, and hands out a new one each time', async () => {
    const first = await requestToken(codeForm(await codeFor(pete)));
    const form = { grant_type: 'refresh_token', refresh_token: String(first.body['refresh_token']) };
    const second = await requestToken(form);
    const third = await requestToken(form);
    expect([second.status, third.status]).toEqual([200, 200]);
    const issued = [first, second, third].map(({ body }) => body['refresh_token']);
    expect(new Set(issued).size).toBe(3);
  });
});

describe('a token refresh at the stand-in', () => {
  test.each([
    [
      'revoked',
      () => {
        microsoft.revoke(pete);
      },
      'invalid_grant',
      50173,
    ],
    [
      'idle for 90 days',
      () => {
        now += 90 * day;
      },
      'invalid_grant',
      700082,
    ],
    [
      'without the consent',
      () => {
        microsoft.withdrawConsent(pete);
      },
      'invalid_grant',
      65001,
    ],
    [
      'of a disabled account',
      () => {
        microsoft.setSignInProblem(pete, 'disabled');
      },
      'invalid_grant',
      50057,
    ],
    [
      'with a bad token',
      () => {
        microsoft.setSignInProblem(pete, 'bad_token');
      },
      'invalid_grant',
      700082,
    ],
    [
      'without a second factor',
      () => {
        microsoft.setSignInProblem(pete, 'mfa');
      },
      'interaction_required',
      50076,
    ],
    [
      'against a policy',
      () => {
        microsoft.setSignInProblem(pete, 'policy');
      },
      'interaction_required',
      53003,
    ],
  ])('is refused in Microsoft’s words: %s', async (_, trouble, error, aadsts) => {
    const client = createClient();
    const result = await connect(pete, client);
    await refresh(client, result);
    trouble();
    const refused = await refresh(client, result).catch((thrown: unknown) => thrown);
    expect(refused).toMatchObject({ errorCode: error });
    expect((refused as Error).message).toContain(`AADSTS${aadsts}:`);
    const isInteraction =
      error === 'interaction_required' || [65001].includes(aadsts) || _ === 'with a bad token';
    expect(refused instanceof InteractionRequiredAuthError).toBe(isInteraction);
  });

  test('works for a token that was used within 90 days, and after a revocation once there is a new consent', async () => {
    const { body } = await requestToken(codeForm(await codeFor(pete)));
    const form = { grant_type: 'refresh_token', refresh_token: String(body['refresh_token']) };
    now += 89 * day;
    expect((await requestToken(form)).status).toBe(200);
    now += 89 * day;
    expect((await requestToken(form)).status).toBe(200);
    microsoft.revoke(pete);
    expect((await requestToken(form)).body).toMatchObject({ error: 'invalid_grant', error_codes: [50173] });
    const again = await requestToken(codeForm(await codeFor(pete)));
    const refreshed = await requestToken({ ...form, refresh_token: String(again.body['refresh_token']) });
    expect(refreshed.status).toBe(200);
  });
});

describe('the token endpoint', () => {
  test.each([
    ['no grant type', {}, 400, 'invalid_request', 900144],
    ['another grant type', { grant_type: 'password' }, 400, 'unsupported_grant_type', 70003],
    [
      'an unknown client',
      { grant_type: 'refresh_token', client_id: 'x' },
      400,
      'unauthorized_client',
      700016,
    ],
    ['a wrong secret', { grant_type: 'refresh_token', client_secret: 'x' }, 401, 'invalid_client', 7000215],
    ['no secret', { grant_type: 'refresh_token', client_secret: undefined }, 401, 'invalid_client', 7000218],
    ['an unknown code', codeForm('nonsense'), 400, 'invalid_grant', 70000],
    [
      'an unknown refresh token',
      { grant_type: 'refresh_token', refresh_token: 'x' },
      400,
      'invalid_grant',
      9002313,
    ],
  ])('refuses %s in Microsoft’s words', async (_, form, status, error, aadsts) => {
    const answer = await requestToken(form);
    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject({ error, error_codes: [aadsts] });
    expect(answer.body['error_description']).toMatch(
      new RegExp(
        `^AADSTS${aadsts}: .+\r\nTrace ID: [0-9a-f-]{36}\r\nCorrelation ID: [0-9a-f-]{36}\r\nTimestamp: 2026-11-23 15:00:00Z$`,
      ),
    );
  });

  test('refuses a tenant that does not exist', async () => {
    const url = `${microsoft.url}/nowhere.example/oauth2/v2.0/token`;
    const answer = await fetch(url, { method: 'POST', body: new URLSearchParams() });
    expect(await answer.json()).toMatchObject({ error: 'invalid_request', error_codes: [90002] });
  });

  test('accepts a code only once', async () => {
    const form = codeForm(await codeFor(pete));
    expect((await requestToken(form)).status).toBe(200);
    expect((await requestToken(form)).body).toMatchObject({ error: 'invalid_grant', error_codes: [54005] });
  });

  test('accepts a code for ten minutes', async () => {
    const [early, late] = [codeForm(await codeFor(pete)), codeForm(await codeFor(pete))];
    now += 10 * 60_000 - 1;
    expect((await requestToken(early)).status).toBe(200);
    now += 1;
    expect((await requestToken(late)).body).toMatchObject({ error: 'invalid_grant', error_codes: [70008] });
  });

  test('requires the verifier and the redirect URI that the code was requested with', async () => {
    const wrongVerifier = { ...codeForm(await codeFor(pete)), code_verifier: `${verifier}x` };
    expect((await requestToken(wrongVerifier)).body).toMatchObject({ error_codes: [501481] });
    // A failed proof spends the code: nobody may guess on.
    const right = { ...wrongVerifier, code_verifier: verifier };
    expect((await requestToken(right)).body).toMatchObject({ error_codes: [54005] });
    const elsewhere = { ...codeForm(await codeFor(pete)), redirect_uri: `${redirectUri}/x` };
    expect((await requestToken(elsewhere)).body).toMatchObject({ error_codes: [500112] });
    const without = { ...codeForm(await codeFor(pete)), code_verifier: undefined };
    expect((await requestToken(without)).body).toMatchObject({ error: 'invalid_request' });
  });

  test('gives access tokens of 60 to 90 minutes that expire', async () => {
    const { body } = await requestToken(codeForm(await codeFor(pete)));
    const seconds = Number(body['expires_in']);
    expect(seconds).toBeGreaterThanOrEqual(3600);
    expect(seconds).toBeLessThanOrEqual(5400);
    const ask = () =>
      fetch(`${microsoft.url}/v1.0/me`, {
        headers: { authorization: `Bearer ${String(body['access_token'])}` },
      });
    now += seconds * 1000 - 1;
    expect((await ask()).status).toBe(200);
    now += 1;
    const expired = await ask();
    expect(expired.status).toBe(401);
    expect(await expired.json()).toMatchObject({ error: { code: 'InvalidAuthenticationToken' } });
  });
});

describe('the authorize endpoint', () => {
  const open = (parameters: Record<string, string | undefined>, tenant?: string): Promise<Response> =>
    fetch(authorizeUrl(parameters, tenant), { redirect: 'manual' });

  test.each([
    ['an unknown client', { client_id: 'x' }, 'AADSTS700016'],
    ['another redirect URI', { redirect_uri: `${redirectUri}/` }, 'AADSTS50011'],
    ['no redirect URI', { redirect_uri: undefined }, 'AADSTS50011'],
  ])('shows an error page for %s and sends nobody anywhere', async (_, parameters, code) => {
    const answer = await open(parameters);
    expect(answer.status).toBe(400);
    expect(answer.headers.get('location')).toBeNull();
    expect(await answer.text()).toContain(code);
  });

  test.each([
    ['another response type', { response_type: 'token' }, 'unsupported_response_type'],
    ['no scope', { scope: undefined }, 'invalid_request'],
    ['an unknown scope', { scope: 'openid Mail.Send' }, 'invalid_client'],
    ['no PKCE challenge', { code_challenge: undefined }, 'invalid_request'],
    ['a plain PKCE challenge', { code_challenge_method: 'plain' }, 'invalid_request'],
    ['an unknown prompt', { prompt: 'please' }, 'invalid_request'],
    ['prompt=none', { prompt: 'none' }, 'login_required'],
  ])('sends %s back to the app as an error', async (_, parameters, error) => {
    const location = new URL((await open(parameters)).headers.get('location') ?? '');
    expect(location.origin + location.pathname).toBe(redirectUri);
    expect(location.searchParams.get('error')).toBe(error);
    expect(location.searchParams.get('state')).toBe('s');
  });

  test('offers the people whom the tenant in the path admits', async () => {
    const names = async (tenant: string, parameters = {}): Promise<string> =>
      (await open(parameters, tenant)).text();
    expect(await names('common')).toMatch(/Pete Sampson[\s\S]*Olive Marsh/);
    expect(await names('organizations')).not.toContain('Olive Marsh');
    expect(await names('consumers')).not.toContain('Pete Sampson');
    const northgate = await names('northgate.example');
    expect(northgate).toContain('Nora Blake');
    expect(northgate).not.toContain('Pete Sampson');
    expect(await names('common', { login_hint: pete })).not.toContain('Olive Marsh');
    expect(await names('common', { login_hint: pete, prompt: 'select_account' })).toContain('Olive Marsh');
    expect(await names('nowhere.example')).toContain('AADSTS90002');
  });

  test('asks for consent once, and again if the app insists', async () => {
    const asksFor = async (parameters = {}): Promise<number> => {
      const person = microsoft.people().find((one) => one.userPrincipalName === pete);
      const body = new URLSearchParams({ account: person?.id ?? '' });
      return (await fetch(authorizeUrl(parameters), { method: 'POST', body, redirect: 'manual' })).status;
    };
    expect(await asksFor()).toBe(200);
    await codeFor(pete);
    expect(await asksFor()).toBe(302);
    expect(await asksFor({ prompt: 'consent' })).toBe(200);
    expect(await asksFor({ scope: 'openid MailboxSettings.Read' })).toBe(200);
  });

  test('sends a person who cancels back to the app with Microsoft’s error', async () => {
    const back = new URL(await microsoft.signIn(authorizeUrl(), pete, 'cancel'));
    expect(Object.fromEntries(back.searchParams)).toEqual({
      error: 'access_denied',
      error_subcode: 'cancel',
      state: 's',
    });
  });
});

describe('a tenant whose administrator must approve', () => {
  const nora = 'nora@northgate.example';
  const adminConsent = (): string =>
    `${microsoft.url}/organizations/v2.0/adminconsent?${new URLSearchParams({
      client_id: microsoft.clientId,
      scope: 'https://graph.microsoft.com/Calendars.ReadWrite https://graph.microsoft.com/User.Read',
      redirect_uri: redirectUri,
      state: 'admin',
    }).toString()}`;

  test('stops an ordinary person until the administrator consents for all', async () => {
    const refused = new URL(await microsoft.signIn(authorizeUrl(), nora, 'return'));
    expect(refused.searchParams.get('error')).toBe('access_denied');
    expect(refused.searchParams.get('error_description')).toContain('AADSTS90094');
    await expect(microsoft.signIn(authorizeUrl(), nora)).rejects.toThrow('Need admin approval');

    const approved = new URL(await microsoft.signIn(adminConsent(), 'adam@northgate.example'));
    expect(Object.fromEntries(approved.searchParams)).toMatchObject({
      admin_consent: 'True',
      tenant: '7b3f6d91-4e2c-4a58-a6c7-1f9e8d7c6b03',
      state: 'admin',
    });
    const back = new URL(await microsoft.signIn(authorizeUrl(), nora));
    expect(back.searchParams.get('code')).toBeTruthy();
  });

  test('lets an administrator consent for all while signing in', async () => {
    await microsoft.signIn(authorizeUrl(), 'adam@northgate.example', 'organization');
    expect(new URL(await microsoft.signIn(authorizeUrl(), nora)).searchParams.get('code')).toBeTruthy();
  });

  test('sends a declined admin consent back as an error, and takes none from an ordinary person', async () => {
    const back = new URL(await microsoft.signIn(adminConsent(), 'adam@northgate.example', 'cancel'));
    expect(back.searchParams.get('error')).toBe('access_denied');
    expect(back.searchParams.get('state')).toBe('admin');
    await expect(microsoft.signIn(adminConsent(), nora)).rejects.toThrow('400');
  });
});
