import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseTimeSpan } from '../../scripts/time-span.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe('a .NET time span', () => {
  test.each([
    ['10', 10 * DAY],
    ['365', 365 * DAY],
    ['-1', -DAY],
    ['00:10', 10 * MINUTE],
    ['00:10:00', 10 * MINUTE],
    [' 01:02:03 ', HOUR + 2 * MINUTE + 3 * SECOND],
    ['1.06:00', 30 * HOUR],
    ['365.00:00:00', 365 * DAY],
    ['-1.00:00:00', -DAY],
    ['00:00:01.5', 1_500],
    ['00:00:00.0000005', 0.0005],
    ['00:00:00.00000005', 0.0001],
    ['00:01:.5', MINUTE + 500],
    ['1.00:00:00.25', DAY + 250],
    ['24:00:00', 24 * DAY],
    ['25:00:00:00', 25 * DAY],
    ['10675199.02:48:05', 10_675_199 * DAY + 2 * HOUR + 48 * MINUTE + 5 * SECOND],
  ])('"%s" is read as .NET reads it', (text, milliseconds) => {
    expect(parseTimeSpan(text)).toBe(milliseconds);
  });

  test.each(['31536000', '10675200', '300000000000', '24:00', '00:60:00', '00:00:60', '00:00:00.10000000'])(
    '"%s" overflows, as it does in .NET',
    (text) => {
      expect(() => parseTimeSpan(text)).toThrow(RangeError);
    },
  );

  test.each(['', ' ', 'a day', '1 day', '00:10:00Z', 'PT10M', '--1', '1.5', '00;10', '00:00:00,5', '+1'])(
    '"%s" is no time span',
    (text) => {
      expect(() => parseTimeSpan(text)).toThrow(SyntaxError);
    },
  );

  test('comes back from its own standard form', () => {
    const pad = (value: number): string => String(value).padStart(2, '0');
    const seconds = fc.integer({ min: 0, max: 10_675_198 * 86_400 });
    fc.assert(
      fc.property(seconds, (total) => {
        const clock = [(total / 3600) % 24, (total / 60) % 60, total % 60].map((part) =>
          pad(Math.floor(part)),
        );
        expect(parseTimeSpan(`${Math.floor(total / 86_400)}.${clock.join(':')}`)).toBe(total * 1000);
      }),
    );
  });
});
