// What callers may say about time, by kind, for docs/speech.md. What it means is not written here: the reader tells it.
import { DEFAULT_RULES } from '../shared/scheduling/schedule.ts';
import type { Schedule } from '../shared/scheduling/schedule.ts';
import { toIsoWithOffset } from '../shared/scheduling/zone.ts';
import { PARTS } from '../shared/voice/understanding/grammar/part-of-day-table.ts';
import { readStart } from '../shared/voice/understanding/read-start.ts';
import { readWish } from '../shared/voice/understanding/read-wish.ts';
import type { ReadingContext, WantedTimes } from '../shared/voice/understanding/reading.ts';

const ZONE = 'America/Chicago';
const OPEN = [['08:00', '20:00']] as const;
const SCHEDULE: Schedule = {
  timeZone: ZONE,
  hours: { mon: OPEN, tue: OPEN, wed: OPEN, thu: OPEN, fri: OPEN, sat: OPEN, sun: OPEN },
  rules: DEFAULT_RULES,
};
const NOW = Date.parse('2026-11-26T04:50:00-06:00');
const OFFERED = ['2026-11-27T08:00:00-06:00', '2026-11-27T12:00:00-06:00', '2026-11-27T17:00:00-06:00'].map(
  (at) => Date.parse(at),
);
const CONTEXT: ReadingContext = { now: NOW, schedule: SCHEDULE, offered: { spoken: [], all: [] } };
const AFTER_AN_OFFER: ReadingContext = { ...CONTEXT, offered: { spoken: OFFERED, all: OFFERED } };
const IN_A_MOVE: ReadingContext = { ...CONTEXT, viewing: Date.parse('2026-12-08T11:00:00-06:00') };

// prettier-ignore
const KINDS: readonly (readonly [kind: string, context: ReadingContext, phrases: readonly string[]])[] = [
  ['a day and a time', CONTEXT, ['tomorrow at half past two', 'Friday the 4th at 10', 'December 3rd, 2:30 PM', 'el viernes 4 a las 10', 'mañana a las cinco menos diez', 'pasado mañana a las tres y media de la tarde', 'Saturday at noon']],
  ['weeks and months', CONTEXT, ['next Tuesday', 'the week of December 7', 'end of next week', 'late December', 'the second Tuesday in December', 'el martes de la semana que viene', 'el último viernes del mes', 'this weekend', 'weekday evenings']],
  ['spans', CONTEXT, ['December 1st through the 5th', 'the next 3 days', 'by Friday', 'before the 5th', 'from Wednesday on', 'not before Tuesday', 'entre el lunes y el miércoles', 'around the 15th']],
  ['distances', CONTEXT, ['in 3 days', 'a week from Thursday at 3', 'three Fridays from now', 'de mañana en ocho a las 3', 'two days before Christmas', 'en ocho días a las 3']],
  ['times of day', CONTEXT, ['tomorrow after 5', 'tomorrow before 10', 'tomorrow between 2 and 4', 'tomorrow around 3', 'late afternoon', 'mañana por la tarde', 'Saturday morning', 'first thing tomorrow']],
  ['either-or and exceptions', CONTEXT, ['Tuesday or Wednesday at 3', 'next week except Monday', 'cualquier día menos el lunes', 'weekdays but not Fridays', 'not Monday but Tuesday at 3']],
  ['corrections', CONTEXT, ['tomorrow at 3 PM, actually 4 PM', 'el martes a las 3, perdón, el miércoles', 'Monday at 3, no wait, Tuesday', 'tomorrow at 3 no 4', 'tomorrow at 3 PM, never mind', 'mañana a las 3, mejor no']],
  ['zones', CONTEXT, ['December 3 at 2 PM Eastern', '2026-12-03T14:00:00 America/New_York', '2026-12-03T14:00:00Z']],
  ['holidays', CONTEXT, ['Christmas Eve at 11', 'nochebuena', 'the day after Christmas']],
  ['after an offer of 8 AM, noon and 5 PM tomorrow', AFTER_AN_OFFER, ['the second one', 'the morning one', 'the last one', 'not the first, the second', 'an hour after noon', '3 PM', 'not noon', 'yes', 'yes, no']],
  ['in a move of a viewing on December 8 at 11 AM', IN_A_MOVE, ['an hour later', 'push it back two hours', 'a week later at 2 PM', 'same time the next day', '2 PM instead', 'una hora más tarde']],
  ['what is asked about, or said to be past', CONTEXT, ['at 3', 'Thursday at 3', 'Friday the 5th', '12/1 at 2 PM', 'last Tuesday at 3', 'tomorrow at 9 PM', 'tomorrow at 3 unless it rains']],
];

