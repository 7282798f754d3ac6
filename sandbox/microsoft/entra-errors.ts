// Errors of Microsoft's login, with the codes and the wire shape of its two kinds: a JSON body, and a page.
import { randomUUID } from 'node:crypto';
import { json } from './http.ts';
import type { HttpResponse } from './http.ts';

export interface TokenError {
  /** Default 400. */
  status?: number;
  error: string;
  /** The number of the AADSTS code. */
  aadsts: number;
  message: string;
  suberror?: string;
  claims?: string;
}

/** An `error_description` as Entra writes it. */
export function describeError(aadsts: number, message: string, now: number): string {
  const stamp = `${new Date(now).toISOString().slice(0, 19).replace('T', ' ')}Z`;
  return `AADSTS${aadsts}: ${message} Trace ID: ${randomUUID()} Correlation ID: ${randomUUID()} Timestamp: ${stamp}`;
}

/** @see https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow#error-response-1 */
export function tokenError(fault: TokenError, now: number, headers?: Record<string, string>): HttpResponse {
  const timestamp = `${new Date(now).toISOString().slice(0, 19).replace('T', ' ')}Z`;
  const trace = randomUUID();
  const correlation = randomUUID();
  return json(
    fault.status ?? 400,
    {
      error: fault.error,
      error_description: `AADSTS${fault.aadsts}: ${fault.message}\r\nTrace ID: ${trace}\r\nCorrelation ID: ${correlation}\r\nTimestamp: ${timestamp}`,
      error_codes: [fault.aadsts],
      timestamp,
      trace_id: trace,
      correlation_id: correlation,
      error_uri: `https://login.microsoftonline.com/error?code=${fault.aadsts}`,
      ...(fault.suberror === undefined ? {} : { suberror: fault.suberror }),
      ...(fault.claims === undefined ? {} : { claims: fault.claims }),
    },
    { 'cache-control': 'no-store', ...headers },
  );
}
