// Hazard: the sender decides how large a body is. It is measured while it is read, and refused above the limit.
import type { HttpRequest } from '@azure/functions';
import { deadlineExceeded } from '../core/deadline.ts';
import { AppError } from '../core/errors.ts';

const MIB = 1024 * 1024;
/** More than the host lets through. */
const MAX_DISCARDED_BYTES = 16 * MIB;

function tooLarge(maxBytes: number): AppError {
  const limit = maxBytes < MIB ? `${maxBytes / 1024} KiB` : `${maxBytes / MIB} MiB`;
  return new AppError('payload_too_large', `The body is larger than ${limit}`);
}

type Reader = ReadableStreamDefaultReader<Uint8Array>;

/** Reads the rest and stores nothing of it. To stop reading at once would also cut the response off. */
async function discard(reader: Reader): Promise<void> {
  for (let size = 0; size < MAX_DISCARDED_BYTES;) {
    const { done, value } = await reader.read();
    if (done) return;
    size += value.byteLength;
  }
  await reader.cancel();
}

/**
 * Reads a body up to its limit.
 * @param signal ends the reading. Default: it takes as long as it takes
 * @throws AppError `payload_too_large`; `invalid_request` if the sender broke off; `deadline_exceeded` if the signal aborted
 */
export async function readBody(
  request: HttpRequest,
  maxBytes: number,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  if (Number(request.headers.get('content-length') ?? 0) > maxBytes) throw tooLarge(maxBytes);
  if (request.body === null) return new Uint8Array();
  const reader = request.body.getReader() as Reader;
  // A reader that is cancelled gives no more.
  const stop = (): void => {
    reader.cancel().catch(() => undefined);
  };
  signal?.addEventListener('abort', stop, { once: true });
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await readChunk(reader);
    if (signal?.aborted) throw deadlineExceeded();
    if (done) break;
    size += value.byteLength;
    if (size > maxBytes) {
      // Nobody waits for the rest, and it does not matter how it ends.
      discard(reader).catch(() => undefined);
      throw tooLarge(maxBytes);
    }
    chunks.push(value);
  }
  signal?.removeEventListener('abort', stop);
  const [only] = chunks;
  return chunks.length === 1 && only ? only : Buffer.concat(chunks, size);
}

async function readChunk(reader: Reader) {
  try {
    return await reader.read();
  } catch (cause) {
    throw new AppError('invalid_request', 'The body broke off', { cause });
  }
}
