import { describe, expect, test } from '@jest/globals';
import { createClientAssertion } from '../../shared/microsoft/client-assertion.ts';
import { createLogin } from '../../shared/microsoft/login.ts';
import type { LoginOptions } from '../../shared/microsoft/login.ts';

const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
const options: LoginOptions = {
  clientId: 'app',
  clientSecret: 'secret',
  tenantId: 'common',
  redirectUri: 'https://c.example/calendar/auth/callback',
  loginEndpoint: 'https://login.microsoftonline.com',
  identityClientId: null,
  now: () => 0,
  log,
  fetch: () => Promise.reject(new Error('The network is not needed here')),
};
const signal = new AbortController().signal;

describe('where people sign in', () => {
  test.each([
    [
      'https://login.microsoftonline.com',
      'common',
      'https://login.microsoftonline.com/common/oauth2/v2.0/authorize',
    ],
    [
      'https://login.microsoftonline.us',
      'organizations',
      'https://login.microsoftonline.us/organizations/oauth2/v2.0/authorize',
    ],
    [
      'https://login.partner.microsoftonline.cn',
      'tenant-id',
      'https://login.partner.microsoftonline.cn/tenant-id/oauth2/v2.0/authorize',
    ],
    ['http://127.0.0.1:4000', 'common', 'http://127.0.0.1:4000/common/oauth2/v2.0/authorize'],
  ])('below %s with tenant %s is known without asking anyone', async (loginEndpoint, tenantId, expected) => {
    const { url, codeVerifier } = await createLogin({ ...options, loginEndpoint, tenantId }).authorize({
      state: 's',
      nonce: 'n',
      signal,
    });
    expect(url.split('?')[0]).toBe(expected);
    expect(codeVerifier).toMatch(/^[\w.~-]{43,128}$/);
  });

  test('an administrator approves for his organization, or for the one tenant', () => {
    const of = (tenantId: string) =>
      new URL(createLogin({ ...options, tenantId }).adminConsentUrl('s')).pathname;
    expect(of('common')).toBe('/organizations/v2.0/adminconsent');
    expect(of('organizations')).toBe('/organizations/v2.0/adminconsent');
    expect(of('tenant-id')).toBe('/tenant-id/v2.0/adminconsent');
  });
});

describe('an app without a secret', () => {
  const identity = (token: { token: string; expiresOnTimestamp: number } | null, asked: string[]) => () =>
    Promise.resolve({
      getToken: (scope: string | string[]) => {
        asked.push(String(scope));
        return Promise.resolve(token);
      },
    });

  test('asks its managed identity to vouch for it, once while the answer lasts', async () => {
    const clock = { now: 0 };
    const asked: string[] = [];
    const open = identity({ token: 'assertion', expiresOnTimestamp: 3_600_000 }, asked);
    const assertion = createClientAssertion('identity', () => clock.now, open);
    expect(await assertion()).toBe('assertion');
    clock.now = 54 * 60_000;
    expect(await assertion()).toBe('assertion');
    expect(asked).toEqual(['api://AzureADTokenExchange/.default']);
    clock.now = 56 * 60_000;
    await assertion();
    expect(asked).toHaveLength(2);
  });

  test('whose identity gives none is a fault of the operator’s', async () => {
    const assertion = createClientAssertion(null, () => 0, identity(null, []));
    await expect(assertion()).rejects.toMatchObject({ code: 'app_credentials_rejected' });
  });
});
