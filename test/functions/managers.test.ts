import { beforeEach, describe, expect, test } from '@jest/globals';
import { MINUTE, START, useTestApp } from '../support/test-app.ts';
import { ROUTES } from '../../shared/http/routes.ts';
import { defaultManager } from '../../shared/managers/manager.ts';
import '../../functions/manager-messages.ts';
import '../../functions/manager-viewings.ts';
import '../../functions/properties.ts';
import '../../functions/property-search.ts';
import '../../functions/property.ts';
import '../../functions/searches.ts';
import '../../functions/sources.ts';

const app = useTestApp();
let count = 0;
let user: string;

beforeEach(() => {
  app.clock.now = START + ++count * MINUTE;
  user = `manager-${count}`;
});

function put(body: unknown, headers: Record<string, string> = {}, id = user): Promise<Response> {
  return app.request(`/managers/${encodeURIComponent(id)}`, {
    method: 'PUT',
    body: JSON.stringify(body),
    headers,
  });
}

const PETE = {
  name: 'Pete Sampson',
  notify_email: 'pete@example.com',
  assistant_ids: ['assistant-1'],
  phone_numbers: ['+1 (555) 555-1234'],
  language: 'en-US',
  time_zone: 'America/Denver',
  hours: {
    mon: [
      ['09:00', '12:00'],
      ['13:00', '24:00'],
    ],
    sat: [['10:00', '14:00']],
  },
  rules: { duration_minutes: 45, daily_limit: 4 },
};

