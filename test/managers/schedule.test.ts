import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { resolveSchedule } from '../../shared/managers/schedule.ts';
import { managerBody, toManager } from '../../shared/managers/manager-body.ts';
import { defaultManager } from '../../shared/managers/manager.ts';
import { toManagerResponse } from '../../shared/http/manager-response.ts';
import { DEFAULT_HOURS, DEFAULT_RULES } from '../../shared/scheduling/schedule.ts';

const own = { timeZone: 'Asia/Kolkata', hours: { sun: [['10:00', '11:00']] } } as const;
const mailbox = { timeZone: 'Europe/Berlin', hours: { mon: [['08:00', '12:00']] } } as const;

describe('the effective schedule', () => {
  test('takes each part from the manager, else from the mailbox, else from the default', () => {
    const manager = { ...defaultManager('x', null), rules: { durationMinutes: 45 } };
    expect(resolveSchedule(null, null, 'America/Chicago')).toEqual({
      timeZone: 'America/Chicago',
      hours: DEFAULT_HOURS,
      rules: DEFAULT_RULES,
    });
    expect(resolveSchedule(manager, mailbox, 'America/Chicago')).toEqual({
      ...mailbox,
      rules: { ...DEFAULT_RULES, durationMinutes: 45 },
    });
    expect(resolveSchedule({ ...manager, ...own }, mailbox, 'America/Chicago')).toMatchObject(own);
    expect(resolveSchedule({ ...manager, timeZone: own.timeZone }, mailbox, 'UTC').hours).toEqual(
      mailbox.hours,
    );
  });

  test('may be closed all week, when the manager says so', () => {
    const manager = toManager('x', managerBody.parse({ name: 'x', hours: {} }));
    expect(resolveSchedule(manager, mailbox, 'UTC').hours).toEqual({});
  });
});

test('a profile can be written back exactly as it was read', () => {
  fc.assert(
    fc.property(
      fc.record({
        duration_minutes: fc.integer({ min: 1, max: 36 }).map((steps) => steps * 5),
        buffer_minutes: fc.integer({ min: 0, max: 36 }).map((steps) => steps * 5),
        grid_minutes: fc.integer({ min: 1, max: 48 }).map((steps) => steps * 5),
        notice_minutes: fc.integer({ min: 0, max: 500 }).map((steps) => steps * 5),
        daily_limit: fc.option(fc.integer({ min: 1, max: 20 })),
      }),
      (rules) => {
        const manager = toManager(
          'x',
          managerBody.parse({ name: 'x', rules, time_zone: 'UTC', hours: DEFAULT_HOURS }),
        );
        const { user_id, ...answer } = toManagerResponse(manager, null, 'America/Chicago');
        expect(toManager(user_id, managerBody.parse(answer))).toEqual(manager);
      },
    ),
  );
});
