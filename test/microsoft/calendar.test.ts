import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createMicrosoft } from '../../sandbox/microsoft/microsoft.ts';
import type { Microsoft } from '../../sandbox/microsoft/microsoft.ts';
import { PATIENT } from '../support/patient.ts';
import type { EventDraft } from '../../shared/booking/calendar.ts';
import type { AppError } from '../../shared/core/errors.ts';
import { createGraphCalendar } from '../../shared/microsoft/calendar.ts';
import { createGraph } from '../../shared/microsoft/graph-client.ts';

const PETE = 'pete@lakeviewrentals.example';
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const NOW = Date.parse('2026-11-23T15:00:00Z');
function at(local: string): number {
  return Date.parse(`${local.replace(' ', 'T')}:00-06:00`);
}
const TEN = at('2026-11-24 10:00');
const DAY = { start: at('2026-11-24 00:00'), end: at('2026-11-25 00:00') };

let microsoft: Microsoft;
let token: string;

beforeAll(async () => {
  microsoft = await createMicrosoft({ now: () => NOW });
});
afterAll(() => microsoft.close());
beforeEach(async () => {
  microsoft.reset();
  token = (await microsoft.issueTokens(PETE)).accessToken;
});

function open({
  timeZone = 'America/Chicago',
  deadlineMs = PATIENT.toolDeadlineMs,
  endpoint = microsoft.url,
  signal = AbortSignal.timeout(deadlineMs),
} = {}) {
  const renewed = async (): Promise<string> => (await microsoft.issueTokens(PETE)).accessToken;
  const auth = {
    accessToken: () => Promise.resolve(token),
    forceRefresh: renewed,
    giveUp: () => Promise.reject(new Error('refused')),
  };
  return createGraphCalendar({
    graph: createGraph({ endpoint, ...PATIENT }),
    auth,
    timeZone,
    signal,
  });
}

function draftAt(start: number, bookingId = 'booking-1'): EventDraft {
  return {
    bookingId,
    interval: { start, end: start + 30 * MINUTE },
    subject: 'Property Viewing - 12 Lake St',
    location: '12 Lake St',
    bodyHtml: '<p>12 Lake St</p>',
    attendee: null,
  };
}
/** The written event; fails if nothing was written. */
function written<T extends { readonly kind: string }>(outcome: T): Extract<T, { kind: 'written' }> {
  if (outcome.kind !== 'written') throw new Error(outcome.kind);
  return outcome as Extract<T, { kind: 'written' }>;
}
async function create(draft: EventDraft) {
  return written(await open().create(draft, draft.interval));
}
function reference(bookingId: string, start: number, eventId: string | null = null) {
  return { bookingId, eventId, interval: intervalAt(start) };
}
function intervalAt(start: number) {
  return { start, end: start + 30 * MINUTE };
}
function outer(): number {
  return microsoft.requests().filter(({ inBatch }) => !inBatch).length;
}

