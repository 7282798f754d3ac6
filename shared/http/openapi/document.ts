import * as z from 'zod';
import { createDocument } from 'zod-openapi';
import type {
  ZodOpenApiOperationObject,
  ZodOpenApiPathsObject,
  ZodOpenApiResponsesObject,
} from 'zod-openapi';
import { ERRORS } from '../../core/errors.ts';
import { ROUTES } from '../routes.ts';
import { errorResponse } from '../response-schemas.ts';
import type { Access, BodySpec, Method, Operation, ResponseSpec, Route } from '../route.ts';

const SECURITY: Readonly<Record<Access, Record<string, string[]>[] | undefined>> = {
  function_key: [{ functionKey: [] }, { functionKeyQuery: [] }],
  vapi: [{ bearer: [] }, { vapiSecret: [] }, { signature: [] }],
  anonymous: undefined,
};

function json(schema: z.ZodType) {
  return { 'application/json': { schema } };
}
const page = { 'text/html': { schema: z.string() } };

function describeResponse({ description, json: body, page: isPage, text, bytes }: ResponseSpec) {
  const content = {
    ...(isPage && page),
    ...(body && json(body)),
    ...(text && { 'text/plain': { schema: z.string() } }),
    ...(bytes !== undefined && { [bytes]: { schema: z.string() } }),
  };
  return { description, ...(Object.keys(content).length > 0 && { content }) };
}

/** The codes of errors with this status. */
function codesOf(status: number): string {
  const codes = Object.entries(ERRORS).filter(([, kind]) => kind.status === status);
  return codes.map(([code]) => `\`${code}\``).join(', ');
}

function describeErrors(route: Route, operation: Operation): ZodOpenApiResponsesObject {
  const statuses = new Set(operation.errors ?? []);
  if (operation.body) statuses.add(413);
  if (route.access === 'vapi') statuses.add(401);
  if (!route.withoutApp) statuses.add(503);
  const format = route.errorFormat ?? 'json';
  const content = { ...(format !== 'json' && page), ...(format !== 'page' && json(errorResponse)) };
  return {
    ...Object.fromEntries([...statuses].map((status) => [status, { description: codesOf(status), content }])),
    // The Functions host checks the key: its response has no body.
    ...(route.access === 'function_key' && { 401: { description: 'The function key is missing or wrong' } }),
  };
}

function describeBody(body: BodySpec) {
  if ('form' in body) return { 'application/x-www-form-urlencoded': { schema: body.form } };
  const types = 'bytes' in body ? body.bytes : { 'application/json': body.json };
  return Object.fromEntries(
    Object.entries(types).map(([type, schema]) => [
      type,
      { schema, ...(body.examples && { examples: body.examples }) },
    ]),
  );
}

function describeOperation(route: Route, operation: Operation): ZodOpenApiOperationObject {
  const { summary, description, query, headers, body, responses } = operation;
  return {
    tags: [route.tag],
    summary,
    ...(description !== undefined && { description }),
    ...(SECURITY[route.access] && { security: SECURITY[route.access] }),
    requestParams: {
      ...(route.params && { path: route.params }),
      ...(query && { query }),
      ...(headers && { header: headers }),
    },
    ...(body && { requestBody: { required: true, content: describeBody(body) } }),
    responses: {
      ...Object.fromEntries(
        Object.entries(responses).map(([status, spec]) => [status, describeResponse(spec)]),
      ),
      ...describeErrors(route, operation),
    },
  };
}

function describePaths(): ZodOpenApiPathsObject {
  return Object.fromEntries(
    Object.values<Route>(ROUTES).map((route) => [
      route.path,
      Object.fromEntries(
        (Object.entries(route.operations) as [Method, Operation][]).map(([method, operation]) => [
          method.toLowerCase(),
          describeOperation(route, operation),
        ]),
      ),
    ]),
  );
}

export type OpenApiDocument = ReturnType<typeof createDocument>;

let made: OpenApiDocument | undefined;

/** The API as an OpenAPI 3.1 document, made from the route table on the first request. @see https://spec.openapis.org/oas/v3.1.0 */
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
    paths: describePaths(),
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
            'Hex HMAC-SHA256 with VAPI_HMAC_SECRET: of the body, or of `{timestamp}.{body}` if `x-vapi-timestamp` (in seconds, at most 5 minutes off) is sent along',
        },
      },
    },
  }));
}
