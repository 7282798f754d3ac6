// The rows of bookings: what a writer with an old version may do, notes of work, and details whose key is gone.
import { beforeEach, describe, expect, test } from '@jest/globals';
import { createAdmit } from '../../shared/booking/limits.ts';
import { apply, shapeOf } from '../../shared/booking/context.ts';
import type { Booking, HoldOptions } from '../../shared/booking/store.ts';
import { createBookingStore } from '../../shared/storage/bookings/store.ts';
import { createCallerKeys } from '../../shared/storage/caller-keys.ts';
import { createEncryption } from '../../shared/storage/encryption.ts';
import type { Operation } from '../../shared/storage/tables.ts';
import { at, callerOn, useBookingApp, USER } from '../support/booking-harness.ts';
import { findInvariantViolations } from '../support/invariants.ts';
import { DAY, MINUTE } from '../support/test-app.ts';
import { named } from '../support/named-start.ts';

const ALL_DAY = Object.fromEntries(
  ['mon', 'tue', 'wed', 'thu', 'fri'].map((day) => [day, [['00:00', '24:00']]]),
);
const EIGHT = at('2026-11-24 08:00');
const NEXT_DAY = at('2026-11-25 08:00');
const SIX_HOURS = 6 * 60 * MINUTE;
const ANN = '+13125550100';

const app = useBookingApp();
beforeEach(() => app.manage({}));

async function book(start = EIGHT) {
  const outcome = await (
    await app.service()
  ).book(callerOn(ANN), { start: named(start), propertyAddress: '12 Lake St', attendeeName: 'Ann Lee' });
  if (outcome.kind !== 'booked') throw new Error(outcome.kind);
  return outcome.viewing;
}
async function onlyBooking(): Promise<Booking> {
  const [booking] = await app.bookings();
  if (!booking) throw new Error('Nothing is booked');
  return booking;
}
async function holdMove(to: number, lengthMs: number): Promise<Booking> {
  const context = await app.context();
  const options: HoldOptions = {
    ...shapeOf(context),
    keys: [],
    callKey: null,
    admit: createAdmit(context.schedule, { now: context.now() }),
    now: context.now(),
  };
  const held = await context.bookings.holdMove(
    await onlyBooking(),
    { start: to, end: to + lengthMs },
    options,
  );
  if (held.kind !== 'held') throw new Error(held.kind);
  return held.booking;
}
async function heldBuckets(): Promise<number> {
  return (await app.rowsOf('bookings')).filter(({ rowKey }) => rowKey.startsWith('t:')).length;
}

