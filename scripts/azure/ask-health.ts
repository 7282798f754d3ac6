import { get as getByHttp } from 'node:http';
import { get as getByHttps } from 'node:https';
import { text } from 'node:stream/consumers';
import { SECOND_MS } from '../../shared/core/duration.ts';

export interface HealthAnswer {
  /** 0 if nothing answered. */
  readonly status: number;
  /** Null if the answer names no build: older code, or none. */
  readonly build: string | null;
  /** The body, or why there is none. */
  readonly body: string;
}

const TIMEOUT_MS = 30 * SECOND_MS;

function readBuild(body: string): string | null {
  try {
    const { build } = JSON.parse(body) as { build?: unknown };
    return typeof build === 'string' ? build : null;
  } catch {
    // A page, not JSON: no code of ours answered.
    return null;
  }
}

/**
 * Asks /health over a connection of its own: one that is kept open leads to the same instance again and again.
 * @param origin such as https://func-....azurewebsites.net
 */
export async function askHealth(origin: string): Promise<HealthAnswer> {
  const get = origin.startsWith('https:') ? getByHttps : getByHttp;
  return new Promise((resolve) => {
    const request = get(
      `${origin}/health`,
      { agent: false, signal: AbortSignal.timeout(TIMEOUT_MS) },
      (response) => {
        text(response).then(
          (body) => {
            resolve({ status: response.statusCode ?? 0, build: readBuild(body), body });
          },
          (error: unknown) => {
            resolve({ status: 0, build: null, body: String(error) });
          },
        );
      },
    );
    request.on('error', (error) => {
      resolve({ status: 0, build: null, body: String(error) });
    });
  });
}
