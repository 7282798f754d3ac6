// What the conversation relies on in a booking service. The real one and the fake of test/support/fake-booking-service.ts both
// have to keep it, so that the fake's rules cannot drift away.
import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, test } from '@jest/globals';
import type { BookingService, BookOutcome, BookRequest, Caller } from '../../shared/booking/booking.ts';
import { named } from './named-start.ts';

/** A manager in Chicago, open Monday to Friday from 9 to 17, with nothing booked; it is Monday, November 23, 2026. */
export interface ContractSubject {
  /** The service for one request. */
  service(): Promise<BookingService>;
}

const at = (time: string, day = '2026-12-01'): number => Date.parse(`${day}T${time}:00-06:00`);
const ANN = '+13125550199';
const BOB = '+13125550177';

function caller(number: string | null = ANN): Caller {
  return { number, callId: randomUUID(), toolCallId: randomUUID() };
}

function request(time: string, changes: Partial<BookRequest> = {}): BookRequest {
  return { start: named(at(time)), propertyAddress: '12 Main Street', attendeeName: 'Ann', ...changes };
}

/** The outcome, which has to be of this kind. */
function expectKind<O extends { readonly kind: string }, K extends O['kind']>(outcome: O, kind: K) {
  if (outcome.kind !== kind) throw new Error(`Not ${kind}: ${JSON.stringify(outcome)}`);
  return outcome as Extract<O, { kind: K }>;
}

