// Graph's error bodies.
import { randomUUID } from 'node:crypto';
import { json } from './http.ts';
import type { HttpResponse } from './http.ts';

/** Thrown by Graph handlers, answered by the router. */
export class GraphFault extends Error {
  readonly status: number;
  readonly code: string;
  readonly extra: Record<string, unknown>;

  constructor(status: number, code: string, message: string, extra: Record<string, unknown> = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.extra = extra;
  }
}

/** @see https://learn.microsoft.com/graph/errors */
export function graphError(
  fault: { status: number; code: string; message: string; extra?: Record<string, unknown> },
  now: number,
  headers?: Record<string, string>,
): HttpResponse {
  const id = randomUUID();
  return json(
    fault.status,
    {
      error: {
        code: fault.code,
        message: fault.message,
        innerError: {
          date: new Date(now).toISOString().slice(0, 19),
          'request-id': id,
          'client-request-id': id,
        },
        ...fault.extra,
      },
    },
    headers,
  );
}

/** 400 `BadRequest`. */
export function badRequest(message: string): GraphFault {
  return new GraphFault(400, 'BadRequest', message);
}

/** 400 `ErrorInvalidRequest`. */
export function invalidRequest(message: string): GraphFault {
  return new GraphFault(400, 'ErrorInvalidRequest', message);
}

/** As Graph says it of a query that it cannot read. */
export function unreadableQuery(message: string): GraphFault {
  return new GraphFault(400, 'RequestBroker--ParseUri', message);
}

/** 400 `TimeZoneNotSupportedException`. */
export function unsupportedTimeZone(name: string): GraphFault {
  return new GraphFault(
    400,
    'TimeZoneNotSupportedException',
    `A valid TimeZone value must be specified. The following TimeZone value is not supported: '${name}'.`,
  );
}

/** 404 `ErrorItemNotFound`. */
export function notFound(): GraphFault {
  return new GraphFault(404, 'ErrorItemNotFound', 'The specified object was not found in the store.');
}
