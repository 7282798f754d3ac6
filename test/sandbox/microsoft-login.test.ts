// The stand-in’s authorize endpoint, and the consent of administrators.
import { describe, expect, test } from '@jest/globals';
import { authorizeUrl, codeFor, microsoft, pete, redirectUri, useLogin } from './login-harness.ts';

useLogin();

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
