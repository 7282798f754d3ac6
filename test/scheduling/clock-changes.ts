import { findSlots } from '../../shared/scheduling/slots.ts';
import { DEFAULT_RULES } from '../../shared/scheduling/schedule.ts';
import {
  addDays,
  dayInterval,
  instantOf,
  localDate,
  localTime,
  startOfDay,
  toIsoWithOffset,
} from '../../shared/scheduling/zone.ts';

/** Days on which the clocks change in 2026, one zone without changes of its own, and UTC. */
export const CHANGES = [
  { zone: 'America/Chicago', forward: '2026-03-08', back: '2026-11-01' },
  { zone: 'Europe/Kyiv', forward: '2026-03-29', back: '2026-10-25' },
  { zone: 'Australia/Lord_Howe', forward: '2026-10-04', back: '2026-04-05' },
  { zone: 'America/Santiago', forward: '2026-09-06', back: '2026-04-04' },
  { zone: 'Asia/Beirut', forward: '2026-03-29', back: '2026-10-24' },
  { zone: 'Asia/Kolkata', forward: '2026-03-29', back: '2026-10-25' },
  { zone: 'UTC', forward: '2026-03-29', back: '2026-10-25' },
] as const;

/** All that the scheduling rules say of a day and its neighbours: every quarter of an hour, and every slot of an open day. */
export function describeDays(zone: string, middle: string): unknown[] {
  return [-1, 0, 1].map((n) => {
    const date = addDays(middle, n);
    const { start, end } = dayInterval(date, zone);
    const quarters = Array.from({ length: 96 }, (_, i) => {
      const time = `${String(Math.floor(i / 4)).padStart(2, '0')}:${String((i % 4) * 15).padStart(2, '0')}`;
      const { at, resolution } = instantOf({ date, time }, zone);
      return [time, resolution, at, localDate(at, zone), localTime(at, zone), toIsoWithOffset(at, zone)];
    });
    const allDay = [['00:00', '24:00']] as const;
    const hours = {
      mon: allDay,
      tue: allDay,
      wed: allDay,
      thu: allDay,
      fri: allDay,
      sat: allDay,
      sun: allDay,
    };
    const slots = findSlots(
      { timeZone: zone, hours, rules: { ...DEFAULT_RULES, noticeMinutes: 0 } },
      { busy: [], viewings: [] },
      startOfDay(date, zone),
      { start, end },
    ).map((slot) => toIsoWithOffset(slot.start, zone));
    return { date, hours: (end - start) / 3_600_000, quarters, slots };
  });
}