describe('a manager’s entry', () => {
  test('is stored as it was sent, with its defaults filled in', async () => {
    const made = await put(PETE);
    expect(made.status).toBe(201);
    const expected = {
      ...PETE,
      user_id: user,
      phone_numbers: ['+15555551234'],
      portfolio: null,
      policies: {},
      rules: {
        duration_minutes: 45,
        grid_minutes: 30,
        notice_minutes: 60,
        days_ahead: 7,
        horizon_days: 60,
        buffer_minutes: 0,
        daily_limit: 4,
        caller_limit: 5,
      },
    };
    expect(await made.json()).toEqual(expected);
    const read = await app.request(`/managers/${user}`);
    expect(read.headers.get('etag')).toBe(made.headers.get('etag'));
    expect(await read.json()).toEqual(expected);
    expect((await put({ name: 'Pete' })).status).toBe(200);
    expect((await app.json(`/managers/${user}`)).body).toMatchObject({
      name: 'Pete',
      notify_email: null,
      assistant_ids: [],
      time_zone: 'America/Chicago',
      hours: { mon: [['09:00', '17:00']] },
    });
  });

  test('has another etag if the zone of its mailbox is another one, and can be changed under the old one', async () => {
    const made = await put({ name: 'Pete' });
    const etag = made.headers.get('etag') ?? '';
    const connected = await app.connect(await app.startLink(user), 'kavya@lakeviewrentals.example');
    expect(connected.status).toBe(200);
    const read = await app.request(`/managers/${user}`, { headers: { 'if-none-match': etag } });
    expect(read.status).toBe(200);
    expect((await put({ name: 'Peter' }, { 'if-match': etag })).status).toBe(200);
  });

  test('is the same under every way of writing a phone number', async () => {
    await put({ name: 'Pete' }, {}, '+1 555 555 1234');
    for (const id of ['+15555551234', '%2B15555551234', '15555551234', '%201%20555%20555%201234']) {
      expect((await app.json(`/managers/${id}`)).body).toMatchObject({ user_id: '+15555551234' });
    }
  });

  test('is changed only if its etag matches, if one is given', async () => {
    expect((await put(PETE, { 'if-match': '*' })).status).toBe(412);
    const etag = (await put(PETE, { 'if-none-match': '*' })).headers.get('etag') ?? '';
    expect((await put(PETE, { 'if-none-match': '*' })).status).toBe(412);
    expect((await put({ name: 'A' }, { 'if-match': etag })).status).toBe(200);
    const late = await put({ name: 'B' }, { 'if-match': etag });
    expect(late.status).toBe(412);
    expect(await late.json()).toMatchObject({ error: { code: 'precondition_failed' } });
    const remove = (headers: Record<string, string>) =>
      app.request(`/managers/${user}`, { method: 'DELETE', headers });
    expect((await remove({ 'if-match': etag })).status).toBe(412);
    const current = (await app.request(`/managers/${user}`)).headers.get('etag') ?? '';
    const unchanged = await app.request(`/managers/${user}`, { headers: { 'if-none-match': current } });
    expect(unchanged.status).toBe(304);
    const listed = await app.request(`/managers/${user}`, {
      headers: { 'if-none-match': `"other", ${current}` },
    });
    expect(listed.status).toBe(304);
    expect((await remove({ 'if-match': current })).status).toBe(204);
    expect((await remove({})).status).toBe(404);
  });

  test.each([
    [{}, 'name'],
    [{ name: 'x\ny' }, 'name'],
    [{ name: 'x', notify_email: 'nobody' }, 'notify_email'],
    [{ name: 'x', phone_numbers: ['555'] }, 'phone_numbers.0'],
    [{ name: 'x', phone_numbers: ['+15555551234', '+1 555 555 1234'] }, 'phone_numbers'],
    [{ name: 'x', assistant_ids: ['a b'] }, 'assistant_ids.0'],
    [{ name: 'x', time_zone: 'Central Standard Time' }, 'time_zone'],
    [{ name: 'x', hours: { mon: [['09:00', '08:00']] } }, 'hours.mon.0'],
    [{ name: 'x', hours: { mon: [['09:03', '10:00']] } }, 'hours.mon.0.0'],
    [{ name: 'x', hours: { mon: [['9', '10:00']] } }, 'hours.mon.0.0'],
    [
      {
        name: 'x',
        hours: {
          mon: [
            ['09:00', '12:00'],
            ['11:00', '13:00'],
          ],
        },
      },
      'hours.mon',
    ],
    [{ name: 'x', hours: { noday: [] } }, 'hours'],
    [{ name: 'x', rules: { duration_minutes: 7 } }, 'rules.duration_minutes'],
    [{ name: 'x', rules: { duration_minutes: 0 } }, 'rules.duration_minutes'],
    [{ name: 'x', rules: { duration_minutes: 300, buffer_minutes: 65 } }, 'rules.duration_minutes'],
    [{ name: 'x', rules: { grid_minutes: 12 } }, 'rules.grid_minutes'],
    [{ name: 'x', rules: { notice_minutes: -5 } }, 'rules.notice_minutes'],
    [{ name: 'x', rules: { horizon_days: 0 } }, 'rules.horizon_days'],
    [{ name: 'x', rules: { daily_limit: 0 } }, 'rules.daily_limit'],
    [{ name: 'x', rules: { caller_limit: 101 } }, 'rules.caller_limit'],
    [{ name: 'x', rules: { surprise: 1 } }, 'rules'],
    [{ name: 'x', surprise: 1 }, 'body'],
  ])('is refused as %j, by the name of the field', async (body, field) => {
    const answer = await put(body);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({
      error: { code: 'invalid_request', details: [{ field }] },
    });
  });

  test('is refused if its id is invalid', async () => {
    expect((await put({ name: 'x' }, {}, 'a?b')).status).toBe(400);
    expect((await app.json('/managers/%20')).status).toBe(400);
  });

  test('is in the list of managers', async () => {
    await put({ name: 'One' }, {}, 'one');
    await put({ name: 'Two' }, {}, 'two');
    await app.connect(await app.startLink('three'), 'berta@spreewohnen.example');
    const { body } = await app.json('/managers');
    const byId = new Map(
      (body['managers'] as { user_id: string; time_zone: string }[]).map((one) => [one.user_id, one]),
    );
    expect([...byId.keys()].sort()).toEqual(['one', 'three', 'two']);
    expect(byId.get('three')?.time_zone).toBe('Europe/Berlin');
    expect(JSON.stringify(body)).not.toContain('tokens');
  });

  test('is removed with its connection and invites: the tokens are gone', async () => {
    await app.connect(await app.startLink(user), 'pete@lakeviewrentals.example');
    const mail = await app.invite(user, 'pete@lakeviewrentals.example');
    expect((await app.request(`/managers/${user}`, { method: 'DELETE' })).status).toBe(204);
    expect(await app.status(user)).toMatchObject({ status: 'not_connected', invite: null });
    expect(await app.dump()).not.toContain(user);
    expect((await app.request(app.linkIn(mail))).status).toBe(410);
  });
});

