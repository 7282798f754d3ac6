import { createServer } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createClientAssertion } from '../../shared/microsoft/client-assertion.ts';
import { createMicrosoftIdentity } from '../../shared/microsoft/identity.ts';
import type { MicrosoftIdentityOptions } from '../../shared/microsoft/identity.ts';

const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
const options: MicrosoftIdentityOptions = {
  clientId: 'app',
  clientSecret: 'secret',
  tenantId: 'common',
  redirectUri: 'https://c.example/calendar/auth/callback',
  loginEndpoint: 'https://login.microsoftonline.com',
  graphEndpoint: 'https://graph.microsoft.com',
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
    const { url, codeVerifier } = await createMicrosoftIdentity({
      ...options,
      loginEndpoint,
      tenantId,
    }).authorize({
      state: 's',
      nonce: 'n',
      scopes: ['User.Read'],
      signal,
    });
    expect(url.split('?')[0]).toBe(expected);
    expect(codeVerifier).toMatch(/^[\w.~-]{43,128}$/);
  });

  test.each([
    ['https://graph.microsoft.us', 'https://graph.microsoft.us/Calendars.ReadWrite'],
    [
      'https://microsoftgraph.chinacloudapi.cn',
      'https://microsoftgraph.chinacloudapi.cn/Calendars.ReadWrite',
    ],
    ['http://127.0.0.1:4000', 'https://graph.microsoft.com/Calendars.ReadWrite'],
  ])('an administrator approves permissions of the Graph at %s', (graphEndpoint, expected) => {
    const identity = createMicrosoftIdentity({ ...options, graphEndpoint });
    const url = new URL(identity.adminConsentUrl('s', ['Calendars.ReadWrite']));
    expect(url.searchParams.get('scope')).toBe(expected);
  });

  test('an administrator approves for their organization, or for the one tenant', () => {
    const of = (tenantId: string) =>
      new URL(createMicrosoftIdentity({ ...options, tenantId }).adminConsentUrl('s', [])).pathname;
    expect(of('common')).toBe('/organizations/v2.0/adminconsent');
    expect(of('organizations')).toBe('/organizations/v2.0/adminconsent');
    expect(of('tenant-id')).toBe('/tenant-id/v2.0/adminconsent');
  });
});

describe('an app without a secret', () => {
  const asked: URL[] = [];
  const headers: IncomingHttpHeaders[] = [];
  let isDown = false;
  const endpoint = createServer((request, response) => {
    asked.push(new URL(request.url ?? '', 'http://localhost'));
    headers.push(request.headers);
    const expires_on = Math.floor(Date.now() / 1000) + 86_400;
    response.writeHead(isDown ? 500 : 200, { 'content-type': 'application/json' });
    response.end(
      JSON.stringify(
        isDown ? { error: 'down' } : { access_token: 'assertion', expires_on, token_type: 'Bearer' },
      ),
    );
  });
  const kept = { ...process.env };

  beforeAll(async () => {
    await new Promise<void>((resolve) => {
      endpoint.listen(0, '127.0.0.1', resolve);
    });
    process.env['IDENTITY_ENDPOINT'] =
      `http://127.0.0.1:${(endpoint.address() as AddressInfo).port}/msi/token`;
    process.env['IDENTITY_HEADER'] = 'proof';
  });
  afterAll(() => {
    process.env = kept;
    endpoint.close();
    endpoint.closeAllConnections();
  });

  test('gets an assertion from its managed identity, once as long as the assertion is valid', async () => {
    const assertion = createClientAssertion('identity-1');
    expect(await assertion()).toBe('assertion');
    expect(await assertion()).toBe('assertion');
    expect(asked).toHaveLength(1);
    expect(Object.fromEntries(asked[0]?.searchParams ?? [])).toMatchObject({
      resource: 'api://AzureADTokenExchange',
      client_id: 'identity-1',
    });
    expect(headers[0]).toMatchObject({ 'x-identity-header': 'proof' });
  });

  test('sends the assertion to Microsoft instead of a secret', async () => {
    const bodies: string[] = [];
    const login = createMicrosoftIdentity({
      ...options,
      clientSecret: null,
      identityClientId: 'identity-1',
      fetch: (_, init) => {
        bodies.push(init?.body as string);
        return Promise.resolve(Response.json({ error: 'invalid_grant' }, { status: 400 }));
      },
    });
    const redeemed = login.redeem({
      code: 'c',
      codeVerifier: 'v',
      nonce: 'n',
      scopes: ['User.Read'],
      signal,
    });
    await expect(redeemed).rejects.toMatchObject({ code: 'microsoft_rejected' });
    const sent = new URLSearchParams(bodies[0]);
    expect(sent.get('client_assertion')).toBe('assertion');
    expect(sent.get('client_assertion_type')).toBe('urn:ietf:params:oauth:client-assertion-type:jwt-bearer');
    expect(sent.has('client_secret')).toBe(false);
  });

  test('reports a configuration error if its managed identity gives no assertion', async () => {
    isDown = true;
    const assertion = createClientAssertion('identity-2');
    await expect(assertion()).rejects.toMatchObject({ code: 'app_credentials_rejected' });
  });
});
