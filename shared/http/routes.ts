// Every route and timer of the app, and the whole contract of each. The function files, the OpenAPI document, docs/api.md,
// the deployment's check of what is registered and the sandbox read this table.
import * as z from 'zod';
import { CALLBACK_PATH, CONNECT_PATH, DISCONNECT_PATH, NOTIFICATIONS_PATH } from '../core/paths.ts';
import { managerBody } from '../managers/manager-body.ts';
import { PROPERTY_ROUTES } from './property-routes.ts';
import {
  disconnectBody,
  formTokenBody,
  ifMatchHeader,
  ifNoneMatchHeader,
  inviteBody,
  notificationsBody,
  notificationsQuery,
  putHeaders,
  startQuery,
  tokenParams,
  userIdParams,
} from './requests.ts';
import {
  connectedResponse,
  connectLinkResponse,
  disconnectResponse,
  healthResponse,
  inviteResponse,
  managerResponse,
  managersResponse,
  messagesResponse,
  statusResponse,
} from './response-schemas.ts';
import type { Route, Timer } from './route.ts';
import { viewingsQuery, viewingsResponse } from './viewing-schemas.ts';
import { MIB, WEBHOOK_ROUTE } from './webhook-route.ts';
import { webhookBody, webhookExamples, webhookResponse } from './webhook-schemas.ts';

const BROWSERS = 'Managers’ browsers';
const MONITORS = 'Monitors';

const OPERATOR = { access: 'function_key', tag: 'Operators' } as const;
/** The page behind a signed link. */
const LINK_PAGE = {
  access: 'anonymous',
  tag: BROWSERS,
  params: tokenParams,
  errorFormat: 'page',
  head: true,
} as const;
const SHOW_PAGE = {
  responses: { 200: { description: 'The page', page: true } },
  errors: [400, 410],
} as const;

