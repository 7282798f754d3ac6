import { beforeEach, describe, expect, test } from '@jest/globals';
import { DAY, errorCodeOf, HOUR, KEY, MINUTE, START, useTestApp } from '../support/test-app.ts';

const PETE = 'pete@lakeviewrentals.example';

const app = useTestApp();
let count = 0;
/** Someone new for each test. */
let user: string;

beforeEach(() => {
  user = `manager-${++count}`;
});

describe('an invite', () => {
  test('comes by mail, with one link that connects the invited account', async () => {
    const { status, body } = await app.post('/calendar/auth/invite', {
      user_id: user,
      calendar_email: 'Pete@LakeviewRentals.example',
      name: 'Pete Sampson',
    });
    expect(status).toBe(202);
    expect(body).toEqual({ user_id: user, expires_at: new Date(START + 7 * DAY).toISOString() });
    expect(await app.status(user)).toMatchObject({
      status: 'not_connected',
      invite: { sent_at: new Date(START).toISOString(), expires_at: new Date(START + 7 * DAY).toISOString() },
    });
    const [mail] = app.mailbox.messages();
    expect(mail).toMatchObject({
      to: PETE,
      from: '"PeteRental" <calendar@peterental.example>',
      recipients: [PETE],
    });
    expect((await app.connect(app.linkIn(mail), PETE)).status).toBe(200);
    expect(await app.status(user)).toMatchObject({
      status: 'connected',
      calendar_email: PETE,
      invite: null,
    });
    expect((await app.json(`/managers/${user}`)).body).toMatchObject({ name: 'Pete Sampson' });
  });

  test('does not change if a mail scanner opens it, however often', async () => {
    const mail = await app.invite(user, PETE);
    const links = [app.linkIn(mail), app.linkIn(mail, 'disconnect')];
    const before = await app.dump();
    for (const link of [...links, ...links]) {
      for (const method of ['GET', 'HEAD', 'OPTIONS']) {
        const seen = await app.request(link, { method, headers: { purpose: 'prefetch' } });
        expect([200, 404]).toContain(seen.status);
        expect(seen.headers.get('set-cookie')).toBeNull();
      }
    }
    expect(await app.dump()).toBe(before);
    expect((await app.connect(app.linkIn(mail), PETE)).status).toBe(200);
  });

  test('cannot be accepted by another account: the page names both, and nothing is stored', async () => {
    const link = app.linkIn(await app.invite(user, PETE));
    const before = await app.dump();
    const { callback, cookie } = await app.goToMicrosoft(link, 'wendy@lakeviewrentals.example');
    const answer = await app.comeBack(callback, cookie, 'text/html');
    expect(answer.status).toBe(403);
    const page = await answer.text();
    expect(page).toContain(PETE);
    expect(page).toContain('wendy@lakeviewrentals.example');
    expect(page).toContain(link);
    expect(await app.status(user)).toMatchObject({ status: 'not_connected' });
    const rows = (text: string) =>
      (JSON.parse(text) as { table: string }[]).filter(({ table }) => table !== 'states');
    expect(rows(await app.dump())).toEqual(rows(before));
    expect((await app.connect(link, PETE)).status).toBe(200);
  });

  test('cannot be accepted by someone who put the address into their own directory', async () => {
    const link = app.linkIn(await app.invite(user, PETE));
    const answer = await app.connect(link, 'mallory@shadow.example');
    expect(answer.status).toBe(403);
    expect(await errorCodeOf(answer)).toBe('wrong_account');
  });

  test.each([
    ['a proxy address', 'peter.sampson@lakeviewrentals.example', PETE],
    ['an e-mail that Microsoft vouches for', 'hello@brandt.example', 'hugo@spreewohnen.example'],
    ['a personal account’s own address', 'olive@outlook.example', 'olive@outlook.example'],
  ])('is for the account by %s, too', async (_, invited, person) => {
    const link = app.linkIn(await app.invite(user, invited));
    expect((await app.connect(link, person)).status).toBe(200);
    expect(await app.status(user)).toMatchObject({ calendar_email: invited });
  });

  test('works once: after it connected someone, the link opens nothing', async () => {
    const link = app.linkIn(await app.invite(user, PETE));
    const thief = await app.goToMicrosoft(link, PETE);
    expect((await app.connect(link, PETE)).status).toBe(200);
    for (const method of ['GET', 'HEAD', 'POST']) {
      expect((await app.request(link, { method })).status).toBe(410);
    }
    const late = await app.comeBack(thief.callback, thief.cookie);
    expect(late.status).toBe(410);
    expect(await errorCodeOf(late)).toBe('link_used');
  });

  test('that is opened in two browsers at once connects only one of them', async () => {
    const link = await app.startLink(user);
    const [one, two] = [
      await app.goToMicrosoft(link, PETE),
      await app.goToMicrosoft(link, 'wendy@lakeviewrentals.example'),
    ];
    const answers = await Promise.all(
      [one, two].map(({ callback, cookie }) => app.comeBack(callback, cookie)),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 410]);
    const winner = answers[0]?.status === 200 ? PETE : 'wendy@lakeviewrentals.example';
    expect(await app.status(user)).toMatchObject({ calendar_email: winner });
  });

  test('ends the previous invite', async () => {
    const first = app.linkIn(await app.invite(user, PETE));
    const second = app.linkIn(await app.invite(user, PETE));
    expect((await app.request(first)).status).toBe(410);
    expect((await app.connect(second, PETE)).status).toBe(200);
  });

  test('expires after seven days', async () => {
    const link = app.linkIn(await app.invite(user, PETE));
    app.clock.now = START + 7 * DAY - MINUTE;
    expect((await app.request(link)).status).toBe(200);
    app.clock.now = START + 7 * DAY + MINUTE;
    const page = await app.request(link);
    expect(page.status).toBe(410);
    expect(await page.text()).toContain('expired');
  });

  test('is invalid if it was altered, cut off or forged', async () => {
    const link = app.linkIn(await app.invite(user, PETE));
    const foreign = await app
      .servicesWith({ TOKEN_ENCRYPTION_KEYS: `one:${KEY(9)}` })
      .connections.makeStartLink(user, null, app.signal());
    const disconnect = app
      .linkIn(app.mailbox.messages().at(-1), 'disconnect')
      .replace('disconnect', 'connect');
    const letter = link.at(-8) === 'A' ? 'B' : 'A';
    for (const bad of [
      link.slice(0, -3),
      `${link.slice(0, -8)}${letter}${link.slice(-7)}`,
      foreign.url,
      disconnect,
    ]) {
      const page = await app.request(new URL(bad).pathname);
      expect(page.status).toBe(400);
      expect(await page.text()).toContain('not valid');
    }
  });

  test('works only for its own purpose', async () => {
    const link = app.linkIn(await app.invite(user, PETE));
    const token = link.split('/').at(-1) ?? '';
    expect((await app.request(`/calendar/disconnect/${token}`)).status).toBe(400);
    const asAdmin = await app.request(`/calendar/auth/callback?admin_consent=True&state=${token}`);
    expect(asAdmin.status).toBe(400);
  });

  test('does not show in its URL whom it is for', async () => {
    const link = app.linkIn(await app.invite(user, PETE));
    const parts = new URL(link).pathname
      .split(/[/.]/)
      .map((part) => Buffer.from(part, 'base64url').toString());
    expect(parts.join(' ')).not.toContain('lakeviewrentals');
    expect(parts.join(' ')).not.toContain(user);
  });

  test('stays valid while keys rotate, and ends when its key is removed', async () => {
    const link = app.linkIn(await app.invite(user, PETE));
    const token = link.split('/').at(-1) ?? '';
    const rotated = app.servicesWith({ TOKEN_ENCRYPTION_KEYS: `two:${KEY(2)},one:${KEY(1)}` });
    expect(await rotated.connections.showConsent(token, app.signal())).toMatchObject({
      calendarEmail: PETE,
    });
    const without = app.servicesWith({ TOKEN_ENCRYPTION_KEYS: `two:${KEY(2)}` });
    await expect(without.connections.showConsent(token, app.signal())).rejects.toMatchObject({
      code: 'link_expired',
    });
  });

  test('can be confirmed only on our own page', async () => {
    const link = app.linkIn(await app.invite(user, PETE));
    const press = (form: Record<string, string>, headers: Record<string, string> = {}) =>
      app.request(link, { method: 'POST', body: new URLSearchParams(form), headers });
    expect((await press({})).status).toBe(400);
    expect((await press({ form_token: 'x' })).status).toBe(400);
    const other = await app.request(await app.startLink('somebody-else'));
    const stolen = /name="form_token" value="([^"]+)"/.exec(await other.text())?.[1] ?? '';
    expect((await press({ form_token: stolen })).status).toBe(400);
    expect((await app.press(link, { 'sec-fetch-site': 'cross-site' })).status).toBe(400);
    expect((await app.press(link, { 'sec-fetch-site': 'same-origin', origin: 'null' })).status).toBe(303);
  });

  test.each([
    [{ calendar_email: PETE }, ['user_id']],
    [{ user_id: 'a/b', calendar_email: 'nobody' }, ['user_id', 'calendar_email']],
    [{ user_id: 'x', calendar_email: PETE, name: 'Pete\r\nBcc: eve@evil.example' }, ['name']],
    [{ user_id: 'x', calendar_email: `${PETE}\nBcc: eve@evil.example` }, ['calendar_email']],
    [{ user_id: 'x', calendar_email: `${PETE},eve@evil.example` }, ['calendar_email']],
    [{ user_id: 'x', calendar_email: PETE, notify_email: 'Eve <eve@evil.example>' }, ['notify_email']],
    [{ user_id: 'x', calendar_email: PETE, surprise: 1 }, ['body']],
  ])('with bad input %j is refused by the names of its fields', async (input, fields) => {
    const { status, body } = await app.post('/calendar/auth/invite', input);
    expect(status).toBe(400);
    const error = body['error'] as { code: string; details: { field: string }[] };
    expect(error.code).toBe('invalid_request');
    expect(error.details.map(({ field }) => field)).toEqual(fields);
    expect(app.mailbox.messages()).toEqual([]);
  });

  test('is refused if the body is not JSON', async () => {
    const { status, body } = await app.json('/calendar/auth/invite', { method: 'POST', body: '{' });
    expect(status).toBe(400);
    expect(body).toMatchObject({ error: { code: 'invalid_request' } });
  });

  test('puts no name into a mail header, and escapes it in HTML', async () => {
    const name = 'Pete <b>&"\u2019 To: eve@evil.example';
    const mail = await app.invite(user, PETE, { name });
    expect(mail.recipients).toEqual([PETE]);
    expect(mail.raw.slice(0, mail.raw.indexOf('\r\n\r\n'))).not.toContain('eve@');
    expect(mail.html).not.toContain('<b>&');
    expect(mail.html).toContain('&lt;b&gt;');
    expect(mail.text).toContain(name);
  });

  test('that the mail server refuses gives 502, leaves nothing stored, and can be sent again', async () => {
    const first = app.linkIn(await app.invite(user, PETE));
    app.mailbox.refuse(true);
    const before = await app.dump();
    const input = { user_id: user, calendar_email: 'wendy@lakeviewrentals.example' };
    const refused = await app.post('/calendar/auth/invite', input);
    expect(refused.status).toBe(502);
    expect(refused.body).toMatchObject({ error: { code: 'mail_failed' } });
    const withoutEtags = (text: string) => text.replace(/"etag":"(\\.|[^"])*"/g, '');
    expect(withoutEtags(await app.dump())).toBe(withoutEtags(before));
    expect((await app.request(first)).status).toBe(200);

    const nobody = `${user}-new`;
    expect((await app.post('/calendar/auth/invite', { ...input, user_id: nobody })).status).toBe(502);
    expect(await app.status(nobody)).toMatchObject({ status: 'not_connected', invite: null });
    expect((await app.json(`/managers/${nobody}`)).status).toBe(404);

    app.mailbox.refuse(false);
    app.clock.now += HOUR;
    expect((await app.post('/calendar/auth/invite', input)).status).toBe(202);
    expect((await app.request(first)).status).toBe(410);
  });

  test('whose mail fails late does not end a later one', async () => {
    const invite = { user_id: user, calendar_email: PETE };
    const held = app.mailbox.hold();
    const first = app.post('/calendar/auth/invite', invite);
    await held.arrived;
    const link = app.linkIn(await app.invite(user, PETE));
    held.refuse();
    expect(await first).toMatchObject({ status: 502, body: { error: { code: 'mail_failed' } } });
    expect((await app.request(link)).status).toBe(200);
    expect((await app.connect(link, PETE)).status).toBe(200);
  });

  test('whose mail fails late leaves the links ended that a later one has ended', async () => {
    const invite = { user_id: user, calendar_email: PETE };
    const started = await app.startLink(user);
    const held = app.mailbox.hold();
    const first = app.post('/calendar/auth/invite', invite);
    await held.arrived;
    await app.invite(user, PETE);
    held.refuse();
    await first;
    expect((await app.request(started)).status).toBe(410);
  });

  test('gives 503 if mail is not configured', async () => {
    const mute = app.servicesWith({ SMTP_URL: '', MAIL_FROM: '' });
    const invite = { userId: user, calendarEmail: PETE, name: null, notifyEmail: null };
    await expect(mute.connections.invite(invite, app.signal())).rejects.toMatchObject({
      code: 'mail_not_configured',
    });
  });
});

