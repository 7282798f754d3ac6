// The profile, free and busy times, and batches of the stand-in’s Graph.
import { describe, expect, test } from '@jest/globals';
import { Client } from '@microsoft/microsoft-graph-client';
import {
  hour,
  token,
  useToken,
  ask,
  immutable,
  microsoft,
  pete,
  useGraph,
  utc,
  viewing,
  week,
} from './graph-harness.ts';
import type { Row } from './graph-harness.ts';

useGraph();

describe('/me of the stand-in', () => {
  test('returns its default properties, or those that are asked for', async () => {
    const plain = await ask('GET', '/me');
    expect(plain.body).toMatchObject({ userPrincipalName: pete, mail: pete, surname: 'Sampson' });
    expect(plain.body).not.toHaveProperty('proxyAddresses');
    const chosen = await ask('GET', '/me?$select=id,proxyAddresses,otherMails,userPrincipalName');
    expect(chosen.body['proxyAddresses']).toEqual([
      `SMTP:${pete}`,
      'smtp:peter.sampson@lakeviewrentals.example',
    ]);
    expect(chosen.body).not.toHaveProperty('mail');
    expect((await ask('GET', '/me?$select=shoeSize')).status).toBe(400);
  });

  test('needs the scope to read the profile', async () => {
    const { accessToken } = await microsoft.issueTokens(pete, ['Calendars.ReadWrite']);
    expect((await ask('GET', '/me', { token: accessToken })).status).toBe(403);
    const reader = await microsoft.issueTokens(pete, ['Calendars.Read']);
    expect((await ask('GET', '/me/calendar', { token: reader.accessToken })).status).toBe(200);
    const written = await ask('POST', '/me/events', { token: reader.accessToken, body: viewing() });
    expect(written.status).toBe(403);
    expect(written.body.error['code']).toBe('ErrorAccessDenied');
  });

  test('refuses unknown and revoked tokens with a challenge', async () => {
    const unknown = await ask('GET', '/me', { token: 'nonsense' });
    expect(unknown.status).toBe(401);
    expect(unknown.headers.get('www-authenticate')).toContain('Bearer');
    microsoft.revoke(pete);
    expect((await ask('GET', '/me')).status).toBe(200);
    microsoft.revoke(pete, { accessTokens: true });
    expect((await ask('GET', '/me')).body.error).toMatchObject({
      code: 'InvalidAuthenticationToken',
      innerError: { date: '2026-11-23T15:00:00' },
    });
  });

  test.each(['gina@elsewhere.example', 'uma@lakeviewrentals.example'])(
    'knows %s, an account without a mailbox and without a calendar',
    async (person) => {
      const { accessToken } = await microsoft.issueTokens(person);
      expect((await ask('GET', '/me', { token: accessToken })).status).toBe(200);
      const calendar = await ask('GET', '/me/calendar', { token: accessToken });
      expect(calendar.status).toBe(404);
      expect(calendar.body.error['code']).toBe('MailboxNotEnabledForRESTAPI');
    },
  );

  test('serves the real Graph client', async () => {
    // The client sends its token to Graph's own address only, so the host is changed underneath it.
    const original = globalThis.fetch;
    globalThis.fetch = (input, init) =>
      original((input as string).replace('https://graph.microsoft.com', microsoft.url), init);
    try {
      const client = Client.init({
        authProvider: (done) => {
          done(null, token);
        },
      });
      const made = (await client.api('/me/events').post(viewing())) as Row;
      expect(made.subject).toBe('Property Viewing - 12 Harbor Lane');
      const seen = (await client
        .api('/me/calendarView')
        .query({ startDateTime: '2026-11-24T00:00:00Z', endDateTime: '2026-11-25T00:00:00Z' })
        .select('subject,start')
        .get()) as { value: Row[] };
      expect(seen.value.map(({ id }) => id)).toEqual([made.id]);
      await expect(client.api('/me/events/AAMkADnonsense').get()).rejects.toMatchObject({
        statusCode: 400,
        code: 'ErrorInvalidIdMalformed',
      });
    } finally {
      globalThis.fetch = original;
    }
  });
});

