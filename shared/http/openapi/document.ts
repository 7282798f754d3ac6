import { z } from 'zod';
import { createDocument } from 'zod-openapi';
import type {
  ZodOpenApiOperationObject,
  ZodOpenApiPathsObject,
  ZodOpenApiResponsesObject,
} from 'zod-openapi';
import { disconnectBody, inviteBody, startQuery, userIdField } from '../requests.ts';
import { managerBody } from '../../managers/manager.ts';
import { messagesSchema } from '../message-response.ts';
import {
  callbackAnswer,
  disconnectAnswer,
  errorAnswer,
  healthAnswer,
  inviteAnswer,
  managerAnswer,
  managersAnswer,
  startAnswer,
  statusAnswer,
} from './response-schemas.ts';
import { webhookResponse, webhookBody, webhookExamples } from './webhook-body.ts';

function json(schema: z.ZodType) {
  return { 'application/json': { schema } };
}
const page = { 'text/html': { schema: z.string() } };

const REFUSALS = {
  400: 'Something in the request is not as it must be; `details` names each field',
  401: 'The key, the secret or the signature is missing or wrong',
  404: 'There is no such manager',
  409: 'An assistant or a number belongs to another manager',
  410: 'The link is used or has expired',
  412: 'The entry has changed since it was read',
  413: 'The body is too large',
  502: 'Microsoft, or the mail, could not be reached',
  503: 'The app is not configured for this, or the tables cannot be reached',
} as const;
type Refusal = keyof typeof REFUSALS;

function refusals(...statuses: Refusal[]): ZodOpenApiResponsesObject {
  return Object.fromEntries(
    statuses.map((status) => [status, { description: REFUSALS[status], content: json(errorAnswer) }]),
  );
}

const FUNCTION_KEY: Record<string, string[]>[] = [{ functionKey: [] }, { functionKeyQuery: [] }];

interface Operator extends ZodOpenApiOperationObject {
  readonly responses: ZodOpenApiResponsesObject;
}
/** A route that asks for a function key, which the Functions host checks: its 401 has no body. */
function byOperator(operation: Operator): ZodOpenApiOperationObject {
  return {
    tags: ['Operators'],
    security: FUNCTION_KEY,
    ...operation,
    responses: { ...operation.responses, 401: { description: 'The function key is missing or wrong' } },
  };
}

const userPath = { path: z.object({ user_id: userIdField }) };
const ifMatch = z.object({
  'if-match': z.string().optional().describe('Only this version: the `ETag` that was read'),
});
const tokenPath = { path: z.object({ token: z.string() }) };
const formBody = {
  content: { 'application/x-www-form-urlencoded': { schema: z.object({ form_token: z.string() }) } },
};

