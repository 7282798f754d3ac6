import { SpanStatusCode, trace } from '@opentelemetry/api';
import type { Context, Span } from '@opentelemetry/api';
import type { ReadableSpan, Span as SdkSpan, SpanProcessor } from '@opentelemetry/sdk-trace-base';

/** The spans of one invocation. */
interface Invocation {
  readonly first: Span;
  readonly waiting: ReadableSpan[];
  /** Known once the first span has ended. */
  isSampled?: boolean;
}

function hasFailed({ status, attributes }: ReadableSpan): boolean {
  return status.code === SpanStatusCode.ERROR || Number(attributes['http.response.status_code'] ?? 0) >= 500;
}

function isToolCall({ attributes }: ReadableSpan): boolean {
  return 'peterental.tool' in attributes;
}

/**
 * Decides when an invocation has ended: all failures and all tool calls are exported, and a sample of the rest, each invocation whole or not at all.
 * @param oneIn one in this many of the rest is exported
 */
export function createTailSampler(next: SpanProcessor, oneIn: number): SpanProcessor {
  const isChosen = (span: ReadableSpan): boolean =>
    Number.parseInt(span.spanContext().traceId.slice(-8), 16) % oneIn === 0;
  const invocations = new WeakMap<Span, Invocation>();
  return {
    onStart(span: SdkSpan, parent: Context) {
      const above = trace.getSpan(parent);
      const known = above && invocations.get(above);
      invocations.set(span, known ?? { first: span, waiting: [] });
      next.onStart(span, parent);
    },
    onEnd(span) {
      const invocation = invocations.get(span as unknown as Span);
      if (!invocation) return;
      const { first, waiting } = invocation;
      if (invocation.isSampled !== undefined) {
        // It went on after the answer.
        if (invocation.isSampled || hasFailed(span)) next.onEnd(span);
        return;
      }
      waiting.push(span);
      if ((span as unknown) !== first) return;
      invocation.isSampled = isChosen(span) || waiting.some((each) => hasFailed(each) || isToolCall(each));
      if (invocation.isSampled) for (const each of waiting) next.onEnd(each);
      waiting.length = 0;
    },
    forceFlush: () => next.forceFlush(),
    shutdown: () => next.shutdown(),
  };
}
