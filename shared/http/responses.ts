// From errors to answers: one table, JSON for programs, pages for people.
import type { Cookie, HttpRequest, HttpResponseInit } from '@azure/functions';
import type { ZodType } from 'zod';
import { AppError, isAppError, statusOf } from '../core/errors.ts';
import type { ErrorCode } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import { PAGE_HEADERS, renderPage } from './pages/layout.ts';
import type { Page } from './pages/layout.ts';
import { refusalPage } from './pages/sign-in-error-page.ts';
import { parseUserId } from '../core/identifiers.ts';

const JSON_HEADERS = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };
/** A body of ours holds a few settings. */
const MAX_BODY_BYTES = 64 * 1024;
const REQUEST_MS = 25_000;

export function jsonAnswer(
  status: number,
  jsonBody: unknown,
  headers: Readonly<Record<string, string>> = {},
): HttpResponseInit {
  return { status, jsonBody, headers: { ...JSON_HEADERS, ...headers } };
}

export function pageAnswer(status: number, page: Page): HttpResponseInit {
  return {
    status,
    body: renderPage(page),
    headers: { ...PAGE_HEADERS },
  };
}

/** See other: the answer to a button's POST. */
export function redirectAnswer(location: string, cookies: Cookie[]): HttpResponseInit {
  return {
    status: 303,
    headers: { location, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' },
    cookies,
  };
}

/** Whether a person is looking. */
export function wantsPage(request: HttpRequest): boolean {
  return request.headers.get('accept')?.includes('text/html') ?? false;
}

function toFault(error: unknown): AppError {
  return isAppError(error)
    ? error
    : new AppError('internal', 'Something went wrong on our side', { cause: error });
}

export function errorBody(
  code: ErrorCode,
  message: string,
  details?: AppError['details'],
): { readonly error: object } {
  return { error: { code, message, ...(details && { details }) } };
}

export function errorAnswer(error: AppError): HttpResponseInit {
  const { code, message, details, retryAfterMs } = error;
  const headers: Record<string, string> =
    retryAfterMs === undefined ? {} : { 'retry-after': String(Math.ceil(retryAfterMs / 1_000)) };
  return jsonAnswer(statusOf(code), errorBody(code, message, details), headers);
}

/**
 * Runs a handler and turns what it throws into an answer.
 * @param asPage whether a refusal is a page.
 */
export async function answer(
  getLog: () => Log,
  asPage: boolean,
  handle: () => Promise<HttpResponseInit>,
): Promise<HttpResponseInit> {
  try {
    return await handle();
  } catch (error) {
    const fault = toFault(error);
    // A setting that is wrong is logged once, where the settings are read.
    if (statusOf(fault.code) >= 500 && fault.code !== 'misconfigured')
      getLog().error('request_failed', { code: fault.code }, error);
    if (!asPage) return errorAnswer(fault);
    return pageAnswer(statusOf(fault.code), refusalPage({ code: fault.code, retryUrl: null }));
  }
}

function invalid(details: AppError['details']): AppError {
  return new AppError(
    'invalid_request',
    details?.map(({ field, message }) => `${field}: ${message}`).join('; ') ?? '',
    {
      details,
    },
  );
}

/** Checks what came from outside. @throws `invalid_request`, naming each bad field */
export function parseInput<T>(schema: ZodType<T>, input: unknown): T {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw invalid(
    parsed.error.issues.map(({ path, message }) => ({ field: path.join('.') || 'body', message })),
  );
}

/** @throws `invalid_request` where the body is no JSON; `payload_too_large` */
export async function readJson(request: HttpRequest): Promise<unknown> {
  const text = await request.text();
  if (text.length > MAX_BODY_BYTES) throw new AppError('payload_too_large', 'The body is larger than 64 KiB');
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AppError('invalid_request', 'The body must be JSON', { cause });
  }
}

/** One field of a form; empty where it is missing. */
export async function formField(request: HttpRequest, name: string): Promise<string> {
  const text = await request.text();
  if (text.length > MAX_BODY_BYTES) throw new AppError('payload_too_large', 'The form is larger than 64 KiB');
  return new URLSearchParams(text).get(name) ?? '';
}

/** For what a person or an operator waits for: long enough for Microsoft's slow days. */
export function requestDeadline(): AbortSignal {
  return AbortSignal.timeout(REQUEST_MS);
}

/** @throws `invalid_request` */
export function requireUserId(raw: string | null | undefined): string {
  const parsed = parseUserId(raw ?? '');
  if (parsed.ok) return parsed.userId;
  throw invalid([{ field: 'user_id', message: parsed.message }]);
}

/**
 * Refuses a form that another site posted: browsers say where a request comes from.
 * @throws `link_invalid`
 * @see https://www.w3.org/TR/fetch-metadata/
 */
export function assertSameSite(request: HttpRequest): void {
  const site = request.headers.get('sec-fetch-site');
  if (site !== null && site !== 'same-origin' && site !== 'none') {
    throw new AppError('link_invalid', 'The form was posted by another site');
  }
}

export function cookieOf(request: HttpRequest, name: string): string | null {
  const pairs = (request.headers.get('cookie') ?? '').split(';').map((pair) => pair.trim().split(/=(.*)/s));
  return pairs.find(([key]) => key === name)?.[1] ?? null;
}

/** ISO 8601 in UTC, or null. */
export function isoTime(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}
