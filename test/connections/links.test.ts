// From when on a link works, and what ends it.
import { describe, expect, test } from '@jest/globals';
import { DAY, HOUR, KEY, MINUTE, START, useTestApp } from '../support/test-app.ts';

const PETE = 'pete@lakeviewrentals.example';
const WENDY = 'wendy@lakeviewrentals.example';
const USER = '+15555551234';
const PATH = `/managers/${encodeURIComponent(USER)}`;

const MESSAGE = {
  text: 'Please call me back.',
  name: null,
  callerNumber: null,
  givenNumber: null,
  propertyAddress: null,
  offered: [],
  receivedAt: START,
};

const app = useTestApp();

async function statusCode(link: string): Promise<number> {
  return (await app.request(link)).status;
}
async function disconnect() {
  return app.post('/calendar/auth/disconnect', { user_id: USER });
}
async function connectPete(): Promise<void> {
  expect((await app.connect(await app.startLink(USER), PETE)).status).toBe(200);
}

describe('a connect link', () => {
  test('that was used stays used after the manager is deleted', async () => {
    const link = await app.startLink(USER);
    expect((await app.connect(link, PETE)).status).toBe(200);
    expect(await statusCode(link)).toBe(410);
    app.clock.now += MINUTE;
    expect((await app.request(PATH, { method: 'DELETE' })).status).toBe(204);
    expect(await statusCode(link)).toBe(410);
    const rows = (await app.dump()).replace(link, '');
    expect(rows).not.toContain(USER);
  });

  test('that nobody used is ended by the deletion of its manager', async () => {
    await app.request(PATH, { method: 'PUT', body: JSON.stringify({ name: 'Pete' }) });
    const link = await app.startLink(USER);
    expect((await app.request(PATH, { method: 'DELETE' })).status).toBe(204);
    expect(await statusCode(link)).toBe(410);
    expect((await app.connect(await app.startLink(USER), PETE)).status).toBe(200);
  });

  test('is ended by a disconnect, also if nobody was connected', async () => {
    const link = await app.startLink(USER);
    expect((await disconnect()).body).toMatchObject({ status: 'not_connected' });
    expect(await statusCode(link)).toBe(410);
    expect((await app.connect(await app.startLink(USER), PETE)).status).toBe(200);
  });

  test('is ended by the operator’s later invite', async () => {
    const link = await app.startLink(USER);
    await app.invite(USER, PETE);
    expect(await statusCode(link)).toBe(410);
  });

  test('is ended when another link connects somebody', async () => {
    const [first, second] = [await app.startLink(USER), await app.startLink(USER)];
    expect((await app.connect(second, PETE)).status).toBe(200);
    expect(await statusCode(first)).toBe(410);
  });

  test('is not ended by a later link of the same kind', async () => {
    const first = await app.startLink(USER);
    await app.startLink(USER);
    expect((await app.connect(first, PETE)).status).toBe(200);
  });

  test('that was made right after another had connected is ended by a disconnect in the same millisecond', async () => {
    await connectPete();
    const link = await app.startLink(USER);
    await disconnect();
    expect(await statusCode(link)).toBe(410);
    expect((await app.connect(await app.startLink(USER), PETE)).status).toBe(200);
  });

  test('that has ended stays ended if the next end comes from a clock that is behind', async () => {
    app.clock.now += 5_000;
    const link = await app.startLink(USER);
    await disconnect();
    app.clock.now -= 12_000;
    await disconnect();
    expect(await statusCode(link)).toBe(410);
  });

  test('is ended even if the clock of the instance that made it was ahead', async () => {
    app.clock.now += 5_000;
    const link = await app.startLink(USER);
    app.clock.now -= 5_000;
    await disconnect();
    expect(await statusCode(link)).toBe(410);
  });

  test('answers 410 once its key is removed, and says how to get a new one', async () => {
    const link = await app.startLink(USER);
    const token = link.split('/').at(-1) ?? '';
    const rotated = app.servicesWith({ TOKEN_ENCRYPTION_KEYS: `two:${KEY(2)}` });
    await expect(rotated.connections.showConsent(token, app.signal())).rejects.toMatchObject({
      code: 'link_expired',
    });
  });

  test('works from a page that was opened days before', async () => {
    const link = app.linkIn(await app.invite(USER, PETE));
    const press = await app.openPage(link);
    app.clock.now += 2 * DAY;
    expect((await press()).status).toBe(303);
    app.clock.now += 6 * DAY;
    expect((await press()).status).toBe(410);
  });

  test('is forgotten once every link it could be has expired', async () => {
    await disconnect();
    app.clock.now += 9 * DAY;
    await app.runTimer('keepAlive');
    expect(await app.dump()).not.toContain('ended_at');
  });
});

