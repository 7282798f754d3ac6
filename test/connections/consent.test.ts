import { beforeEach, describe, expect, test } from '@jest/globals';
import { useApp } from '../../shared/running-app.ts';
import { HOUR, KEY, MINUTE, START, useTestApp } from '../support/test-app.ts';

const app = useTestApp();
let count = 0;
/** Someone new for each test. */
let user: string;

beforeEach(() => {
  user = `manager-${++count}`;
});

describe('a manager who consents', () => {
  test('is connected: account, zone and hours are known, and the token works', async () => {
    const started = await app.json(`/calendar/auth/start?user_id=+1 555 555 1234`);
    expect(started.status).toBe(200);
    expect(started.body).toMatchObject({ expires_at: new Date(START + 24 * HOUR).toISOString() });
    const link = String(started.body['authorization_url']);

    const answer = await app.connect(link, 'pete@lakeviewrentals.example');
    expect(await answer.json()).toEqual({
      status: 'success',
      message: 'The calendar of pete@lakeviewrentals.example is connected.',
      calendar_email: 'pete@lakeviewrentals.example',
    });
    expect(answer.status).toBe(200);
    expect(await app.status('+15555551234')).toMatchObject({
      authorized: true,
      status: 'connected',
      calendar_email: 'pete@lakeviewrentals.example',
      time_zone: 'America/Chicago',
      connected_at: new Date(START).toISOString(),
      invite: null,
    });
    const access = await app.services.connections.access('+15555551234', app.signal());
    if (!access.ok) throw new Error(access.reason);
    expect(access.schedule.hours.mon).toEqual([['09:00', '17:00']]);
    expect(await access.accessToken()).toMatch(/^EwSandbox/);
  });

  test('with a personal account is connected in the default zone', async () => {
    const answer = await app.connect(await app.startLink(user), 'olive@outlook.example');
    expect(answer.status).toBe(200);
    expect(await app.status(user)).toMatchObject({
      calendar_email: 'olive@outlook.example',
      time_zone: 'America/Chicago',
    });
  });

  test('whose mailbox names its zone by its IANA name keeps it', async () => {
    await app.connect(await app.startLink(user), 'kavya@lakeviewrentals.example');
    expect(await app.status(user)).toMatchObject({ time_zone: 'Asia/Kolkata' });
  });

  test('gets an entry under /managers with the defaults', async () => {
    await app.connect(await app.startLink(user), 'berta@spreewohnen.example');
    const { body } = await app.json(`/managers/${user}`);
    expect(body).toMatchObject({ name: 'Berta Köhler', time_zone: 'Europe/Berlin', assistant_ids: [] });
  });

  test('sees a page if the request comes from a browser', async () => {
    const { callback, cookie } = await app.goToMicrosoft(
      await app.startLink(user),
      'pete@lakeviewrentals.example',
    );
    const answer = await app.comeBack(callback, cookie, 'text/html,application/xhtml+xml');
    expect(answer.headers.get('content-type')).toContain('text/html');
    expect(await answer.text()).toContain('Your calendar is connected');
  });

  test('is reported as not connected if nobody knows them', async () => {
    expect(await app.status('nobody')).toMatchObject({
      authorized: false,
      status: 'not_connected',
      expires_at: null,
      time_zone: null,
    });
  });
});

