// Graph below /v1.0: who asks, what is allowed, which handler answers.
import { graphError, GraphFault } from './graph-error.ts';
import { handleCalendarView } from './graph-calendar-view.ts';
import { cancelEvent, createEvent, deleteEvent, getEvent, listEvents, updateEvent } from './graph-events.ts';
import { handleCalendar, handleMe } from './graph-me.ts';
import { handleGetSchedule } from './graph-schedule.ts';
import {
  createSubscription,
  deleteSubscription,
  getSubscription,
  listSubscriptions,
  reauthorizeSubscription,
  subscriptionForbidden,
  updateSubscription,
} from './graph-subscriptions.ts';
import type { HttpResponse, HttpRequest } from './http.ts';
import type { Person } from './people.ts';
import { digest } from './store.ts';
import type { Grant, Store } from './store.ts';

type Handler = (
  store: Store,
  request: HttpRequest,
  person: Person,
  id: string,
) => HttpResponse | Promise<HttpResponse>;

interface Route {
  method: string;
  path: RegExp;
  /** Any one of them. */
  scopes: string[];
  needsMailbox: boolean;
  /** How a token without the scope is refused. */
  forbid?: () => GraphFault;
  handle: Handler;
}

const read = ['Calendars.Read', 'Calendars.ReadWrite'];
const write = ['Calendars.ReadWrite'];
function inCalendar(method: string, path: RegExp, scopes: string[], handle: Handler): Route {
  return {
    method,
    path,
    scopes,
    needsMailbox: true,
    handle,
  };
}

const subscription = /^\/subscriptions\/([^/]+)$/;
// Write access is not enough to subscribe: Graph's documentation asks for Calendars.Read.
const subscribing = { scopes: ['Calendars.Read'], needsMailbox: true, forbid: subscriptionForbidden };

const routes: Route[] = [
  {
    method: 'GET',
    path: /^\/me$/,
    scopes: ['User.Read'],
    needsMailbox: false,
    handle: (_, request, person) => handleMe(request, person),
  },
  inCalendar('GET', /^\/me\/calendar$/, read, (_, request, person) => handleCalendar(request, person)),
  inCalendar('GET', /^\/me(?:\/calendar)?\/calendarView$/i, read, handleCalendarView),
  inCalendar('POST', /^\/me\/calendar\/getSchedule$/i, read, handleGetSchedule),
  inCalendar('GET', /^\/me(?:\/calendar)?\/events$/, read, listEvents),
  inCalendar('POST', /^\/me(?:\/calendar)?\/events$/, write, createEvent),
  inCalendar('GET', /^\/me\/events\/([^/]+)$/, read, getEvent),
  inCalendar('PATCH', /^\/me\/events\/([^/]+)$/, write, updateEvent),
  inCalendar('DELETE', /^\/me\/events\/([^/]+)$/, write, deleteEvent),
  inCalendar('POST', /^\/me\/events\/([^/]+)\/cancel$/, write, cancelEvent),
  { ...subscribing, method: 'POST', path: /^\/subscriptions$/, handle: createSubscription },
  { ...subscribing, method: 'PATCH', path: subscription, handle: updateSubscription },
  {
    ...subscribing,
    method: 'POST',
    path: /^\/subscriptions\/([^/]+)\/reauthorize$/,
    handle: reauthorizeSubscription,
  },
  inCalendar('GET', /^\/subscriptions$/, read, listSubscriptions),
  inCalendar('GET', subscription, read, getSubscription),
  inCalendar('DELETE', subscription, read, deleteSubscription),
];

/** The grant behind the bearer token. @throws {GraphFault} 401 */
export function authenticate(store: Store, request: HttpRequest): { grant: Grant; person: Person } {
  const refuse = (message: string): GraphFault => new GraphFault(401, 'InvalidAuthenticationToken', message);
  const token = /^Bearer (.+)$/i.exec(request.headers['authorization'] ?? '')?.[1];
  if (token === undefined) throw refuse('Access token is empty.');
  const grant = store.state.accessTokens[digest(token)];
  const person = grant && store.state.people.find((one) => one.id === grant.personId);
  if (!grant || !person || grant.revoked || store.refusedPeople.has(person.id))
    throw refuse('Access token validation failure.');
  if (store.now() >= grant.expiresAt) throw refuse('Lifetime validation failed, the token is expired.');
  return { grant, person };
}

async function dispatch(store: Store, request: HttpRequest): Promise<HttpResponse> {
  const { grant, person } = authenticate(store, request);
  const path = request.path.replace(/^\/v1\.0/, '');
  const atPath = routes.filter((route) => route.path.test(path));
  const route = atPath.find(({ method }) => method === request.method);
  if (!route) {
    if (atPath.length > 0)
      throw new GraphFault(405, 'BadRequest', 'Specified HTTP method is not allowed for the request target.');
    const segment = path.split('/').at(-1) ?? '';
    throw new GraphFault(400, 'BadRequest', `Resource not found for the segment '${segment}'.`);
  }
  if (!route.scopes.some((scope) => grant.scopes.includes(scope))) {
    throw (
      route.forbid?.() ??
      new GraphFault(403, 'ErrorAccessDenied', 'Access is denied. Check credentials and try again.')
    );
  }
  if (route.needsMailbox && !person.hasMailbox) {
    throw new GraphFault(
      404,
      'MailboxNotEnabledForRESTAPI',
      'The mailbox is either inactive, soft-deleted, or is hosted on-premise.',
    );
  }
  return route.handle(store, request, person, decodeURIComponent(route.path.exec(path)?.[1] ?? ''));
}

/** Any request below /v1.0 but $batch. */
export async function handleGraph(store: Store, request: HttpRequest): Promise<HttpResponse> {
  try {
    return await dispatch(store, request);
  } catch (error) {
    if (!(error instanceof GraphFault)) throw error;
    const { status, code, message, extra } = error;
    const challenge =
      status === 401
        ? {
            'www-authenticate': `Bearer realm="", authorization_uri="${request.origin}/common/oauth2/authorize"`,
          }
        : undefined;
    return graphError({ status, code, message, extra }, store.now(), challenge);
  }
}
