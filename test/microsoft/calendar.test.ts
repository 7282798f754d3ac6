import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createMicrosoft } from '../../sandbox/microsoft/microsoft.ts';
import type { Microsoft } from '../../sandbox/microsoft/microsoft.ts';
import type { EventDraft } from '../../shared/booking/calendar.ts';
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

function open({ timeZone = 'America/Chicago', deadlineMs = 15_000, endpoint = microsoft.url } = {}) {
  const renewed = async (): Promise<string> => (await microsoft.issueTokens(PETE)).accessToken;
  const auth = { accessToken: () => Promise.resolve(token), forceRefresh: renewed };
  return createGraphCalendar({
    graph: createGraph({ endpoint }),
    auth,
    timeZone,
    signal: AbortSignal.timeout(deadlineMs),
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

  test('pages without end are given up', async () => {
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
  test('a create and the reading back are one round trip, and the event carries its booking', async () => {
    microsoft.addEvent(PETE, { start: TEN + 15 * MINUTE, end: TEN + HOUR });
    const { event, around } = await open().create(draftAt(TEN), intervalAt(TEN));
    expect(outer()).toBe(1);
    expect(event).toMatchObject({ bookingId: 'booking-1', interval: intervalAt(TEN), blocks: true });
    expect(around.map(({ bookingId }) => bookingId)).toEqual([null, 'booking-1']);
    expect(await open().get([event.eventId])).toEqual([event]);
    expect(await open().findByBooking('booking-1')).toEqual(event);
    expect(await open().findByBooking('booking-2')).toBeNull();
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
    const { event, around } = await open().create(draftAt(TEN), intervalAt(TEN));
    expect(microsoft.events(PETE)).toHaveLength(1);
    expect(around).toEqual([event]);
  });

  test('a lost answer is not asked for without end', async () => {
    microsoft.setFault({ path: '/v1.0/$batch', status: 503, retryAfter: 0, times: 100 });
    await expect(open().create(draftAt(TEN), intervalAt(TEN))).rejects.toMatchObject({
      code: 'microsoft_unreachable',
    });
    expect(outer()).toBe(3);
  });

  test('a wait that Microsoft asks for is kept, and one past the deadline is told at once', async () => {
    microsoft.setFault({ path: '/v1.0/$batch', status: 429, retryAfter: 1 });
    const since = performance.now();
    await open().create(draftAt(TEN), intervalAt(TEN));
    expect(performance.now() - since).toBeGreaterThan(990);
    microsoft.setFault({ path: '/v1.0/$batch', status: 429, retryAfter: 60 });
    await expect(open().create(draftAt(TEN), intervalAt(TEN))).rejects.toMatchObject({
      code: 'microsoft_throttled',
      retryAfterMs: 60_000,
    });
    expect(performance.now() - since).toBeLessThan(10_000);
  });

  test.each([400, 409] as const)(
    'a transactionId used for other words (%s) leads to the event that stands',
    async (status) => {
      const other = await createMicrosoft({ now: () => NOW, duplicateTransactionStatus: status });
      try {
        token = (await other.issueTokens(PETE)).accessToken;
        const first = await open({ endpoint: other.url }).create(draftAt(TEN), intervalAt(TEN));
        const words = { ...draftAt(TEN), subject: 'Other words' };
        const again = await open({ endpoint: other.url }).create(words, intervalAt(TEN));
        expect(again.event.eventId).toBe(first.event.eventId);
        expect(other.events(PETE)).toHaveLength(1);
      } finally {
        await other.close();
      }
    },
  );

  test('a refusal is told as one and nothing is adopted', async () => {
    const attendee = { address: 'not an address', name: '' };
    await expect(open().create({ ...draftAt(TEN), attendee }, intervalAt(TEN))).rejects.toMatchObject({
      code: 'microsoft_rejected',
      status: 400,
    });
    expect(outer()).toBe(1);
  });

  test('a move reads the new surroundings back; one of an event that is gone is null', async () => {
    const { event } = await open().create(draftAt(TEN), intervalAt(TEN));
    microsoft.addEvent(PETE, { start: TEN + 2 * HOUR, end: TEN + 3 * HOUR });
    const moved = await open().move(event.eventId, intervalAt(TEN + 2 * HOUR), intervalAt(TEN + 2 * HOUR));
    expect(moved?.event).toMatchObject({ eventId: event.eventId, interval: intervalAt(TEN + 2 * HOUR) });
    expect(moved?.around).toHaveLength(2);
    microsoft.deleteEvent(PETE, event.eventId);
    expect(await open().move(event.eventId, intervalAt(TEN), intervalAt(TEN))).toBeNull();
    expect(await open().get([event.eventId])).toEqual([null]);
  });

  test('events are given in the order asked for, with null for those that are gone or cancelled', async () => {
    const ids = [];
    for (const [index, name] of ['a', 'b', 'c', 'd'].entries())
      ids.push((await open().create(draftAt(TEN + index * HOUR, name), intervalAt(TEN))).event.eventId);
    microsoft.deleteEvent(PETE, ids[1] ?? '');
    microsoft.editEvent(PETE, ids[2] ?? '', { isCancelled: true });
    const events = await open().get([...ids].reverse());
    expect(events.map((event) => event?.bookingId ?? null)).toEqual(['d', null, null, 'a']);
    expect(await open().get([])).toEqual([]);
  });

  test('one event that cannot be read is a fault, not an event that is gone', async () => {
    const { event } = await open().create(draftAt(TEN), intervalAt(TEN));
    microsoft.setFault({ path: '/v1.0/me/events/*', status: 503 });
    await expect(open().get([event.eventId])).rejects.toMatchObject({ code: 'microsoft_unreachable' });
  });

  test('removing what is gone already is no error, invited or not', async () => {
    for (const invited of [true, false]) {
      const attendee = invited ? { address: 'ada@mail.example', name: 'Ada' } : null;
      const draft = { ...draftAt(TEN, `booking-${String(invited)}`), attendee };
      const { event } = await open().create(draft, intervalAt(TEN));
      await open().remove(event.eventId, { invited, comment: 'ill' });
      expect(microsoft.events(PETE)).toEqual([]);
      await open().remove(event.eventId, { invited, comment: 'ill' });
    }
  });

  test('nothing outlasts the deadline', async () => {
    microsoft.setFault({ path: '/v1.0/*', delayMs: 5_000, times: 10 });
    const since = performance.now();
    await expect(open({ deadlineMs: 300 }).create(draftAt(TEN), intervalAt(TEN))).rejects.toMatchObject({
      code: 'deadline_exceeded',
    });
    expect(performance.now() - since).toBeLessThan(3_000);
  });
});
