import type { INetworkModule, NetworkRequestOptions, NetworkResponse } from '@azure/msal-node';
import { pause } from '../core/retry.ts';
import { SECOND_MS } from '../core/duration.ts';

/** One attempt at the token endpoint; two fit into a call's 8 seconds. */
const ATTEMPT_MS = 3_500;
const RETRY_DELAY_MS = 200;

/** MSAL's way to the network, for one request, with a deadline and a memory of what was answered. */
export interface TokenNetwork extends INetworkModule {
  lastStatus(): number | null;
  /** From the last answer, if it asked us to wait. Milliseconds. */
  retryAfterMs(): number | undefined;
  /** `expires_in` of the last token answer. */
  tokenLifetimeMs(): number | null;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** A refresh may be sent twice: the old refresh token stays good. A code is good for one redemption. */
function isRepeatable(body: string | undefined): boolean {
  return body?.includes('grant_type=refresh_token') ?? false;
}

/** `fetch` is for tests. Default: the global one. */
export interface TokenNetworkOptions {
  readonly fetch?: typeof fetch;
  /** How long one attempt may take, in milliseconds. Default 3,500. */
  readonly attemptMs?: number;
}

/**
 * The network of one MSAL client. A refresh is sent twice at most, a code once.
 * @param signal aborts at the request's deadline
 */
export function createTokenNetwork(
  signal: AbortSignal,
  { fetch: send = fetch, attemptMs = ATTEMPT_MS }: TokenNetworkOptions = {},
): TokenNetwork {
  let status: number | null = null;
  let retryAfterMs: number | undefined;
  let lifetimeMs: number | null = null;

  const attempt = async (method: string, url: string, options?: NetworkRequestOptions): Promise<Response> =>
    send(url, {
      method,
      headers: options?.headers,
      body: options?.body,
      redirect: 'error',
      signal: AbortSignal.any([signal, AbortSignal.timeout(attemptMs)]),
    });

  const attemptTwice = async (
    method: string,
    url: string,
    options?: NetworkRequestOptions,
  ): Promise<Response> => {
    if (!isRepeatable(options?.body)) return attempt(method, url, options);
    try {
      const response = await attempt(method, url, options);
      if (response.status < 500) return response;
    } catch (error) {
      if (signal.aborted) throw error;
    }
    await pause(RETRY_DELAY_MS, signal);
    return attempt(method, url, options);
  };

  const request = async <T>(
    method: string,
    url: string,
    options?: NetworkRequestOptions,
  ): Promise<NetworkResponse<T>> => {
    status = null;
    const response = await attemptTwice(method, url, options);
    const body = parse(await response.text());
    status = response.status;
    const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
    retryAfterMs = Number.isFinite(seconds) ? seconds * SECOND_MS : undefined;
    if (typeof body === 'object' && body !== null && 'expires_in' in body) {
      lifetimeMs = Number(body.expires_in) * SECOND_MS || null;
    }
    return { status, headers: Object.fromEntries(response.headers), body: body as T };
  };

  return {
    sendGetRequestAsync: (url, options) => request('GET', url, options),
    sendPostRequestAsync: (url, options) => request('POST', url, options),
    lastStatus: () => status,
    retryAfterMs: () => retryAfterMs,
    tokenLifetimeMs: () => lifetimeMs,
  };
}
