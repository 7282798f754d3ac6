import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { FaultRule } from '../../sandbox/microsoft/faults.ts';
import { createMicrosoft } from '../../sandbox/microsoft/microsoft.ts';
import type { Microsoft } from '../../sandbox/microsoft/microsoft.ts';
import { samplePeople } from '../../sandbox/microsoft/people.ts';
import { instantOf, toIana, wallAt } from '../../sandbox/microsoft/zones.ts';

const start = Date.parse('2026-11-23T15:00:00Z');
const pete = samplePeople.pete.userPrincipalName;
let now = start;
let microsoft: Microsoft;
let token = '';

beforeAll(async () => {
  microsoft = await createMicrosoft({ now: () => now });
});
beforeEach(async () => {
  token = (await microsoft.issueTokens(pete)).accessToken;
});
afterEach(() => {
  now = start;
  microsoft.reset();
});
afterAll(() => microsoft.close());

const get = (url: string): Promise<Response> => fetch(url, { headers: { authorization: `Bearer ${token}` } });
const me = (): Promise<Response> => get(`${microsoft.url}/v1.0/me`);
const event = {
  subject: 'Viewing',
  start: { dateTime: '2026-11-24T16:00:00', timeZone: 'UTC' },
  end: { dateTime: '2026-11-24T16:30:00', timeZone: 'UTC' },
};
const post = (): Promise<Response> =>
  fetch(`${microsoft.url}/v1.0/me/events`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(event),
  });
const requestToken = (): Promise<Response> =>
  fetch(`${microsoft.url}/common/oauth2/v2.0/token`, { method: 'POST', body: new URLSearchParams() });

