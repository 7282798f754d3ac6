// The stand-in’s token endpoint, by MSAL and by hand.
import { describe, expect, test } from '@jest/globals';
import { InteractionRequiredAuthError } from '@azure/msal-node';
import { createLocalJWKSet, jwtVerify, SignJWT } from 'jose';
import type { JSONWebKeySet } from 'jose';
import { randomBytes } from 'node:crypto';
import {
  clock,
  codeFor,
  codeForm,
  connect,
  createClient,
  day,
  microsoft,
  pete,
  redirectUri,
  refresh,
  requestToken,
  scopes,
  start,
  useLogin,
  verifier,
} from './login-harness.ts';

useLogin();

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
      currentDate: new Date(clock.now),
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
        clock.now += 90 * day;
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
    clock.now += 89 * day;
    expect((await requestToken(form)).status).toBe(200);
    clock.now += 89 * day;
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
    clock.now += 10 * 60_000 - 1;
    expect((await requestToken(early)).status).toBe(200);
    clock.now += 1;
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
    clock.now += seconds * 1000 - 1;
    expect((await ask()).status).toBe(200);
    clock.now += 1;
    const expired = await ask();
    expect(expired.status).toBe(401);
    expect(await expired.json()).toMatchObject({ error: { code: 'InvalidAuthenticationToken' } });
  });
});
