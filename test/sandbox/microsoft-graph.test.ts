import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Client } from '@microsoft/microsoft-graph-client';
import { createMicrosoft } from '../../sandbox/microsoft/microsoft.ts';
import type { Microsoft } from '../../sandbox/microsoft/microsoft.ts';

const start = Date.parse('2026-11-23T15:00:00Z');
const pete = 'pete@lakeviewrentals.example';
const bookingProperty = 'String {66f5a359-4659-4830-9070-00047ec6ac6e} Name BookingId';
const immutable = 'IdType="ImmutableId"';
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

interface Row {
  [name: string]: unknown;
  id: string;
  subject: string;
  start: { dateTime: string; timeZone: string };
  end: { dateTime: string; timeZone: string };
}
interface Answer {
  status: number;
  headers: Headers;
  body: Row & { value: Row[]; '@odata.nextLink'?: string; error: Record<string, unknown> };
}

const ask = async (
  method: string,
  path: string,
  options: { body?: unknown; headers?: Record<string, string>; token?: string } = {},
): Promise<Answer> => {
  const answer = await fetch(path.startsWith('http') ? path : `${microsoft.url}/v1.0${path}`, {
    method,
    headers: {
      authorization: `Bearer ${options.token ?? token}`,
      ...(options.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...options.headers,
    },
    ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
  });
  const text = await answer.text();
  return {
    status: answer.status,
    headers: answer.headers,
    body: (text === '' ? {} : JSON.parse(text)) as Answer['body'],
  };
};

const view = (from: string, to: string, more: Record<string, string> = {}): string =>
  `/me/calendarView?${new URLSearchParams({ startDateTime: from, endDateTime: to, ...more }).toString()}`;
const week = view('2026-11-23T00:00:00Z', '2026-11-30T00:00:00Z');
const hour = (from: string): { start: string; end: string } => ({
  start: from,
  end: new Date(Date.parse(from) + 3_600_000).toISOString(),
});
const utc = (dateTime: string): Row['start'] => ({ dateTime, timeZone: 'UTC' });
const viewing = (more: Record<string, unknown> = {}): Record<string, unknown> => ({
  subject: 'Property Viewing - 12 Harbor Lane',
  start: utc('2026-11-24T16:00:00'),
  end: utc('2026-11-24T16:30:00'),
  body: { contentType: 'HTML', content: '<h2>Viewing</h2><p>Ada &amp; Bob</p>' },
  location: { displayName: '12 Harbor Lane' },
  ...more,
});
const attendee = (address: string) => ({ emailAddress: { address, name: 'Ada' }, type: 'required' });

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

describe('calendarView of the stand-in', () => {
  test('gives times in UTC with seven decimals, or in the preferred zone, by its Windows or IANA name', async () => {
    microsoft.addEvent(pete, { subject: 'Call', ...hour('2026-11-24T15:00:00Z') });
    expect((await ask('GET', week)).body.value[0]?.start).toEqual(utc('2026-11-24T15:00:00.0000000'));
    for (const [zone, time] of [
      ['Central Standard Time', '09'],
      ['America/Chicago', '09'],
      ['W. Europe Standard Time', '16'],
    ] as const) {
      const { body, headers } = await ask('GET', week, {
        headers: { prefer: `outlook.timezone="${zone}", ${immutable}` },
      });
      expect(body.value[0]?.start).toEqual({ dateTime: `2026-11-24T${time}:00:00.0000000`, timeZone: zone });
      expect(headers.get('preference-applied')).toContain(zone);
    }
    const wrong = await ask('GET', week, { headers: { prefer: 'outlook.timezone="Middle Earth"' } });
    expect(wrong.body.error['code']).toBe('TimeZoneNotSupportedException');
  });

  test('pages by ten until the last, or by what $top says', async () => {
    for (let index = 0; index < 23; index += 1) {
      microsoft.addEvent(pete, { subject: String(index), ...hour('2026-11-24T15:00:00Z') });
    }
    const sizes: number[] = [];
    const seen = new Set<string>();
    let next: string | undefined = week;
    while (next !== undefined) {
      const { body }: Answer = await ask('GET', next);
      sizes.push(body.value.length);
      for (const { subject } of body.value) seen.add(subject);
      next = body['@odata.nextLink'];
    }
    expect(sizes).toEqual([10, 10, 3]);
    expect(seen.size).toBe(23);
    const all = await ask('GET', `${week}&$top=1000`);
    expect(all.body.value).toHaveLength(23);
    expect(all.body['@odata.nextLink']).toBeUndefined();
    expect((await ask('GET', `${week}&$top=1001`)).status).toBe(400);
  });

  test('sorts only if asked to, and returns only the selected fields', async () => {
    microsoft.addEvent(pete, { subject: 'late', ...hour('2026-11-25T15:00:00Z') });
    microsoft.addEvent(pete, { subject: 'early', ...hour('2026-11-24T15:00:00Z') });
    const subjects = async (path: string): Promise<string[]> =>
      (await ask('GET', path)).body.value.map(({ subject }) => subject);
    expect(await subjects(`${week}&$orderby=start/dateTime`)).toEqual(['early', 'late']);
    expect(await subjects(`${week}&$orderby=start/dateTime%20desc`)).toEqual(['late', 'early']);
    const chosen = (await ask('GET', `${week}&$select=subject,showAs`)).body.value[0] ?? {};
    expect(Object.keys(chosen).toSorted()).toEqual(['@odata.etag', 'id', 'showAs', 'subject']);
    expect((await ask('GET', `${week}&$select=nonsense`)).body.error['code']).toBe('RequestBroker--ParseUri');
  });

  test.each([
    ['a window without its end', '/me/calendarView?startDateTime=2026-11-23T00:00:00Z'],
    [
      'a plus that was not encoded',
      '/me/calendarView?startDateTime=2026-11-23T00:00:00+02:00&endDateTime=2026-11-30T00:00:00Z',
    ],
    ['a window that ends before it starts', view('2026-11-30T00:00:00Z', '2026-11-23T00:00:00Z')],
    ['a window of more than 1,825 days', view('2026-11-23T00:00:00Z', '2031-11-30T00:00:00Z')],
    ['an option that it does not know', `${week}&$search=x`],
    ['an option that is given twice', `${week}&$top=5&$top=6`],
  ])('refuses %s', async (_, path) => {
    expect((await ask('GET', path)).status).toBe(400);
  });

  test('accepts UTC offsets in the window', async () => {
    microsoft.addEvent(pete, { subject: 'Call', ...hour('2026-11-24T15:00:00Z') });
    const inside = view('2026-11-24T09:30:00-06:00', '2026-11-24T10:00:00-06:00');
    expect((await ask('GET', inside)).body.value).toHaveLength(1);
    const after = view('2026-11-24T10:00:00-06:00', '2026-11-24T11:00:00-06:00');
    expect((await ask('GET', after)).body.value).toHaveLength(0);
  });

  test('shows an all-day event on the same dates in every zone that is asked for', async () => {
    microsoft.addEvent(pete, {
      subject: 'Off',
      startDate: '2026-11-26',
      endDate: '2026-11-27',
      showAs: 'oof',
    });
    for (const zone of ['UTC', 'Asia/Kolkata']) {
      const { body } = await ask('GET', week, { headers: { prefer: `outlook.timezone="${zone}"` } });
      expect(body.value[0]).toMatchObject({
        isAllDay: true,
        showAs: 'oof',
        start: { dateTime: '2026-11-26T00:00:00.0000000', timeZone: zone },
        end: { dateTime: '2026-11-27T00:00:00.0000000', timeZone: zone },
      });
    }
    // It covers the mailbox's own day: in Chicago that ends at 6:00 UTC.
    expect((await ask('GET', view('2026-11-27T05:00:00Z', '2026-11-27T05:30:00Z'))).body.value).toHaveLength(
      1,
    );
    expect((await ask('GET', view('2026-11-27T06:00:00Z', '2026-11-27T06:30:00Z'))).body.value).toHaveLength(
      0,
    );
  });

  test('expands a series by its local time across a clock change, and leaves out its master', async () => {
    const series = viewing({
      start: { dateTime: '2026-10-29T09:00:00', timeZone: 'Central Standard Time' },
      end: { dateTime: '2026-10-29T10:00:00', timeZone: 'Central Standard Time' },
      recurrence: {
        pattern: { type: 'weekly', interval: 1, daysOfWeek: ['monday', 'thursday'] },
        range: { type: 'numbered', startDate: '2026-10-29', numberOfOccurrences: 3 },
      },
    });
    const master = await ask('POST', '/me/events', { body: series });
    expect(master.body['type']).toBe('seriesMaster');
    const path = view('2026-10-26T00:00:00Z', '2026-12-01T00:00:00Z');
    const rows = (await ask('GET', path)).body.value;
    expect(rows.map((row) => [row['type'], row.start.dateTime])).toEqual([
      ['occurrence', '2026-10-29T14:00:00.0000000'],
      ['occurrence', '2026-11-02T15:00:00.0000000'],
      ['occurrence', '2026-11-05T15:00:00.0000000'],
    ]);
    const [first, second] = rows.map(({ id }) => encodeURIComponent(id));
    expect((await ask('DELETE', `/me/events/${first ?? ''}`)).status).toBe(204);
    const moved = { start: utc('2026-11-03T20:00:00'), end: utc('2026-11-03T21:00:00') };
    expect((await ask('PATCH', `/me/events/${second ?? ''}`, { body: moved })).body['type']).toBe(
      'exception',
    );
    const left = (await ask('GET', `${path}&$orderby=start/dateTime`)).body.value;
    expect(left.map((row) => [row['type'], row.start.dateTime])).toEqual([
      ['exception', '2026-11-03T20:00:00.0000000'],
      ['occurrence', '2026-11-05T15:00:00.0000000'],
    ]);
  });

  test('shows cancelled and declined events as such', async () => {
    microsoft.addEvent(pete, { ...hour('2026-11-24T15:00:00Z'), isCancelled: true });
    microsoft.addEvent(pete, { ...hour('2026-11-24T15:00:00Z'), response: 'declined', showAs: 'tentative' });
    const rows = (await ask('GET', week)).body.value;
    expect(rows[0]).toMatchObject({ isCancelled: true });
    expect(rows[1]).toMatchObject({
      responseStatus: { response: 'declined' },
      showAs: 'tentative',
      isOrganizer: false,
    });
  });
});

describe('events in the stand-in', () => {
  test('are created, read, changed and deleted, and their attendees are notified each time', async () => {
    const made = await ask('POST', '/me/events', {
      body: viewing({ attendees: [attendee('ada@mail.example')] }),
    });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({
      subject: 'Property Viewing - 12 Harbor Lane',
      type: 'singleInstance',
      isOrganizer: true,
      bodyPreview: 'Viewing Ada & Bob',
      originalStartTimeZone: 'UTC',
    });
    const path = `/me/events/${encodeURIComponent(made.body.id)}`;
    const changed = await ask('PATCH', path, {
      body: { start: utc('2026-11-24T17:00:00'), end: utc('2026-11-24T17:30:00') },
      headers: { 'if-match': String(made.body['@odata.etag']) },
    });
    expect(changed.status).toBe(200);
    expect(changed.body['@odata.etag']).not.toBe(made.body['@odata.etag']);
    expect((await ask('GET', path)).body.start.dateTime).toBe('2026-11-24T17:00:00.0000000');
    const stale = await ask('DELETE', path, { headers: { 'if-match': String(made.body['@odata.etag']) } });
    expect(stale.status).toBe(412);
    expect((await ask('DELETE', path)).status).toBe(204);
    expect((await ask('GET', path)).body.error['code']).toBe('ErrorItemNotFound');
    expect((await ask('DELETE', path)).status).toBe(404);
    expect(microsoft.invitations().map(({ kind, to }) => [kind, to])).toEqual([
      ['invitation', 'ada@mail.example'],
      ['update', 'ada@mail.example'],
      ['cancellation', 'ada@mail.example'],
    ]);
  });

  test('may overlap, as in Graph', async () => {
    expect((await ask('POST', '/me/events', { body: viewing() })).status).toBe(201);
    expect((await ask('POST', '/me/events', { body: viewing() })).status).toBe(201);
    expect(microsoft.events(pete)).toHaveLength(2);
  });

  test('are cancelled with a comment', async () => {
    const { body } = await ask('POST', '/me/events', {
      body: viewing({ attendees: [attendee('a@b.example')] }),
    });
    const path = `/me/events/${encodeURIComponent(body.id)}/cancel`;
    expect((await ask('POST', path, { body: { comment: 'Sold' } })).status).toBe(202);
    expect(microsoft.events(pete)).toHaveLength(0);
    expect(microsoft.invitations().at(-1)).toMatchObject({ kind: 'cancellation', comment: 'Sold' });
  });

  test('with one transactionId are one event; other content under it is refused with 409 or 400', async () => {
    const first = await ask('POST', '/me/events', { body: viewing({ transactionId: 't-1' }) });
    const replay = await ask('POST', '/me/events', { body: viewing({ transactionId: 't-1' }) });
    expect(replay.status).toBe(201);
    expect(replay.body.id).toBe(first.body.id);
    expect(microsoft.events(pete)).toHaveLength(1);
    const other = await ask('POST', '/me/events', {
      body: viewing({ transactionId: 't-1', subject: 'Else' }),
    });
    expect(other.status).toBe(409);
    expect(other.body.error).toMatchObject({
      code: 'ErrorDuplicateTransactionId',
      '@event.existingEventId': first.body.id,
    });
    const patched = await ask('PATCH', `/me/events/${encodeURIComponent(first.body.id)}`, {
      body: { transactionId: 't-2' },
    });
    expect(patched.status).toBe(400);
    const older = await createMicrosoft({ now: () => now, duplicateTransactionStatus: 400 });
    try {
      const tokens = await older.issueTokens(pete);
      const post = (subject: string) =>
        ask('POST', `${older.url}/v1.0/me/events`, {
          body: viewing({ transactionId: 't-1', subject }),
          token: tokens.accessToken,
        });
      expect((await post('one')).status).toBe(201);
      expect((await post('two')).status).toBe(400);
    } finally {
      await older.close();
    }
  });

  test('have one id that changes when they move and one that does not; paths accept both', async () => {
    const made = await ask('POST', '/me/events', { body: viewing(), headers: { prefer: immutable } });
    const plain = (await ask('GET', week)).body.value[0]?.id ?? '';
    const kept = (await ask('GET', week, { headers: { prefer: immutable } })).body.value[0]?.id ?? '';
    expect(kept).toBe(made.body.id);
    expect(plain).not.toBe(kept);
    for (const id of [plain, kept]) {
      expect((await ask('GET', `/me/events/${encodeURIComponent(id)}`)).status).toBe(200);
    }
  });

  test('are found by an extended property, which comes back only when expanded', async () => {
    const booked = (value: string) =>
      viewing({ singleValueExtendedProperties: [{ id: bookingProperty, value }] });
    await ask('POST', '/me/events', { body: booked("b'1") });
    await ask('POST', '/me/events', { body: booked('b2') });
    const filter = `singleValueExtendedProperties/Any(ep: ep/id eq '${bookingProperty}' and ep/value eq 'b''1')`;
    const plain = await ask('GET', `/me/events?$filter=${encodeURIComponent(filter)}`);
    expect(plain.body.value).toHaveLength(1);
    expect(plain.body.value[0]).not.toHaveProperty('singleValueExtendedProperties');
    const expand = encodeURIComponent(`singleValueExtendedProperties($filter=id eq '${bookingProperty}')`);
    const full = await ask('GET', `${week}&$expand=${expand}&$select=subject`);
    expect(full.body.value.map((row) => row['singleValueExtendedProperties'])).toEqual([
      [{ id: bookingProperty, value: "b'1" }],
      [{ id: bookingProperty, value: 'b2' }],
    ]);
    expect((await ask('GET', `/me/events?$filter=${encodeURIComponent("subject eq 'x'")}`)).status).toBe(400);
  });

  test.each([
    ['an unknown property', viewing({ colour: 'red' }), 'RequestBodyRead'],
    ['no end', viewing({ end: undefined }), 'ErrorPropertyValidationFailure'],
    [
      'an end before its start',
      viewing({ end: utc('2026-11-24T15:00:00') }),
      'ErrorCalendarEndDateIsEarlierThanStartDate',
    ],
    [
      'an unknown zone',
      viewing({ start: { dateTime: '2026-11-24T16:00:00', timeZone: 'Mars' } }),
      'TimeZoneNotSupportedException',
    ],
    [
      'a Z beside another zone',
      viewing({ start: { dateTime: '2026-11-24T16:00:00Z', timeZone: 'Asia/Kolkata' } }),
      'ErrorInvalidRequest',
    ],
    ['a broken address', viewing({ attendees: [attendee('nobody')] }), 'ErrorPropertyValidationFailure'],
    ['an all-day event at noon', viewing({ isAllDay: true }), 'ErrorPropertyValidationFailure'],
    [
      'a malformed property id',
      viewing({ singleValueExtendedProperties: [{ id: 'BookingId', value: 'x' }] }),
      'ErrorPropertyValidationFailure',
    ],
  ])('are refused with %s', async (_, body, code) => {
    const answer = await ask('POST', '/me/events', { body });
    expect(answer.status).toBe(400);
    expect(answer.body.error['code']).toBe(code);
    expect(microsoft.events(pete)).toHaveLength(0);
  });

  test('are refused with a body that is not declared as JSON', async () => {
    const headers = { 'content-type': 'text/plain' };
    expect((await ask('POST', '/me/events', { body: viewing(), headers })).status).toBe(400);
  });

  test('show what the manager has done in Outlook', async () => {
    const { body } = await ask('POST', '/me/events', { body: viewing() });
    microsoft.moveEvent(pete, body.id, hour('2026-11-25T18:00:00Z'));
    const path = `/me/events/${encodeURIComponent(body.id)}`;
    expect((await ask('GET', path)).body.start.dateTime).toBe('2026-11-25T18:00:00.0000000');
    microsoft.deleteEvent(pete, body.id);
    expect((await ask('GET', path)).status).toBe(404);
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
    token = 'nonsense';
    expect((await batch([read('1')])).status).toBe(401);
  });
});
