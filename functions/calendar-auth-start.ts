// GET /calendar/auth/start?user_id=&calendar_email=: an operator gets a link that connects a manager's calendar.
import { app } from '@azure/functions';
import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import { answer, isoTime, jsonAnswer, parseInput } from '../shared/http/responses.ts';
import { startQuery } from '../shared/http/requests.ts';
import { currentLog, services } from '../shared/app.ts';

export function calendarAuthStart(request: HttpRequest): Promise<HttpResponseInit> {
  return answer(currentLog, false, async () => {
    const { connections } = services();
    const { user_id, calendar_email } = parseInput(startQuery, {
      user_id: request.query.get('user_id') ?? '',
      calendar_email: request.query.get('calendar_email') || undefined,
    });
    const { url, expiresAt } = await connections.makeStartLink(user_id, calendar_email ?? null);
    return jsonAnswer(200, {
      authorization_url: url,
      message: 'Open this link in a browser to connect the calendar. It works once.',
      expires_at: isoTime(expiresAt),
    });
  });
}

app.http('calendarAuthStart', {
  methods: ['GET'],
  authLevel: 'function',
  route: 'calendar/auth/start',
  handler: calendarAuthStart,
});
