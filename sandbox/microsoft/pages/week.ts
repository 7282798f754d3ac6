// A week as columns of hours, and on a phone as a list of days.
import escapeHtml from 'escape-html';
import type { ShowAs } from '../calendar.ts';

/** Times are wall clocks, `YYYY-MM-DDTHH:mm:ss`. */
export interface Entry {
  id: string;
  subject: string;
  detail: string;
  showAs: ShowAs;
  showAsName: string;
  isViewing: boolean;
  repeats: boolean;
  isAllDay: boolean;
  start: string;
  end: string;
}

export interface DayShown {
  date: string;
  label: string;
  isToday: boolean;
  entries: Entry[];
}

export const calendarStyle = `
ul.list { list-style: none; padding: 0; } ul.list li { padding: .6rem 0; border-top: 1px solid var(--line); } ul.list span { display: block; }
nav { display: flex; flex-wrap: wrap; gap: 1rem; } nav a { padding: .5rem 0; }
.week { display: grid; grid-template-columns: repeat(7, minmax(0, 1fr)); gap: .25rem; }
.day h3 { font-size: .85rem; margin: 0 0 .25rem; min-height: 2.6em; } .day.today h3 { color: var(--accent); }
.allday { min-height: 1.5rem; }
.hours { position: relative; height: 44rem; border: 1px solid var(--line); border-radius: .25rem;
  background: repeating-linear-gradient(to bottom, transparent 0 calc(100% / 15 - 1px), var(--line) calc(100% / 15 - 1px) calc(100% / 15)); }
.entry { border-left: 4px solid var(--busy-edge); background: var(--busy); border-radius: .2rem; padding: .1rem .3rem; font-size: .75rem;
  line-height: 1.25; overflow: hidden; overflow-wrap: anywhere; }
.hours .entry { position: absolute; } .allday .entry { margin-bottom: .15rem; }
.entry p { margin: 0; } .entry form { display: inline; }
.entry button { min-height: 0; padding: 0 .35rem; font-size: .75rem; line-height: 1.4; }
.entry.viewing { background: var(--viewing); border-color: var(--viewing-edge); }
.entry.tentative { background: var(--tentative); border-color: var(--tentative-edge); border-left-style: dashed; }
.entry.free, .entry.workingElsewhere { background: var(--free); border-color: var(--free-edge); }
.none { display: none; } .problem { color: #c50f1f; font-weight: 600; }
@media (prefers-color-scheme: dark) { .problem { color: #ff99a4; } }
form.add { display: flex; flex-wrap: wrap; gap: .75rem; align-items: end; } form.add label { display: flex; flex-direction: column; font-size: .875rem; }
form.add label.check { flex-direction: row; gap: .4rem; align-items: center; min-height: 2.5rem; }
@media (max-width: 52rem) { .week { display: block; } .day { margin-bottom: 1rem; } .day h3 { min-height: 0; font-size: 1rem; }
  .allday { min-height: 0; } .hours { height: auto; border: 0; background: none; } .hours .entry { position: static; width: auto !important; }
  .entry { font-size: .9375rem; padding: .4rem .5rem; margin-bottom: .35rem; } .entry button { min-height: 2.5rem; padding: 0 .75rem; font-size: .875rem; }
  .none { display: block; color: var(--soft); margin: 0; } }
`;

/** The hours that the columns show; what lies outside is drawn at the edge. */
const firstHour = 7;
const lastHour = 22;

interface Drawn {
  entry: Entry;
  top: number;
  bottom: number;
  lane: number;
  lanes: number;
}

const hourOf = (wall: string, date: string): number => {
  if (wall.slice(0, 10) < date) return firstHour;
  if (wall.slice(0, 10) > date) return lastHour;
  return Math.min(
    lastHour,
    Math.max(firstHour, Number(wall.slice(11, 13)) + Number(wall.slice(14, 16)) / 60),
  );
};

/** Side by side where they overlap. */
const inLanes = (entries: readonly Entry[], date: string): Drawn[] => {
  const drawn: Drawn[] = [];
  let group: Drawn[] = [];
  let groupEnd = -1;
  for (const entry of entries) {
    const top = Math.min(hourOf(entry.start, date), lastHour - 0.5);
    const bottom = Math.max(hourOf(entry.end, date), top + 0.5);
    if (top >= groupEnd) group = [];
    const taken = new Set(group.filter((one) => one.bottom > top).map(({ lane }) => lane));
    let lane = 0;
    while (taken.has(lane)) lane += 1;
    const one: Drawn = { entry, top, bottom, lane, lanes: 1 };
    group.push(one);
    drawn.push(one);
    groupEnd = Math.max(...group.map((other) => other.bottom));
    const lanes = Math.max(...group.map((other) => other.lane)) + 1;
    for (const other of group) other.lanes = lanes;
  }
  return drawn;
};

const entryHtml = (entry: Entry, removeUrl: string, date: string, style = ''): string => {
  const time = (wall: string): string =>
    wall.slice(0, 10) === date ? wall.slice(11, 16) : wall.slice(5, 16).replace('T', ' ');
  const when = entry.isAllDay ? 'All day' : `${time(entry.start)}–${time(entry.end)}`;
  const about = [
    when,
    entry.isViewing ? 'Viewing' : entry.showAsName,
    entry.repeats ? 'repeats' : '',
    entry.detail,
  ];
  const kind = entry.isViewing ? 'viewing' : entry.showAs;
  return `<div class="entry ${kind}"${style === '' ? '' : ` style="${style}"`}>
<p><strong>${escapeHtml(entry.subject)}</strong></p><p>${escapeHtml(about.filter(Boolean).join(' · '))}</p>
<form method="post" action="${escapeHtml(removeUrl)}"><input type="hidden" name="id" value="${escapeHtml(entry.id)}">
<button aria-label="Remove ${escapeHtml(`${entry.subject}, ${when}`)}">Remove</button></form></div>`;
};

const dayHtml = (day: DayShown, removeUrl: string): string => {
  const allDay = day.entries.filter((entry) => entry.isAllDay);
  const timed = inLanes(
    day.entries.filter((entry) => !entry.isAllDay),
    day.date,
  );
  const percent = (hours: number): string => ((hours / (lastHour - firstHour)) * 100).toFixed(2);
  const boxes = timed.map(({ entry, top, bottom, lane, lanes }) => {
    const place = `top:${percent(top - firstHour)}%;height:${percent(bottom - top)}%;left:${((lane / lanes) * 100).toFixed(2)}%;width:${(100 / lanes).toFixed(2)}%`;
    return entryHtml(entry, removeUrl, day.date, place);
  });
  return `<section class="day${day.isToday ? ' today' : ''}"><h3>${escapeHtml(day.label)}${day.isToday ? ' (today)' : ''}</h3>
<div class="allday">${allDay.map((entry) => entryHtml(entry, removeUrl, day.date)).join('\n')}</div>
<div class="hours">${boxes.join('\n')}</div>
${day.entries.length === 0 ? '<p class="none">Nothing</p>' : ''}</section>`;
};

export const weekHtml = (days: readonly DayShown[], removeUrl: string): string =>
  `<div class="week">${days.map((day) => dayHtml(day, removeUrl)).join('\n')}</div>`;
