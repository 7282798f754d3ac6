// GET /managers/{user_id}/messages: an operator reads what callers left for a manager.
import { app } from '@azure/functions';
import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import { answer, jsonAnswer, requestDeadline, requireUserId } from '../shared/http/responses.ts';
import { currentLog, services } from '../shared/app.ts';
import { toMessagesAnswer } from '../shared/http/message-response.ts';

/** The newest ones: a manager reads his mail, this is for looking things up. */
const MAX_MESSAGES = 200;

export function managerMessages(request: HttpRequest): Promise<HttpResponseInit> {
  return answer(currentLog, false, async () => {
    const { messages } = services();
    const userId = requireUserId(request.params['user_id']);
    return jsonAnswer(200, toMessagesAnswer(await messages.list(userId, MAX_MESSAGES, requestDeadline())));
  });
}

app.http('managerMessages', {
  methods: ['GET'],
  authLevel: 'function',
  route: 'managers/{user_id}/messages',
  handler: managerMessages,
});