/** By the name of the Azure Function. */
export const ROUTES = {
  vapiWebhook: {
    ...WEBHOOK_ROUTE,
    operations: {
      POST: {
        ...WEBHOOK_ROUTE.operations.POST,
        body: {
          ...WEBHOOK_ROUTE.operations.POST.body,
          bytes: { 'application/json': webhookBody },
          examples: webhookExamples,
        },
        responses: { 200: { description: 'The answer, in the form of the request', json: webhookResponse } },
      },
    },
  },
  calendarAuthStart: {
    path: '/calendar/auth/start',
    ...OPERATOR,
    operations: {
      GET: {
        summary: 'Make a link that connects a manager’s calendar',
        query: startQuery,
        responses: { 200: { description: 'The link', json: connectLinkResponse } },
        errors: [400],
      },
    },
  },
  calendarAuthStatus: {
    path: '/calendar/auth/status',
    ...OPERATOR,
    operations: {
      GET: {
        summary: 'Get a manager’s connection status',
        query: userIdParams,
        responses: { 200: { description: 'The status, also of an unknown manager', json: statusResponse } },
        errors: [400],
      },
    },
  },
  calendarAuthInvite: {
    path: '/calendar/auth/invite',
    ...OPERATOR,
    operations: {
      POST: {
        summary: 'Send a manager the connect link by e-mail',
        body: { json: inviteBody },
        responses: { 202: { description: 'The mail has been accepted', json: inviteResponse } },
        errors: [400, 409, 502],
      },
    },
  },
  calendarAuthDisconnect: {
    path: '/calendar/auth/disconnect',
    ...OPERATOR,
    operations: {
      POST: {
        summary: 'Disconnect a manager: delete their tokens, and end their links',
        body: { json: disconnectBody },
        responses: { 200: { description: 'Tokens deleted (or none existed)', json: disconnectResponse } },
        errors: [400, 409],
      },
    },
  },
  managers: {
    path: '/managers',
    ...OPERATOR,
    operations: {
      GET: {
        summary: 'List all managers',
        responses: { 200: { description: 'All managers, with defaults filled in', json: managersResponse } },
      },
    },
  },
  manager: {
    path: '/managers/{user_id}',
    ...OPERATOR,
    params: userIdParams,
    operations: {
      GET: {
        summary: 'Get a manager’s profile and rules',
        headers: ifNoneMatchHeader,
        responses: {
          200: { description: 'The manager, with defaults filled in, and an `ETag`', json: managerResponse },
          304: { description: 'Not changed' },
        },
        errors: [400, 404],
      },
      PUT: {
        summary: 'Create or replace a manager’s profile and rules',
        headers: putHeaders,
        body: { json: managerBody },
        responses: {
          200: { description: 'Replaced', json: managerResponse },
          201: { description: 'Created', json: managerResponse },
        },
        errors: [400, 409, 412],
      },
      DELETE: {
        summary: 'Delete a manager and everything that is stored for them; viewings stay in Outlook',
        headers: ifMatchHeader,
        responses: { 204: { description: 'Deleted' } },
        errors: [400, 404, 409, 412],
      },
    },
  },
  managerMessages: {
    path: '/managers/{user_id}/messages',
    ...OPERATOR,
    params: userIdParams,
    operations: {
      GET: {
        summary: 'List the messages that callers left for a manager',
        responses: { 200: { description: 'The newest 200', json: messagesResponse } },
        errors: [400, 404],
      },
    },
  },
  managerViewings: {
    path: '/managers/{user_id}/viewings',
    ...OPERATOR,
    params: userIdParams,
    operations: {
      GET: {
        summary: 'List a manager’s viewings by day, with their state',
        query: viewingsQuery,
        responses: { 200: { description: 'In order of time', json: viewingsResponse } },
        errors: [400, 404],
      },
    },
  },
  ...PROPERTY_ROUTES,
  calendarConnect: {
    path: `${CONNECT_PATH}/{token}`,
    ...LINK_PAGE,
    operations: {
      GET: {
        summary: 'Show the page of a connect link; this changes nothing',
        ...SHOW_PAGE,
      },
      POST: {
        summary: 'Press the page’s button: go to Microsoft',
        body: { form: formTokenBody },
        responses: { 303: { description: 'To Microsoft, with a cookie', redirect: true } },
        errors: [400, 410],
      },
    },
  },
  calendarAuthCallback: {
    path: CALLBACK_PATH,
    access: 'anonymous',
    tag: BROWSERS,
    errorFormat: 'negotiated',
    operations: {
      GET: {
        summary: 'Complete a sign-in at Microsoft',
        responses: {
          200: {
            description: 'A page if Accept names text/html, else JSON',
            json: connectedResponse,
            page: true,
          },
        },
        errors: [400, 403, 409, 410, 422, 502],
      },
    },
  },
  calendarDisconnect: {
    path: `${DISCONNECT_PATH}/{token}`,
    ...LINK_PAGE,
    operations: {
      GET: {
        summary: 'Show the page of a disconnect link; this changes nothing',
        ...SHOW_PAGE,
      },
      POST: {
        summary: 'Press the page’s button: disconnect',
        body: { form: formTokenBody },
        responses: { 200: { description: 'Disconnected', page: true } },
        errors: [400, 410],
      },
    },
  },
  microsoftNotifications: {
    path: NOTIFICATIONS_PATH,
    access: 'anonymous',
    tag: 'Microsoft Graph',
    operations: {
      POST: {
        summary: 'Receive change notifications of calendars',
        description:
          'Before Graph makes a subscription, it sends `validationToken`, and the answer is the decoded token. Otherwise, each item with a valid `clientState` marks its calendar as changed, and all other items are counted and dropped.',
        query: notificationsQuery,
        body: {
          bytes: { 'application/json': notificationsBody },
          maxBytes: 4 * MIB,
          onDemand: true,
        },
        responses: {
          200: { description: 'The token', text: true },
          202: { description: 'All changes are stored, or there were none to store' },
        },
        errors: [503],
      },
    },
  },
  health: {
    path: '/health',
    access: 'anonymous',
    tag: MONITORS,
    head: true,
    withoutApp: true,
    operations: {
      GET: {
        summary: 'Check what works and what does not',
        responses: {
          200: { description: 'The app works', json: healthResponse },
          503: { description: 'The app cannot serve', json: healthResponse },
        },
      },
    },
  },
  openApi: {
    path: '/openapi.json',
    access: 'anonymous',
    tag: MONITORS,
    operations: {
      GET: {
        summary: 'Get this document',
        responses: { 200: { description: 'OpenAPI 3.1', json: z.looseObject({}) } },
      },
    },
  },
  docs: {
    path: '/docs',
    access: 'anonymous',
    tag: MONITORS,
    operations: {
      GET: {
        summary: 'Show this document as a page',
        responses: { 200: { description: 'The page', bytes: 'text/html' } },
      },
    },
  },
} as const satisfies Readonly<Record<string, Route>>;

/** Every timer, by the name of its Azure Function. */
export const TIMERS = {
  sweep: { schedule: '0 */5 * * * *' },
  keepAlive: { schedule: '0 */15 * * * *' },
  feeds: { schedule: '0 */10 * * * *' },
} as const satisfies Readonly<Record<string, Timer>>;

export type Routes = typeof ROUTES;
export type RouteName = keyof Routes;
export type TimerName = keyof typeof TIMERS;
