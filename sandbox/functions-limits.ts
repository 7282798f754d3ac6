// What the host's web server refuses before any function sees it: Kestrel's limits, and bodies over the host's own limit.
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';

const maxRequestLineBytes = 8_192;
const maxHeaderBytes = 32_768;

/** More than Kestrel takes, so that its two limits can be told apart. */
export const serverHeaderBytes = 131_072;

/** The status of the refusal, or null. */
export function judgeHead(request: IncomingMessage): 400 | 414 | 431 | null {
  const line = `${request.method ?? ''} ${request.url ?? ''} HTTP/1.1\r\n`;
  if (Buffer.byteLength(line) > maxRequestLineBytes) return 414;
  // Each header line has ": " and a line break besides.
  const headers = request.rawHeaders.reduce((sum, text) => sum + Buffer.byteLength(text) + 2, 0);
  if (headers > maxHeaderBytes) return 431;
  return /%00/.test(request.url ?? '') ? 400 : null;
}

/** Answers a head that even Node's own parser refuses. One over its limit is 431 here, whichever part of it is too long. */
export function refuseLongHeads(server: Server): void {
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    if (!socket.writable) return;
    const isLong = error.code === 'HPE_HEADER_OVERFLOW';
    const status = isLong ? '431 Request Header Fields Too Large' : '400 Bad Request';
    socket.end(`HTTP/1.1 ${status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`);
  });
}

/** Bytes: FUNCTIONS_REQUEST_BODY_SIZE_LIMIT, else the host's 100 MB. */
export function bodyLimit(environment: NodeJS.ProcessEnv): number {
  const text = environment['FUNCTIONS_REQUEST_BODY_SIZE_LIMIT'];
  const limit = Number(text);
  return text !== undefined && Number.isInteger(limit) && limit > 0 ? limit : 104_857_600;
}

/** Whether a request brings its body in chunks, without saying its length first. */
export function isChunked(request: IncomingMessage): boolean {
  return (
    request.headers['content-length'] === undefined && request.headers['transfer-encoding'] !== undefined
  );
}

/** The body as the worker gets it without HTTP streaming: a chunked one arrives empty. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  if (isChunked(request)) {
    request.resume();
    return Buffer.alloc(0);
  }
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}
