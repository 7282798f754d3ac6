// A booking app whose writes to Microsoft end in doubt, and what everybody must agree on afterwards.
import { beforeEach, expect } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { BookRequest, Caller } from '../../shared/booking/booking.ts';
import { AppError } from '../../shared/core/errors.ts';
import { at, callerOn, useBookingApp } from '../support/booking-harness.ts';
import { findInvariantViolations } from '../support/invariants.ts';
import { MINUTE } from '../support/test-app.ts';
import { named } from '../support/named-start.ts';

export const app = useBookingApp();
beforeEach(() => app.manage({}));

export const TEN = at('2026-11-24 10:00');
export const ELEVEN = at('2026-11-24 11:00');
export const TWO = at('2026-11-24 14:00');
export const THREE = at('2026-11-24 15:00');
export const ANN = '+13125550100';
export const BOB = '+13125550177';
export const LAKE: BookRequest = {
  start: named(TEN),
  propertyAddress: '12 Lake St',
  attendeeName: 'Ann Lee',
};
export const ELM: BookRequest = { ...LAKE, propertyAddress: '99 Elm Ave' };
export const FLAT: Caller = { number: null, callId: null, toolCallId: null };

/** The next tool call of the same call. */
export function next(caller: Caller): Caller {
  return { ...caller, toolCallId: randomUUID() };
}
export async function book(caller: Caller, request = LAKE) {
  return (await app.service()).book(caller, request);
}
export async function move(caller: Caller, to: number) {
  return (await app.service()).move(caller, {}, named(to));
}
export async function find(caller: Caller) {
  const found = await (await app.service()).find(caller, {});
  return found.kind === 'viewings' ? found.viewings.map(({ start }) => start) : found.kind;
}
export function eventStarts(): number[] {
  return app
    .events()
    .filter(({ subject }) => subject.startsWith('Property Viewing'))
    .map(({ when }) => (when.isAllDay ? 0 : when.start))
    .sort((a, b) => a - b);
}
export async function sweepAfter(minutes: number): Promise<void> {
  app.clock.now += minutes * MINUTE;
  await app.runTimer('sweep');
}

/** Microsoft never answers the write. It is carried out when the test says so. */
export function delayWrites(method: 'POST' | 'PATCH'): void {
  const path = method === 'POST' ? '/v1.0/me/events' : '/v1.0/me/events/*';
  app.microsoft.setFault({ path, method, name: 'late', lands: 'on_release', drop: 'before', times: 3 });
}
/** Microsoft carries the write out, and its answers are lost. */
export function loseAnswers(): void {
  app.microsoft.setFault({ path: '/v1.0/$batch', drop: 'after', times: 3, after: 0 });
}
/** Microsoft fails before it does anything. */
export function failWrites(): void {
  app.microsoft.setFault({ path: '/v1.0/$batch', status: 503, retryAfter: 0, times: 3 });
}
export async function expectUnknown(outcome: Promise<unknown>): Promise<void> {
  await expect(outcome).rejects.toMatchObject({ code: 'outcome_unknown' });
  app.microsoft.clearFaults();
}
/** Everybody agrees that the viewings are at these times. */
export async function expectViewings(...starts: number[]): Promise<void> {
  expect(eventStarts()).toEqual(starts);
  expect(await findInvariantViolations(app)).toEqual([]);
  expect(await find(callerOn(ANN))).toEqual(starts);
}
export function down(): AppError {
  return new AppError('microsoft_unreachable', 'Microsoft is down');
}
