// Whether a write that failed may have decided something all the same.
import { expect, test } from '@jest/globals';
import { orUnknown } from '../../shared/booking/context.ts';
import { AppError } from '../../shared/core/errors.ts';

test.each(['storage_unavailable', 'deadline_exceeded'] as const)(
  'a decision whose write ended in %s may have been written, and this is said',
  async (code) => {
    const cause = new AppError(code, 'No answer came');
    await expect(orUnknown(Promise.reject(cause))).rejects.toMatchObject({ code: 'outcome_unknown', cause });
  },
);

test.each([
  ['somebody else’s earlier change', new AppError('concurrent_update', 'Others came first')],
  ['a row that cannot be read', new AppError('data_unreadable', 'The key is gone')],
  ['a mistake of our own', new TypeError('A booking that is freed cannot become booked')],
])('a decision that failed by %s was not written, so the failure is passed on as it is', async (_, error) => {
  await expect(orUnknown(Promise.reject(error))).rejects.toBe(error);
});
