// Hazard: a body is as large as whoever sends it likes. It is measured while it is read, and the rest is refused.
import type { HttpRequest } from '@azure/functions';
import { AppError } from '../core/errors.ts';

function tooLarge(maxBytes: number): AppError {
  const limit = maxBytes < 1024 * 1024 ? `${maxBytes / 1024} KiB` : `${maxBytes / (1024 * 1024)} MiB`;
  return new AppError('payload_too_large', `The body is larger than ${limit}`);
}

/**
 * Reads a body up to its limit, and stops there.
 * @throws AppError `payload_too_large`; `invalid_request` if the sender broke off
 */
export async function readBody(request: HttpRequest, maxBytes: number): Promise<Uint8Array> {
  if (Number(request.headers.get('content-length') ?? 0) > maxBytes) throw tooLarge(maxBytes);
  const { body } = request;
  if (body === null) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    // Leaving the loop cancels the stream.
    for await (const chunk of body as AsyncIterable<Uint8Array>) {
      size += chunk.byteLength;
      if (size > maxBytes) throw tooLarge(maxBytes);
      chunks.push(chunk);
    }
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError('invalid_request', 'The body broke off', { cause });
  }
  const [only] = chunks;
  return chunks.length === 1 && only ? only : Buffer.concat(chunks, size);
}
