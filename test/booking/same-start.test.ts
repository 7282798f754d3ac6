// A second request for the same start on one call, and an address that Graph refuses.
import { describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { callerOn } from '../support/booking-harness.ts';
import { MINUTE } from '../support/test-app.ts';
import {
  app,
  TEN,
  ANN,
  LAKE,
  ELM,
  next,
  book,
  failWrites,
  expectUnknown,
  expectViewings,
} from './doubt-harness.ts';

describe('the same start on the same call', () => {
  test('for another home is refused, and the first one is named', async () => {
    const caller = callerOn(ANN);
    await book(caller);
    expect(await book(next(caller), ELM)).toMatchObject({
      kind: 'already_booked',
      viewing: { propertyAddress: '12 Lake St', start: TEN },
      alternatives: [{ start: TEN - 30 * MINUTE }, { start: TEN + 30 * MINUTE }],
    });
    await expectViewings(TEN);
  });

  test('for two homes at once books one of them', async () => {
    const callId = randomUUID();
    const outcomes = await Promise.all([LAKE, ELM].map((request) => book(callerOn(ANN, callId), request)));
    expect(outcomes.map(({ kind }) => kind)).toContain('booked');
    expect(outcomes.filter(({ kind }) => kind === 'booked')).toHaveLength(1);
    await expectViewings(TEN);
  });

  test('for another home is booked if the first one came to nothing', async () => {
    const caller = callerOn(ANN);
    failWrites();
    await expectUnknown(book(caller));
    expect(await book(next(caller), ELM)).toMatchObject({
      kind: 'booked',
      repeated: false,
      viewing: { propertyAddress: '99 Elm Ave' },
    });
    await expectViewings(TEN);
  });

  test('with an e-mail address that came later invites its owner to the event that is there', async () => {
    const caller = callerOn(ANN);
    const request = { ...LAKE, accessNote: 'Lockbox 0420' };
    await book(caller, request);
    expect(app.events()[0]?.body.content).toContain('0420');
    const before = app.microsoft.invitations().length;
    const again = { ...request, attendeeEmail: 'ann@guests.example' };
    expect(await book(next(caller), again)).toMatchObject({
      kind: 'booked',
      invitation: 'sent',
      repeated: true,
    });
    expect(app.microsoft.invitations().slice(before)).toMatchObject([{ to: 'ann@guests.example' }]);
    expect(await book(next(caller), again)).toMatchObject({ kind: 'booked', invitation: 'sent' });
    expect(app.microsoft.invitations()).toHaveLength(before + 1);
    await expectViewings(TEN);
    expect(app.events()[0]?.body.content).not.toContain('0420');
    await (await app.service()).cancel(next(caller), {});
    expect(app.microsoft.invitations().at(-1)).toMatchObject({
      kind: 'cancellation',
      to: 'ann@guests.example',
    });
  });
});

test('an address that Graph refuses is left out, and the viewing is booked', async () => {
  const attendeeEmail = 'ann@refused.example';
  app.microsoft.setFault({ path: '/v1.0/me/events*', attendee: attendeeEmail, status: 400, times: 9 });
  const caller = callerOn(ANN);
  const outcome = { kind: 'booked', invitation: 'unreadable_email' };
  expect(await book(caller, { ...LAKE, attendeeEmail })).toMatchObject(outcome);
  for (const again of [caller, next(caller)])
    expect(await book(again, { ...LAKE, attendeeEmail })).toMatchObject({ ...outcome, repeated: true });
  await expectViewings(TEN);
});
