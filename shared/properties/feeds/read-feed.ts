import { lookup } from 'node:dns/promises';
import http from 'node:http';
import https from 'node:https';
import { untilAborted } from '../../core/deadline.ts';
import { AppError, isAppError } from '../../core/errors.ts';
import { MAX_LISTING_BYTES } from '../import/read-listings.ts';
import { assertUrlAllowed, isAllowedAddress } from './allowed-address.ts';
import type { AddressRules } from './allowed-address.ts';
import type { FeedAnswer, FeedReader } from './feed.ts';
import { SECOND_MS } from '../../core/duration.ts';

/** For everything from the name to the last byte. */
const FEED_MS = 20 * SECOND_MS;
const MAX_REDIRECTS = 5;

/** How feeds are read. */
export interface FeedReaderOptions extends AddressRules {
  /** How long one feed may take, in milliseconds. Default 20,000 (20 seconds). */
  readonly timeoutMs?: number;
  /** Resolves a name to all of its addresses. The system's resolver by default. */
  readonly resolve?: (host: string) => Promise<readonly string[]>;
}

/**
 * Reads feeds from public addresses alone: a name is resolved first, and the connection goes to exactly the address that
 * was looked at. Redirects are looked at again and must stay on the host.
 */
export function createFeedReader(options: FeedReaderOptions): FeedReader {
  const { timeoutMs = FEED_MS, resolve = resolveAll } = options;
  return {
    assertAllowed(url) {
      assertUrlAllowed(url, options);
    },

    async read(text, validators, signal) {
      const timeout = AbortSignal.timeout(timeoutMs);
      const either = AbortSignal.any([signal, timeout]);
      try {
        let url = allowed(text, options);
        for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
          const address = await untilAborted(either, pickAddress(url, options, resolve));
          const answer = await get(url, address, validators, either);
          if (answer.kind !== 'redirect') return answer;
          const next = allowed(new URL(answer.location, url).href, options);
          if (next.host !== url.host) throw unreadable('the feed redirects to another host');
          url = next;
        }
        throw unreadable('the feed redirects too often');
      } catch (error) {
        if (timeout.aborted)
          throw unreadable(`the feed took longer than ${timeoutMs / SECOND_MS} seconds`, error);
        if (signal.aborted)
          throw new AppError('deadline_exceeded', 'The answer took too long', { cause: error });
        if (isAppError(error)) throw error;
        throw unreadable(reasonOf(error), error);
      }
    },
  };
}

function allowed(text: string, rules: AddressRules): URL {
  try {
    return assertUrlAllowed(text, rules);
  } catch (error) {
    if (isAppError(error, 'invalid_request')) throw unreadable(error.message, error);
    throw error;
  }
}

async function pickAddress(
  url: URL,
  rules: AddressRules,
  resolve: (host: string) => Promise<readonly string[]>,
): Promise<string> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const addresses = await resolve(host);
  const isLoopbackName = host === 'localhost' || isAllowedAddress(host, { allowLoopback: true });
  const allowLoopback = rules.allowLoopback && isLoopbackName;
  // One private address among several is reason enough: which one is used is not ours to choose.
  if (addresses.length === 0 || !addresses.every((address) => isAllowedAddress(address, { allowLoopback }))) {
    throw unreadable('the host has a private or reserved address');
  }
  return addresses[0] ?? '';
}

async function resolveAll(host: string): Promise<readonly string[]> {
  const found = await lookup(host, { all: true });
  return found.map(({ address }) => address);
}

type Answer = FeedAnswer | { readonly kind: 'redirect'; readonly location: string };

function get(
  url: URL,
  address: string,
  validators: { readonly etag: string | null; readonly lastModified: string | null },
  signal: AbortSignal,
): Promise<Answer> {
  const family = address.includes(':') ? 6 : 4;
  const { request } = url.protocol === 'https:' ? https : http;
  return new Promise((resolve, reject) => {
    const outgoing = request(
      url,
      {
        signal,
        // No pool: a pooled connection might go to an address that was not checked.
        agent: false,
        lookup: (_host, { all }, callback) => {
          if (all) callback(null, [{ address, family }]);
          else callback(null, address, family);
        },
        headers: {
          accept: 'application/xml, text/xml, text/csv, application/json;q=0.9, */*;q=0.1',
          'accept-encoding': 'identity',
          'user-agent': 'PeteRental-Calendar',
          ...(validators.etag !== null && { 'if-none-match': validators.etag }),
          ...(validators.lastModified !== null && { 'if-modified-since': validators.lastModified }),
        },
      },
      (incoming) => {
        receive(incoming).then(resolve, reject);
      },
    );
    outgoing.on('error', reject);
    outgoing.end();
  });
}

async function receive(incoming: http.IncomingMessage): Promise<Answer> {
  const { statusCode = 0, headers } = incoming;
  if (statusCode !== 200) incoming.destroy();
  if (statusCode === 304) return { kind: 'not_modified' };
  if ([301, 302, 303, 307, 308].includes(statusCode) && headers.location !== undefined) {
    return { kind: 'redirect', location: headers.location };
  }
  if (statusCode !== 200) throw unreadable(`the feed’s server answered ${statusCode}`);
  if (headers['content-encoding'] !== undefined && headers['content-encoding'] !== 'identity') {
    incoming.destroy();
    throw unreadable('the feed is compressed, which was not asked for');
  }
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.byteLength;
    if (size > MAX_LISTING_BYTES) {
      incoming.destroy();
      throw unreadable('the feed is larger than 10 MiB');
    }
    chunks.push(chunk);
  }
  if (!incoming.complete) throw unreadable('the feed ended in the middle');
  return {
    kind: 'read',
    bytes: Buffer.concat(chunks),
    contentType: headers['content-type'] ?? null,
    validators: { etag: headers.etag ?? null, lastModified: headers['last-modified'] ?? null },
  };
}

/** What a network error means, in words. */
const REASONS: ReadonlyMap<string, string> = new Map([
  ['ENOTFOUND', 'the host does not exist'],
  ['EAI_AGAIN', 'the host’s name cannot be resolved now'],
  ['ECONNREFUSED', 'the host refuses the connection'],
  ['ECONNRESET', 'the feed ended in the middle'],
  ['ECONNABORTED', 'the feed ended in the middle'],
  ['ETIMEDOUT', 'the host does not answer'],
  ['EHOSTUNREACH', 'the host cannot be reached'],
  ['CERT_HAS_EXPIRED', 'the host’s certificate has expired'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'the host’s certificate is not trusted'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'the host’s certificate is not trusted'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'the host’s certificate is for another name'],
]);

function reasonOf(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  return REASONS.get(code) ?? 'the connection failed';
}

function unreadable(why: string, cause?: unknown): AppError {
  return new AppError('feed_unreadable', `The feed cannot be read: ${why}`, { cause });
}
