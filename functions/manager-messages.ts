// GET /managers/{user_id}/messages: an operator reads what callers left for a manager.
import { toMessagesResponse } from '../shared/http/message-response.ts';
import { serveRoute } from '../shared/serve.ts';

/** The newest ones. Managers read their mail; this is for looking things up. */
const MAX_MESSAGES = 200;

serveRoute('managerMessages', {
  async GET({ app, params: { user_id }, signal }) {
    await app.managers.read(user_id, signal);
    return { status: 200, body: toMessagesResponse(await app.messages.list(user_id, MAX_MESSAGES, signal)) };
  },
});
