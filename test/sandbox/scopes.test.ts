// Scopes: what a tenant lets its people consent to, and what a refresh may ask for.
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { createMicrosoft } from '../../sandbox/microsoft/microsoft.ts';
import type { Microsoft } from '../../sandbox/microsoft/microsoft.ts';

const redirectUri = 'http://localhost:7071/calendar/auth/callback';
const pete = 'pete@lakeviewrentals.example';
const short = 'openid profile offline_access User.Read Calendars.ReadWrite';
const long = `${short} Calendars.Read`;
const verifier = 'a-verifier-of-at-least-forty-three-characters-0123456789';
let microsoft: Microsoft;

beforeAll(async () => {
  microsoft = await createMicrosoft({ now: () => Date.parse('2026-11-23T15:00:00Z') });
});
afterEach(() => {
  microsoft.reset();
});
afterAll(() => microsoft.close());

function authorizeUrl(scope: string): string {
  const parameters = {
    client_id: microsoft.clientId,
    response_type: 'code',
    redirect_uri: redirectUri,
    scope,
    state: 's',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  };
  return `${microsoft.url}/common/oauth2/v2.0/authorize?${new URLSearchParams(parameters).toString()}`;
}

async function requestToken(form: Record<string, string>): Promise<Record<string, unknown>> {
  const client = { client_id: microsoft.clientId, client_secret: microsoft.clientSecret };
  const body = new URLSearchParams({ ...client, ...form });
  const answer = await fetch(`${microsoft.url}/common/oauth2/v2.0/token`, { method: 'POST', body });
  return (await answer.json()) as Record<string, unknown>;
}

async function connect(scope: string): Promise<Record<string, unknown>> {
  const back = new URL(await microsoft.signIn(authorizeUrl(scope), pete));
  return requestToken({
    grant_type: 'authorization_code',
    code: back.searchParams.get('code') ?? '',
    redirect_uri: redirectUri,
    code_verifier: verifier,
  });
}

function refresh(tokens: Record<string, unknown>, scope: string): Promise<Record<string, unknown>> {
  return requestToken({ grant_type: 'refresh_token', refresh_token: String(tokens['refresh_token']), scope });
}

describe('a tenant that blocks a scope', () => {
  test('leads to the page that demands an administrator, for a list with that scope only', async () => {
    microsoft.setTenantPolicy('lakeviewrentals.example', { blockedScopes: ['Calendars.Read'] });
    const refused = new URL(await microsoft.signIn(authorizeUrl(long), pete, 'return'));
    expect(refused.searchParams.get('error')).toBe('access_denied');
    expect(refused.searchParams.get('error_description')).toContain('AADSTS90094');
    const accepted = new URL(await microsoft.signIn(authorizeUrl(short), pete));
    expect(accepted.searchParams.get('code')).not.toBeNull();
  });

  test('can block all of them', async () => {
    microsoft.setTenantPolicy('lakeviewrentals.example', { userConsent: false });
    const refused = new URL(await microsoft.signIn(authorizeUrl(short), pete, 'return'));
    expect(refused.searchParams.get('error')).toBe('access_denied');
  });
});

describe('a refresh', () => {
  test('that asks for a scope which nobody granted is refused as a lost consent', async () => {
    const tokens = await connect(short);
    expect(await refresh(tokens, long)).toMatchObject({
      error: 'invalid_grant',
      error_codes: [65001],
      suberror: 'consent_required',
    });
    expect(await refresh(tokens, short)).toHaveProperty('access_token');
  });

  test('that asks for Calendars.Read beside Calendars.ReadWrite works once both are granted', async () => {
    const tokens = await refresh(await connect(long), long);
    expect(String(tokens['scope']).split(' ')).toEqual(
      expect.arrayContaining(['Calendars.Read', 'Calendars.ReadWrite']),
    );
  });
});
