// What tests and the sandbox do to the stand-in: in the same process, or over /_control from another one.
import { addEvent, changeEvent, eventsOf, removeEvent } from './calendar.ts';
import type { CalendarEvent, Invitation, NewEvent, When } from './calendar.ts';
import { parseEventId } from './event-shape.ts';
import type { FaultRule } from './faults.ts';
import { json } from './http.ts';
import type { HttpResponse, HttpRequest } from './http.ts';
import type { Person } from './people.ts';
import { findPerson, resetStore } from './store.ts';
import type { LoggedRequest, SignInProblem, Store } from './store.ts';

/** An event by its times: epoch milliseconds or ISO with an offset; an all-day event by its dates, the second one exclusive. */
export type EventToAdd = Partial<Omit<NewEvent, 'when'>> &
  ({ start: number | string; end: number | string } | { startDate: string; endDate: string });

/** People are named by id or by any address, events by Graph's id or the stored one. */
export interface Controls {
  addPerson(person: Person): void;
  people(): readonly Person[];
  addEvent(person: string, event: EventToAdd): CalendarEvent;
  /** Stored events, series unexpanded. */
  events(person: string): readonly CalendarEvent[];
  moveEvent(person: string, id: string, when: { start: number | string; end: number | string }): void;
  /** Any other change that the manager makes in Outlook. */
  editEvent(person: string, id: string, changes: Partial<CalendarEvent>): void;
  deleteEvent(person: string, id: string): void;
  /** Every refresh token so far answers invalid_grant 50173; access tokens too (401) where asked. */
  revoke(person: string, options?: { accessTokens?: boolean }): void;
  /** The person removed the app: refreshes answer invalid_grant 65001 consent_required. */
  withdrawConsent(person: string): void;
  /** Every access token so far is expired, refresh tokens stay good. */
  expireAccessTokens(person: string): void;
  /** Refreshes fail this way until it is undefined again. */
  setSignInProblem(person: string, problem: SignInProblem | undefined): void;
  allowRedirectUri(uri: string): void;
  /** Milliseconds by which Microsoft's clock is ahead. */
  setClockSkew(ms: number): void;
  setFault(rule: FaultRule): void;
  clearFaults(): void;
  /** Oldest first. A `$batch` is one entry with `inBatch` false, each of its requests one with `inBatch` true. */
  requests(): readonly LoggedRequest[];
  clearRequests(): void;
  invitations(): readonly Invitation[];
  reset(): void;
}

function toInstant(at: number | string): number {
  const value = typeof at === 'number' ? at : /(Z|[+-]\d{2}:\d{2})$/.test(at) ? Date.parse(at) : NaN;
  if (Number.isNaN(value)) throw new Error(`Not an instant: ${at}`);
  return value;
}

function toWhen(
  event: { start: number | string; end: number | string } | { startDate: string; endDate: string },
): When {
  return 'startDate' in event
    ? { isAllDay: true, startDate: event.startDate, endDate: event.endDate }
    : { isAllDay: false, start: toInstant(event.start), end: toInstant(event.end) };
}

export function createControls(store: Store): Controls {
  const personNamed = (key: string): Person => {
    const person = findPerson(store, key);
    if (!person) throw new Error(`Nobody here is called ${key}`);
    return person;
  };
  const eventNamed = (person: Person, id: string): CalendarEvent => {
    const wanted = parseEventId(id)?.id ?? id;
    const event = eventsOf(store, person).find((one) => one.id === wanted);
    if (!event) throw new Error(`${person.name} has no event ${id}`);
    return event;
  };
  const accessTokensOf = (person: Person) =>
    Object.values(store.state.accessTokens).filter((grant) => grant.personId === person.id);

  return {
    addPerson(person) {
      store.state.people.push(structuredClone(person));
    },
    people: () => store.state.people,
    addEvent(key, { ...event }) {
      const when = toWhen(event);
      for (const name of ['start', 'end', 'startDate', 'endDate']) Reflect.deleteProperty(event, name);
      return addEvent(store, personNamed(key), { ...event, when });
    },
    events: (key) => eventsOf(store, personNamed(key)),
    moveEvent(key, id, when) {
      changeEvent(store, eventNamed(personNamed(key), id), { when: toWhen(when) });
    },
    editEvent(key, id, changes) {
      changeEvent(store, eventNamed(personNamed(key), id), changes);
    },
    deleteEvent(key, id) {
      const person = personNamed(key);
      removeEvent(store, person, eventNamed(person, id));
    },
    revoke(key, options = {}) {
      const person = personNamed(key);
      const refresh = Object.values(store.state.refreshTokens).filter((one) => one.personId === person.id);
      for (const grant of refresh) grant.revoked = true;
      if (options.accessTokens) for (const grant of accessTokensOf(person)) grant.revoked = true;
    },
    withdrawConsent(key) {
      const { id } = personNamed(key);
      const { consents } = store.state;
      store.state.consents = Object.fromEntries(
        Object.entries(consents).filter(([name]) => !name.startsWith(`${id} `)),
      );
    },
    expireAccessTokens(key) {
      for (const grant of accessTokensOf(personNamed(key))) grant.expiresAt = store.now();
    },
    setSignInProblem(key, problem) {
      const { id } = personNamed(key);
      if (problem) store.state.problems[id] = problem;
      else Reflect.deleteProperty(store.state.problems, id);
    },
    allowRedirectUri(uri) {
      store.state.redirectUris.push(uri);
    },
    setClockSkew(ms) {
      store.skewMs = ms;
    },
    setFault(rule) {
      store.faults.set(rule);
    },
    clearFaults() {
      store.faults.clear();
    },
    requests: () => store.log,
    clearRequests() {
      store.log.length = 0;
    },
    invitations: () => store.state.invitations,
    reset() {
      resetStore(store);
    },
  };
}

/**
 * POST /_control/{method} with a JSON array of its arguments answers `{value}`, or 400 `{error}`; GET will do for those without.
 */
export function handleControl(store: Store, request: HttpRequest): HttpResponse {
  const controls = createControls(store);
  const name = request.path.slice('/_control/'.length);
  const method = Object.entries(controls).find(([known]) => known === name)?.[1] as
    ((...args: unknown[]) => unknown) | undefined;
  if (!method) return json(404, { error: `No such control; there are ${Object.keys(controls).join(', ')}` });
  try {
    const args: unknown = request.body === '' ? [] : JSON.parse(request.body);
    if (!Array.isArray(args)) return json(400, { error: 'The body is a JSON array of arguments' });
    return json(200, { value: method(...(args as unknown[])) ?? null });
  } catch (error) {
    return json(400, { error: error instanceof Error ? error.message : String(error) });
  }
}
