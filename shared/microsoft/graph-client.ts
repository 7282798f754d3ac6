/**
 * Microsoft Graph behind a deadline. The retries are ours: only what may be repeated is, and only while the deadline leaves room.
 *
 * @see https://learn.microsoft.com/graph/throttling
 */
import { untilAborted } from '../core/deadline.ts';
import { AppError } from '../core/errors.ts';
import { pause } from '../core/retry.ts';
import { SECOND_MS } from '../core/duration.ts';

const PUBLIC_ORIGIN = 'https://graph.microsoft.com';
/** Two attempts fit into a call's 8 seconds. */
const ATTEMPT_MS = 3_500;
const MAX_ATTEMPTS = 3;
/** A new token may be accepted where the old one was refused. If two new ones are refused as well, the consent is lost. */
const MAX_RENEWALS = 2;
const BACKOFF_MS = 200;

/** The source of the bearer token. */
export interface GraphAuth {
  accessToken(): Promise<string>;
  /** A new token, after Graph refused this one with 401. */
  forceRefresh(refused: string): Promise<string>;
  /** Graph has refused two renewed tokens as well. @throws what the call should end with */
  giveUp(): Promise<never>;
}

/** One request to Graph. */
export interface GraphRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Below the version: `/me/events`; or a whole `@odata.nextLink`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Whether a lost answer may be asked for again. Default: all but POST. */
  readonly repeatable?: boolean;
  /** Sent once: the caller repeats it together with its own work. Default false. */
  readonly once?: boolean;
  /** In milliseconds. Default: the client's. */
  readonly attemptMs?: number;
  /** The deadline. */
  readonly signal: AbortSignal;
}

/** An error answer of Graph: `code` is `microsoft_rejected`, `microsoft_throttled` (429) or `microsoft_unreachable` (5xx). */
export class GraphProblem extends AppError {
  readonly status: number;
  /** Graph's own, such as `ErrorItemNotFound`; empty if the body had none. */
  readonly graphCode: string;
  /** Graph's error object, for the codes that carry more. */
  readonly graphError: Readonly<Record<string, unknown>>;

  constructor(status: number, body: unknown, retryAfter: string | null) {
    const error = isRecord(body) && isRecord(body.error) ? body.error : {};
    const graphCode = typeof error.code === 'string' ? error.code : '';
    const seconds = Number(retryAfter ?? Number.NaN);
    super(
      status === 429 ? 'microsoft_throttled' : status >= 500 ? 'microsoft_unreachable' : 'microsoft_rejected',
      `Microsoft Graph answered ${status}${graphCode && ` ${graphCode}`}`,
      { retryAfterMs: retryAfter !== null && Number.isFinite(seconds) ? seconds * SECOND_MS : undefined },
    );
    this.name = 'GraphProblem';
    this.status = status;
    this.graphCode = graphCode;
    this.graphError = error;
  }
}

/** Sends requests to Microsoft Graph. */
export interface Graph {
  /**
   * @returns the parsed JSON body, undefined if there is none. The caller checks its shape.
   * @throws GraphProblem for an error answer; AppError `microsoft_unreachable` if none came, `deadline_exceeded` at the deadline;
   *   what `auth` throws.
   */
  request(auth: GraphAuth, request: GraphRequest): Promise<unknown>;
}

/** How Graph is reached. */
export interface GraphOptions {
  /** The origin to send to; default `https://graph.microsoft.com`. National clouds and stand-ins differ. */
  readonly endpoint?: string;
  readonly fetch?: typeof fetch;
  /** How long one attempt may take if its request does not say so, in milliseconds. Default 3,500. */
  readonly attemptMs?: number;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parseBody(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** One attempt. */
async function send(
  { endpoint, fetch: fetcher, attemptMs }: Required<GraphOptions>,
  token: string,
  request: GraphRequest,
): Promise<unknown> {
  try {
    // A listing from a snapshot asks Graph for nothing: the SDK is loaded with the first request.
    const { sendRequest } = await untilAborted(request.signal, import('./send-request.ts'));
    const signal = AbortSignal.any([request.signal, AbortSignal.timeout(request.attemptMs ?? attemptMs)]);
    const response = await sendRequest({ endpoint, fetcher, token, signal }, request);
    const body = parseBody(await response.text());
    if (!response.ok) throw new GraphProblem(response.status, body, response.headers.get('retry-after'));
    return body;
  } catch (cause) {
    if (cause instanceof GraphProblem) throw cause;
    if (request.signal.aborted) throw new AppError('deadline_exceeded', 'The deadline passed', { cause });
    throw new AppError('microsoft_unreachable', 'Microsoft Graph did not answer', { cause });
  }
}

/** How long to wait before the next attempt, in milliseconds; null if another attempt would be wrong or useless. */
function pauseBefore(repeatable: boolean, error: unknown, attempt: number): number | null {
  if (!(error instanceof AppError) || attempt >= MAX_ATTEMPTS) return null;
  // A throttled request did nothing, so it is safe to send any of them again.
  const again =
    error.code === 'microsoft_throttled' || (error.code === 'microsoft_unreachable' && repeatable);
  if (!again) return null;
  const waitMs = error.retryAfterMs ?? BACKOFF_MS * 2 ** (attempt - 1);
  // A longer wait would pass every deadline of the app, so fail now.
  return waitMs > ATTEMPT_MS ? null : waitMs;
}

/** Tries up to 3 times, with the pause that the other side asked for, while the deadline leaves room. Throws the last error. */
export async function retryWithin<T>(
  signal: AbortSignal,
  repeatable: boolean,
  attempt: () => Promise<T>,
): Promise<T> {
  for (let count = 1; ; count += 1) {
    try {
      return await attempt();
    } catch (error) {
      const waitMs = pauseBefore(repeatable, error, count);
      if (waitMs === null) throw error;
      try {
        await pause(waitMs, signal);
      } catch {
        throw error;
      }
    }
  }
}

/**
 * Sends requests to Graph: each attempt within its own limit and the request's deadline, repeated if that is safe. A 401 renews the
 * token twice; after that `auth` gives up.
 */
export function createGraph({
  endpoint = PUBLIC_ORIGIN,
  fetch: fetcher = fetch,
  attemptMs = ATTEMPT_MS,
}: GraphOptions = {}): Graph {
  return {
    async request(auth, request) {
      const repeatable = request.repeatable ?? request.method !== 'POST';
      const sendWith = (bearer: string): Promise<unknown> => {
        const attempt = (): Promise<unknown> =>
          send({ endpoint, fetch: fetcher, attemptMs }, bearer, request);
        return request.once ? attempt() : retryWithin(request.signal, repeatable, attempt);
      };
      // A sign-in that is silent must not outlast the time that is left for Graph.
      const inTime = <T>(work: Promise<T>): Promise<T> => untilAborted(request.signal, work);
      let token = await inTime(auth.accessToken());
      for (let renewals = 0; ; renewals += 1) {
        try {
          return await sendWith(token);
        } catch (error) {
          if (!(error instanceof GraphProblem) || error.status !== 401) throw error;
          if (renewals === MAX_RENEWALS) return await inTime(auth.giveUp());
          token = await inTime(auth.forceRefresh(token));
        }
      }
    },
  };
}
