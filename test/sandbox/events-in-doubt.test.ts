// What Graph may do with a write: refuse it by its etag, carry it out late, or lose its answer.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { FaultRule } from '../../sandbox/microsoft/faults.ts';
import { createMicrosoft } from '../../sandbox/microsoft/microsoft.ts';
import type { Microsoft } from '../../sandbox/microsoft/microsoft.ts';
import { codeOf, createGraphCaller, eventPath, utc, viewing } from './graph-caller.ts';

const start = Date.parse('2026-11-23T15:00:00Z');
const pete = 'pete@lakeviewrentals.example';
const week = '/me/calendarView?startDateTime=2026-11-23T00:00:00Z&endDateTime=2026-11-30T00:00:00Z';
let now = start;
let microsoft: Microsoft;
let token = '';
const { ask, batch } = createGraphCaller(
  () => microsoft,
  () => token,
);

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

const at = (hour: number) => ({
  start: utc(`2026-11-24T${hour}:00:00`),
  end: utc(`2026-11-24T${hour}:30:00`),
});
const startHours = (): (number | null)[] =>
  microsoft.events(pete).map(({ when }) => (when.isAllDay ? null : new Date(when.start).getUTCHours()));

async function createViewing(more: Record<string, unknown> = {}): Promise<{ path: string; etag: string }> {
  const { body } = await ask('POST', '/me/events', { body: viewing(more) });
  return { path: eventPath(body['id']), etag: String(body['@odata.etag']) };
}

describe('the etag that the Microsoft stand-in gives an event', () => {
  test('is in the event, the calendar view, listings and batch responses', async () => {
    const { path, etag } = await createViewing();
    const one = await ask('GET', `${path}?$select=subject`);
    const seen = await ask('GET', `${week}&$select=subject`);
    const listed = await ask('GET', '/me/calendar/events?$select=subject');
    const [first] = await batch([{ method: 'GET', url: path }]);
    expect(one.headers.get('etag')).toBe(etag);
    for (const { body } of [seen, listed]) expect(body['value']).toMatchObject([{ '@odata.etag': etag }]);
    expect([one.body['@odata.etag'], first?.body['@odata.etag']]).toEqual([etag, etag]);
  });

  test.each<[string, (id: string) => unknown]>([
    ['a PATCH', (id) => ask('PATCH', eventPath(id), { body: { subject: 'Other' } })],
    [
      'the manager who moves it',
      (id) => {
        microsoft.moveEvent(pete, id, { start, end: start + 60_000 });
      },
    ],
    [
      'the manager who edits it',
      (id) => {
        microsoft.editEvent(pete, id, { location: 'Elsewhere' });
      },
    ],
    [
      'the manager who moves it to another calendar',
      (id) => {
        microsoft.moveToCalendar(pete, id, 'Private');
      },
    ],
  ])('is changed by %s', async (_, change) => {
    const { body } = await ask('POST', '/me/events', { body: viewing() });
    const id = String(body['id']);
    await change(id);
    const after = await ask('GET', eventPath(id));
    expect(after.body['@odata.etag']).not.toBe(body['@odata.etag']);
    const stale = await ask('PATCH', eventPath(id), {
      body: at(18),
      headers: { 'if-match': String(body['@odata.etag']) },
    });
    expect([stale.status, codeOf(stale)]).toEqual([412, 'ErrorIrresolvableConflict']);
  });

  test('makes PATCH, DELETE and cancel fail if it is old, in a batch and alone', async () => {
    const { path, etag } = await createViewing({
      attendees: [{ emailAddress: { address: 'ada@mail.example' }, type: 'required' }],
    });
    await ask('PATCH', path, { body: at(17) });
    const stale = { 'If-Match': etag };
    const statuses = [
      (await ask('PATCH', path, { body: at(18), headers: stale })).status,
      (await ask('DELETE', path, { headers: stale })).status,
      (await ask('POST', `${path}/cancel`, { body: {}, headers: stale })).status,
      ...(
        await batch([
          { method: 'PATCH', url: path, body: at(18), headers: stale },
          { method: 'DELETE', url: path, headers: stale },
        ])
      ).map(({ status }) => status),
    ];
    expect(statuses).toEqual([412, 412, 412, 412, 412]);
    expect(startHours()).toEqual([17]);
    const fresh = String((await ask('GET', path)).body['@odata.etag']);
    const [moved] = await batch([
      { method: 'PATCH', url: path, body: at(18), headers: { 'If-Match': fresh } },
    ]);
    expect(moved?.status).toBe(200);
    expect(startHours()).toEqual([18]);
    expect((await ask('DELETE', path, { headers: { 'if-match': '*' } })).status).toBe(204);
  });
});

