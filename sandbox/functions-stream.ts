// HTTP streaming, as `app.setup({ enableHttpStream: true })` asks for it: the library listens on a port of its own, and the host
// passes requests on to it with their bodies, while they arrive. Here the library's server is in the same process. So a request whose
// length is known is handed to it directly. One that must be measured while it arrives is sent to the port.
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { Agent, request as httpRequest } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Transform } from 'node:stream';
import type { HttpStream, ProgrammingModel } from './functions-core.ts';
import { keepConnections } from './keep-alive.ts';

const listening = 'tracing:net.server.listen:asyncStart';

/**
 * Asks the library what it can do, as the worker does once it has loaded the app. No `app.setup` is possible afterwards.
 * @returns null if the app did not switch streaming on
 */
export async function startHttpStream(model: ProgrammingModel): Promise<HttpStream | null> {
  const servers: Server[] = [];
  function remember(message: unknown): void {
    servers.push((message as { server: Server }).server);
  }
  subscribe(listening, remember);
  try {
    const { HttpUri: uri } = await model.getCapabilities({});
    if (uri === undefined) return null;
    const port = Number(URL.parse(uri)?.port);
    const server = servers.find((one) => (one.address() as AddressInfo | null)?.port === port);
    // The library never closes its server: neither that nor its idle connections must keep the process alive.
    server?.unref().on('connection', (socket) => socket.unref());
    if (server) keepConnections(server);
    return { uri, server };
  } finally {
    unsubscribe(listening, remember);
  }
}

/** The body went over the limit while it came in. */
export class BodyTooLarge extends Error {}

function createMeter(limit: number): Transform {
  let size = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      size += chunk.length;
      if (size > limit) done(new BodyTooLarge());
      else done(null, chunk);
    },
  });
}

/**
 * Connections are kept: a function may answer before it has read the body, and a connection that is closed over what was not
 * read loses the answer.
 */
const agent = new Agent({ keepAlive: true });

const ownHeaders = ['connection', 'keep-alive', 'transfer-encoding', 'x-ms-invocation-id'];

interface Passing {
  /** For bodies, in bytes. */
  readonly limit: number;
  /** For the answer. */
  readonly headers: Readonly<Record<string, string>>;
  /** Runs the function, whose failure ends the request. */
  readonly invoke: () => Promise<unknown>;
}

/**
 * Passes one request on, and its answer back.
 * @throws {BodyTooLarge} or whatever the function throws before its answer has begun
 */
export async function passOn(
  { uri, server }: HttpStream,
  invocationId: string,
  request: IncomingMessage,
  response: ServerResponse,
  passing: Passing,
): Promise<void> {
  const isMeasured = request.headers['transfer-encoding'] === undefined;
  if (server === undefined || !isMeasured) return forward(uri, invocationId, request, response, passing);
  request.headers = headersFor(invocationId, request);
  for (const [name, value] of Object.entries(passing.headers)) response.setHeader(name, value);
  const setHeader = response.setHeader.bind(response);
  response.setHeader = (name, value) => (ownHeaders.includes(name) ? response : setHeader(name, value));
  server.emit('request', request, response);
  try {
    await passing.invoke();
  } catch (error) {
    if (!response.headersSent) for (const name of response.getHeaderNames()) response.removeHeader(name);
    throw error;
  }
}

function headersFor(invocationId: string, request: IncomingMessage): Record<string, string> {
  return {
    ...(request.headers['content-length'] !== undefined && {
      'content-length': request.headers['content-length'],
    }),
    'x-forwarded-host': request.headers.host ?? 'localhost',
    'x-forwarded-proto': 'http',
    'x-ms-invocation-id': invocationId,
  };
}

async function forward(
  uri: string,
  invocationId: string,
  request: IncomingMessage,
  response: ServerResponse,
  options: Passing,
): Promise<void> {
  const { hostname, port } = new URL(uri);
  const outgoing = httpRequest({
    hostname,
    port,
    agent,
    method: request.method,
    // Dot segments, case and escapes reach the library as they came.
    path: request.url,
    headers: headersFor(invocationId, request),
  });
  const meter = createMeter(options.limit);
  request.pipe(meter).pipe(outgoing);
  try {
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      outgoing.once('response', resolve);
      outgoing.on('error', reject);
      meter.once('error', reject);
      options.invoke().catch(reject);
    });
    const headers = Object.entries(answer.headers).filter(([name]) => !ownHeaders.includes(name));
    response.writeHead(answer.statusCode ?? 200, { ...options.headers, ...Object.fromEntries(headers) });
    answer.pipe(response);
    await new Promise((resolve, reject) => {
      answer.once('end', resolve);
      answer.once('error', reject);
    });
    // The function may have answered without reading the whole body: the rest of it goes nowhere.
    request.unpipe(meter);
    request.resume();
    if (!outgoing.writableEnded) outgoing.destroy();
  } catch (error) {
    outgoing.destroy();
    throw error;
  }
}