describe('faults in the Microsoft stand-in', () => {
  test('apply as often as set, after as many requests as set, and only at their path and method', async () => {
    microsoft.setFault({ path: '/v1.0/me', method: 'get', status: 503, retryAfter: 3, after: 1, times: 2 });
    const statuses: number[] = [];
    for (let index = 0; index < 4; index += 1) statuses.push((await me()).status);
    expect(statuses).toEqual([200, 503, 503, 200]);
    microsoft.setFault({ path: '/v1.0/me/*', method: 'GET', status: 503 });
    expect((await me()).status).toBe(200);
    expect((await post()).status).toBe(201);
    expect((await get(`${microsoft.url}/v1.0/me/events`)).status).toBe(503);
    microsoft.setFault({ path: '*', status: 500, times: Infinity });
    expect((await me()).status).toBe(500);
    microsoft.clearFaults();
    expect((await me()).status).toBe(200);
  });

  test('carry the error body and the Retry-After that Graph sends', async () => {
    microsoft.setFault({ path: '/v1.0/me', status: 429, retryAfter: 12 });
    const answer = await me();
    expect(answer.headers.get('retry-after')).toBe('12');
    expect(await answer.json()).toMatchObject({ error: { code: 'ApplicationThrottled', innerError: {} } });
  });

  test('carry the error body of the token endpoint, with suberror and claims', async () => {
    microsoft.setFault({
      path: '*/oauth2/v2.0/token',
      status: 400,
      code: 'interaction_required',
      aadsts: 53003,
      suberror: 'basic_action',
      claims: '{}',
    });
    const answer = await requestToken();
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({
      error: 'interaction_required',
      error_codes: [53003],
      suberror: 'basic_action',
      claims: '{}',
    });
  });

  test.each<[string, FaultRule, number, string]>([
    ['a gateway’s page', { path: '*', shape: 'html' }, 502, '<h1>Bad Gateway</h1>'],
    ['no body', { path: '*', shape: 'empty', status: 500 }, 500, ''],
    ['a body that the test gives', { path: '*', body: { a: 1 }, status: 200 }, 200, '{"a":1}'],
  ])('can respond with %s', async (_, rule, status, text) => {
    microsoft.setFault(rule);
    const answer = await me();
    expect(answer.status).toBe(status);
    expect(await answer.text()).toContain(text);
  });

  test('can cut the connection before a request is carried out, or after', async () => {
    microsoft.setFault({ path: '/v1.0/me/events', drop: 'before' });
    await expect(post()).rejects.toThrow('fetch failed');
    expect(microsoft.events(pete)).toHaveLength(0);
    microsoft.setFault({ path: '/v1.0/me/events', drop: 'after' });
    await expect(post()).rejects.toThrow('fetch failed');
    expect(microsoft.events(pete)).toHaveLength(1);
    expect(microsoft.requests().map(({ status }) => status)).toEqual([0, 0]);
  });

  test('can lose the response to a whole batch that was carried out', async () => {
    microsoft.setFault({ path: '/v1.0/me/events', drop: 'after' });
    const request = {
      id: '1',
      method: 'POST',
      url: '/me/events',
      headers: { 'Content-Type': 'application/json' },
      body: event,
    };
    const batch = fetch(`${microsoft.url}/v1.0/$batch`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      body: JSON.stringify({ requests: [request] }),
    });
    await expect(batch).rejects.toThrow('fetch failed');
    expect(microsoft.events(pete)).toHaveLength(1);
  });

  test('delay by real time, while the test fakes the date', async () => {
    jest.useFakeTimers({
      now: start,
      doNotFake: ['setTimeout', 'setInterval', 'setImmediate', 'nextTick', 'queueMicrotask', 'performance'],
    });
    try {
      microsoft.setFault({ path: '/v1.0/me', delayMs: 60 });
      const since = performance.now();
      expect((await me()).status).toBe(200);
      expect(performance.now() - since).toBeGreaterThanOrEqual(55);
    } finally {
      jest.useRealTimers();
    }
  });

  test('let a request be carried out after its client has given up, as a server does', async () => {
    microsoft.setFault({ path: '/v1.0/me/events', delayMs: 40 });
    const patience = AbortSignal.timeout(10);
    const asked = fetch(`${microsoft.url}/v1.0/me/events`, {
      method: 'POST',
      signal: patience,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(event),
    });
    await expect(asked).rejects.toThrow('timeout');
    while (microsoft.requests().length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(microsoft.events(pete)).toHaveLength(1);
  });

  test('add their delays to an outcome, and use up one outcome at a time', async () => {
    microsoft.setFault({ path: '/v1.0/me', delayMs: 20, times: 2 });
    microsoft.setFault({ path: '/v1.0/*', status: 503 });
    microsoft.setFault({ path: '/v1.0/me', status: 429 });
    const statuses: number[] = [];
    for (let index = 0; index < 3; index += 1) statuses.push((await me()).status);
    expect(statuses).toEqual([503, 429, 200]);
    const durations = microsoft.requests().map(({ durationMs }) => durationMs > 15);
    expect(durations.slice(0, 2)).toEqual([true, true]);
  });

  test('can set the stand-in’s clock wrong', async () => {
    microsoft.setClockSkew(2 * 3_600_000);
    const answer = await me();
    expect(answer.status).toBe(401);
    expect(answer.headers.get('date')).toBe('Mon, 23 Nov 2026 17:00:00 GMT');
  });
});

describe('the stand-in’s request log', () => {
  test('records each request with its owner and without secrets', async () => {
    microsoft.clearRequests();
    await get(`${microsoft.url}/v1.0/me?$select=id`);
    const url = `${microsoft.url}/common/oauth2/v2.0/authorize?state=a-secret-state&client_id=x`;
    await fetch(url);
    const [graph, login] = microsoft.requests();
    expect(graph).toMatchObject({
      method: 'GET',
      path: '/v1.0/me',
      query: '%24select=id',
      status: 200,
      at: start,
    });
    expect(graph?.person).toBe(samplePeople.pete.id);
    expect(login).toMatchObject({ path: '/common/oauth2/v2.0/authorize', query: '', status: 400 });
    const text = JSON.stringify(microsoft.requests());
    for (const secret of [token, 'a-secret-state']) expect(text).not.toContain(secret);
  });
});

