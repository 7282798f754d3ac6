// /calendar: whose calendars there are, and each one's week, with busy time to add and remove.
import escapeHtml from 'escape-html';
import { addEvent, eventsOf, instantsOf, zoneOf } from '../calendar.ts';
import type { ShowAs, When } from '../calendar.ts';
import { eventId, parseEventId } from '../event-shape.ts';
import { occurrencesBetween } from '../graph-calendar-view.ts';
import type { Placed } from '../graph-calendar-view.ts';
import { removeFound, findEvent } from '../graph-events.ts';
import { html, redirect } from '../http.ts';
import type { HttpResponse, HttpRequest } from '../http.ts';
import type { Person } from '../people.ts';
import { tenantOf } from '../directory.ts';
import type { Store } from '../store.ts';
import { addDays, instantOf, wallAt, weekdayOf } from '../zones.ts';
import { errorPage, page } from './layout.ts';
import { subscriptionsHtml } from './subscriptions.ts';
import { calendarStyle, weekHtml } from './week.ts';
import type { DayShown, Entry } from './week.ts';

const showAsNames: Record<ShowAs, string> = {
  busy: 'Busy',
  tentative: 'Tentative',
  oof: 'Out of office',
  free: 'Free',
  workingElsewhere: 'Working elsewhere',
  unknown: 'Unknown',
};

function listPage(store: Store): string {
  const items = store.state.people.map((one) => {
    const name = `<strong>${escapeHtml(one.name)}</strong>`;
    const about = [
      one.userPrincipalName,
      one.kind === 'personal' ? 'personal' : tenantOf(store, one).name,
      one.remark,
    ];
    return `<li>${one.hasMailbox ? `<a href="/calendar/${escapeHtml(one.id)}">${name}</a>` : name}
<span class="soft">${escapeHtml(about.filter(Boolean).join(' · '))}</span></li>`;
  });
  return page(
    'Calendars',
    `<h1>Calendars</h1>
<p class="soft">What the stand-in for Outlook holds.</p>
<ul class="list">${items.join('\n')}</ul>`,
    { style: calendarStyle },
  );
}

function entryOf({ event, occurrence, start, end }: Placed, zone: string): Entry {
  return {
    id: eventId(event, true, occurrence.date),
    subject: event.subject || '(no subject)',
    detail: [event.location, ...event.attendees.map(({ name, address }) => name || address)]
      .filter(Boolean)
      .join(' · '),
    showAs: event.showAs,
    showAsName: showAsNames[event.showAs],
    // What was written by an app through Graph, as against typed in here.
    isViewing: event.extendedProperties.length > 0,
    repeats: event.recurrence !== undefined,
    isAllDay: occurrence.when.isAllDay,
    start: wallAt(start, zone),
    end: wallAt(end, zone),
  };
}

function dayLabel(date: string): string {
  return new Intl.DateTimeFormat('en-US', {
    weekday: 'short',
    month: 'short',
    day: 'numeric',
    timeZone: 'UTC',
  }).format(Date.parse(`${date}T00:00:00Z`));
}

function daysOf(store: Store, person: Person, monday: string): DayShown[] {
  const zone = zoneOf(person);
  const today = wallAt(store.now(), zone).slice(0, 10);
  return Array.from({ length: 7 }, (_, index) => {
    const date = addDays(monday, index);
    const day = instantsOf({ isAllDay: true, startDate: date, endDate: addDays(date, 1) }, zone);
    const placed = occurrencesBetween(store, person, day.start, day.end);
    return {
      date,
      label: dayLabel(date),
      isToday: date === today,
      entries: placed.toSorted((a, b) => a.start - b.start || a.end - b.end).map((one) => entryOf(one, zone)),
    };
  });
}

