// A tool call that VAPI sends again because its answer was lost, and whose result could not be kept: what it was asked to do is
// known from the viewing's own rows, so its words are not read anew in a world that has changed.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { useApp } from '../../shared/running-app.ts';
import { createForgetfulTables } from '../support/forgetful-tables.ts';
import type { ForgetfulTables } from '../support/forgetful-tables.ts';
import { useTestApp } from '../support/test-app.ts';
import { connectManager, expectAction, HOUSE, KAVYA, onlyEvent, PETE, send } from '../support/voice-agent.ts';
import type { CalledManager } from '../support/voice-agent.ts';

const app = useTestApp();
let tables: ForgetfulTables;

beforeAll(async () => {
  tables = await createForgetfulTables(app);
});
beforeEach(() => {
  tables.isForgetful = false;
  useApp(tables.services);
});
afterAll(async () => {
  useApp(app.services);
  await tables.close();
});

const TEN = '2026-12-01T10:00:00-06:00';
const ELEVEN = '2026-12-01T11:00:00-06:00';
const NOON = '2026-12-01T12:00:00-06:00';
const TWO = '2026-12-01T14:00:00-06:00';
const OAK = '9 Oak Court';

type Ask = ReturnType<CalledManager['phone']>['ask'];

async function book(ask: Ask, start_time: string, property_address = HOUSE) {
  return expectAction(await ask('set_appointment', { property_address, start_time }), 'booked').appointment;
}

/** The same tool call twice. Nothing is kept of the first result. */
async function askTwice(ask: Ask, tool: string, args: Record<string, unknown>) {
  tables.isForgetful = true;
  const first = await ask(tool, args, 'tool-1');
  tables.isForgetful = false;
  return [first, await ask(tool, args, 'tool-1')] as const;
}

function starts(manager: CalledManager): string[] {
  return manager
    .events()
    .map(({ when }) => (when.isAllDay ? '' : new Date(when.start).toISOString()))
    .sort();
}

