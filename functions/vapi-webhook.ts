// POST /vapi/webhook: every server message of VAPI. Always 200, but for a sender that is not VAPI and a body over 4 MiB.
import { app } from '@azure/functions';
import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import { jsonAnswer } from '../shared/http/responses.ts';
import { configProblems, services } from '../shared/app.ts';
import { answerMisconfigured } from '../shared/voice/run-tool-calls.ts';
import { receiveWebhook } from '../shared/vapi/webhook.ts';

export async function vapiWebhook(request: HttpRequest): Promise<HttpResponseInit> {
  const body = new Uint8Array(await request.arrayBuffer());
  if (configProblems().length > 0)
    return jsonAnswer(200, await answerMisconfigured(new TextDecoder().decode(body)));
  const { config, webhook, now } = services();
  const received = await receiveWebhook(
    { credentials: config.vapi, answer: webhook, clock: now },
    request.headers,
    body,
  );
  return jsonAnswer(received.status, received.body);
}

app.http('vapiWebhook', {
  methods: ['POST'],
  authLevel: 'anonymous',
  route: 'vapi/webhook',
  handler: vapiWebhook,
});