describe('reading', () => {
  test.each([
    ['busy', true],
    ['tentative', true],
    ['oof', true],
    ['unknown', true],
    ['free', false],
    ['workingElsewhere', false],
  ] as const)('time shown as %s blocks: %s', async (showAs, blocks) => {
    microsoft.addEvent(PETE, { start: TEN, end: TEN + HOUR, showAs });
    expect(await open().read(DAY)).toMatchObject([{ blocks, interval: { start: TEN, end: TEN + HOUR } }]);
  });

  test('cancelled and declined events do not block, unanswered and tentatively accepted ones do', async () => {
    microsoft.addEvent(PETE, { start: TEN, end: TEN + HOUR, isCancelled: true });
    microsoft.addEvent(PETE, { start: TEN, end: TEN + HOUR, response: 'declined' });
    microsoft.addEvent(PETE, { start: TEN, end: TEN + HOUR, response: 'notResponded' });
    microsoft.addEvent(PETE, { start: TEN, end: TEN + HOUR, response: 'tentativelyAccepted' });
    const events = await open().read(DAY);
    expect(events.map(({ blocks, cancelled }) => [blocks, cancelled])).toEqual([
      [false, true],
      [false, false],
      [true, false],
      [true, false],
    ]);
  });

  test.each([
    ['America/Chicago', '2026-11-24T06:00:00Z', '2026-11-25T06:00:00Z'],
    ['Asia/Kolkata', '2026-11-23T18:30:00Z', '2026-11-24T18:30:00Z'],
    ['Pacific/Kiritimati', '2026-11-23T10:00:00Z', '2026-11-24T10:00:00Z'],
    ['Pacific/Pago_Pago', '2026-11-24T11:00:00Z', '2026-11-25T11:00:00Z'],
  ])('an all-day event blocks the local day of a manager in %s', async (timeZone, start, end) => {
    microsoft.addEvent(PETE, { startDate: '2026-11-24', endDate: '2026-11-25', showAs: 'oof' });
    const interval = { start: Date.parse(start), end: Date.parse(end) };
    const calendar = open({ timeZone });
    expect(await calendar.read({ start: interval.start, end: interval.start + MINUTE })).toMatchObject([
      { blocks: true, interval },
    ]);
    expect(await calendar.read({ start: interval.end - MINUTE, end: interval.end })).toMatchObject([
      { interval },
    ]);
    expect(await calendar.read({ start: interval.end, end: interval.end + HOUR })).toEqual([]);
    expect(await calendar.read({ start: interval.start - HOUR, end: interval.start })).toEqual([]);
  });

  test('an all-day event on the day the clocks go back blocks its 25 hours', async () => {
    microsoft.addEvent(PETE, { startDate: '2026-11-01', endDate: '2026-11-02', showAs: 'busy' });
    const start = Date.parse('2026-11-01T05:00:00Z');
    expect(await open().read({ start, end: start + HOUR })).toMatchObject([
      { interval: { start, end: start + 25 * HOUR } },
    ]);
  });

  test('events that only touch the window are left out, those that reach into it are not', async () => {
    for (const start of [DAY.start - HOUR, DAY.start - 30 * MINUTE, DAY.end - 30 * MINUTE, DAY.end])
      microsoft.addEvent(PETE, { start, end: start + HOUR });
    const events = await open().read(DAY);
    expect(events.map(({ interval }) => interval.start)).toEqual([
      DAY.start - 30 * MINUTE,
      DAY.end - 30 * MINUTE,
    ]);
  });

  test('each occurrence of a series is an event of its own', async () => {
    microsoft.addEvent(PETE, {
      start: TEN,
      end: TEN + HOUR,
      recurrence: {
        type: 'daily',
        interval: 1,
        daysOfWeek: [],
        zone: 'America/Chicago',
        removed: [],
        moved: {},
      },
    });
    const events = await open().read({ start: DAY.start, end: DAY.end + 48 * HOUR });
    expect(events.map(({ interval }) => interval.start)).toEqual(
      [0, 24, 48].map((hours) => TEN + hours * HOUR),
    );
    expect(new Set(events.map(({ eventId }) => eventId)).size).toBe(3);
  });

  test('a thousand events come in one round trip, and more are read to the last page', async () => {
    const add = (count: number): void => {
      for (let index = 0; index < count; index += 1)
        microsoft.addEvent(PETE, { start: TEN + index * 1_000, end: TEN + index * 1_000 + MINUTE });
    };
    add(1_000);
    expect(await open().read(DAY)).toHaveLength(1_000);
    expect(outer()).toBe(1);
    add(1_050);
    microsoft.clearRequests();
    expect(await open().read(DAY)).toHaveLength(2_050);
    expect(outer()).toBe(3);
  });

  test('a page that fails once is asked for again, and one that keeps failing is no empty calendar', async () => {
    microsoft.addEvent(PETE, { start: TEN, end: TEN + HOUR });
    microsoft.setFault({ path: '/v1.0/me/calendarView', status: 503 });
    expect(await open().read(DAY)).toHaveLength(1);
    microsoft.setFault({ path: '/v1.0/me/calendarView', status: 503, retryAfter: 0, times: 3 });
    await expect(open().read(DAY)).rejects.toMatchObject({ code: 'microsoft_unreachable' });
  });

  test('reading stops if the pages never end', async () => {
    microsoft.setFault({
      path: '/v1.0/me/calendarView',
      times: 100,
      status: 200,
      body: { value: [], '@odata.nextLink': `${microsoft.url}/v1.0/me/calendarView?$skiptoken=x` },
    });
    await expect(open().read(DAY)).rejects.toMatchObject({ code: 'microsoft_unreachable' });
    expect(outer()).toBe(50);
  });

  test.each([
    ['a body of another shape', { value: [{ id: 'x' }] }],
    [
      'a time that is not in UTC',
      {
        value: [
          {
            id: 'x',
            start: { dateTime: '2026-11-24T10:00:00', timeZone: 'Central Standard Time' },
            end: { dateTime: '2026-11-24T11:00:00', timeZone: 'Central Standard Time' },
          },
        ],
      },
    ],
  ])('%s is a fault, not an empty calendar', async (_, body) => {
    microsoft.setFault({ path: '/v1.0/me/calendarView', status: 200, body });
    await expect(open().read(DAY)).rejects.toMatchObject({ code: 'microsoft_unreachable' });
  });

  test('an access token that Microsoft no longer takes is renewed once', async () => {
    microsoft.addEvent(PETE, { start: TEN, end: TEN + HOUR });
    microsoft.expireAccessTokens(PETE);
    expect(await open().read(DAY)).toHaveLength(1);
    expect(microsoft.requests().map(({ status }) => status)).toEqual([401, 200]);
  });
});

describe('writing', () => {
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
        token = (await other.issueTokens(PETE)).accessToken;
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
