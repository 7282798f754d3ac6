// POST /vapi/webhook: every server message of VAPI. Always 200, but for a sender that is not VAPI and a body over 4 MiB.
import { app } from '@azure/functions';
import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import { errorBody, jsonAnswer } from '../shared/http/responses.ts';
import { configProblems, services } from '../shared/app.ts';
import { answerUnconfigured } from '../shared/vapi/webhook.ts';

const MAX_BODY_BYTES = 4 * 1024 * 1024;

export async function vapiWebhook(request: HttpRequest): Promise<HttpResponseInit> {
  const bytes = new Uint8Array(await request.arrayBuffer());
  if (bytes.byteLength > MAX_BODY_BYTES)
    return jsonAnswer(413, errorBody('payload_too_large', 'The body is larger than 4 MiB.'));
  const body = new TextDecoder().decode(bytes);
  if (configProblems().length > 0) return jsonAnswer(200, answerUnconfigured(body));
  const { webhook } = services();
  if (!webhook.isAuthentic(request.headers, bytes))
    return jsonAnswer(
      401,
      errorBody('unauthorized', 'The request does not carry the secret or signature of VAPI.'),
    );
  return jsonAnswer(200, await webhook.answer(body));
}

app.http('vapiWebhook', {
  methods: ['POST'],
  authLevel: 'anonymous',
  route: 'vapi/webhook',
  handler: vapiWebhook,
});
