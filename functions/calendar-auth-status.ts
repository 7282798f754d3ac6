// GET /calendar/auth/status?user_id=: an operator asks how a manager's connection stands.
import { app } from '@azure/functions';
import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import { answer, isoTime, jsonAnswer, requestDeadline, requireUserId } from '../shared/http/responses.ts';
import { currentLog, services } from '../shared/app.ts';

export function calendarAuthStatus(request: HttpRequest): Promise<HttpResponseInit> {
  return answer(currentLog, false, async () => {
    const { connections } = services();
    const userId = requireUserId(request.query.get('user_id'));
    const status = await connections.status(userId, requestDeadline());
    return jsonAnswer(200, {
      authorized: status.status === 'connected',
      status: status.status,
      expires_at: isoTime(status.expiresAt),
      calendar_email: status.calendarEmail,
      time_zone: status.timeZone,
      connected_at: isoTime(status.connectedAt),
      last_refreshed_at: isoTime(status.lastRefreshedAt),
      reconnect_since: isoTime(status.reconnectSince),
      reason: status.reason,
      invite: status.invite && {
        sent_at: isoTime(status.invite.sentAt),
        expires_at: isoTime(status.invite.expiresAt),
      },
    });
  });
}

app.http('calendarAuthStatus', {
  methods: ['GET'],
  authLevel: 'function',
  route: 'calendar/auth/status',
  handler: calendarAuthStatus,
});