const PATHS: ZodOpenApiPathsObject = {
  '/vapi/webhook': {
    post: {
      tags: ['Voice agent'],
      summary: 'Answer a server message of VAPI',
      description:
        'Always 200, whatever goes wrong, but for a sender that is not VAPI and a body over 4 MiB. Every tool answers an object with `response`, one line to read aloud, and `action`.',
      security: [{ bearer: [] }, { vapiSecret: [] }, { signature: [] }],
      requestBody: {
        required: true,
        content: { 'application/json': { schema: webhookBody, examples: webhookExamples } },
      },
      responses: {
        200: { description: 'In the form of the request', content: json(webhookResponse) },
        ...refusals(401, 413),
      },
    },
  },
  '/calendar/auth/start': {
    get: byOperator({
      summary: 'Make a link that connects a manager’s calendar',
      requestParams: { query: startQuery },
      responses: { 200: { description: 'The link', content: json(startAnswer) }, ...refusals(400, 503) },
    }),
  },
  '/calendar/auth/status': {
    get: byOperator({
      summary: 'Ask how a manager’s connection stands',
      requestParams: { query: z.object({ user_id: userIdField }) },
      responses: {
        200: { description: 'Also for someone unknown', content: json(statusAnswer) },
        ...refusals(400, 503),
      },
    }),
  },
  '/calendar/auth/invite': {
    post: byOperator({
      summary: 'Mail a manager the link',
      requestBody: { required: true, content: json(inviteBody) },
      responses: {
        202: { description: 'The mail is accepted', content: json(inviteAnswer) },
        ...refusals(400, 413, 502, 503),
      },
    }),
  },
  '/calendar/auth/disconnect': {
    post: byOperator({
      summary: 'Erase a manager’s tokens',
      requestBody: { required: true, content: json(disconnectBody) },
      responses: {
        200: { description: 'Erased, or never there', content: json(disconnectAnswer) },
        ...refusals(400, 413, 503),
      },
    }),
  },
  '/managers': {
    get: byOperator({
      summary: 'List all managers',
      responses: {
        200: { description: 'With the defaults filled in', content: json(managersAnswer) },
        ...refusals(503),
      },
    }),
  },
  '/managers/{user_id}': {
    get: byOperator({
      summary: 'Read who is called how, and his rules',
      requestParams: { ...userPath, header: z.object({ 'if-none-match': z.string().optional() }) },
      responses: {
        200: { description: 'With the defaults filled in, and an `ETag`', content: json(managerAnswer) },
        304: { description: 'Not changed' },
        ...refusals(400, 404, 503),
      },
    }),
    put: byOperator({
      summary: 'Say who is called how, and set his rules',
      requestParams: { ...userPath, header: ifMatch.extend({ 'if-none-match': z.literal('*').optional() }) },
      requestBody: { required: true, content: json(managerBody) },
      responses: {
        200: { description: 'Replaced', content: json(managerAnswer) },
        201: { description: 'Made', content: json(managerAnswer) },
        ...refusals(400, 409, 412, 413, 503),
      },
    }),
    delete: byOperator({
      summary: 'Remove a manager with his connection; viewings stay in Outlook',
      requestParams: { ...userPath, header: ifMatch },
      responses: { 204: { description: 'Removed' }, ...refusals(400, 404, 412, 503) },
    }),
  },
  '/managers/{user_id}/messages': {
    get: byOperator({
      summary: 'Read what callers left for a manager',
      requestParams: userPath,
      responses: {
        200: { description: 'The newest 200', content: json(messagesSchema) },
        ...refusals(400, 503),
      },
    }),
  },
  '/calendar/connect/{token}': {
    get: {
      tags: ['Managers’ browsers'],
      summary: 'The page behind every connect link; changes nothing',
      requestParams: tokenPath,
      responses: {
        200: { description: 'The page', content: page },
        400: { description: REFUSALS[400], content: page },
        410: { description: REFUSALS[410], content: page },
      },
    },
    post: {
      tags: ['Managers’ browsers'],
      summary: 'Its button: go to Microsoft',
      requestParams: tokenPath,
      requestBody: formBody,
      responses: {
        303: { description: 'To Microsoft, with a cookie' },
        400: { description: REFUSALS[400], content: page },
        410: { description: REFUSALS[410], content: page },
      },
    },
  },
  '/calendar/auth/callback': {
    get: {
      tags: ['Managers’ browsers'],
      summary: 'The way back from Microsoft',
      responses: {
        200: {
          description: 'A page where Accept names text/html, else JSON',
          content: { ...page, ...json(callbackAnswer) },
        },
        ...refusals(400, 502, 503),
      },
    },
  },
  '/calendar/disconnect/{token}': {
    get: {
      tags: ['Managers’ browsers'],
      summary: 'The page behind the link in every mail; changes nothing',
      requestParams: tokenPath,
      responses: {
        200: { description: 'The page', content: page },
        400: { description: REFUSALS[400], content: page },
      },
    },
    post: {
      tags: ['Managers’ browsers'],
      summary: 'Its button: disconnect',
      requestParams: tokenPath,
      requestBody: formBody,
      responses: {
        200: { description: 'Disconnected', content: page },
        400: { description: REFUSALS[400], content: page },
      },
    },
  },
  '/health': {
    get: {
      tags: ['Monitors'],
      summary: 'What works and what does not',
      responses: {
        200: {
          description: 'The app serves; `degraded` where something is amiss',
          content: json(healthAnswer),
        },
        503: { description: 'The app cannot serve', content: json(healthAnswer) },
      },
    },
  },
  '/openapi.json': {
    get: {
      tags: ['Monitors'],
      summary: 'This document',
      responses: { 200: { description: 'OpenAPI 3.1', content: json(z.looseObject({})) } },
    },
  },
  '/docs': {
    get: {
      tags: ['Monitors'],
      summary: 'This document as a page',
      responses: { 200: { description: 'The page', content: page } },
    },
  },
};

export type OpenApiDocument = ReturnType<typeof createDocument>;

let made: OpenApiDocument | undefined;

/** The API as an OpenAPI 3.1 document, made when first asked for. @see https://spec.openapis.org/oas/v3.1.0 */
export function openApiDocument(): OpenApiDocument {
  return (made ??= createDocument({
    openapi: '3.1.0',
    info: {
      title: 'PeteRental Calendar',
      version: '1.0.0',
      description:
        'A property manager’s Microsoft 365 calendar, on the phone. Times are ISO 8601 with an offset; errors are `{error: {code, message}}` with a stable code; phone numbers are E.164.',
    },
    servers: [{ url: '/' }],
    paths: PATHS,
    components: {
      securitySchemes: {
        functionKey: { type: 'apiKey', in: 'header', name: 'x-functions-key' },
        functionKeyQuery: { type: 'apiKey', in: 'query', name: 'code' },
        bearer: { type: 'http', scheme: 'bearer', description: 'VAPI_WEBHOOK_SECRET' },
        vapiSecret: {
          type: 'apiKey',
          in: 'header',
          name: 'x-vapi-secret',
          description: 'VAPI_WEBHOOK_SECRET',
        },
        signature: {
          type: 'apiKey',
          in: 'header',
          name: 'x-vapi-signature',
          description:
            'Hex HMAC-SHA256, by VAPI_HMAC_SECRET, of the body, or of `{timestamp}.{body}` where `x-vapi-timestamp` (seconds, at most 5 minutes off) comes along',
        },
      },
    },
  }));
}
