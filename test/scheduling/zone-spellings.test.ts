import { expect, jest, test } from '@jest/globals';
import * as dateFnsTz from 'date-fns-tz';

test('a zone that is spelled in many ways takes the memory of one', async () => {
  const asked = new Set<string>();
  jest.doMock('date-fns-tz', () => ({
    ...dateFnsTz,
    formatInTimeZone: (...given: Parameters<typeof dateFnsTz.formatInTimeZone>) => {
      asked.add(given[1]);
      return dateFnsTz.formatInTimeZone(...given);
    },
  }));
  const { localDate } = await import('../../shared/scheduling/zone.ts');
  const lateOnTuesday = Date.parse('2026-12-02T03:00:00Z');
  for (const zone of ['America/Chicago', 'america/chicago', 'AMERICA/CHICAGO', 'aMeRiCa/cHiCaGo'])
    expect(localDate(lateOnTuesday, zone)).toBe('2026-12-01');
  expect([...asked]).toHaveLength(1);
});
