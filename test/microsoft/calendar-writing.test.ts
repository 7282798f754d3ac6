// What the calendar writes to Graph: each write once, and each outcome told.
import { describe, expect, test } from '@jest/globals';
import { createMicrosoft } from '../../sandbox/microsoft/microsoft.ts';
import type { AppError } from '../../shared/core/errors.ts';
import {
  DAY,
  HOUR,
  MINUTE,
  NOW,
  PETE,
  TEN,
  create,
  draftAt,
  intervalAt,
  microsoft,
  open,
  outer,
  reference,
  signInAt,
  useMicrosoft,
  written,
} from './calendar-harness.ts';

useMicrosoft();

describe('writing to the calendar:', () => {
  test('an event is created and read back in one round trip, and it carries the id of its booking', async () => {
    microsoft.addEvent(PETE, { start: TEN + 15 * MINUTE, end: TEN + HOUR });
    const { event, around } = await create(draftAt(TEN));
    expect(outer()).toBe(1);
    expect(event).toMatchObject({ bookingId: 'booking-1', interval: intervalAt(TEN), blocks: true });
    expect(around.map(({ bookingId }) => bookingId)).toEqual([null, 'booking-1']);
    expect(await open().locate([reference('booking-1', TEN)])).toEqual([event]);
    expect(await open().locate([reference('booking-2', TEN)])).toEqual([null]);
  });

  test.each([
    ['throttled', { path: '/v1.0/$batch', status: 429, retryAfter: 0 }],
    ['throttled inside', { path: '/v1.0/me/events', status: 429, retryAfter: 0 }],
    ['503 inside', { path: '/v1.0/me/events', status: 503, retryAfter: 0 }],
    ['503 with a page', { path: '/v1.0/$batch', status: 503, shape: 'html', retryAfter: 0 }],
    ['dropped before the work', { path: '/v1.0/$batch', drop: 'before' }],
    ['dropped after the work', { path: '/v1.0/$batch', drop: 'after' }],
    ['dropped after the write alone', { path: '/v1.0/me/events', drop: 'after' }],
    ['read back with 503', { path: '/v1.0/me/calendarView', status: 503, retryAfter: 0 }],
    ['read back throttled', { path: '/v1.0/me/calendarView', status: 429, retryAfter: 0 }],
  ] as const)('a create that is %s is made once', async (_, fault) => {
    microsoft.setFault(fault);
    const { event, around } = await create(draftAt(TEN));
    expect(microsoft.events(PETE)).toHaveLength(1);
    expect(around).toEqual([event]);
  });

  test('a request whose response is lost is repeated only a limited number of times', async () => {
    microsoft.setFault({ path: '/v1.0/$batch', status: 503, retryAfter: 0, times: 100 });
    await expect(open().create(draftAt(TEN), intervalAt(TEN))).rejects.toMatchObject({
      code: 'microsoft_unreachable',
    });
    expect(outer()).toBe(3);
  });

  test('a Retry-After is respected, and one past the deadline fails at once', async () => {
    microsoft.setFault({ path: '/v1.0/$batch', status: 429, retryAfter: 1 });
    const since = performance.now();
    await open().create(draftAt(TEN), intervalAt(TEN));
    expect(performance.now() - since).toBeGreaterThan(990);
    microsoft.setFault({ path: '/v1.0/$batch', status: 429, retryAfter: 60 });
    expect(await open().create(draftAt(TEN + HOUR, 'other'), intervalAt(TEN + HOUR))).toMatchObject({
      kind: 'refused',
      error: { code: 'microsoft_throttled', retryAfterMs: 60_000 },
    });
    expect(outer()).toBe(3);
  });

  test.each([400, 409] as const)(
    'a transactionId used for other words (%s) leads to the event that stands',
    async (status) => {
      const other = await createMicrosoft({ now: () => NOW, duplicateTransactionStatus: status });
      try {
        await signInAt(other);
        const first = written(await open({ endpoint: other.url }).create(draftAt(TEN), intervalAt(TEN)));
        const words = { ...draftAt(TEN), subject: 'Other words' };
        const again = written(await open({ endpoint: other.url }).create(words, intervalAt(TEN)));
        expect(again.event.eventId).toBe(first.event.eventId);
        expect(other.events(PETE)).toHaveLength(1);
      } finally {
        await other.close();
      }
    },
  );

  test('a rejected write is reported as rejected, and says if the attendee may be the cause', async () => {
    const attendee = { address: 'not an address', name: '' };
    expect(await open().create({ ...draftAt(TEN), attendee }, intervalAt(TEN))).toMatchObject({
      kind: 'refused',
      reason: 'attendee',
      error: { code: 'microsoft_rejected', status: 400 },
    });
    microsoft.setFault({ path: '/v1.0/me/events', status: 403 });
    expect(await open().create(draftAt(TEN), intervalAt(TEN))).toMatchObject({
      kind: 'refused',
      reason: 'other',
      error: { status: 403 },
    });
    expect(outer()).toBe(2);
    expect(microsoft.events(PETE)).toEqual([]);
  });

  test.each([
    ['answered 429 each time', { status: 429, retryAfter: 0, times: 3 }, 'refused'],
    ['answered 503 each time', { status: 503, retryAfter: 0, times: 3 }, 'microsoft_unreachable'],
    ['lost, then refused', { drop: 'after', times: 1 }, 'microsoft_rejected'],
  ] as const)('a write that was %s is %s', async (_, fault, expected) => {
    microsoft.setFault({ path: '/v1.0/$batch', ...fault });
    if (expected === 'microsoft_rejected') microsoft.setFault({ path: '/v1.0/$batch', status: 403 });
    const outcome = await open()
      .create(draftAt(TEN), intervalAt(TEN))
      .then(
        ({ kind }) => kind,
        (error: unknown) => (error as AppError).code,
      );
    expect(outcome).toBe(expected);
  });

  test('a move reads the events around the new time; a move of a missing event is reported as gone', async () => {
    const { event } = await create(draftAt(TEN));
    microsoft.addEvent(PETE, { start: TEN + 2 * HOUR, end: TEN + 3 * HOUR });
    const to = intervalAt(TEN + 2 * HOUR);
    const moved = written(await open().move(event, to, to));
    expect(moved.event).toMatchObject({ eventId: event.eventId, interval: to });
    expect(moved.event.etag).not.toBe(event.etag);
    expect(moved.around).toHaveLength(2);
    microsoft.deleteEvent(PETE, event.eventId);
    expect(await open().move(moved.event, intervalAt(TEN), intervalAt(TEN))).toEqual({ kind: 'gone' });
    expect(await open().locate([reference('booking-1', TEN, event.eventId)])).toEqual([null]);
  });

  test('a change of an event that somebody else has changed since is not carried out', async () => {
    const { event } = await create(draftAt(TEN));
    microsoft.moveEvent(PETE, event.eventId, intervalAt(TEN + HOUR));
    const to = intervalAt(TEN + 3 * HOUR);
    expect(await open().move(event, to, to)).toEqual({ kind: 'changed' });
    expect(await open().fence(event)).toEqual({ kind: 'changed' });
    const attendee = { address: 'ada@mail.example', name: 'Ada' };
    expect(await open().invite(event, { attendee, bodyHtml: null })).toEqual({
      kind: 'changed',
    });
    expect(await open().read(DAY)).toMatchObject([{ interval: intervalAt(TEN + HOUR) }]);
  });

  test('an attendee is added to the guests whom the manager has invited since, and is invited once', async () => {
    const { event } = await create(draftAt(TEN));
    const guest = { address: 'grace@mail.example', name: 'Grace', type: 'optional' } as const;
    microsoft.editEvent(PETE, event.eventId, { attendees: [guest] });
    const attendee = { address: 'ada@mail.example', name: 'Ada' };
    for (const address of ['ada@mail.example', 'Ada@Mail.example']) {
      const [now = null] = await open().locate([reference('booking-1', TEN, event.eventId)]);
      if (now === null) throw new Error('There is no event');
      expect(await open().invite(now, { attendee: { ...attendee, address }, bodyHtml: null })).toEqual({
        kind: 'invited',
      });
    }
    expect(microsoft.events(PETE).map(({ attendees }) => attendees)).toEqual([
      [guest, { ...attendee, type: 'required' }],
    ]);
    const sent = microsoft.invitations().filter(({ kind }) => kind !== 'update');
    expect(sent.map(({ kind, to }) => [kind, to])).toEqual([
      ['invitation', guest.address],
      ['invitation', attendee.address],
    ]);
  });

  test('a repeated move that finds its event at the new time has succeeded', async () => {
    const { event } = await create(draftAt(TEN));
    microsoft.setFault({ path: '/v1.0/$batch', drop: 'after' });
    const to = intervalAt(TEN + 2 * HOUR);
    expect(await open().move(event, to, to)).toMatchObject({ kind: 'written', event: { interval: to } });
    expect(microsoft.requests().filter(({ method }) => method === 'PATCH')).toMatchObject([
      { status: 200 },
      { status: 412 },
    ]);
  });

  test('a fence stops a move that is still under way', async () => {
    const { event } = await create(draftAt(TEN));
    const to = intervalAt(TEN + 2 * HOUR);
    microsoft.setFault({
      path: '/v1.0/me/events/*',
      method: 'PATCH',
      lands: 'on_release',
      drop: 'before',
      times: 3,
    });
    await expect(open().move(event, to, to)).rejects.toThrow();
    microsoft.clearFaults();
    expect(await open().fence(event)).toEqual({ kind: 'fenced' });
    await microsoft.release();
    expect(await open().read(DAY)).toMatchObject([{ interval: intervalAt(TEN) }]);
  });

  test('events are located in the order asked for, with null for those that are gone or cancelled', async () => {
    const events = [];
    for (const [index, name] of ['a', 'b', 'c', 'd'].entries())
      events.push((await create(draftAt(TEN + index * HOUR, name))).event);
    microsoft.deleteEvent(PETE, events[1]?.eventId ?? '');
    microsoft.editEvent(PETE, events[2]?.eventId ?? '', { isCancelled: true });
    // Far from where it was last known to be.
    microsoft.moveEvent(PETE, events[3]?.eventId ?? '', intervalAt(TEN + 100 * HOUR));
    microsoft.clearRequests();
    const references = ['d', 'c', 'b', 'a'].map((name, index) => reference(name, TEN + (3 - index) * HOUR));
    const located = await open().locate(references);
    expect(located.map((event) => event?.bookingId ?? null)).toEqual(['d', null, null, 'a']);
    expect(outer()).toBe(2);
    expect(await open().locate([])).toEqual([]);
  });

  test('of an event and its copy, the one that the booking wrote is located', async () => {
    const { event } = await create(draftAt(TEN));
    const { extendedProperties = [] } = microsoft.events(PETE)[0] ?? {};
    const copy = microsoft.addEvent(PETE, { start: TEN, end: TEN + HOUR });
    microsoft.editEvent(PETE, copy.id, { extendedProperties });
    expect(await open().locate([reference('booking-1', TEN, event.eventId)])).toMatchObject([
      { eventId: event.eventId },
    ]);
  });

  test('an event in Deleted Items, or in another calendar, is not located, whatever its id answers', async () => {
    microsoft.setDeletedItems({ get: 200, delete: 403 });
    const { event: deleted } = await create(draftAt(TEN, 'deleted'));
    const { event: moved } = await create(draftAt(TEN + HOUR, 'moved'));
    microsoft.deleteEvent(PETE, deleted.eventId);
    microsoft.moveToCalendar(PETE, moved.eventId, 'Archive');
    const references = [
      reference('deleted', TEN, deleted.eventId),
      reference('moved', TEN + HOUR, moved.eventId),
    ];
    expect(await open().locate(references)).toEqual([null, null]);
    for (const event of [deleted, moved]) {
      const { kind } = await open().move(event, intervalAt(TEN), intervalAt(TEN));
      expect(['gone', 'changed']).toContain(kind);
    }
  });

  test('an event that cannot be read is a fault, not an event that is gone', async () => {
    await create(draftAt(TEN));
    microsoft.setFault({ path: '/v1.0/me/calendarView', status: 503 });
    await expect(open().locate([reference('booking-1', TEN)])).rejects.toMatchObject({
      code: 'microsoft_unreachable',
    });
  });

  test.each([404, 403] as const)(
    'removing what is gone already (%s) is no error, invited or not',
    async (status) => {
      microsoft.setDeletedItems({ get: status === 403 ? 200 : 404, delete: status });
      for (const invited of [true, false]) {
        const attendee = invited ? { address: 'ada@mail.example', name: 'Ada' } : null;
        const bookingId = `booking-${String(invited)}`;
        const { event } = await create({ ...draftAt(TEN, bookingId), attendee });
        for (let count = 0; count < 2; count += 1) {
          const gone = reference(bookingId, TEN, event.eventId);
          await open().remove(gone, { invited, comment: 'ill' });
          expect(microsoft.events(PETE)).toEqual([]);
        }
      }
    },
  );

  test('a meeting is removed even if the manager removed its guest', async () => {
    const attendee = { address: 'ada@mail.example', name: 'Ada' };
    const { event } = await create({ ...draftAt(TEN), attendee });
    microsoft.editEvent(PETE, event.eventId, { attendees: [] });
    await open().remove(reference('booking-1', TEN, event.eventId), { invited: true, comment: 'ill' });
    expect(microsoft.events(PETE)).toEqual([]);
  });

  test('a removal that Graph refuses while the event is there is a fault', async () => {
    const { event } = await create(draftAt(TEN));
    microsoft.setFault({ path: '/v1.0/me/events/*', method: 'DELETE', status: 403 });
    await expect(
      open().remove(reference('booking-1', TEN, event.eventId), { invited: false, comment: '' }),
    ).rejects.toMatchObject({ code: 'microsoft_rejected' });
  });

  test('no request lasts longer than the deadline', async () => {
    microsoft.setFault({ path: '/v1.0/*', answer: 'never', times: 10 });
    await expect(open({ deadlineMs: 300 }).create(draftAt(TEN), intervalAt(TEN))).rejects.toMatchObject({
      code: 'deadline_exceeded',
    });
  });

  test('after the deadline nothing is sent, and nothing is in doubt', async () => {
    const calendar = open({ signal: AbortSignal.abort() });
    expect(await calendar.create(draftAt(TEN), intervalAt(TEN))).toMatchObject({
      kind: 'refused',
      error: { code: 'deadline_exceeded' },
    });
    expect(microsoft.events(PETE)).toEqual([]);
  });
});