describe('/_control of the stand-in', () => {
  const control = async (name: string, ...args: unknown[]): Promise<{ status: number; value: unknown }> => {
    const answer = await fetch(`${microsoft.url}/_control/${name}`, {
      method: 'POST',
      body: JSON.stringify(args),
    });
    return { status: answer.status, value: ((await answer.json()) as { value: unknown }).value };
  };

  test('offers the same methods to another process', async () => {
    const event = { subject: 'Busy', start: '2026-11-24T09:00:00-06:00', end: '2026-11-24T10:00:00-06:00' };
    const made = await control('addEvent', pete, event);
    expect(made.value).toMatchObject({ when: { start: Date.parse('2026-11-24T15:00:00Z') } });
    expect((await control('events', pete)).value).toHaveLength(1);
    await control('setFault', { path: '/v1.0/me', status: 503 });
    expect((await me()).status).toBe(503);
    await control('revoke', pete, { accessTokens: true });
    expect((await me()).status).toBe(401);
    expect((await control('requests')).value).toHaveLength(2);
    await control('reset');
    expect((await control('events', pete)).value).toEqual([]);
  });

  test('says what is wrong with a request', async () => {
    expect((await control('nonsense')).status).toBe(404);
    expect((await control('constructor')).status).toBe(404);
    expect((await control('events', 'nobody@nowhere.example')).status).toBe(400);
    expect((await control('addEvent', pete, { start: '2026-11-24T09:00:00', end: 'later' })).status).toBe(
      400,
    );
  });
});

describe('the stand-in’s calendar page', () => {
  const page = `/calendar/${samplePeople.pete.id}`;
  const send = (action: string, form: Record<string, string>): Promise<Response> =>
    fetch(`${microsoft.url}${page}/${action}?week=2026-11-23`, {
      method: 'POST',
      body: new URLSearchParams(form),
    });
  const show = async (): Promise<string> => (await get(`${microsoft.url}${page}?week=2026-11-23`)).text();
  const busy = {
    subject: 'Dentist <&>',
    date: '2026-11-24',
    from: '15:00',
    to: '16:00',
    showAs: 'tentative',
  };

  test('adds busy time on the person’s own clock, shows it escaped, and removes it', async () => {
    expect((await send('add', busy)).status).toBe(200);
    expect(microsoft.events(pete)[0]).toMatchObject({
      subject: 'Dentist <&>',
      showAs: 'tentative',
      when: { start: Date.parse('2026-11-24T21:00:00Z') },
    });
    const shown = await show();
    expect(shown).toContain('Dentist &lt;&amp;&gt;');
    expect(shown).not.toContain('Dentist <');
    const id = /name="id" value="([^"]+)"/.exec(shown)?.[1] ?? '';
    await send('remove', { id });
    expect(microsoft.events(pete)).toHaveLength(0);
  });

  test('adds whole days, and says what is wrong with a form', async () => {
    await send('add', { ...busy, allDay: 'on', showAs: 'oof' });
    expect(microsoft.events(pete)[0]?.when).toEqual({
      isAllDay: true,
      startDate: '2026-11-24',
      endDate: '2026-11-25',
    });
    const wrong = await send('add', { ...busy, to: '14:00' });
    expect(wrong.status).toBe(400);
    expect(await wrong.text()).toContain('It has to end after it starts.');
    expect((await send('add', { ...busy, date: 'soon' })).status).toBe(400);
    expect(microsoft.events(pete)).toHaveLength(1);
  });

  test('opens from an event’s webLink, at the week of the event', async () => {
    const { webLink } = (await (await post()).json()) as { webLink: string };
    const answer = await get(webLink);
    expect(new URL(answer.url).search).toBe('?week=2026-11-23');
    expect(await answer.text()).toContain('Viewing');
    microsoft.reset();
    expect((await get(webLink)).status).toBe(404);
  });

  test('exists only for people with a mailbox', async () => {
    expect((await get(`${microsoft.url}/calendar/${samplePeople.gina.id}`)).status).toBe(404);
    expect(await (await get(`${microsoft.url}/calendar`)).text()).toContain('Gina Guest');
  });
});