describe('a sign-in at Microsoft', () => {
  test('asks for what it needs and no more, with PKCE, state and nonce', async () => {
    const started = await app.press(await app.startLink(user));
    const query = new URL(started.headers.get('location') ?? '').searchParams;
    expect(Object.fromEntries(query)).toMatchObject({
      response_type: 'code',
      prompt: 'select_account',
      code_challenge_method: 'S256',
    });
    expect(new Set(query.get('scope')?.split(' '))).toEqual(
      new Set(['Calendars.ReadWrite', 'Calendars.Read', 'User.Read', 'openid', 'profile', 'offline_access']),
    );
    expect(query.get('state')).toMatch(/^[\w-]{43}$/);
    expect(query.get('nonce')).toMatch(/^[\w-]{43}$/);
    const [pair, ...attributes] = (started.headers.get('set-cookie') ?? '').split('; ');
    expect(pair).toMatch(/^consent_[\w-]+=[\w-]{43}$/);
    expect(attributes.sort()).toEqual([
      'HttpOnly',
      'Max-Age=600',
      'Path=/calendar/auth/callback',
      'SameSite=Lax',
    ]);
  });

  test('has a cookie that no other host of the domain can set, over https', async () => {
    const overHttps = app.servicesWith({
      MICROSOFT_REDIRECT_URI: 'https://calendar.example.com/calendar/auth/callback',
    }).connections;
    const { url } = await overHttps.makeStartLink(user, null, app.signal());
    const token = url.split('/').at(-1) ?? '';
    const { formToken } = await overHttps.showConsent(token, app.signal());
    const { cookie } = await overHttps.startConsent(token, formToken, app.signal());
    expect(cookie.name).toMatch(/^__Host-consent_/);
    expect(cookie).toMatchObject({ path: '/', secure: true });
  });

  test('can be completed only by the browser that began it; another browser does not use it up', async () => {
    const { callback, cookie } = await app.goToMicrosoft(
      await app.startLink(user),
      'pete@lakeviewrentals.example',
    );
    for (const other of ['', 'consent_x=y', cookie.replace(/=.*/, `=${'A'.repeat(43)}`)]) {
      const stranger = await app.comeBack(callback, other);
      expect(stranger.status).toBe(400);
      expect(await stranger.json()).toMatchObject({ error: { code: 'wrong_browser' } });
    }
    expect((await app.comeBack(callback, cookie)).status).toBe(200);
  });

  test('can be completed only once', async () => {
    const { callback, cookie } = await app.goToMicrosoft(
      await app.startLink(user),
      'pete@lakeviewrentals.example',
    );
    expect((await app.comeBack(callback, cookie)).status).toBe(200);
    const replay = await app.comeBack(callback, cookie);
    expect(replay.status).toBe(410);
    expect(await replay.json()).toMatchObject({ error: { code: 'link_used' } });
  });

  test('is completed once, if several callbacks race with one state', async () => {
    const { callback, cookie } = await app.goToMicrosoft(
      await app.startLink(user),
      'pete@lakeviewrentals.example',
    );
    const answers = await Promise.all([1, 2, 3].map(() => app.comeBack(callback, cookie)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 410, 410]);
  });

  test('ends after ten minutes', async () => {
    const { callback, cookie } = await app.goToMicrosoft(
      await app.startLink(user),
      'pete@lakeviewrentals.example',
    );
    app.clock.now += 10 * MINUTE;
    const late = await app.comeBack(callback, cookie);
    expect(late.status).toBe(410);
    expect(await late.json()).toMatchObject({ error: { code: 'link_expired' } });
  });

  test('that was begun under a key that is no longer listed has expired', async () => {
    const { callback, cookie } = await app.goToMicrosoft(
      await app.startLink(user),
      'pete@lakeviewrentals.example',
    );
    useApp(app.servicesWith({ TOKEN_ENCRYPTION_KEYS: `two:${KEY(2)}` }));
    const answer = await app.comeBack(callback, cookie);
    expect(answer.status).toBe(410);
    expect(await answer.json()).toMatchObject({ error: { code: 'link_expired' } });
    expect(app.log.lines).toContainEqual(
      expect.objectContaining({ event: 'consent_failed', fields: { code: 'encryption_key_missing' } }),
    );
  });

  test('with an unknown state is refused', async () => {
    for (const state of ['', 'x', 'A'.repeat(43), "' or 1 eq 1", '<script>', 'a.b.c', 'a..b.c.d']) {
      const answer = await app.request(`/calendar/auth/callback?code=x&state=${encodeURIComponent(state)}`, {
        headers: { accept: 'text/html' },
      });
      expect(answer.status).toBe(400);
      expect(await answer.text()).not.toContain('<script');
    }
  });

  test.each([
    [
      'token endpoint answers 503',
      'microsoft_unreachable',
      502,
      { path: '/common/oauth2/v2.0/token', status: 503, times: 9 },
    ],
    [
      'token endpoint drops the connection',
      'microsoft_unreachable',
      502,
      { path: '/common/oauth2/v2.0/token', drop: 'before' as const, times: 9 },
    ],
    [
      'token endpoint answers with a web page',
      'microsoft_unreachable',
      502,
      { path: '/common/oauth2/v2.0/token', shape: 'html' as const, times: 9 },
    ],
    [
      'token endpoint answers an empty 500',
      'microsoft_unreachable',
      502,
      { path: '/common/oauth2/v2.0/token', status: 500, body: {}, times: 9 },
    ],
    [
      'token endpoint throttles',
      'microsoft_throttled',
      502,
      { path: '/common/oauth2/v2.0/token', status: 429, code: 'temporarily_unavailable', times: 9 },
    ],
    [
      'token endpoint refuses the app',
      'app_credentials_rejected',
      502,
      { path: '/common/oauth2/v2.0/token', status: 401, code: 'invalid_client', aadsts: 7000215, times: 9 },
    ],
    [
      'token endpoint refuses the code',
      'microsoft_rejected',
      400,
      { path: '/common/oauth2/v2.0/token', status: 400, code: 'invalid_grant', aadsts: 54005, times: 9 },
    ],
    ['profile answers 503', 'microsoft_unreachable', 502, { path: '/v1.0/me', status: 503, times: 9 }],
    [
      'profile answers something else',
      'microsoft_unreachable',
      502,
      { path: '/v1.0/me', status: 200, body: {}, times: 9 },
    ],
    [
      'calendar answers 503',
      'microsoft_unreachable',
      502,
      { path: '/v1.0/me/calendarView', status: 503, times: 9 },
    ],
  ])(
    'whose %s ends in %s, a %i with a way to start again, and stores nothing',
    async (_, code, status, fault) => {
      const link = await app.startLink(user);
      const { callback, cookie } = await app.goToMicrosoft(link, 'pete@lakeviewrentals.example');
      app.microsoft.setFault(fault);
      const answer = await app.comeBack(callback, cookie, 'text/html');
      expect(answer.status).toBe(status);
      expect(await answer.text()).toContain(link);
      expect(app.log.lines.map(({ fields }) => fields['code'])).toContain(code);
      expect(await app.status(user)).toMatchObject({ status: 'not_connected' });
      app.microsoft.clearFaults();
      expect((await app.connect(link, 'pete@lakeviewrentals.example')).status).toBe(200);
    },
  );

  test('connects even if the mailbox settings cannot be read at the moment', async () => {
    const { callback, cookie } = await app.goToMicrosoft(
      await app.startLink(user),
      'pete@lakeviewrentals.example',
    );
    app.microsoft.setFault({ path: '/v1.0/me/calendar/getSchedule', status: 500, times: 9 });
    expect((await app.comeBack(callback, cookie)).status).toBe(200);
    expect(await app.status(user)).toMatchObject({ status: 'connected', time_zone: 'America/Chicago' });
  });

  test.each(['gina@elsewhere.example', 'uma@lakeviewrentals.example'])(
    'of %s, who has no mailbox, says so',
    async (person) => {
      const { callback, cookie } = await app.goToMicrosoft(await app.startLink(user), person);
      const answer = await app.comeBack(callback, cookie);
      expect(answer.status).toBe(422);
      expect(await answer.json()).toMatchObject({ error: { code: 'no_mailbox' } });
      expect(await app.status(user)).toMatchObject({ status: 'not_connected' });
    },
  );

  test('that the person cancels ends with a page that says so and shows how an administrator can approve', async () => {
    const { callback, cookie } = await app.goToMicrosoft(
      await app.startLink(user),
      'hugo@spreewohnen.example',
      'cancel',
    );
    const answer = await app.comeBack(callback, cookie, 'text/html');
    expect(answer.status).toBe(400);
    const page = await answer.text();
    expect(page).toContain('You cancelled at Microsoft');
    expect(page).toContain('/organizations/v2.0/adminconsent?');
  });
});
