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
ul.list { list-style: none; padding: 0; } ul.list li { padding: .6rem 0; border-top: 1px solid var(--line); } ul.list span { display: block; overflow-wrap: anywhere; }
nav { display: flex; flex-wrap: wrap; gap: 1rem; } nav a { padding: .5rem 0; }
.week { display: grid; grid-template-columns: 3rem repeat(7, minmax(0, 1fr)); grid-template-rows: auto auto 60rem; gap: 0 .25rem; }
.day, .clock { display: grid; grid-row: span 3; grid-template-rows: subgrid; }
.day h3 { font-size: .85rem; margin: 0 0 .25rem; } .day.today h3 { color: var(--accent); }
.clock ol { grid-row: 3; position: relative; margin: 0; padding: 0; list-style: none; font-size: .75rem; color: var(--soft); text-align: right; }
.clock li { height: calc(100% / 15); transform: translateY(-.6em); }
.hours { position: relative; border: 1px solid var(--line); border-radius: .25rem;
  background: repeating-linear-gradient(to bottom, transparent 0 calc(100% / 15 - 1px), var(--line) calc(100% / 15 - 1px) calc(100% / 15)); }
.entry { position: relative; border-left: 4px solid var(--busy-edge); background: var(--busy); border-radius: .2rem; padding: .1rem 1.6rem .1rem .3rem;
  font-size: .75rem; line-height: 1.25; overflow: hidden; }
.hours .entry { position: absolute; padding-right: .3rem; } .allday .entry { margin-bottom: .15rem; min-height: 1.75rem; }
.entry p { margin: 0; overflow-wrap: anywhere; } .hours .entry p.subject { padding-right: 1.3rem; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
.entry button { position: absolute; top: 0; right: 0; width: 1.6rem; min-height: 1.6rem; padding: 0; border: 0; background: none; font-size: 1rem; line-height: 1; }
.entry button span { display: none; }
.entry.viewing { background: var(--viewing); border-color: var(--viewing-edge); }
.entry.tentative { background: var(--tentative); border-color: var(--tentative-edge); border-left-style: dashed; }
.entry.oof { background: var(--away); border-color: var(--away-edge); }
.entry.free, .entry.workingElsewhere { background: var(--free); border-color: var(--free-edge); }
.none { display: none; } .problem { color: #c50f1f; font-weight: 600; }
@media (prefers-color-scheme: dark) { .problem { color: #ff99a4; } }
form.add { display: flex; flex-wrap: wrap; gap: .75rem; align-items: end; } form.add label { display: flex; flex-direction: column; font-size: .875rem; }
form.add label.check { flex-direction: row; gap: .4rem; align-items: center; min-height: 2.5rem; }
@media (max-width: 52rem) { .week, .day { display: block; } .clock { display: none; } .day { margin-bottom: 1rem; } .day h3 { font-size: 1rem; }
  .hours { border: 0; background: none; } .hours .entry { position: relative; width: auto !important; height: auto !important; left: 0 !important; top: 0 !important; }
  .entry, .hours .entry { font-size: .9375rem; padding: .4rem 6rem .4rem .5rem; margin-bottom: .35rem; } .hours .entry p.subject { padding: 0; white-space: normal; }
  .entry button { width: auto; min-height: 2.75rem; padding: 0 .75rem; font-size: .875rem; text-decoration: underline; }
  .entry button span { display: inline; } .entry button i { display: none; }
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

function hourOf(wall: string, date: string): number {
  if (wall.slice(0, 10) < date) return firstHour;
  if (wall.slice(0, 10) > date) return lastHour;
  return Math.min(
    lastHour,
    Math.max(firstHour, Number(wall.slice(11, 13)) + Number(wall.slice(14, 16)) / 60),
  );
}

/** Entries that overlap stand side by side. */
function inLanes(entries: readonly Entry[], date: string): Drawn[] {
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
}

function entryHtml(entry: Entry, removeUrl: string, date: string, style = ''): string {
  const time = (wall: string): string =>
    wall.slice(0, 10) === date ? wall.slice(11, 16) : wall.slice(5, 16).replace('T', ' ');
  const when = entry.isAllDay ? 'All day' : `${time(entry.start)}–${time(entry.end)}`;
  const about = [
    when,
    entry.isViewing ? 'Viewing' : entry.showAsName,
    entry.repeats ? 'repeats' : '',
    entry.detail,
  ];
  const shown = about.filter(Boolean).join(' · ');
  const kind = entry.isViewing ? 'viewing' : entry.showAs;
  return `<div class="entry ${kind}"${style === '' ? '' : ` style="${style}"`} title="${escapeHtml(`${entry.subject}: ${shown}`)}">
<p class="subject"><strong>${escapeHtml(entry.subject)}</strong></p><p>${escapeHtml(shown)}</p>
<form method="post" action="${escapeHtml(removeUrl)}"><input type="hidden" name="id" value="${escapeHtml(entry.id)}">
<button aria-label="Remove ${escapeHtml(`${entry.subject}, ${when}`)}"><i aria-hidden="true">×</i><span>Remove</span></button></form></div>`;
}

function dayHtml(day: DayShown, removeUrl: string): string {
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
}

function clockHtml(): string {
  const hours = Array.from(
    { length: lastHour - firstHour },
    (_, index) => `<li>${firstHour + index}:00</li>`,
  );
  return `<div class="clock" aria-hidden="true"><ol>${hours.join('')}</ol></div>`;
}

/** A week of a calendar. @param removeUrl where the button that removes an event posts to */
export function weekHtml(days: readonly DayShown[], removeUrl: string): string {
  return `<div class="week">${clockHtml()}${days.map((day) => dayHtml(day, removeUrl)).join('\n')}</div>`;
}
