// One way from replies and faults to what the host sends: JSON for programs, pages for people.
import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import { AppError, isAppError, statusOf } from '../core/errors.ts';
import type { ErrorCode } from '../core/errors.ts';
import { PAGE_HEADERS, renderPage } from './pages/layout.ts';
import { signInErrorPage } from './pages/sign-in-error-page.ts';
import type { AnyReply } from './route.ts';
import { SECOND_MS } from '../core/duration.ts';

const NO_STORE = { 'cache-control': 'no-store' };
const NO_SNIFF = { 'x-content-type-options': 'nosniff' };

/** Whether a person is looking: the `Accept` header names text/html. */
export function wantsPage(request: HttpRequest): boolean {
  return request.headers.get('accept')?.includes('text/html') ?? false;
}

/** What the host sends for a reply. */
export function toResponse(reply: AnyReply): HttpResponseInit {
  const { status, headers } = reply;
  if (reply.page) return { status, body: renderPage(reply.page), headers: { ...PAGE_HEADERS, ...headers } };
  if (reply.location !== undefined) {
    return {
      status,
      headers: { location: reply.location, 'referrer-policy': 'no-referrer', ...NO_STORE, ...headers },
      cookies: [...(reply.cookies ?? [])],
    };
  }
  if (reply.text !== undefined) {
    return {
      status,
      body: reply.text,
      headers: { 'content-type': 'text/plain; charset=utf-8', ...NO_STORE, ...NO_SNIFF, ...headers },
    };
  }
  if (reply.bytes) return { status, body: reply.bytes, headers: { ...NO_SNIFF, ...headers } };
  if ('body' in reply) {
    return { status, jsonBody: reply.body, headers: { ...NO_STORE, ...NO_SNIFF, ...headers } };
  }
  return { status, headers: { ...NO_STORE, ...headers } };
}

/** The body of every error that is sent as JSON. */
export function errorBody(
  code: ErrorCode,
  message: string,
  details?: AppError['details'],
): { readonly error: { code: string; message: string; details?: AppError['details'] } } {
  return { error: { code, message, ...(details && { details }) } };
}

/** The fault for a caught value: the value itself if it is an `AppError`, else `internal`. */
export function toFault(error: unknown): AppError {
  return isAppError(error)
    ? error
    : new AppError('internal', 'Something went wrong on our side', { cause: error });
}

/** What the host sends for a fault. @param asPage whether a person is looking */
export function toErrorResponse(fault: AppError, asPage: boolean): HttpResponseInit {
  const { code, message, details, retryAfterMs } = fault;
  const status = statusOf(code);
  if (asPage) return toResponse({ status, page: signInErrorPage({ code, retryUrl: null }) });
  const headers: Record<string, string> =
    retryAfterMs === undefined ? {} : { 'retry-after': String(Math.ceil(retryAfterMs / SECOND_MS)) };
  return toResponse({ status, body: errorBody(code, message, details), headers });
}

/** Epoch milliseconds as ISO 8601 in UTC; null stays null. */
export function isoTime(at: number): string;
export function isoTime(at: number | null): string | null;
export function isoTime(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}
