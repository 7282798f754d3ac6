// Events in the stand-in’s Graph: created, read, changed, deleted and refused.
import { describe, expect, test } from '@jest/globals';
import { createMicrosoft } from '../../sandbox/microsoft/microsoft.ts';
import {
  ask,
  attendee,
  bookingProperty,
  hour,
  immutable,
  microsoft,
  start,
  pete,
  useGraph,
  utc,
  viewing,
  week,
} from './graph-harness.ts';

useGraph();

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
    const older = await createMicrosoft({ now: () => start, duplicateTransactionStatus: 400 });
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
