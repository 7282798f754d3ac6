import type { Route } from './route.ts';

export const MIB = 1024 * 1024;

/** The webhook's route without the schemas of its documentation, which routes.ts adds: answering needs none of them. */
export const WEBHOOK_ROUTE = {
  path: '/vapi/webhook',
  access: 'vapi',
  tag: 'Voice agent',
  withoutApp: true,
  operations: {
    POST: {
      summary: 'Answer a server message of VAPI',
      description:
        'The status is always 200, unless the sender is not VAPI (401) or the body is over 4 MiB (413). The result of every tool is an object with `response`, one line to read aloud, and `action`.',
      body: { bytes: {}, maxBytes: 4 * MIB },
      responses: { 200: { description: 'The answer, in the form of the request' } },
    },
  },
} as const satisfies Route;
