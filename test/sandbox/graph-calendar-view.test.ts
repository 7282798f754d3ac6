// Listing events in the stand-in’s Graph.
import { describe, expect, test } from '@jest/globals';
import {
  hour,
  ask,
  immutable,
  microsoft,
  pete,
  useGraph,
  utc,
  view,
  viewing,
  week,
} from './graph-harness.ts';
import type { Answer } from './graph-harness.ts';

useGraph();

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