describe('a viewing of six hours', () => {
  beforeEach(() => app.manage({ rules: { duration_minutes: 360 }, hours: ALL_DAY }));

  test('keeps all of its holds if a writer has an old version', async () => {
    await book();
    const stale = await holdMove(NEXT_DAY, SIX_HOURS);
    const context = await app.context();
    expect(await context.bookings.renew(stale, context.now())).not.toBeNull();
    for (const to of ['cancelling', 'freed', 'booked'] as const)
      expect(await apply(context, stale, { to })).toBeNull();
    expect(await heldBuckets()).toBe(144);
  });

  test('is found by the key of a request that takes its move over', async () => {
    await book();
    const moving = await holdMove(NEXT_DAY, SIX_HOURS);
    const { bookings, now } = await app.context();
    const key = { key: 'another-tool-call', expiresAt: now() + 60_000, start: NEXT_DAY };
    await bookings.renew(moving, now(), { keys: [key] });
    const { byKey } = await bookings.lookUp([key], null, now());
    expect(byKey).toMatchObject([{ start: NEXT_DAY, booking: { bookingId: moving.bookingId } }]);
  });

  test('releases both times if it is cancelled during a move, and the old one if the manager moves it', async () => {
    await book();
    await holdMove(NEXT_DAY, SIX_HOURS);
    expect(await (await app.service()).cancel(callerOn(ANN), {})).toMatchObject({ kind: 'cancelled' });
    expect(await heldBuckets()).toBe(0);
    expect(await findInvariantViolations(app)).toEqual([]);

    const { eventId } = await book(NEXT_DAY);
    app.manager.move(eventId, NEXT_DAY + 2 * SIX_HOURS, NEXT_DAY + 3 * SIX_HOURS);
    expect(await (await app.service()).find(callerOn(ANN), {})).toMatchObject({
      viewings: [{ start: NEXT_DAY + 2 * SIX_HOURS }],
    });
    expect(await findInvariantViolations(app)).toEqual([]);
  });

  test('can be released by the timer after a crash in the middle of a release', async () => {
    await book();
    const moving = await holdMove(NEXT_DAY, SIX_HOURS);
    let transactions = 0;
    const dying = createBookingStore(
      {
        ...app.tables,
        transact(table, operations, options) {
          transactions += 1;
          if (transactions > 2) throw new Error('The process has died');
          return app.tables.transact(table, operations, options);
        },
      },
      createEncryption(app.services.config.encryptionKeys),
      app.log,
    );
    const context = await app.context();
    const crashing = { ...context, bookings: dying.of(USER, context.signal) };
    const cancelling = await apply(crashing, moving, { to: 'cancelling' });
    if (cancelling === null) throw new Error('Somebody else was faster');
    await expect(apply(crashing, cancelling, { to: 'cancelled' })).rejects.toThrow('died');
    expect((await onlyBooking()).state).toBe('cancelling');
    app.clock.now += 2 * MINUTE;
    await app.runTimer('sweep');
    expect(await heldBuckets()).toBe(0);
    expect(await findInvariantViolations(app)).toEqual([]);
  });

  test('never needs more than the 100 operations of a transaction', async () => {
    await app.manage({ rules: { duration_minutes: 300, buffer_minutes: 60 }, hours: ALL_DAY });
    const sizes: number[] = [];
    const counted = createBookingStore(
      {
        ...app.tables,
        transact(table, operations: readonly Operation[], options) {
          sizes.push(operations.length);
          return app.tables.transact(table, operations, options);
        },
      },
      createEncryption(app.services.config.encryptionKeys),
      app.log,
    );
    const service = () =>
      app.serviceOver(
        (calendar) => calendar,
        () => counted.of(USER, app.signal()),
      );
    const request = { start: named(EIGHT), propertyAddress: '12 Lake St' };
    expect(await (await service()).book(callerOn(ANN), request)).toMatchObject({ kind: 'booked' });
    expect(await (await service()).move(callerOn(ANN), {}, named(NEXT_DAY))).toMatchObject({
      kind: 'rescheduled',
    });
    expect(await findInvariantViolations(app, { bufferMinutes: 60 })).toEqual([]);
    expect(await (await service()).cancel(callerOn(ANN), {})).toMatchObject({ kind: 'cancelled' });
    expect(Math.max(...sizes)).toBeLessThanOrEqual(100);
    expect(sizes.length).toBeGreaterThan(4);
  });
});

test('finishing one operation does not remove the record of the next one', async () => {
  let hook: (() => Promise<void>) | null = async () => {
    hook = null;
    // Another request begins to move the viewing, and its process dies.
    await holdMove(EIGHT + 6 * 60 * MINUTE, 30 * MINUTE);
  };
  await app.manage({ hours: ALL_DAY });
  const slow = createBookingStore(
    {
      ...app.tables,
      async delete(table, ...rest) {
        if (table === 'pending') await hook?.();
        return app.tables.delete(table, ...rest);
      },
    },
    createEncryption(app.services.config.encryptionKeys),
    app.log,
  );
  const service = await app.serviceOver(
    (calendar) => calendar,
    () => slow.of(USER, app.signal()),
  );
  await service.book(callerOn(ANN), { start: named(EIGHT), propertyAddress: '12 Lake St' });
  expect((await onlyBooking()).state).toBe('moving');
  app.clock.now += 3 * MINUTE;
  await app.runTimer('sweep');
  expect((await onlyBooking()).state).toBe('booked');
  expect(await findInvariantViolations(app)).toEqual([]);
});

test('a booking whose details cannot be decrypted still holds its time, and can be moved and cancelled', async () => {
  await app.manage({ hours: ALL_DAY });
  await book();
  const other = createEncryption([{ id: 'two', bytes: Buffer.alloc(32, 2) }]);
  const blind = createBookingStore(app.tables, other, app.log);
  const [booking] = await blind.of(USER, app.signal()).get([(await onlyBooking()).bookingId]);
  expect(booking).toMatchObject({ readable: false, propertyAddress: '', state: 'booked' });
  const service = () =>
    app.serviceOver(
      (calendar) => calendar,
      () => blind.of(USER, app.signal()),
    );
  const request = { start: named(EIGHT), propertyAddress: '7 Elm St' };
  expect(await (await service()).book(callerOn('+13125550177'), request)).toMatchObject({ kind: 'conflict' });
  expect(await (await service()).move(callerOn(ANN), {}, named(NEXT_DAY))).toMatchObject({
    kind: 'rescheduled',
  });
  // With the key again, nothing is lost.
  expect(await onlyBooking()).toMatchObject({ readable: true, propertyAddress: '12 Lake St' });
});