describe('the operator’s invite of another account', () => {
  async function inviteWendyAfterPete(): Promise<string> {
    await connectPete();
    app.microsoft.revoke(PETE);
    app.clock.now += HOUR;
    return app.linkIn(await app.invite(USER, WENDY));
  }

  test('outlives the daily run, which mails it again to its own address', async () => {
    const link = await inviteWendyAfterPete();
    app.mailbox.reset();
    app.clock.now += DAY;
    await app.runTimer('keepAlive');
    expect(app.mailbox.messages().map(({ to, subject }) => [to, subject])).toEqual([
      [WENDY, 'Connect your calendar to PeteRental'],
    ]);
    expect(await statusCode(link)).toBe(200);
    const again = app.linkIn(app.mailbox.messages()[0]);
    expect((await app.connect(again, PETE)).status).toBe(403);
    expect((await app.connect(link, WENDY)).status).toBe(200);
    expect(await statusCode(again)).toBe(410);
  });

  test('outlives a caller’s request for a link, which goes to the invited account', async () => {
    await connectPete();
    await disconnect();
    const link = app.linkIn(await app.invite(USER, WENDY));
    app.mailbox.reset();
    app.clock.now += 2 * HOUR;
    expect(await app.services.connections.sendLink(USER, app.signal())).toBe('sent');
    expect(app.mailbox.messages().map(({ to }) => to)).toEqual([WENDY]);
    expect(await statusCode(link)).toBe(200);
    const { body } = await app.json(`/calendar/auth/status?user_id=${encodeURIComponent(USER)}`);
    expect(body['invite']).toMatchObject({ sent_at: new Date(app.clock.now).toISOString() });
  });

  test('is not mailed as a lost connection after it has expired, because its account never was connected', async () => {
    await inviteWendyAfterPete();
    app.mailbox.reset();
    app.clock.now += 8 * DAY;
    await app.runTimer('keepAlive');
    expect(app.mailbox.messages().map(({ to, subject }) => [to, subject])).toEqual([
      [WENDY, 'Connect your calendar to PeteRental'],
    ]);
  });

  test('still says who may connect after it has expired', async () => {
    await connectPete();
    await disconnect();
    await app.invite(USER, WENDY);
    app.mailbox.reset();
    app.clock.now += 8 * DAY;
    expect(await app.services.connections.sendLink(USER, app.signal())).toBe('sent');
    const [mail] = app.mailbox.messages();
    expect(mail?.to).toBe(WENDY);
    expect((await app.connect(app.linkIn(mail), PETE)).status).toBe(403);
  });
});