describe('the manager who is called', () => {
  const { signal } = { signal: () => AbortSignal.timeout(10_000) };
  const found = async (id: string) =>
    (await app.services.managers.findByAssistant(id, signal()))?.userId ?? null;

  test('is found by assistant and by number, until these are removed from the profile', async () => {
    await put(PETE);
    expect(await found('assistant-1')).toBe(user);
    expect((await app.services.managers.findByNumber('+15555551234', signal()))?.userId).toBe(user);
    expect(await found('assistant-2')).toBeNull();
    await put({ name: 'Pete' });
    expect(await found('assistant-1')).toBeNull();
    await put({ name: 'Other', assistant_ids: ['assistant-1'] }, {}, 'other');
    expect(await found('assistant-1')).toBe('other');
    await app.request('/managers/other', { method: 'DELETE' });
    expect(await found('assistant-1')).toBeNull();
  });

  test('is only one for each assistant and each number', async () => {
    await put(PETE);
    for (const body of [
      { name: 'x', assistant_ids: ['assistant-1'] },
      { name: 'x', phone_numbers: ['+15555551234'] },
    ]) {
      const answer = await put(body, {}, 'other');
      expect(answer.status).toBe(409);
      expect(await answer.json()).toMatchObject({ error: { code: 'already_taken' } });
    }
    expect((await put(PETE)).status).toBe(200);
    const race = await Promise.all(
      ['a', 'b', 'c', 'd'].map((id) => put({ name: id, assistant_ids: ['new'] }, {}, id)),
    );
    expect(race.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409]);
  });

  test('may claim an assistant or a number that a failed write has left claimed', async () => {
    await put(PETE);
    await put({ name: 'x' }, {}, 'other');
    const taken = await put({ name: 'x', assistant_ids: ['free', 'assistant-1'] }, {}, 'other');
    expect(taken.status).toBe(409);
    expect((await put({ name: 'y', assistant_ids: ['free'] }, {}, 'third')).status).toBe(409);
    expect(await found('free')).toBeNull();
    app.clock.now += 2 * MINUTE;
    expect((await put({ name: 'y', assistant_ids: ['free'] }, {}, 'third')).status).toBe(201);
    expect(await found('free')).toBe('third');
  });

  test('is read for each request, so that another instance’s change takes effect at once', async () => {
    await put(PETE);
    expect(await found('assistant-1')).toBe(user);
    const elsewhere = app.servicesWith().managers;
    await elsewhere.remove(user, {}, signal());
    expect(await found('assistant-1')).toBeNull();
    await elsewhere.put({ ...defaultManager('other', 'x'), assistantIds: ['assistant-1'] }, {}, signal());
    expect(await found('assistant-1')).toBe('other');
  });

  test('is never cached as unknown', async () => {
    expect(await found('assistant-1')).toBeNull();
    expect(await app.services.managers.find(user, signal())).toBeNull();
    const elsewhere = app.servicesWith().managers;
    await elsewhere.put({ ...defaultManager(user, 'x'), assistantIds: ['assistant-1'] }, {}, signal());
    expect(await found('assistant-1')).toBe(user);
    expect((await app.services.managers.find(user, signal()))?.userId).toBe(user);
  });

  test('is the only manager if just one exists', async () => {
    const sole = async () => {
      const answer = await app.services.managers.findOnlyManager(signal());
      return typeof answer === 'string' ? answer : answer.userId;
    };
    expect(await sole()).toBe('none');
    await put(PETE);
    expect(await sole()).toBe(user);
    await put({ name: 'x' }, {}, 'other');
    expect(await sole()).toBe('several');
  });

  test('is no longer the only manager if a consent has created another', async () => {
    await put(PETE);
    expect(await app.services.managers.findOnlyManager(signal())).toMatchObject({ userId: user });
    await app.connect(await app.startLink('other'), 'berta@spreewohnen.example');
    expect(await app.services.managers.findOnlyManager(signal())).toBe('several');
  });
});

test('Whatever is read of an unknown manager is not found, never an empty list', async () => {
  const paths = Object.values(ROUTES)
    .filter(({ path, operations }) => 'GET' in operations && /user_id|properties\/search/.test(path))
    .map(({ path }) => path.replace('{user_id}', 'nobody').replace('{property_id}', 'one'));
  expect(paths.length).toBeGreaterThan(6);
  for (const path of paths) {
    const { status, body } = await app.json(`${path}?user_id=nobody`);
    expect({ path, status, body }).toMatchObject({
      path,
      status: 404,
      body: { error: { code: 'not_found' } },
    });
  }
});
