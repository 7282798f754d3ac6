// What the calendar reads of Graph: what is busy, and when a reading fails.
import { describe, expect, test } from '@jest/globals';
import { DAY, HOUR, MINUTE, PETE, TEN, microsoft, open, outer, useMicrosoft } from './calendar-harness.ts';

useMicrosoft();

describe('reading the calendar:', () => {
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
