// An e-mail address that comes or goes while the booking is in doubt: what is said of the invitation is what Outlook did.
import { expect, test } from '@jest/globals';
import { AppError } from '../../shared/core/errors.ts';
import { callerOn } from '../support/booking-harness.ts';
import {
  ANN,
  app,
  book,
  delayWrites,
  expectUnknown,
  expectViewings,
  failWrites,
  LAKE,
  loseAnswers,
  next,
  sweepAfter,
  TEN,
} from './doubt-harness.ts';

const WITH_EMAIL = { ...LAKE, attendeeEmail: 'ann@guests.example' };
const INVITED = [{ kind: 'invitation', to: 'ann@guests.example' }];

/** The mails since the test began, as Outlook would have sent them. */
function mailsSince(before: number) {
  return app.microsoft.invitations().slice(before);
}

test.each([
  ['was carried out', loseAnswers],
  ['was not carried out', failWrites],
  [
    'is carried out before it is repeated',
    () => {
      delayWrites('POST');
    },
  ],
] as const)(
  'an address that comes with the repeat of a booking that %s is invited, and the answer says so',
  async (_, fail) => {
    const before = app.microsoft.invitations().length;
    const caller = callerOn(ANN);
    fail();
    await expectUnknown(book(caller));
    await app.microsoft.release();
    expect(await book(next(caller), WITH_EMAIL)).toMatchObject({ kind: 'booked', invitation: 'sent' });
    expect(mailsSince(before)).toMatchObject(INVITED);
    expect(await app.bookings()).toMatchObject([{ state: 'booked', invitation: 'sent' }]);
    await expectViewings(TEN);
  },
);

test.each([
  ['was carried out', loseAnswers, 'sent', INVITED],
  ['was not carried out', failWrites, 'none', []],
] as const)(
  'if the repeat of a booking that %s no longer has the address, the answer says what Outlook did',
  async (_, fail, invitation, mails) => {
    const before = app.microsoft.invitations().length;
    const caller = callerOn(ANN);
    fail();
    await expectUnknown(book(caller, WITH_EMAIL));
    expect(await book(next(caller))).toMatchObject({ kind: 'booked', invitation });
    expect(mailsSince(before)).toMatchObject(mails);
    expect(await app.bookings()).toMatchObject([{ state: 'booked', invitation }]);
    await expectViewings(TEN);
  },
);

test('an address that is given again after a repeat without it was lost is invited after all', async () => {
  const before = app.microsoft.invitations().length;
  const caller = callerOn(ANN);
  failWrites();
  await expectUnknown(book(caller, WITH_EMAIL));
  loseAnswers();
  await expectUnknown(book(next(caller)));
  await sweepAfter(2);
  expect(await book(next(caller), WITH_EMAIL)).toMatchObject({ kind: 'booked', invitation: 'sent' });
  expect(mailsSince(before)).toMatchObject(INVITED);
  await expectViewings(TEN);
});

test('an address that nobody was invited to is not called invited, however the booking came to rest', async () => {
  const before = app.microsoft.invitations().length;
  const caller = callerOn(ANN);
  loseAnswers();
  await expectUnknown(book(caller));
  const losing = await app.serviceOver(
    (calendar) => calendar,
    (bookings) => ({
      ...bookings,
      apply: () => Promise.reject(new AppError('storage_unavailable', 'The tables cannot be reached')),
    }),
  );
  await expectUnknown(losing.book(next(caller), WITH_EMAIL));
  await sweepAfter(2);
  expect(await app.bookings()).toMatchObject([{ state: 'booked', invitation: 'none' }]);
  expect(await book(next(caller), WITH_EMAIL)).toMatchObject({ kind: 'booked', invitation: 'sent' });
  expect(mailsSince(before)).toMatchObject(INVITED);
});

test('an address that Graph refused is not called invited after the answer to the second try was lost', async () => {
  const attendeeEmail = 'ann@refused.example';
  app.microsoft.setFault({ path: '/v1.0/me/events*', attendee: attendeeEmail, status: 400, times: 9 });
  // The first batch is the one that is refused.
  app.microsoft.setFault({ path: '/v1.0/$batch', drop: 'after', after: 1, times: 3 });
  await expectUnknown(book(callerOn(ANN), { ...LAKE, attendeeEmail }));
  await sweepAfter(2);
  expect(await app.bookings()).toMatchObject([{ state: 'booked', invitation: 'unreadable_email' }]);
  await expectViewings(TEN);
});