function weekPage(store: Store, person: Person, monday: string, problem?: string): string {
  const zone = zoneOf(person);
  const at = `/calendar/${person.id}`;
  const today = wallAt(store.now(), zone).slice(0, 10);
  const options = Object.entries(showAsNames).map(
    ([value, name]) => `<option value="${value}">${name}</option>`,
  );
  const field = (label: string, input: string): string => `<label>${label} ${input}</label>`;
  const day = today >= monday && today < addDays(monday, 7) ? today : monday;
  return page(
    `${person.name}: calendar`,
    `<p class="soft"><a href="/calendar">All calendars</a></p>
<h1>${escapeHtml(person.name)}</h1>
<p class="soft">${escapeHtml(person.userPrincipalName)} · times in ${escapeHtml(zone)}</p>
<nav aria-label="Week"><a href="${at}?week=${addDays(monday, -7)}">← Week before</a> <a href="${at}">This week</a>
<a href="${at}?week=${addDays(monday, 7)}">Week after →</a></nav>
<h2>Week of ${escapeHtml(dayLabel(monday))}</h2>
${weekHtml(daysOf(store, person, monday), `${at}/remove?week=${monday}`)}
<h2>Add busy time</h2>
${problem === undefined ? '' : `<p role="alert" class="problem">${escapeHtml(problem)}</p>`}
<form method="post" action="${at}/add?week=${monday}" class="add">
${field('Subject', '<input name="subject" value="Busy" maxlength="255" required>')}
${field('Day', `<input type="date" name="date" value="${day}" required>`)}
${field('From', '<input type="time" name="from" value="10:00">')}
${field('To', '<input type="time" name="to" value="11:00">')}
${field('Show as', `<select name="showAs">${options.join('')}</select>`)}
<label class="check"><input type="checkbox" name="allDay"> All day</label>
<button class="main">Add</button>
</form>
${subscriptionsHtml(store, person, zone)}`,
    { wide: true, style: calendarStyle },
  );
}

function readDate(text: string | null): string | undefined {
  return text !== null && /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text))
    ? text
    : undefined;
}

function mondayOf(date: string): string {
  return addDays(date, -((weekdayOf(date) + 6) % 7));
}

/** The event that the form describes, or what is wrong with it. */
function readForm(form: URLSearchParams, zone: string): { when: When; showAs: ShowAs } | string {
  const date = readDate(form.get('date'));
  if (date === undefined) return 'Choose a day.';
  const showAs = Object.keys(showAsNames).find((name) => name === form.get('showAs')) as ShowAs | undefined;
  if (!showAs) return 'Choose how it shows.';
  if (form.get('allDay') === 'on') {
    return { showAs, when: { isAllDay: true, startDate: date, endDate: addDays(date, 1) } };
  }
  const [from, to] = ['from', 'to'].map((name) => {
    const time = form.get(name) ?? '';
    return /^\d{2}:\d{2}$/.test(time) ? instantOf(`${date}T${time}:00`, zone) : NaN;
  });
  if (from === undefined || to === undefined || Number.isNaN(from) || Number.isNaN(to))
    return 'Give both times.';
  if (to <= from) return 'It has to end after it starts.';
  return { showAs, when: { isAllDay: false, start: from, end: to } };
}

/** An event's `webLink`: to the week it is in. */
function followLink(store: Store, id: string): HttpResponse {
  for (const person of store.state.people) {
    const event = eventsOf(store, person).find((one) => one.id === parseEventId(id)?.id);
    if (!event) continue;
    const zone = zoneOf(person);
    const date = parseEventId(id)?.date ?? wallAt(instantsOf(event.when, zone).start, zone).slice(0, 10);
    return redirect(`/calendar/${person.id}?week=${mondayOf(date)}`);
  }
  return html(404, errorPage('Not found', 'There is no such event any more.'));
}

/** The pages below `/calendar`: a person's week, with forms to add and remove events. */
export function handleCalendarPages(store: Store, request: HttpRequest): HttpResponse {
  const [, , personId, action] = request.path.split('/');
  if (personId === undefined || personId === '') return html(200, listPage(store));
  if (personId === 'item') return followLink(store, request.query.get('itemid') ?? '');
  const person = store.state.people.find((one) => one.id === personId && one.hasMailbox);
  if (!person) return html(404, errorPage('Not found', 'Nobody with a calendar has this id.'));
  const zone = zoneOf(person);
  const monday = mondayOf(readDate(request.query.get('week')) ?? wallAt(store.now(), zone).slice(0, 10));
  const back = `/calendar/${person.id}?week=${monday}`;
  if (request.method === 'GET' && action === undefined) return html(200, weekPage(store, person, monday));
  const form = new URLSearchParams(request.body);
  if (request.method === 'POST' && action === 'add') {
    const read = readForm(form, zone);
    if (typeof read === 'string') return html(400, weekPage(store, person, monday, read));
    addEvent(store, person, { ...read, subject: (form.get('subject') ?? '').slice(0, 255) });
    return redirect(back, 303);
  }
  if (request.method === 'POST' && action === 'remove') {
    removeFound(store, person, findEvent(store, person, form.get('id') ?? ''));
    return redirect(back, 303);
  }
  return html(404, errorPage('Not found', 'There is no such page.'));
}
