// Graph below /v1.0: who asks, what is allowed, which handler answers.
import { graphError, GraphFault } from './graph-error.ts';
import { handleCalendarView } from './graph-calendar-view.ts';
import { cancelEvent, createEvent, deleteEvent, getEvent, listEvents, updateEvent } from './graph-events.ts';
import { handleCalendar, handleMe } from './graph-me.ts';
import { handleGetSchedule } from './graph-schedule.ts';
import type { Answer, Asked } from './http.ts';
import type { Person } from './people.ts';
import { digest } from './world.ts';
import type { Grant, World } from './world.ts';

type Handler = (world: World, asked: Asked, person: Person, id: string) => Answer;

interface Route {
  method: string;
  path: RegExp;
  /** Any one of them. */
  scopes: string[];
  needsMailbox: boolean;
  handle: Handler;
}

const read = ['Calendars.Read', 'Calendars.ReadWrite'];
const write = ['Calendars.ReadWrite'];
const inCalendar = (method: string, path: RegExp, scopes: string[], handle: Handler): Route => ({
  method,
  path,
  scopes,
  needsMailbox: true,
  handle,
});

const routes: Route[] = [
  {
    method: 'GET',
    path: /^\/me$/,
    scopes: ['User.Read'],
    needsMailbox: false,
    handle: (_, asked, person) => handleMe(asked, person),
  },
  inCalendar('GET', /^\/me\/calendar$/, read, (_, asked, person) => handleCalendar(asked, person)),
  inCalendar('GET', /^\/me(?:\/calendar)?\/calendarView$/i, read, handleCalendarView),
  inCalendar('POST', /^\/me\/calendar\/getSchedule$/i, read, handleGetSchedule),
  inCalendar('GET', /^\/me(?:\/calendar)?\/events$/, read, listEvents),
  inCalendar('POST', /^\/me(?:\/calendar)?\/events$/, write, createEvent),
  inCalendar('GET', /^\/me\/events\/([^/]+)$/, read, getEvent),
  inCalendar('PATCH', /^\/me\/events\/([^/]+)$/, write, updateEvent),
  inCalendar('DELETE', /^\/me\/events\/([^/]+)$/, write, deleteEvent),
  inCalendar('POST', /^\/me\/events\/([^/]+)\/cancel$/, write, cancelEvent),
];

/** The grant behind the bearer token. @throws {GraphFault} 401 */
export const authenticate = (world: World, asked: Asked): { grant: Grant; person: Person } => {
  const refuse = (message: string): GraphFault => new GraphFault(401, 'InvalidAuthenticationToken', message);
  const token = /^Bearer (.+)$/i.exec(asked.headers['authorization'] ?? '')?.[1];
  if (token === undefined) throw refuse('Access token is empty.');
  const grant = world.state.accessTokens[digest(token)];
  const person = grant && world.state.people.find((one) => one.id === grant.personId);
  if (!grant || !person || grant.revoked) throw refuse('Access token validation failure.');
  if (world.now() >= grant.expiresAt) throw refuse('Lifetime validation failed, the token is expired.');
  return { grant, person };
};

const dispatch = (world: World, asked: Asked): Answer => {
  const { grant, person } = authenticate(world, asked);
  const path = asked.path.replace(/^\/v1\.0/, '');
  const atPath = routes.filter((route) => route.path.test(path));
  const route = atPath.find(({ method }) => method === asked.method);
  if (!route) {
    if (atPath.length > 0)
      throw new GraphFault(405, 'BadRequest', 'Specified HTTP method is not allowed for the request target.');
    const segment = path.split('/').at(-1) ?? '';
    throw new GraphFault(400, 'BadRequest', `Resource not found for the segment '${segment}'.`);
  }
  if (!route.scopes.some((scope) => grant.scopes.includes(scope))) {
    throw new GraphFault(403, 'ErrorAccessDenied', 'Access is denied. Check credentials and try again.');
  }
  if (route.needsMailbox && !person.hasMailbox) {
    throw new GraphFault(
      404,
      'MailboxNotEnabledForRESTAPI',
      'The mailbox is either inactive, soft-deleted, or is hosted on-premise.',
    );
  }
  return route.handle(world, asked, person, decodeURIComponent(route.path.exec(path)?.[1] ?? ''));
};

/** Any request below /v1.0 but $batch. */
export const handleGraph = (world: World, asked: Asked): Answer => {
  try {
    return dispatch(world, asked);
  } catch (error) {
    if (!(error instanceof GraphFault)) throw error;
    const { status, code, message, extra } = error;
    const challenge =
      status === 401
        ? {
            'www-authenticate': `Bearer realm="", authorization_uri="${asked.origin}/common/oauth2/authorize"`,
          }
        : undefined;
    return graphError({ status, code, message, extra }, world.now(), challenge);
  }
};