describe('a write that the Microsoft stand-in carries out late', () => {
  const late = (rule: Partial<FaultRule> = {}): void => {
    microsoft.setFault({ path: '/v1.0/me/events*', name: 'slow', lands: 'on_release', ...rule });
  };

  test('is answered only when the test releases it', async () => {
    const { path } = await createViewing();
    late({ method: 'PATCH' });
    const asked = ask('PATCH', path, { body: at(17) });
    await microsoft.waitForHeld('slow');
    expect(startHours()).toEqual([16]);
    expect(microsoft.held()).toMatchObject([{ name: 'slow', at: null }]);
    expect(await microsoft.release('slow')).toBe(1);
    expect((await asked).status).toBe(200);
    expect(startHours()).toEqual([17]);
  });

  test('takes effect although its caller has given up', async () => {
    const { path } = await createViewing();
    late({ method: 'PATCH' });
    const patience = new AbortController();
    const asked = ask('PATCH', path, { body: at(17), signal: patience.signal });
    await microsoft.waitForHeld('slow');
    patience.abort();
    await expect(asked).rejects.toThrow('abort');
    await microsoft.release('slow');
    expect(startHours()).toEqual([17]);
    expect(microsoft.landings()).toMatchObject([{ name: 'slow', method: 'PATCH', status: 200, at: start }]);
  });

  test('is checked by If-Match when it is carried out, not when it was sent', async () => {
    const { path, etag } = await createViewing();
    late({ method: 'PATCH', status: 504 });
    const patch = { body: at(17), headers: { 'if-match': etag } };
    expect((await ask('PATCH', path, patch)).status).toBe(504);
    expect((await ask('PATCH', path, { body: at(18), headers: { 'if-match': etag } })).status).toBe(200);
    await microsoft.release('slow');
    expect(microsoft.landings()).toMatchObject([{ status: 412 }]);
    expect(startHours()).toEqual([18]);
  });

  test('is carried out at its time by the stand-in’s clock, before the next request is answered', async () => {
    const { path } = await createViewing();
    late({ method: 'PATCH', status: 504, lands: { afterMs: 5_000 } });
    late({ method: 'DELETE', drop: 'before', lands: { at: start + 60_000 } });
    await ask('PATCH', path, { body: at(17) });
    await expect(ask('DELETE', path)).rejects.toThrow('fetch failed');
    now += 4_999;
    expect((await ask('GET', path)).body['start']).toMatchObject({
      dateTime: expect.stringContaining('T16'),
    });
    now += 1;
    expect((await ask('GET', path)).body['start']).toMatchObject({
      dateTime: expect.stringContaining('T17'),
    });
    now = start + 60_000;
    await microsoft.runDue();
    expect(startHours()).toEqual([]);
  });

  test.each<[string, (path: string) => Promise<unknown>, number]>([
    ['a POST', () => ask('POST', '/me/events', { body: viewing() }), 2],
    ['a DELETE', (path) => ask('DELETE', path), 0],
    ['a cancel', (path) => ask('POST', `${path}/cancel`, { body: { comment: 'Sold' } }), 0],
    [
      'a single request of a batch',
      (path) =>
        batch([
          { method: 'DELETE', url: path },
          { method: 'GET', url: week },
        ]),
      0,
    ],
  ])('can be %s', async (_, write, events) => {
    const { path } = await createViewing({
      attendees: [{ emailAddress: { address: 'ada@mail.example' }, type: 'required' }],
    });
    late({ status: 503 });
    await write(path);
    expect(microsoft.events(pete)).toHaveLength(1);
    await microsoft.release('slow');
    expect(microsoft.events(pete)).toHaveLength(events);
  });

  test('is forgotten by a reset', async () => {
    late({ method: 'POST' });
    const asked = ask('POST', '/me/events', { body: viewing() });
    await microsoft.waitForHeld();
    microsoft.reset();
    await expect(asked).rejects.toThrow('fetch failed');
    expect(await microsoft.release()).toBe(0);
    expect(microsoft.events(pete)).toEqual([]);
  });
});

