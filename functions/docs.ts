// GET /docs: the OpenAPI document as a page, for people. It needs nothing but /openapi.json.
import { app } from '@azure/functions';
import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import { contentSecurityPolicy, page } from 'api-viewer';
import { brotliDecompressSync } from 'node:zlib';

export function docs(request: HttpRequest): HttpResponseInit {
  const packed = Buffer.from(page, 'base64');
  const isPacked = /\bbr\b/.test(request.headers.get('accept-encoding') ?? '');
  return {
    status: 200,
    body: isPacked ? packed : brotliDecompressSync(packed),
    headers: {
      'content-type': 'text/html; charset=utf-8',
      ...(isPacked && { 'content-encoding': 'br' }),
      'content-security-policy': contentSecurityPolicy,
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'cache-control': 'public, max-age=300',
      vary: 'accept-encoding',
    },
  };
}

app.http('docs', { methods: ['GET'], authLevel: 'anonymous', route: 'docs', handler: docs });