describe('the stand-in’s saved state', () => {
  test('keeps calendars, consents and tokens over a restart, with no token in the file', async () => {
    const statePath = await mkdtemp(path.join(tmpdir(), 'microsoft-'));
    const options = { now: () => now, statePath, withSampleWeek: true };
    try {
      const first = await createMicrosoft(options);
      const tokens = await first.issueTokens(pete);
      first.addEvent(pete, { subject: 'Kept', start: start, end: start + 60_000 });
      await first.close();
      const text = await readFile(path.join(statePath, 'microsoft.json'), 'utf8');
      for (const secret of Object.values(tokens)) expect(text).not.toContain(secret);
      const second = await createMicrosoft(options);
      const answer = await fetch(`${second.url}/v1.0/me`, {
        headers: { authorization: `Bearer ${tokens.accessToken}` },
      });
      expect(answer.status).toBe(200);
      expect(second.events(pete).map(({ subject }) => subject)).toContain('Kept');
      await second.close();
    } finally {
      await rm(statePath, { recursive: true });
    }
  });

  test('can begin with sample events in this week and the ones after it', async () => {
    const busy = await createMicrosoft({ now: () => now, withSampleWeek: true });
    try {
      const { accessToken } = await busy.issueTokens(pete);
      for (const [from, to] of [
        ['2026-11-23T00:00:00Z', '2026-11-24T00:00:00Z'],
        ['2027-06-14T00:00:00Z', '2027-06-15T00:00:00Z'],
      ]) {
        const view = await fetch(
          `${busy.url}/v1.0/me/calendarView?startDateTime=${from ?? ''}&endDateTime=${to ?? ''}&$orderby=start/dateTime`,
          {
            headers: { authorization: `Bearer ${accessToken}`, prefer: 'outlook.timezone="America/Chicago"' },
          },
        );
        const { value } = (await view.json()) as {
          value: { subject: string; start: { dateTime: string } }[];
        };
        expect(value.map(({ subject, start: at }) => `${at.dateTime.slice(11, 16)} ${subject}`)).toEqual([
          '09:00 Morning round',
          '10:00 Owners’ call',
          '12:00 Lunch',
        ]);
      }
    } finally {
      await busy.close();
    }
  });
});

describe('a local time in the stand-in:', () => {
  test.each([
    ['2026-03-08T02:30:00', 'America/Chicago', '2026-03-08T08:30:00Z', 'a skipped time moves on'],
    ['2026-11-01T01:30:00', 'America/Chicago', '2026-11-01T06:30:00Z', 'a repeated time is its first'],
    ['2026-10-04T02:15:00', 'Australia/Lord_Howe', '2026-10-03T15:45:00Z', 'a skipped half hour'],
    ['2026-04-05T01:45:00', 'Australia/Lord_Howe', '2026-04-04T14:45:00Z', 'a repeated half hour'],
    ['2026-10-25T03:30:00', 'Europe/Kyiv', '2026-10-25T00:30:00Z', 'a repeated time east of Greenwich'],
    ['2026-06-01T12:00:00', 'Asia/Kolkata', '2026-06-01T06:30:00Z', 'half an hour off'],
  ])('%s in %s is %s: %s', (wall, zone, instant) => {
    expect(new Date(instantOf(wall, zone)).toISOString()).toBe(instant.replace('Z', '.000Z'));
  });

  test('its zone may have a Windows or an IANA name', () => {
    expect(toIana('Central Standard Time')).toBe('America/Chicago');
    expect(toIana('Asia/Kolkata')).toBe('Asia/Kolkata');
    expect(toIana('utc')).toBe('UTC');
    expect(toIana('Customized Time Zone')).toBeUndefined();
    expect(toIana('+02:00')).toBeUndefined();
    expect(wallAt(start, 'America/Chicago')).toBe('2026-11-23T09:00:00');
  });
});