describe('getSchedule of the stand-in', () => {
  const schedule = (schedules: string[], more: Record<string, unknown> = {}) => ({
    body: {
      schedules,
      startTime: utc('2026-11-24T14:00:00'),
      endTime: utc('2026-11-24T18:00:00'),
      availabilityViewInterval: 60,
      ...more,
    },
  });

  test('returns working hours and busy time, with failures inside a 200', async () => {
    microsoft.addEvent(pete, { subject: 'Call', ...hour('2026-11-24T15:00:00Z') });
    const { status, body } = await ask(
      'POST',
      '/me/calendar/getSchedule',
      schedule([pete, 'me', 'uma@lakeviewrentals.example']),
    );
    expect(status).toBe(200);
    expect(body.value[0]).toMatchObject({
      availabilityView: '0200',
      workingHours: { startTime: '09:00:00.0000000', timeZone: { name: 'Central Standard Time' } },
      scheduleItems: [{ status: 'busy', start: utc('2026-11-24T15:00:00.0000000') }],
    });
    expect(body.value[1]).toMatchObject({ error: { responseCode: 'ErrorMailRecipientNotFound' } });
    expect(body.value[2]).toHaveProperty('error');
  });

  test('returns no working hours if the mailbox has none', async () => {
    const hugo = 'hugo@spreewohnen.example';
    const { accessToken } = await microsoft.issueTokens(hugo);
    const { body } = await ask('POST', '/me/calendar/getSchedule', {
      ...schedule([hugo]),
      token: accessToken,
    });
    expect(body.value[0]).not.toHaveProperty('workingHours');
    expect(body.value[0]).not.toHaveProperty('error');
  });

  test('is not for personal accounts, nor for windows over 62 days', async () => {
    const { accessToken } = await microsoft.issueTokens('olive@outlook.example');
    const personal = await ask('POST', '/me/calendar/getSchedule', {
      ...schedule(['olive@outlook.example']),
      token: accessToken,
    });
    expect(personal.status).toBe(403);
    const long = schedule([pete], { endTime: utc('2027-01-30T14:00:00') });
    expect((await ask('POST', '/me/calendar/getSchedule', long)).status).toBe(400);
  });
});

describe('$batch of the stand-in', () => {
  interface Inner {
    id: string;
    status: number;
    body?: Record<string, unknown>;
  }
  const batch = async (requests: unknown[]): Promise<{ status: number; byId: Record<string, Inner> }> => {
    const { status, body } = await ask('POST', '/$batch', { body: { requests } });
    const responses = (body['responses'] ?? []) as Inner[];
    return { status, byId: Object.fromEntries(responses.map((one) => [one.id, one])) };
  };
  const post = (id: string, body: unknown) => ({
    id,
    method: 'POST',
    url: '/me/events',
    headers: { 'Content-Type': 'application/json', Prefer: immutable },
    body,
  });
  const read = (id: string, more: Record<string, unknown> = {}) => ({
    id,
    method: 'GET',
    url: week,
    headers: { Prefer: 'outlook.timezone="UTC"' },
    ...more,
  });

  test('does a write and then the read that depends on it, in one round trip', async () => {
    microsoft.clearRequests();
    const { status, byId } = await batch([post('1', viewing()), read('2', { dependsOn: ['1'] })]);
    expect(status).toBe(200);
    expect(byId['1']?.status).toBe(201);
    expect(String(byId['1']?.body?.['id'])).toMatch(/^AAkALg/);
    expect(byId['2']?.body?.['value']).toHaveLength(1);
    expect(microsoft.requests().map(({ path, inBatch, status: s }) => [path, inBatch, s])).toEqual([
      ['/v1.0/me/events', true, 201],
      ['/v1.0/me/calendarView', true, 200],
      ['/v1.0/$batch', false, 200],
    ]);
  });

  test('fails with 424 what depends on a failure, and responds 200 although inner requests failed', async () => {
    microsoft.setFault({ path: '/v1.0/me/events', status: 429, retryAfter: 7 });
    const { status, byId } = await batch([post('1', viewing()), read('2', { dependsOn: ['1'] }), read('3')]);
    expect(status).toBe(200);
    expect(byId['1']).toMatchObject({ status: 429, headers: { 'Retry-After': '7' } });
    expect(byId['2']?.status).toBe(424);
    expect(byId['3']?.status).toBe(200);
  });

  test('refuses over 20 requests, a body without its type, and a dependency on a later request', async () => {
    const many = Array.from({ length: 21 }, (_, index) => read(String(index)));
    expect((await batch(many)).status).toBe(400);
    expect((await batch(many.slice(1))).status).toBe(200);
    expect((await batch([{ ...post('1', viewing()), headers: {} }])).status).toBe(400);
    expect((await batch([read('1', { dependsOn: ['2'] }), read('2')])).status).toBe(400);
    expect((await batch([read('1'), read('1')])).status).toBe(400);
    useToken('nonsense');
    expect((await batch([read('1')])).status).toBe(401);
  });
});