describe('connecting again', () => {
  test('with the same account keeps the manager’s settings', async () => {
    await app.request(`/managers/${user}`, {
      method: 'PUT',
      body: JSON.stringify({
        name: 'Pete',
        rules: { duration_minutes: 45 },
        notify_email: 'office@example.com',
      }),
    });
    await app.connect(await app.startLink(user), PETE);
    app.clock.now += DAY;
    const mail = await app.invite(user, PETE);
    expect(mail.recipients).toEqual(['office@example.com']);
    expect((await app.connect(app.linkIn(mail), PETE)).status).toBe(200);
    expect((await app.json(`/managers/${user}`)).body).toMatchObject({
      name: 'Pete',
      rules: { duration_minutes: 45 },
    });
    expect(await app.status(user)).toMatchObject({ connected_at: new Date(START + DAY).toISOString() });
  });

  test('with another account takes a link made for it', async () => {
    await app.connect(await app.startLink(user, PETE), PETE);
    app.clock.now += DAY;
    const wendy = 'wendy@lakeviewrentals.example';
    expect((await app.connect(await app.startLink(user, PETE), wendy)).status).toBe(403);
    expect((await app.connect(await app.startLink(user, wendy), wendy)).status).toBe(200);
    expect(await app.status(user)).toMatchObject({ calendar_email: wendy });
  });
});