describe('the Microsoft stand-in’s response to a write', () => {
  const write = () => ask('POST', '/me/events', { body: viewing() });

  test.each<[string, Partial<FaultRule>, number | 'no answer', number]>([
    ['can be lost after the write was carried out', { drop: 'after' }, 'no answer', 1],
    ['can be lost before the write was carried out', { drop: 'before' }, 'no answer', 0],
    ['can be a 503 although the write was carried out', { status: 503, work: 'done' }, 503, 1],
    ['can be a 503 for a write that was not carried out', { status: 503 }, 503, 0],
  ])('%s', async (_, rule, status, events) => {
    microsoft.setFault({ path: '/v1.0/me/events', ...rule });
    const outcome = await write().then(
      (answer) => answer.status,
      () => 'no answer',
    );
    expect(outcome).toBe(status);
    expect(microsoft.events(pete)).toHaveLength(events);
  });

  test.each<[string, FaultRule['work'], number]>([
    ['carried out', 'done', 1],
    ['left out', 'skipped', 0],
  ])('may never come, with the write %s', async (_, work, events) => {
    microsoft.setFault({ path: '/v1.0/me/events', answer: 'never', ...(work && { work }) });
    const patience = new AbortController();
    const asked = ask('POST', '/me/events', { body: viewing(), signal: patience.signal });
    await microsoft.waitForHeld('(never)');
    expect(microsoft.events(pete)).toHaveLength(events);
    patience.abort();
    await expect(asked).rejects.toThrow('abort');
  });

  test('can wait for the test although the write is carried out at once', async () => {
    microsoft.setFault({ path: '/v1.0/me/events', answer: 'on_release', name: 'answer' });
    const asked = write();
    await microsoft.waitForHeld('answer');
    expect(microsoft.events(pete)).toHaveLength(1);
    await microsoft.release('answer');
    expect((await asked).status).toBe(201);
  });

  test('can refuse one attendee’s address and accept others', async () => {
    const invite = (address: string) =>
      ask('POST', '/me/events', {
        body: viewing({ attendees: [{ emailAddress: { address }, type: 'required' }] }),
      });
    microsoft.setFault({
      path: '/v1.0/me/events*',
      attendee: 'nobody@mail.example',
      status: 400,
      code: 'ErrorInvalidRecipients',
      times: Infinity,
    });
    expect((await invite('ada@mail.example')).status).toBe(201);
    const refused = await invite('Nobody@mail.example');
    expect([refused.status, codeOf(refused)]).toEqual([400, 'ErrorInvalidRecipients']);
    expect(microsoft.events(pete)).toHaveLength(1);
  });
});

describe('access tokens that the stand-in’s Graph refuses', () => {
  test('are refused after a renewal, too, until the test ends that', async () => {
    microsoft.refuseAccessTokens(pete, true);
    expect((await ask('GET', '/me')).status).toBe(401);
    token = (await microsoft.issueTokens(pete)).accessToken;
    expect((await ask('GET', '/me')).status).toBe(401);
    microsoft.refuseAccessTokens(pete, false);
    expect((await ask('GET', '/me')).status).toBe(200);
  });
});

describe('round trips to the Microsoft stand-in', () => {
  test('are counted, and a batch counts as one', async () => {
    microsoft.clearRequests();
    await ask('GET', '/me');
    await batch([
      { method: 'GET', url: week },
      { method: 'GET', url: '/me' },
    ]);
    expect(microsoft.graphTrips()).toBe(2);
    expect(microsoft.requests()).toHaveLength(4);
  });
});