describe('a disconnect link', () => {
  test('neither shows nor disconnects another account that is connected later', async () => {
    const mail = await app.invite(USER, PETE);
    const link = app.linkIn(mail, 'disconnect');
    await app.connect(app.linkIn(mail), PETE);
    app.clock.now += DAY;
    await disconnect();
    await app.connect(app.linkIn(await app.invite(USER, WENDY)), WENDY);
    app.clock.now += 100 * DAY;
    expect(await (await app.request(link)).text()).not.toContain(WENDY);
    await app.press(link);
    expect(await app.status(USER)).toMatchObject({ status: 'connected', calendar_email: WENDY });
  });

  test('works from a page that was opened days before', async () => {
    const mail = await app.invite(USER, PETE);
    await app.connect(app.linkIn(mail), PETE);
    const press = await app.openPage(app.linkIn(mail, 'disconnect'));
    app.clock.now += 2 * DAY;
    expect((await press()).status).toBe(200);
    expect(await app.status(USER)).toMatchObject({ status: 'disconnected' });
  });

  test('works again once its account is connected again', async () => {
    const mail = await app.invite(USER, PETE);
    await app.connect(app.linkIn(mail), PETE);
    await disconnect();
    await connectPete();
    const link = app.linkIn(mail, 'disconnect');
    expect(await (await app.request(link)).text()).toContain(PETE);
    expect((await app.press(link)).status).toBe(200);
    expect(await app.status(USER)).toMatchObject({ status: 'disconnected' });
  });

  test('of an invite by an alias works also once the account is connected by another link', async () => {
    const mail = await app.invite(USER, 'peter.sampson@lakeviewrentals.example');
    expect((await app.connect(app.linkIn(mail), PETE)).status).toBe(200);
    await connectPete();
    expect(await app.status(USER)).toMatchObject({ calendar_email: PETE });
    const link = app.linkIn(mail, 'disconnect');
    expect(await (await app.request(link)).text()).toContain(PETE);
    await app.press(link);
    expect(await app.status(USER)).toMatchObject({ status: 'disconnected' });
  });

  test('of an invite by an alias works also if another account was connected in between', async () => {
    const mail = await app.invite(USER, 'peter.sampson@lakeviewrentals.example');
    expect((await app.connect(app.linkIn(mail), PETE)).status).toBe(200);
    expect((await app.connect(await app.startLink(USER), WENDY)).status).toBe(200);
    const link = app.linkIn(mail, 'disconnect');
    expect(await (await app.request(link)).text()).not.toContain(WENDY);
    await connectPete();
    await app.press(link);
    expect(await app.status(USER)).toMatchObject({ status: 'disconnected' });
  });

  test('that was mailed to a connected account is about that account, whoever connects later', async () => {
    await connectPete();
    const content = { kind: 'message', message: MESSAGE } as const;
    await app.services.connections.mailManager(USER, content, app.signal());
    const link = app.linkIn(app.mailbox.messages().at(-1), 'disconnect');
    await app.connect(await app.startLink(USER), WENDY);
    expect(await (await app.request(link)).text()).not.toContain(WENDY);
    await app.press(link);
    expect(await app.status(USER)).toMatchObject({ status: 'connected', calendar_email: WENDY });
    await connectPete();
    await app.press(link);
    expect(await app.status(USER)).toMatchObject({ status: 'disconnected' });
  });

  test('of a mail that invites anybody is about whoever has connected by that mail', async () => {
    const body = JSON.stringify({ name: 'Pete', notify_email: 'office@lakeviewrentals.example' });
    await app.request(PATH, { method: 'PUT', body });
    expect(await app.services.connections.sendLink(USER, app.signal())).toBe('sent');
    const mail = app.mailbox.messages().at(-1);
    const link = app.linkIn(mail, 'disconnect');
    await connectPete();
    await app.press(link);
    expect(await app.status(USER)).toMatchObject({ status: 'connected', calendar_email: PETE });
    await disconnect();

    app.clock.now += 2 * HOUR;
    expect(await app.services.connections.sendLink(USER, app.signal())).toBe('sent');
    const next = app.mailbox.messages().at(-1);
    expect((await app.connect(app.linkIn(next), PETE)).status).toBe(200);
    // Connecting again by another link changes nothing.
    await connectPete();
    await app.press(app.linkIn(next, 'disconnect'));
    expect(await app.status(USER)).toMatchObject({ status: 'disconnected' });
  });
});