/** Declares the tests. @param create a fresh subject for each of them */
export function describeBookingService(name: string, create: () => Promise<ContractSubject>): void {
  let subject: ContractSubject;
  const book = async (time: string, number: string | null = ANN, changes = {}): Promise<BookOutcome> =>
    (await subject.service()).book(caller(number), request(time, changes));

  beforeEach(async () => {
    subject = await create();
  });

  describe(`${name} keeps the contract of a booking service`, () => {
    test('an offered time can be booked, and its viewing is found by the caller’s number alone', async () => {
      const offer = await (await subject.service()).offer({});
      const [slot] = expectKind(offer, 'slots').slots;
      const outcome = await (
        await subject.service()
      ).book(caller(), request('00:00', { start: named(slot?.start ?? 0) }));
      const { viewing, invitation, repeated } = expectKind(outcome, 'booked');
      const timeZone = 'America/Chicago';
      expect(viewing).toMatchObject({ ...slot, propertyAddress: '12 Main Street', timeZone });
      expect([invitation, repeated]).toEqual(['none', false]);
      const found = await (await subject.service()).find(caller(), {});
      expect(expectKind(found, 'viewings').viewings.map(({ bookingId }) => bookingId)).toEqual([
        viewing.bookingId,
      ]);
      expect(await (await subject.service()).find(caller(BOB), {})).toEqual({
        kind: 'viewings',
        viewings: [],
      });
    });

    test('a time that is taken is a conflict, with the two free times nearest to it', async () => {
      expectKind(await book('10:00'), 'booked');
      const { reason, alternatives, schedule } = expectKind(await book('10:00', BOB), 'conflict');
      expect(schedule).toEqual((await subject.service()).forHome(null).schedule);
      expect(reason).toBe('busy');
      expect(alternatives.map(({ start }) => start)).toEqual([at('09:30'), at('10:30')]);
    });

    test.each([
      ['past', '10:00', '2026-11-20'],
      ['off_grid', '10:10', '2026-12-01'],
      ['outside_hours', '20:00', '2026-12-01'],
      ['horizon', '10:00', '2027-06-01'],
    ])('a start that the rules forbid is refused: %s', async (reason, time, day) => {
      const outcome = await book('00:00', ANN, { start: Date.parse(`${day}T${time}:00-06:00`) });
      expect(expectKind(outcome, 'refused').reason).toBe(reason);
    });

    test('a caller without a number has to say the name and the time', async () => {
      expectKind(await book('10:00', null), 'booked');
      const withheld = { ...caller(null) };
      const service = await subject.service();
      expectKind(await service.find(withheld, {}), 'need_name_and_time');
      expectKind(await service.cancel(withheld, { attendeeName: 'Ann' }), 'need_name_and_time');
      const found = await service.find(withheld, { attendeeName: 'Ann', start: at('10:00') });
      expect(expectKind(found, 'viewings').viewings).toHaveLength(1);
    });

    test('a caller’s future viewings are all listed in order of time, whatever viewing the words mean', async () => {
      const last = expectKind(await book('14:00'), 'booked').viewing;
      const first = expectKind(await book('10:00'), 'booked').viewing;
      expectKind(await book('11:00', BOB), 'booked');
      const all = [first.bookingId, last.bookingId];
      for (const query of [
        {},
        { start: last.start },
        { start: at('16:00') },
        { bookingId: first.bookingId },
        { bookingId: 'unknown' },
        { attendeeName: 'Ann' },
        { attendeeName: 'Somebody', start: last.start },
        { attendeeName: 'Ann', start: last.start },
      ]) {
        const { viewings } = expectKind(await (await subject.service()).find(caller(), query), 'viewings');
        expect(viewings.map(({ bookingId }) => bookingId)).toEqual(all);
      }
    });

    test('a caller from another number finds a viewing by its name and time, beside their own', async () => {
      const { viewing } = expectKind(await book('10:00'), 'booked');
      const own = expectKind(await book('14:00', BOB, { attendeeName: 'Bob' }), 'booked').viewing;
      const find = async (attendeeName: string, start = viewing.start): Promise<string[]> => {
        const found = await (await subject.service()).find(caller(BOB), { attendeeName, start });
        return expectKind(found, 'viewings').viewings.map(({ bookingId }) => bookingId);
      };
      for (const name of ['Ann', ' ann. ', 'ÁNN'])
        expect(await find(name)).toEqual([viewing.bookingId, own.bookingId]);
      for (const name of ['Anna', '', '.']) expect(await find(name)).toEqual([own.bookingId]);
      expect(await find('Ann', at('10:30'))).toEqual([own.bookingId]);
    });

    test('a viewing without a name is found by no name, and a name without letters is none', async () => {
      expectKind(await book('10:00', null, { attendeeName: undefined }), 'booked');
      const service = await subject.service();
      for (const attendeeName of ['Guest', 'undefined', 'null']) {
        const found = await service.find(caller(null), { attendeeName, start: at('10:00') });
        expect(found).toEqual({ kind: 'viewings', viewings: [] });
      }
      const unnamed = await service.find(caller(null), { attendeeName: '?', start: at('10:00') });
      expectKind(unnamed, 'need_name_and_time');
    });

    test('one call may try five wrong names without a number, and another call may try again', async () => {
      expectKind(await book('10:00'), 'booked');
      const [call, another] = [caller(null), caller(null)];
      const find = async (who: Caller, attendeeName: string) =>
        (await subject.service()).find(who, { attendeeName, start: at('10:00') });
      for (const name of ['Bo', 'Ann', 'Cy', 'Di', 'Di', 'Ed', 'Flo'])
        expectKind(await find(call, name), 'viewings');
      expect(await find(call, 'Ann')).toEqual({ kind: 'too_many_misses' });
      expect(expectKind(await find(another, 'Ann'), 'viewings').viewings).toHaveLength(1);
    });

    test('a viewing moves to a free time, and not to one that is taken or forbidden', async () => {
      const { viewing } = expectKind(await book('10:00'), 'booked');
      expectKind(await book('11:00', BOB), 'booked');
      const service = await subject.service();
      expectKind(await service.move(caller(), {}, named(at('11:00'))), 'conflict');
      expectKind(await service.move(caller(), {}, named(at('11:10'))), 'refused');
      const moved = expectKind(await service.move(caller(), {}, named(at('14:00'))), 'rescheduled');
      expect([moved.from.start, moved.viewing.start]).toEqual([at('10:00'), at('14:00')]);
      expect(moved.viewing.bookingId).toBe(viewing.bookingId);
      expectKind(await book('10:00', BOB), 'booked');
    });

    test('a viewing that is cancelled is gone, and its time is free again', async () => {
      const { viewing } = expectKind(await book('10:00'), 'booked');
      const service = await subject.service();
      const cancelled = expectKind(
        await service.cancel(caller(), { bookingId: viewing.bookingId }),
        'cancelled',
      );
      expect(cancelled.viewing.start).toBe(at('10:00'));
      expectKind(await (await subject.service()).cancel(caller(), {}), 'none_found');
      expectKind(await book('10:00', BOB), 'booked');
    });

    test('the caller is asked which viewing they mean if they have several', async () => {
      expectKind(await book('10:00'), 'booked');
      expectKind(await book('14:00'), 'booked');
      const { viewings } = expectKind(await (await subject.service()).cancel(caller(), {}), 'which');
      expect(viewings.map(({ start }) => start)).toEqual([at('10:00'), at('14:00')]);
      const one = await (await subject.service()).cancel(caller(), { start: at('14:00') });
      expect(expectKind(one, 'cancelled').viewing.start).toBe(at('14:00'));
    });

    test('a caller who means a viewing that is gone is asked about those that are left', async () => {
      const { viewing } = expectKind(await book('10:00'), 'booked');
      expectKind(await book('14:00'), 'booked');
      const { bookingId } = viewing;
      expectKind(await (await subject.service()).cancel(caller(), { bookingId }), 'cancelled');
      const again = await (await subject.service()).cancel(caller(), { bookingId });
      expect(expectKind(again, 'which').viewings.map(({ start }) => start)).toEqual([at('14:00')]);
    });

    test('a caller has five future viewings at most', async () => {
      for (const time of ['09:00', '10:00', '11:00', '13:00', '14:00'])
        expectKind(await book(time), 'booked');
      expect(await book('15:00')).toEqual({ kind: 'caller_limit', limit: 5 });
      expectKind(await book('15:00', BOB), 'booked');
    });
  });
}
