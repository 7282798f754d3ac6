// POST /vapi/webhook: every server message of VAPI. Always 200, unless the sender is not VAPI or the body is over 4 MiB.
import { AppError } from '../shared/core/errors.ts';
import type { Routes } from '../shared/http/routes.ts';
import { WEBHOOK_ROUTE } from '../shared/http/webhook-route.ts';
import { registerRoute } from '../shared/register.ts';
import { answerUnconfigured } from '../shared/vapi/webhook.ts';

registerRoute<Routes['vapiWebhook']>('vapiWebhook', WEBHOOK_ROUTE, {
  async POST({ app, body, request }) {
    if (app && !app.webhook.isAuthentic(request.headers, body))
      throw new AppError('unauthorized', 'The request does not carry the secret or signature of VAPI.');
    const text = new TextDecoder().decode(body);
    return { status: 200, body: app ? await app.webhook.answer(text) : answerUnconfigured(text) };
  },
});
