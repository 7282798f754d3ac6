import { contentSecurityPolicy, page } from 'api-viewer';
import { brotliDecompress } from 'node:zlib';
import { promisify } from 'node:util';

const packed = Buffer.from(page, 'base64');
let unpacking: Promise<Buffer> | undefined;

/** Unpacked once for all clients, outside of the event loop: few of them lack Brotli. */
function unpacked(): Promise<Buffer> {
  unpacking ??= promisify(brotliDecompress)(packed);
  return unpacking;
}

/**
 * The OpenAPI document as a page, for people. It needs nothing but /openapi.json.
 * @param acceptEncoding the header of the request.
 */
export async function viewerPage(
  acceptEncoding: string | null,
): Promise<{ readonly bytes: Uint8Array; readonly headers: Readonly<Record<string, string>> }> {
  const acceptsBrotli = /\bbr\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))/i.test(acceptEncoding ?? '');
  return {
    bytes: acceptsBrotli ? packed : await unpacked(),
    headers: {
      'content-type': 'text/html; charset=utf-8',
      ...(acceptsBrotli && { 'content-encoding': 'br' }),
      'content-security-policy': contentSecurityPolicy,
      'referrer-policy': 'no-referrer',
      'cache-control': 'public, max-age=300',
      vary: 'accept-encoding',
    },
  };
}
