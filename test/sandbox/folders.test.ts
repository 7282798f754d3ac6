// Where an event can be found: the default calendar, another calendar of the mailbox, Deleted Items.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createMicrosoft } from '../../sandbox/microsoft/microsoft.ts';
import type { Microsoft } from '../../sandbox/microsoft/microsoft.ts';
import {
  bookingFilter,
  bookingProperty,
  codeOf,
  createGraphCaller,
  eventPath,
  viewing,
} from './graph-caller.ts';

const pete = 'pete@lakeviewrentals.example';
const week = '/me/calendarView?startDateTime=2026-11-23T00:00:00Z&endDateTime=2026-11-30T00:00:00Z';
let microsoft: Microsoft;
let token = '';
const { ask } = createGraphCaller(
  () => microsoft,
  () => token,
);

beforeAll(async () => {
  microsoft = await createMicrosoft({ now: () => Date.parse('2026-11-23T15:00:00Z') });
});
beforeEach(async () => {
  token = (await microsoft.issueTokens(pete)).accessToken;
});
afterEach(() => {
  microsoft.reset();
});
afterAll(() => microsoft.close());

/** How many events each way of looking finds. */
async function look(): Promise<Record<string, number>> {
  const paths = {
    calendarView: week,
    events: '/me/events',
    eventsByProperty: `/me/events?${bookingFilter('b-1')}`,
    calendarEvents: '/me/calendar/events',
    calendarEventsByProperty: `/me/calendar/events?${bookingFilter('b-1')}`,
  };
  const found = await Promise.all(
    Object.entries(paths).map(async ([name, path]) => {
      const { body } = await ask('GET', path);
      return [name, (body['value'] as unknown[]).length] as const;
    }),
  );
  return Object.fromEntries(found);
}

async function book(more: Record<string, unknown> = {}): Promise<string> {
  const properties = [{ id: bookingProperty, value: 'b-1' }];
  const { body } = await ask('POST', '/me/events', {
    body: viewing({ singleValueExtendedProperties: properties, ...more }),
  });
  return String(body['id']);
}

const everywhere = {
  calendarView: 1,
  events: 1,
  eventsByProperty: 1,
  calendarEvents: 1,
  calendarEventsByProperty: 1,
};
const nowhere = Object.fromEntries(Object.keys(everywhere).map((name) => [name, 0]));

describe('an event that was deleted', () => {
  test.each<[string, (id: string) => Promise<unknown>]>([
    ['through Graph', (id) => ask('DELETE', eventPath(id))],
    [
      'by the manager in Outlook',
      (id) => {
        microsoft.deleteEvent(pete, id);
        return Promise.resolve();
      },
    ],
  ])('%s is in no calendar and no listing, and is still found by its immutable id', async (_, remove) => {
    microsoft.setDeletedItems({ get: 200, delete: 403 });
    const id = await book();
    expect(await look()).toEqual(everywhere);
    await remove(id);
    expect(await look()).toEqual(nowhere);
    expect(microsoft.events(pete, 'deleted_items')).toHaveLength(1);
    expect((await ask('GET', eventPath(id))).status).toBe(200);
    const again = await ask('DELETE', eventPath(id));
    expect([again.status, codeOf(again)]).toEqual([403, 'ErrorCannotDeleteObject']);
    const patched = await ask('PATCH', eventPath(id), { body: { subject: 'Late' } });
    expect([patched.status, patched.body['subject']]).toEqual([200, 'Late']);
    expect(await look()).toEqual(nowhere);
    const cancelled = await ask('POST', `${eventPath(id)}/cancel`, { body: {} });
    expect(cancelled.status).toBe(400);
  });

  test('can be reported as gone, for GET and for DELETE separately', async () => {
    const id = await book();
    microsoft.deleteEvent(pete, id);
    microsoft.setDeletedItems({ get: 404, delete: 403 });
    for (const [method, path] of [
      ['GET', eventPath(id)],
      ['POST', `${eventPath(id)}/cancel`],
    ] as const)
      expect((await ask(method, path, method === 'POST' ? { body: {} } : {})).status).toBe(404);
    expect((await ask('PATCH', eventPath(id), { body: { subject: 'Late' } })).status).toBe(404);
    expect((await ask('DELETE', eventPath(id))).status).toBe(403);
    microsoft.setDeletedItems({ get: 200, delete: 404 });
    expect((await ask('DELETE', eventPath(id))).status).toBe(404);
    expect((await ask('GET', eventPath(id))).status).toBe(200);
  });

  test('is not found by an id that is not immutable', async () => {
    microsoft.setDeletedItems({ get: 200 });
    const id = await book();
    const plain = await ask('GET', week, { headers: { prefer: '' } });
    const [row] = plain.body['value'] as { id: string }[];
    microsoft.deleteEvent(pete, id);
    expect((await ask('GET', eventPath(row?.id))).status).toBe(404);
    expect((await ask('GET', eventPath(id))).status).toBe(200);
  });
});

describe('an event in another calendar of the mailbox', () => {
  test('is not in the default calendar, and is found by its id and in /me/events', async () => {
    const id = await book();
    microsoft.moveToCalendar(pete, id, 'Private');
    expect(await look()).toEqual({
      calendarView: 0,
      events: 1,
      eventsByProperty: 1,
      calendarEvents: 0,
      calendarEventsByProperty: 0,
    });
    expect((await ask('GET', eventPath(id))).status).toBe(200);
    expect(microsoft.events(pete)).toEqual([]);
    expect(microsoft.events(pete, 'other_calendars')).toHaveLength(1);
    microsoft.moveToCalendar(pete, id, null);
    expect(await look()).toEqual(everywhere);
  });
});

describe('cancelling an event', () => {
  test('is refused if it no longer has attendees', async () => {
    const id = await book({
      attendees: [{ emailAddress: { address: 'ada@mail.example' }, type: 'required' }],
    });
    microsoft.editEvent(pete, id, { attendees: [] });
    const cancelled = await ask('POST', `${eventPath(id)}/cancel`, { body: { comment: 'Sold' } });
    expect([cancelled.status, codeOf(cancelled)]).toEqual([400, 'ErrorInvalidRequest']);
    expect(microsoft.events(pete)).toHaveLength(1);
  });
});

describe('a field that Graph does not know', () => {
  test.each([
    ['$select=parentFolderId', '/me/events?$select=subject,parentFolderId'],
    ['$select=parentFolderId of one event', 'EVENT?$select=parentFolderId'],
    ['$expand=parentFolder', '/me/events?$expand=parentFolder'],
    ['$expand=attachmentsAndMore of the calendar view', `${week}&$expand=attachmentsAndMore`],
    ['$select=nonsense of the default calendar', '/me/calendar/events?$select=nonsense'],
  ])('is refused with 400: %s', async (_, path) => {
    const id = await book();
    const answer = await ask('GET', path.replace('EVENT', eventPath(id)));
    expect([answer.status, codeOf(answer)]).toEqual([400, 'RequestBroker--ParseUri']);
  });
});
