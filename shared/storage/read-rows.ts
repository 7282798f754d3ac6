// Nearly all that a listing costs the processor is reading rows, and four fifths of such a read were the SDK's pipeline:
// schemas, spans, retries and clients of its own around one GET and some JSON. Here the request is made by hand. The SDK signs it.
import { request as httpRequest, Agent as HttpAgent } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { request as httpsRequest, Agent as HttpsAgent } from 'node:https';
import { createHttpHeaders, createPipelineRequest } from '@azure/core-rest-pipeline';
import type { HttpClient, HttpHeaders, PipelineRequest, PipelineResponse } from '@azure/core-rest-pipeline';
import { RestError } from '@azure/data-tables';
import type { TableClient } from '@azure/data-tables';
import * as z from 'zod';
import { SECOND_MS } from '../core/duration.ts';

/** Where a page ends. */
export interface Continuation {
  readonly partitionKey: string | undefined;
  readonly rowKey: string | undefined;
}

/** One query of a table. */
export interface RowQuery {
  /** OData. */
  readonly filter: string;
  /** Properties to read; all by default. Keys come along. */
  readonly select?: readonly string[] | undefined;
  /** Rows of one page, 1,000 at most and by default. */
  readonly pageSize?: number | undefined;
  readonly from?: Continuation | undefined;
}

/** One page of a query's rows. */
export interface RowsPage {
  /** As they came, with the properties that OData adds. */
  readonly entities: readonly Readonly<Record<string, unknown>>[];
  readonly next: Continuation | undefined;
}

/** Reads one page. @throws RestError for an error answer; what Node's client throws if there was no answer; Error if it holds no rows */
export type ReadRows = (query: RowQuery, signal: AbortSignal) => Promise<RowsPage>;

const HEADERS = {
  accept: 'application/json;odata=minimalmetadata',
  dataserviceversion: '3.0',
  'x-ms-version': '2019-02-02',
};

/** What the SDK puts around its own requests, and what a GET that we make and read ourselves does not need. */
const NOT_NEEDED = [
  'proxyPolicy',
  'decompressResponsePolicy',
  'wrapAbortSignalLikePolicy',
  'formDataPolicy',
  'userAgentPolicy',
  'setClientRequestIdPolicy',
  'multipartPolicy',
  'tracingPolicy',
  'redirectPolicy',
  'logPolicy',
];

// Connections stay open: a new one costs more than the request.
const httpAgent = new HttpAgent({ keepAlive: true });
const httpsAgent = new HttpsAgent({ keepAlive: true });

function headerOf({ headers }: IncomingMessage, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' ? value : undefined;
}

/** Sends what the pipeline has signed. */
const sender: HttpClient = {
  sendRequest: (request) =>
    new Promise<PipelineResponse>((resolve, reject) => {
      const { abortSignal } = request;
      const isSecure = request.url.startsWith('https:');
      const outgoing = (isSecure ? httpsRequest : httpRequest)(request.url, {
        agent: isSecure ? httpsAgent : httpAgent,
        headers: request.headers.toJSON(),
      });
      // Node's own `signal` option costs as much as the rest of the request.
      const fail = (error: Error): void => {
        abortSignal?.removeEventListener('abort', abort);
        reject(error);
      };
      const abort = (): void => {
        const aborted = new Error('The read was aborted');
        outgoing.destroy(aborted);
        fail(aborted);
      };
      outgoing.on('error', fail);
      outgoing.once('response', (incoming) => {
        let bodyAsText = '';
        incoming.setEncoding('utf8');
        incoming.on('data', (text: string) => (bodyAsText += text));
        // A connection that breaks gives an `error`, and no `end`.
        incoming.on('error', fail);
        incoming.once('end', () => {
          abortSignal?.removeEventListener('abort', abort);
          const headers = createHttpHeaders();
          for (const name of [NEXT_PARTITION, NEXT_ROW, 'www-authenticate']) {
            const value = headerOf(incoming, name);
            if (value !== undefined) headers.set(name, value);
          }
          resolve({ request, status: incoming.statusCode ?? 0, headers, bodyAsText });
        });
      });
      abortSignal?.addEventListener('abort', abort);
      outgoing.end();
      if (abortSignal?.aborted) abort();
    }),
};

const NEXT_PARTITION = 'x-ms-continuation-nextpartitionkey';
const NEXT_ROW = 'x-ms-continuation-nextrowkey';

const errorBody = z.object({ 'odata.error': z.object({ code: z.string() }) });

function toError({ status, bodyAsText }: PipelineResponse): RestError {
  let code: string | undefined;
  try {
    code = errorBody.parse(JSON.parse(bodyAsText ?? ''))['odata.error'].code;
  } catch {
    // An answer from somewhere in between says no more than its status.
  }
  return new RestError('The tables refused a read', {
    statusCode: status,
    ...(code !== undefined && { code }),
  });
}

function toPage({ headers, bodyAsText }: PipelineResponse): RowsPage {
  const { value } = JSON.parse(bodyAsText ?? '') as { value?: RowsPage['entities'] };
  if (!Array.isArray(value)) throw new Error('The answer to a read holds no rows');
  const partitionKey = headers.get(NEXT_PARTITION);
  const rowKey = headers.get(NEXT_ROW);
  return {
    entities: value,
    next: partitionKey === undefined && rowKey === undefined ? undefined : { partitionKey, rowKey },
  };
}

/**
 * @param client signs the requests: with its key, its SAS, or a token of the identity
 * @param elapsed milliseconds from any moment on. Default: since the process began
 */
export function createRowReader(
  client: TableClient,
  elapsed: () => number = () => performance.now(),
): ReadRows {
  const pipeline = client.pipeline.clone();
  for (const phase of ['Serialize', 'Deserialize', 'Retry'] as const) pipeline.removePolicy({ phase });
  for (const name of NOT_NEEDED) pipeline.removePolicy({ name });
  const [base = '', sas] = client.url.split('?');
  const table = `${base.replace(/\/$/, '')}/${client.tableName}()?${sas === undefined ? '' : `${sas}&`}`;

  const toRequest = (
    { filter, select, pageSize, from }: RowQuery,
    abortSignal: AbortSignal,
  ): PipelineRequest => {
    const given = {
      $filter: filter,
      $select: select && ['PartitionKey', 'RowKey', ...select].join(','),
      $top: pageSize?.toString(),
      NextPartitionKey: from?.partitionKey,
      NextRowKey: from?.rowKey,
    };
    const query = Object.entries(given)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => `${name}=${encodeURIComponent(value ?? '')}`);
    return createPipelineRequest({
      url: table + query.join('&'),
      headers: createHttpHeaders(HEADERS),
      allowInsecureConnection: true,
      abortSignal,
    });
  };

  let signed: { readonly at: number; readonly headers: HttpHeaders } | undefined;

  /** What is signed is the table and the time: for a second, its reads go out with the same signature. */
  const send = async (request: PipelineRequest): Promise<PipelineResponse> => {
    const at = elapsed();
    if (signed && at - signed.at < SECOND_MS) {
      const answer = await sender.sendRequest({ ...request, headers: signed.headers });
      // Any other answer would be the same with a new signature, and a service in trouble is not asked twice at once.
      if (answer.status !== 401 && answer.status !== 403) return answer;
    }
    const answer = await pipeline.sendRequest(sender, request);
    signed = answer.status === 200 ? { at, headers: answer.request.headers } : undefined;
    return answer;
  };

  return async (query, signal) => {
    const answer = await send(toRequest(query, signal));
    if (answer.status !== 200) throw toError(answer);
    return toPage(answer);
  };
}
