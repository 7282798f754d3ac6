import { expect, test } from '@jest/globals';
import type { BookRequest } from '../../shared/booking/booking.ts';

test('A booking at a time that no words name does not compile', () => {
  const start = Date.parse('2026-11-30T16:00:00Z');
  const request: BookRequest = {
    // @ts-expect-error Only the reader of words makes a start that can be booked.
    start,
    propertyAddress: '12 Main Street',
  };
  expect(request.start).toBe(start);
});
