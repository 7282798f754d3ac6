// Hazard: a request's address holds tokens, codes and numbers. A span is given the route's template, and nothing else of it.
import { SpanKind } from '@opentelemetry/api';
import { recordAnswer } from './metrics.ts';
import { inSpan, inTraceOf } from './spans.ts';

/** One call of a function by the host. */
export interface Invocation {
  readonly functionName: string;
  /** As it was registered: `vapi/webhook`, `managers/{userId}`; undefined for a timer. */
  readonly route: string | undefined;
  /** Upper case; undefined for a timer. */
  readonly method: string | undefined;
  readonly traceParent: string | undefined;
}

const WEBHOOK = 'vapiWebhook';

function statusOf(answer: unknown): number {
  const status =
    typeof answer === 'object' && answer !== null && 'status' in answer ? answer.status : undefined;
  return typeof status === 'number' ? status : 200;
}

/** A webhook's own span, and its duration as the caller waits for it. */
async function answerWebhook<T>(work: () => Promise<T>): Promise<T> {
  const startedAt = performance.now();
  try {
    return await inSpan('vapi.webhook', SpanKind.INTERNAL, {}, work);
  } finally {
    recordAnswer(performance.now() - startedAt);
  }
}

/** A span for what the function does: `GET /calendar/connect/{token}`, or a timer's name. */
export function traceInvocation<T>(
  { functionName, route, method, traceParent }: Invocation,
  work: () => Promise<T>,
): Promise<T> {
  const run = functionName === WEBHOOK ? () => answerWebhook(work) : work;
  return inTraceOf(traceParent === undefined ? {} : { traceparent: traceParent }, () => {
    if (route === undefined || method === undefined) {
      return inSpan(functionName, SpanKind.SERVER, { 'faas.trigger': 'timer' }, run);
    }
    const attributes = { 'faas.trigger': 'http', 'http.request.method': method, 'http.route': `/${route}` };
    return inSpan(`${method} /${route}`, SpanKind.SERVER, attributes, async (span) => {
      // What the host responds if a function throws.
      let status = 500;
      try {
        const answer = await run();
        status = statusOf(answer);
        return answer;
      } finally {
        span.setAttribute('http.response.status_code', status);
      }
    });
  });
}
