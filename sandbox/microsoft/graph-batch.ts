// POST /v1.0/$batch: up to 20 requests in one.
import { z } from 'zod';
import { authenticate } from './graph.ts';
import { graphError, GraphFault } from './graph-error.ts';
import { json } from './http.ts';
import type { HttpResponse, HttpRequest } from './http.ts';
import type { Store } from './store.ts';

const schema = z.strictObject({
  requests: z
    .array(
      z.strictObject({
        id: z.string().min(1),
        method: z.enum(['GET', 'POST', 'PATCH', 'PUT', 'DELETE']),
        url: z.string().startsWith('/'),
        headers: z.record(z.string(), z.string()).default({}),
        body: z.unknown().optional(),
        dependsOn: z.array(z.string()).optional(),
      }),
    )
    .min(1)
    .max(20),
});

type Inner = z.infer<typeof schema>['requests'][number];

function judge(requests: Inner[]): string | undefined {
  const seen = new Set<string>();
  for (const { id, body, headers, dependsOn = [] } of requests) {
    if (seen.has(id)) return `Duplicate request id '${id}'.`;
    const unknown = dependsOn.find((one) => !seen.has(one));
    if (unknown !== undefined)
      return `Request '${id}' depends on '${unknown}', which does not come before it.`;
    seen.add(id);
    const hasType = Object.keys(headers).some((name) => name.toLowerCase() === 'content-type');
    if (body !== undefined && !hasType) return `Request '${id}' has a body but no Content-Type header.`;
  }
  return undefined;
}

function toRequest(outer: HttpRequest, inner: Inner): HttpRequest {
  const headers = Object.fromEntries(
    Object.entries(inner.headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
  const [path = '', query = ''] = inner.url.split(/\?(.*)/s);
  return {
    method: inner.method,
    path: `/v1.0${path}`,
    query: new URLSearchParams(query),
    headers: { authorization: outer.headers['authorization'], ...headers },
    body: inner.body === undefined ? '' : JSON.stringify(inner.body),
    origin: outer.origin,
  };
}

/**
 * Requests run in order; their answers come back in reverse, since Graph promises no order.
 * @see https://learn.microsoft.com/graph/json-batching
 */
export async function handleBatch(
  store: Store,
  request: HttpRequest,
  run: (inner: HttpRequest) => Promise<HttpResponse>,
): Promise<HttpResponse> {
  const refuse = (status: number, code: string, message: string): HttpResponse =>
    graphError({ status, code, message }, store.now());
  try {
    authenticate(store, request);
  } catch (error) {
    if (error instanceof GraphFault) return refuse(error.status, error.code, error.message);
    throw error;
  }
  let body: unknown;
  try {
    body = JSON.parse(request.body);
  } catch {
    return refuse(400, 'BadRequest', 'Invalid batch payload format.');
  }
  const parsed = schema.safeParse(body);
  if (!parsed.success) return refuse(400, 'BadRequest', 'Invalid batch payload format.');
  const wrong = judge(parsed.data.requests);
  if (wrong !== undefined) return refuse(400, 'BadRequest', wrong);

  const statuses = new Map<string, number>();
  const responses: unknown[] = [];
  for (const inner of parsed.data.requests) {
    const isBlocked = inner.dependsOn?.some((id) => (statuses.get(id) ?? 0) >= 400);
    const answer = isBlocked
      ? graphError(
          {
            status: 424,
            code: 'FailedDependency',
            message: 'A request that this one depends on has failed.',
          },
          store.now(),
        )
      : await run(toRequest(request, inner));
    statuses.set(inner.id, answer.status);
    responses.unshift({
      id: inner.id,
      status: answer.status,
      headers: Object.fromEntries(
        Object.entries(answer.headers ?? {}).map(([name, value]) => [
          name.replace(/(^|-)\w/g, (letter) => letter.toUpperCase()),
          value,
        ]),
      ),
      ...(answer.body === undefined ? {} : { body: answer.body }),
    });
  }
  return json(200, { responses });
}
