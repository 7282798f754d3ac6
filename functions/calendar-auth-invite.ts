// POST /calendar/auth/invite: an operator has the link mailed to the manager.
import { app } from '@azure/functions';
import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import {
  answer,
  isoTime,
  jsonAnswer,
  parseInput,
  readJson,
  requestDeadline,
} from '../shared/http/responses.ts';
import { inviteBody } from '../shared/http/requests.ts';
import { currentLog, services } from '../shared/app.ts';

export function calendarAuthInvite(request: HttpRequest): Promise<HttpResponseInit> {
  return answer(currentLog, false, async () => {
    const { connections } = services();
    const body = parseInput(inviteBody, await readJson(request));
    const invite = {
      userId: body.user_id,
      calendarEmail: body.calendar_email,
      name: body.name ?? null,
      notifyEmail: body.notify_email ?? null,
    };
    const { expiresAt } = await connections.invite(invite, requestDeadline());
    return jsonAnswer(202, { user_id: body.user_id, expires_at: isoTime(expiresAt) });
  });
}

app.http('calendarAuthInvite', {
  methods: ['POST'],
  authLevel: 'function',
  route: 'calendar/auth/invite',
  handler: calendarAuthInvite,
});
