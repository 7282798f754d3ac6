/**
 * Several requests to Graph in one round trip. The batch's own answer is 200 even if requests in it failed: each inner answer
 * is checked
 * by itself.
 * @see https://learn.microsoft.com/graph/json-batching
 */
import * as z from 'zod';
import { AppError } from '../core/errors.ts';
import { GraphProblem } from './graph-client.ts';
import type { Graph, GraphAuth } from './graph-client.ts';

const responsesSchema = z.object({
  responses: z.array(
    z.object({
      id: z.string(),
      status: z.number(),
      headers: z.record(z.string(), z.string()).nullish(),
      body: z.unknown(),
    }),
  ),
});

/** One request of a batch. @see https://learn.microsoft.com/graph/json-batching */
export interface BatchStep {
  readonly method: 'GET' | 'POST' | 'PATCH';
  /** Below the version, query included. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** The answer to one request of a batch. */
export interface BatchResponse {
  readonly body: unknown;
  /** Null if the request succeeded. */
  readonly problem: GraphProblem | null;
}

/** Checks the shape of an answer. @throws AppError `microsoft_unreachable` if it is unknown */
export function parseGraph<T>(schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new AppError('microsoft_unreachable', 'Microsoft Graph sent an answer of an unknown shape', {
    cause: parsed.error,
  });
}

/**
 * @param steps 1 to 20. All of them may be repeated: a create carries its transactionId, a PATCH its If-Match.
 * @param options.chained each step waits for the one before it, and the caller repeats the batch. Default false.
 */
export async function sendBatch(
  graph: Graph,
  auth: GraphAuth,
  steps: readonly BatchStep[],
  { signal, chained = false }: { readonly signal: AbortSignal; readonly chained?: boolean },
): Promise<BatchResponse[]> {
  const requests = steps.map((step, index) => ({
    id: String(index + 1),
    ...step,
    headers: {
      ...step.headers,
      ...(step.body === undefined ? {} : { 'Content-Type': 'application/json' }),
    },
    ...(chained && index > 0 ? { dependsOn: [String(index)] } : {}),
  }));
  const answer = await graph.request(auth, {
    method: 'POST',
    path: '/$batch',
    body: { requests },
    repeatable: true,
    once: chained,
    signal,
  });
  const { responses } = parseGraph(responsesSchema, answer);
  return requests.map(({ id }) => {
    const response = responses.find((one) => one.id === id);
    if (response === undefined)
      throw new AppError('microsoft_unreachable', 'Microsoft Graph left out an answer');
    const retryAfter = Object.entries(response.headers ?? {}).find(
      ([name]) => name.toLowerCase() === 'retry-after',
    );
    const failed = response.status < 200 || response.status > 299;
    return {
      body: response.body,
      problem: failed ? new GraphProblem(response.status, response.body, retryAfter?.[1] ?? null) : null,
    };
  });
}