describe('a tool call whose result was lost is carried out once:', () => {
  test('“an hour later” counts from where the viewing was', async () => {
    const manager = await connectManager(app, PETE);
    const { ask } = manager.phone();
    await book(ask, TEN);
    const [first, again] = await askTwice(ask, 'reschedule_appointment', { new_start_time: 'an hour later' });
    expect(expectAction(first, 'rescheduled').appointment.start_time).toBe(ELEVEN);
    expect(again).toEqual(first);
    expect(onlyEvent(manager).from).toBe('2026-12-01T17:00:00.000Z');
  });

  test('“an hour later” that only went on with a move in doubt counts from there, too', async () => {
    const manager = await connectManager(app, PETE);
    const { ask } = manager.phone();
    await book(ask, TEN);
    const later = { new_start_time: 'an hour later' };
    app.microsoft.setFault({ path: '/v1.0/me/events/*', method: 'PATCH', drop: 'after', times: 3 });
    expectAction(await ask('reschedule_appointment', later), 'error');
    const [first, again] = await askTwice(ask, 'reschedule_appointment', later);
    expect(expectAction(first, 'rescheduled').appointment.start_time).toBe(ELEVEN);
    expect(again).toEqual(first);
    expect(onlyEvent(manager).from).toBe('2026-12-01T17:00:00.000Z');
  });

  test('a viewing that was named by its old time is not asked about', async () => {
    const manager = await connectManager(app, PETE);
    const { ask } = manager.phone();
    await book(ask, TEN);
    await book(ask, NOON, OAK);
    const move = { start_time: TEN, new_start_time: TWO };
    const [first, again] = await askTwice(ask, 'reschedule_appointment', move);
    expect(expectAction(first, 'rescheduled').appointment.start_time).toBe(TWO);
    expect(again).toEqual(first);
  });

  test('a move that was made does not come back after the caller has moved on', async () => {
    const manager = await connectManager(app, PETE);
    const { ask } = manager.phone();
    await book(ask, TEN);
    tables.isForgetful = true;
    const moveBy = (id: string, words: string) =>
      ask('reschedule_appointment', { new_start_time: words }, id);
    expectAction(await moveBy('tool-1', 'an hour later'), 'rescheduled');
    expectAction(await moveBy('tool-2', 'an hour later'), 'rescheduled');
    expectAction(await moveBy('tool-1', 'an hour later'), 'rescheduled');
    expect(onlyEvent(manager).from).toBe('2026-12-01T18:00:00.000Z');
  });

  test('a cancelled viewing that was named by its home is not confused with the one that is left', async () => {
    const manager = await connectManager(app, PETE);
    for (const [id, address] of [
      ['harbor', HOUSE],
      ['oak', OAK],
    ])
      await app.request(`/managers/${manager.userId}/properties/${id ?? ''}`, {
        method: 'PUT',
        body: JSON.stringify({ address }),
      });
    const { ask } = manager.phone();
    await book(ask, TEN);
    await book(ask, NOON, OAK);
    const [first, again] = await askTwice(ask, 'cancel_appointment', { appointment: 'the one on Oak Court' });
    expect(expectAction(first, 'cancelled').appointment.start_time).toBe(NOON);
    expect(again).toEqual(first);
    expect(starts(manager)).toEqual(['2026-12-01T16:00:00.000Z']);
  });

  test('a cancellation that another tool call began and this one finished takes no second viewing', async () => {
    const manager = await connectManager(app, PETE);
    const { ask } = manager.phone();
    await book(ask, TEN);
    await book(ask, ELEVEN, OAK);
    app.microsoft.setFault({ path: '/v1.0/me/events/*', method: 'DELETE', drop: 'before', times: 3 });
    const which = { appointment: 'the first one' };
    expectAction(await ask('cancel_appointment', which, 'tool-0'), 'error');
    const [first, again] = await askTwice(ask, 'cancel_appointment', which);
    expect(expectAction(first, 'cancelled').appointment.start_time).toBe(TEN);
    expect(again).toEqual(first);
    expect(starts(manager)).toEqual(['2026-12-01T17:00:00.000Z']);
  });

  test('a viewing with a colleague is found in the colleague’s calendar, though the called manager has one too', async () => {
    const portfolio = 'repeats-of-two';
    const pete = await connectManager(app, PETE, { portfolio });
    const kavya = await connectManager(app, KAVYA, { portfolio });
    await book(pete.phone().ask, TEN);
    const theirs = await book(kavya.phone().ask, '2026-12-01T16:00:00+05:30', OAK);
    const args = { appointment: theirs.appointment_id };
    const [first, again] = await askTwice(pete.phone().ask, 'cancel_appointment', args);
    expect(expectAction(first, 'cancelled').appointment.property_address).toBe(OAK);
    expect(again).toEqual(first);
    expect([starts(pete), starts(kavya)]).toEqual([['2026-12-01T16:00:00.000Z'], []]);
  });

  test.each([
    [
      '“the second one” of an offer that has been taken',
      { property_address: HOUSE, start_time: 'the second one' },
    ],
    ['a bare hour that needs a day', { property_address: HOUSE, start_time: '4 PM' }],
  ])('%s gets the same answer, and not by the offer that came with it', async (_, words) => {
    const manager = await connectManager(app, PETE);
    const { ask } = manager.phone();
    if (words.start_time === 'the second one') {
      const offer = await ask('get_availability', { property_address: HOUSE });
      const spoken = expectAction(offer, 'present_slots').available_slots.filter((slot) => slot.spoken);
      await book(manager.phone('+13125550177').ask, spoken[1]?.start_time ?? '');
    }
    const before = starts(manager);
    const [first, again] = await askTwice(ask, 'set_appointment', words);
    expect(first.action).not.toBe('booked');
    expect(again).toEqual(first);
    expect(starts(manager)).toEqual(before);
  });

  test('of the older form, which has no id of a tool call, the same message again is a repeat', async () => {
    const manager = await connectManager(app, PETE);
    const { ask, body } = manager.phone();
    await book(ask, TEN);
    const { call } = body('find_appointments', {}).message;
    const functionCall = { name: 'reschedule_appointment', parameters: { new_start_time: 'an hour later' } };
    const sendAt = (timestamp: number) =>
      send(app, { message: { type: 'function-call', timestamp, call, functionCall } });
    const first = await sendAt(1);
    expect(first).toMatchObject([{ action: 'rescheduled', appointment: { start_time: ELEVEN } }]);
    expect(await sendAt(1)).toEqual(first);
    expect(await sendAt(2)).toMatchObject([{ action: 'rescheduled', appointment: { start_time: NOON } }]);
  });

  test('a start that was chosen from an offer is booked, though there is another offer now', async () => {
    const manager = await connectManager(app, PETE);
    const { ask } = manager.phone();
    expectAction(await ask('get_availability', { property_address: HOUSE }), 'present_slots');
    tables.isForgetful = true;
    const second = { property_address: HOUSE, start_time: 'the second one' };
    const first = await ask('set_appointment', second, 'tool-1');
    expectAction(await ask('get_availability', { preferred_date: '2026-12-03' }), 'present_slots');
    expect(await ask('set_appointment', second, 'tool-1')).toEqual(first);
    expect(manager.events()).toHaveLength(1);
  });
});
