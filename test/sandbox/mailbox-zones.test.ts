// Mailboxes whose time zone has no name that others know.
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { createMicrosoft } from '../../sandbox/microsoft/microsoft.ts';
import type { Microsoft } from '../../sandbox/microsoft/microsoft.ts';
import { codeOf, createGraphCaller, utc } from './graph-caller.ts';

let microsoft: Microsoft;
let token = '';
const { ask } = createGraphCaller(
  () => microsoft,
  () => token,
);

beforeAll(async () => {
  microsoft = await createMicrosoft({ now: () => Date.parse('2026-11-23T15:00:00Z') });
});
afterEach(() => {
  microsoft.reset();
});
afterAll(() => microsoft.close());

async function zoneOf(person: string): Promise<unknown> {
  token = (await microsoft.issueTokens(person)).accessToken;
  const { body } = await ask('POST', '/me/calendar/getSchedule', {
    body: {
      schedules: [person],
      startTime: utc('2026-11-24T14:00:00'),
      endTime: utc('2026-11-24T18:00:00'),
    },
  });
  const [schedule] = body['value'] as { workingHours: { timeZone: unknown } }[];
  return schedule?.workingHours.timeZone;
}

describe('working hours in the Microsoft stand-in', () => {
  test('in a customized zone carry a bias, which is positive west of Greenwich, and both changes of the clock', async () => {
    expect(await zoneOf('cora@lakeviewrentals.example')).toEqual({
      '@odata.type': '#microsoft.graph.customTimeZone',
      name: 'Customized Time Zone',
      bias: 480,
      standardOffset: {
        time: '02:00:00.0000000',
        dayOccurrence: 1,
        dayOfWeek: 'sunday',
        month: 11,
        year: 0,
      },
      daylightOffset: {
        daylightBias: -60,
        time: '02:00:00.0000000',
        dayOccurrence: 2,
        dayOfWeek: 'sunday',
        month: 3,
        year: 0,
      },
    });
  });

  test('in a zone without daylight saving time say that the clock never changes', async () => {
    expect(await zoneOf('tess@lakeviewrentals.example')).toMatchObject({
      name: 'tzone://Microsoft/Custom',
      bias: 420,
      standardOffset: { month: 0 },
      daylightOffset: { daylightBias: 0, month: 0 },
    });
  });

  test.each([
    ['kira@lakeviewrentals.example', 'Kamchatka Standard Time'],
    ['milo@lakeviewrentals.example', 'Mid-Atlantic Standard Time'],
  ])('of %s name the Windows zone %s', async (person, name) => {
    expect(await zoneOf(person)).toEqual({ name });
  });

  test('follow what the person changes in Outlook', async () => {
    const pete = 'pete@lakeviewrentals.example';
    microsoft.editPerson(pete, {
      timeZone: 'Eastern Standard Time',
      workingHours: {
        daysOfWeek: ['monday'],
        startTime: '08:00:00.0000000',
        endTime: '12:00:00.0000000',
        timeZone: { name: 'Eastern Standard Time' },
      },
    });
    expect(await zoneOf(pete)).toEqual({ name: 'Eastern Standard Time' });
  });
});

describe('event times in the Microsoft stand-in', () => {
  test('can be asked for in a Windows zone without an IANA name, but not in a custom zone', async () => {
    token = (await microsoft.issueTokens('kira@lakeviewrentals.example')).accessToken;
    microsoft.addEvent('kira@lakeviewrentals.example', {
      start: '2026-11-24T00:00:00Z',
      end: '2026-11-24T01:00:00Z',
    });
    const view = '/me/calendarView?startDateTime=2026-11-23T00:00:00Z&endDateTime=2026-11-30T00:00:00Z';
    const inZone = (name: string) => ask('GET', view, { headers: { prefer: `outlook.timezone="${name}"` } });
    expect((await inZone('Kamchatka Standard Time')).body['value']).toMatchObject([
      { start: { dateTime: '2026-11-24T12:00:00.0000000', timeZone: 'Kamchatka Standard Time' } },
    ]);
    for (const name of ['Customized Time Zone', 'tzone://Microsoft/Custom']) {
      const refused = await inZone(name);
      expect([refused.status, codeOf(refused)]).toEqual([400, 'TimeZoneNotSupportedException']);
    }
  });

  test('of an all-day event follow the person’s local clock', async () => {
    const cora = 'cora@lakeviewrentals.example';
    token = (await microsoft.issueTokens(cora)).accessToken;
    microsoft.addEvent(cora, { startDate: '2026-11-24', endDate: '2026-11-25' });
    const at = async (hour: string): Promise<number> => {
      const path = `/me/calendarView?startDateTime=2026-11-24T${hour}:00:00Z&endDateTime=2026-11-24T${hour}:30:00Z`;
      return ((await ask('GET', path)).body['value'] as unknown[]).length;
    };
    expect([await at('07'), await at('08')]).toEqual([0, 1]);
  });
});
