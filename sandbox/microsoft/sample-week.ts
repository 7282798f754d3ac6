// A week as a manager's calendar has it, repeating, so that the sandbox is busy whenever one looks.
import { makeEvent, zoneOf } from './calendar.ts';
import type { CalendarEvent, ShowAs } from './calendar.ts';
import type { Person } from './people.ts';
import { addDays, instantOf, wallAt, weekdayOf } from './zones.ts';

interface Habit {
  subject: string;
  days: string[];
  start: string;
  end: string;
  showAs?: ShowAs;
}

const workdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'];
const habits: Habit[] = [
  { subject: 'Morning round', days: workdays, start: '09:00', end: '09:30' },
  { subject: 'Lunch', days: workdays, start: '12:00', end: '13:00' },
  { subject: 'Owners’ call', days: ['monday'], start: '10:00', end: '11:30' },
  { subject: 'Handover, 12 Harbor Lane', days: ['tuesday'], start: '15:00', end: '16:00' },
  { subject: 'Plumber, maybe', days: ['wednesday'], start: '13:30', end: '14:30', showAs: 'tentative' },
  { subject: 'Training', days: ['thursday'], start: '09:30', end: '12:00' },
  { subject: 'From home', days: ['friday'], start: '13:00', end: '17:00', showAs: 'workingElsewhere' },
  { subject: 'Paperwork', days: ['friday'], start: '14:00', end: '15:30' },
];

/** Events that repeat weekly from the week before `now` on; none for people without working hours. */
export function sampleWeek(person: Person, now: number): CalendarEvent[] {
  if (!person.hasMailbox || !person.workingHours) return [];
  const zone = zoneOf(person);
  const today = wallAt(now, zone).slice(0, 10);
  const sunday = addDays(today, -7 - weekdayOf(today));
  return habits.map(({ subject, days, start, end, showAs }) => {
    const first = addDays(sunday, workdays.indexOf(days[0] ?? 'monday') + 1);
    return makeEvent(
      person,
      {
        subject,
        showAs: showAs ?? 'busy',
        when: {
          isAllDay: false,
          start: instantOf(`${first}T${start}:00`, zone),
          end: instantOf(`${first}T${end}:00`, zone),
        },
        recurrence: { type: 'weekly', interval: 1, daysOfWeek: days, zone, removed: [], moved: {} },
      },
      now,
    );
  });
}
