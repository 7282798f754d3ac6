// Uses the API alone: without an exporter, every call here does nothing.
import { ROOT_CONTEXT, SpanStatusCode, context, propagation, trace } from '@opentelemetry/api';
import type { Attributes, Span, SpanKind } from '@opentelemetry/api';
import { isAppError } from '../core/errors.ts';

/** The class or our own code. A message may hold what must not be sent. */
function typeOf(error: unknown): string {
  return isAppError(error) ? error.code : error instanceof Error ? error.name : typeof error;
}

/** Marks a span as failed. Only the kind of the error goes into it: a message could name a person. */
export function markFailed(span: Span, error: unknown): void {
  span.setAttribute('error.type', typeOf(error));
  span.setStatus({ code: SpanStatusCode.ERROR });
}

/** Runs the work in a span, as a child of the one that is open. A throw marks it failed and goes on. */
export async function inSpan<T>(
  name: string,
  kind: SpanKind,
  attributes: Attributes,
  work: (span: Span) => Promise<T>,
): Promise<T> {
  return trace.getTracer('peterental').startActiveSpan(name, { kind, attributes }, async (span) => {
    try {
      return await work(span);
    } catch (error) {
      markFailed(span, error);
      throw error;
    } finally {
      span.end();
    }
  });
}

/** Runs the work as part of the host's trace, whose W3C headers the worker receives. */
export function inTraceOf<T>(headers: Readonly<Record<string, string>>, work: () => T): T {
  return context.with(propagation.extract(ROOT_CONTEXT, headers), work);
}

/** The span that the running code belongs to; undefined outside an invocation. */
export function currentSpan(): Span | undefined {
  return trace.getActiveSpan();
}
