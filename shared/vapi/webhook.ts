import type { AnswerWebhook } from '../voice/run-tool-calls.ts';
import { isFromVapi } from './authenticate.ts';
import type { WebhookCredentials } from './authenticate.ts';
import type { ReplyBody } from './reply.ts';

/** End-of-call reports are large. */
export const MAX_BODY_BYTES = 4 * 1024 * 1024;

export interface ReceiveOptions {
  readonly credentials: WebhookCredentials;
  readonly answer: AnswerWebhook;
  /** Epoch milliseconds. */
  readonly clock: () => number;
}

export interface WebhookResponse {
  readonly status: 200 | 401 | 413;
  readonly body: ReplyBody | { readonly error: { readonly code: string; readonly message: string } };
}

/** A server message as it came over HTTP: 200 whatever it says, but for a body too large or a sender unknown. Never throws. */
export async function receiveWebhook(
  { credentials, answer, clock }: ReceiveOptions,
  headers: { get(name: string): string | null },
  body: Uint8Array,
): Promise<WebhookResponse> {
  if (body.byteLength > MAX_BODY_BYTES)
    return refuse(413, 'payload_too_large', 'The body is larger than 4 MiB.');
  if (!isFromVapi(credentials, headers, body, clock())) {
    return refuse(401, 'unauthorized', 'The request does not carry the secret or the signature of VAPI.');
  }
  return { status: 200, body: await answer(new TextDecoder().decode(body)) };
}

function refuse(status: 401 | 413, code: string, message: string): WebhookResponse {
  return {
    status,
    body: { error: { code, message } },
  };
}