test('a row of another version is refused as unreadable', async () => {
  await app.manage({ hours: ALL_DAY });
  await book();
  const row = (await app.rowsOf('bookings')).find(({ rowKey }) => rowKey.startsWith('v:'));
  if (!row) throw new Error('No row');
  await app.tables.replace('bookings', { ...row, version: 0 }, row.etag);
  await expect(app.bookings()).rejects.toMatchObject({ code: 'data_unreadable' });
});

test('viewings in a range of days are listed in order of time, with their states', async () => {
  await app.manage({ hours: ALL_DAY });
  await book(NEXT_DAY);
  await book(EIGHT + 60 * MINUTE);
  await book(EIGHT);
  const listed = await app.ofUser().listViewings('2026-11-24', '2026-11-24');
  expect(listed.map(({ interval, state }) => [interval.start, state])).toEqual([
    [EIGHT, 'booked'],
    [EIGHT + 60 * MINUTE, 'booked'],
  ]);
  expect(await app.ofUser().listViewings('2026-11-26', '2026-12-31')).toEqual([]);
});

describe('the hashes of callers in keys', () => {
  const one = { id: 'one', bytes: Buffer.alloc(32, 1) };
  const two = { id: 'two', bytes: Buffer.alloc(32, 2) };
  const three = { id: 'three', bytes: Buffer.alloc(32, 3) };
  const keysWith = (...keys: (typeof one)[]) =>
    createCallerKeys(app.tables, createEncryption(keys), app.log, () => app.clock.now);
  const nameBy = async (...keys: (typeof one)[]) =>
    (await keysWith(...keys).load(app.signal()))('number', ANN);
  beforeEach(() => app.tables.delete('secrets', 'secrets', 'caller-keys').then(() => undefined));

  test('cannot be found out by hashing numbers, and are the same on every instance', async () => {
    const names = await Promise.all([nameBy(one), nameBy(one), nameBy(one)]);
    expect(new Set(names).size).toBe(1);
    await app.tables.delete('secrets', 'secrets', 'caller-keys');
    expect(await nameBy(one)).not.toBe(names[0]);
  });

  test('stay the same while encryption keys are rotated', async () => {
    const name = await nameBy(one);
    expect(await nameBy(two, one)).toBe(name);
    expect(await nameBy(two)).toBe(name);
  });

  test('change if the key was removed too early, and the log says so', async () => {
    const name = await nameBy(one);
    app.log.lines.length = 0;
    expect(await nameBy(two)).not.toBe(name);
    expect(app.log.lines).toMatchObject([{ level: 'error', event: 'caller_keys_replaced' }]);
  });

  test('are the earlier ones again once the removed key is listed again', async () => {
    const name = await nameBy(one);
    const other = await nameBy(two);
    expect(await nameBy(two)).toBe(other);
    app.log.lines.length = 0;
    expect(await nameBy(two, one)).toBe(name);
    expect(app.log.lines).toMatchObject([{ level: 'info', event: 'caller_keys_restored' }]);
    expect(await nameBy(two)).toBe(name);
    expect(app.log.lines).toHaveLength(1);
  });

  test('are the earlier ones again if an instance with a new key was faster than one that lacks it', async () => {
    const name = await nameBy(one);
    expect(await nameBy(two, one)).toBe(name);
    expect(await nameBy(one)).not.toBe(name);
    expect(await nameBy(two, one)).toBe(name);
    expect(await nameBy(one, two)).toBe(name);
  });

  test('are the first ones again if another key was removed too early in between', async () => {
    const name = await nameBy(one);
    await nameBy(two);
    await nameBy(three);
    await app.services.runDaily();
    expect(await nameBy(three, two, one)).toBe(name);
  });

  test('stay the new ones if the removed key comes back when most viewings are theirs', async () => {
    await nameBy(one);
    const other = await nameBy(two);
    app.clock.now += 31 * DAY;
    expect(await nameBy(two, one)).toBe(other);
    await nameBy(three);
    expect(await nameBy(three, two, one)).toBe(other);
  });
});