/** How one phrase would be booked, and what would be offered for it. */
function describe(text: string, context: ReadingContext): readonly [booked: string, offered: string] {
  const named = readStart(text, context);
  const wish = readWish({ date: text }, context);
  const offered =
    wish.kind === 'wanted' ? describeWanted(wish.wanted) : 'reason' in wish ? wish.reason : wish.kind;
  switch (named.kind) {
    case 'start':
      return [toIsoWithOffset(named.start, ZONE).slice(0, 16).replace('T', ' '), offered];
    case 'which':
      return [`asked: \`${named.reason}\``, offered];
    case 'refused':
      return [`refused: \`${named.reason}\``, offered];
    case 'unread':
      return ['asked: `unreadable_time`', 'asked: `unreadable_date`'];
    default:
      return [`asked: \`${named.kind}\``, offered];
  }
}

function describeWanted(wanted: WantedTimes): string {
  const { dates } = wanted;
  const days = describeDays(dates);
  if (!wanted.hasTime) return days;
  const starts: string[] = [];
  const first = Date.parse(`${dates?.from ?? '2026-11-28'}T08:00:00-06:00`);
  for (let i = 0; i < 24; i++) {
    const at = first + i * 1_800_000;
    if (wanted.includes(at)) starts.push(toIsoWithOffset(at, ZONE).slice(11, 16));
  }
  const [from, ...others] = starts;
  if (from === undefined) return days;
  return `${days}, ${from}${others.length > 0 ? ` to ${others.at(-1) ?? ''}` : ''}`;
}

function describeDays(dates: WantedTimes['dates']): string {
  if (dates === null) return 'any day';
  if (dates.from === dates.to) return dates.from;
  // Open ends reach beyond what can be booked.
  return dates.to > '2027-06' ? `from ${dates.from} on` : `${dates.from} to ${dates.to}`;
}

const clock = (minutes: number): string =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;

/** The chapter of docs/speech.md on words for times, in Markdown. */
export function describeTimeWords(): string {
  const lines = [
    '## What callers may say about time',
    '',
    'Read by a manager who is open from 8 to 20 every day, on Thursday, November 26, 2026, at 4:50 in the morning. The first column',
    'is what `start_time` and `new_start_time` do with the words, the second what `preferred_date` asks for: the days, and the first and last',
    'start of the first of them. Whatever is asked about is never acted on.',
    '',
    '| words | booked | offered |',
    '| --- | --- | --- |',
  ];
  for (const [kind, context, phrases] of KINDS) {
    lines.push(`| **${kind}** | | |`);
    for (const phrase of phrases) {
      const [booked, offered] = describe(phrase, context);
      lines.push(`| ${phrase} | ${booked} | ${context === CONTEXT ? offered : ''} |`);
    }
  }
  lines.push(
    '',
    'Parts of a week: early is Monday and Tuesday, mid is Wednesday, late is Thursday and Friday. Parts of a month: early is the 1st to the 10th, mid the 11th to the 20th, late the 21st to the end. Parts of a day:',
    '',
    '| part | from | to |',
    '| --- | --- | --- |',
  );
  for (const [name, [span]] of Object.entries(PARTS)) {
    lines.push(`| ${name.replaceAll('_', ' ')} | ${clock(span.from)} | ${clock(span.until)} |`);
  }
  return lines.join('\n');
}