describe('the administrator’s approval', () => {
  test('a manager who needs approval gets a text and a link for the administrator, and can connect after the approval', async () => {
    const nora = 'nora@northgate.example';
    const link = app.linkIn(await app.invite(user, nora));
    const { callback, cookie } = await app.goToMicrosoft(link, nora, 'return');
    const answer = await app.comeBack(callback, cookie, 'text/html');
    expect([400, 403]).toContain(answer.status);
    const page = await answer.text();
    expect(page).toContain('administrator');
    const adminUrl = /http\S+adminconsent\?[^\s<]+/.exec(page)?.[0].replaceAll('&amp;', '&') ?? '';

    app.clock.now += 3 * DAY;
    const declined = await app.microsoft.signIn(adminUrl, 'adam@northgate.example', 'cancel');
    const no = await app.request(declined, { headers: { accept: 'text/html' } });
    expect(no.status).toBe(403);
    expect(await no.text()).toContain('not approved');

    const before = await app.dump();
    const approved = await app.microsoft.signIn(adminUrl, 'adam@northgate.example');
    const back = await app.request(approved, { headers: { accept: 'text/html' } });
    expect(back.status).toBe(200);
    expect(await back.text()).toContain('approved');
    expect(await app.dump()).toBe(before);
    expect(await app.status(user)).toMatchObject({ status: 'not_connected' });

    expect((await app.connect(link, nora)).status).toBe(200);
  });

  test('has a link that expires after seven days and cannot be forged', async () => {
    const { callback, cookie } = await app.goToMicrosoft(
      await app.startLink(user),
      'berta@spreewohnen.example',
      'cancel',
    );
    const page = await (await app.comeBack(callback, cookie, 'text/html')).text();
    const adminUrl = /http\S+adminconsent\?[^\s<]+/.exec(page)?.[0].replaceAll('&amp;', '&') ?? '';
    const state = new URL(adminUrl).searchParams.get('state') ?? '';
    const back = (value: string) =>
      app.request(`/calendar/auth/callback?admin_consent=True&tenant=x&state=${value}`);
    expect((await back(state)).status).toBe(200);
    expect((await back('made-up')).status).toBe(400);
    expect((await back('a.b.c.d.e')).status).toBe(400);
    expect((await back('')).status).toBe(400);
    app.clock.now += 7 * DAY + MINUTE;
    expect((await back(state)).status).toBe(410);
  });
});
