// Hazard: a caller who takes back what they said is booked, moved or cancelled all the same.
import { describe, expect, test } from '@jest/globals';
import type { ListedProperty } from '../../shared/properties/property.ts';
import type { ToolResult } from '../../shared/voice/tool-result.ts';
import { home } from '../properties/homes.ts';
import { createConversation, MANAGER } from '../support/conversation.ts';
import type { Conversation } from '../support/conversation.ts';

/** Tuesday, December 1, 2026. */
const TEN = '2026-12-01T10:00:00-06:00';
const HOUSE = { property_address: '12 Main Street', attendee_name: 'Ann' };
const RETRACTIONS = ['never mind', 'no wait', 'no, olvídalo', 'mejor no'];

const changesOf = (line: Conversation): readonly string[] => line.bookingServices.calendar(MANAGER).changes;

async function createBooked(...listed: readonly ListedProperty[]): Promise<Conversation> {
  const line = createConversation();
  line.homes.push(...listed.map((one) => ({ ...one, userId: MANAGER })));
  const [first] = listed;
  await line.call('set_appointment', {
    ...HOUSE,
    ...(first && { property_address: first.address }),
    start_time: TEN,
  });
  line.bookingServices.calendar(MANAGER).changes = [];
  return line;
}

async function expectNothingDone(
  line: Conversation,
  tool: string,
  args: Record<string, unknown>,
): Promise<ToolResult> {
  const answer = await line.call(tool, args);
  expect(changesOf(line)).toEqual([]);
  return answer;
}

describe.each(RETRACTIONS)('what "%s" takes back', (retraction) => {
  test('is not booked', async () => {
    const line = createConversation();
    expect(
      await expectNothingDone(line, 'set_appointment', {
        ...HOUSE,
        start_time: `tomorrow at 3 PM, ${retraction}`,
      }),
    ).toMatchObject({ reason: 'unreadable_time' });
  });

  test('is not moved to', async () => {
    const line = await createBooked();
    expect(
      await expectNothingDone(line, 'reschedule_appointment', {
        new_start_time: `an hour later, ${retraction}`,
      }),
    ).toMatchObject({ reason: 'unreadable_time' });
  });

  test.each(['', 'the first one, ', 'that one, ', 'my viewing, ', 'the Main Street one, '])(
    'is not cancelled: "%s..."',
    async (appointment) => {
      const line = await createBooked();
      expect(
        await expectNothingDone(line, 'cancel_appointment', { appointment: appointment + retraction }),
      ).toMatchObject({ action: 'appointments' });
      expect(
        await expectNothingDone(line, 'reschedule_appointment', {
          appointment: appointment + retraction,
          new_start_time: 'an hour later',
        }),
      ).toMatchObject({ action: 'appointments' });
    },
  );

  test('is not what is searched for', async () => {
    const line = createConversation();
    for (const args of [
      { preferred_date: `tomorrow, ${retraction}` },
      { part_of_day: `in the morning, ${retraction}` },
    ])
      expect(await line.call('get_availability', args)).toMatchObject({ reason: 'unreadable_date' });
    expect(await line.call('find_rentals', { move_in: `December 1, ${retraction}` })).toMatchObject({
      reason: 'unreadable_date',
    });
  });
});

test.each(['esa no', 'yeah, no', 'yes, not that one', 'neither', 'none of them', 'ninguna'])(
  '"%s" books nothing of what was offered',
  async (start_time) => {
    const line = createConversation();
    await line.call('get_availability', { preferred_date: 'tomorrow between 2 and 2:30 PM' });
    expect(await expectNothingDone(line, 'set_appointment', { ...HOUSE, start_time })).toMatchObject({
      action: 'invalid_request',
    });
  },
);

test.each([
  ['a place in the list', 'the first one', 'the second one'],
  ['a home', 'the Main Street one', 'the Oak Court one'],
  ['an id', 'booking-1', 'booking-2'],
])('nothing is cancelled by words of more than 200 characters: %s', async (_, first, second) => {
  const line = await createBooked();
  const other = { ...HOUSE, property_address: '7 Oak Court', start_time: '2026-12-01T11:00:00-06:00' };
  await line.call('set_appointment', other);
  line.bookingServices.calendar(MANAGER).changes = [];
  const appointment = `${first}${' please'.repeat(30)} no wait, ${second}`;
  expect(await expectNothingDone(line, 'cancel_appointment', { appointment })).toMatchObject({
    response: expect.stringMatching(/^Which viewing do you mean: /),
  });
});

test.each(['bedrooms', 'max_rent', 'area', 'pets', 'feature'])(
  'nothing is searched for by words of more than 200 characters: %s',
  async (field) => {
    const line = createConversation();
    line.homes.push({ ...home('829 Western Ave'), userId: MANAGER });
    const said = `2 dogs in Norman with a garage${' please'.repeat(30)}`;
    expect(await line.call('find_rentals', { [field]: said })).toMatchObject({
      reason: `unreadable_${field}`,
    });
  },
);

describe('a home', () => {
  test.each(['neither', 'not that one', 'the other one', 'another one', 'la otra', 'none of them', 'esa no'])(
    'that was named before is not booked for "%s"',
    async (property_address) => {
      const line = await createBooked(home('829 Western Ave'), home('1405 Crossing Way'));
      await line.call('describe_rental', { property_address: '829 Western' });
      expect(
        await expectNothingDone(line, 'set_appointment', { ...HOUSE, property_address, start_time: TEN }),
      ).toMatchObject({ action: expect.stringMatching(/^(?:which_property|property_unknown)$/) });
    },
  );

  test.each([
    'the Gone Street one, never mind',
    '9 Gone Street no',
    'not 9 Gone Street',
    'any but Gone Street',
  ])('that is rented by now keeps its viewing after "%s"', async (appointment) => {
    const gone = home('9 Gone St');
    const line = await createBooked(gone);
    line.homes.splice(0, 1, { ...gone, userId: MANAGER, status: 'rented' });
    expect(await expectNothingDone(line, 'cancel_appointment', { appointment })).toMatchObject({
      action: 'appointments',
    });
    expect(await line.call('cancel_appointment', { appointment: 'the Gone Street one' })).toMatchObject({
      action: 'cancelled',
    });
  });
});
