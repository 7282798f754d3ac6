// GET, HEAD and POST /calendar/disconnect/{token}: the link in every mail. Only its button, a POST, does anything.
import { app } from '@azure/functions';
import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import { answer, assertSameSite, formField, pageAnswer, requestDeadline } from '../shared/http/responses.ts';
import { disconnectedPage, disconnectPage } from '../shared/http/pages/disconnect-page.ts';
import { currentLog, services } from '../shared/app.ts';

export function calendarDisconnect(request: HttpRequest): Promise<HttpResponseInit> {
  return answer(currentLog, true, async () => {
    const { connections } = services();
    const token = request.params['token'] ?? '';
    const signal = requestDeadline();
    if (request.method !== 'POST') {
      const { calendarEmail, formToken } = await connections.showDisconnect(token, signal);
      return pageAnswer(200, disconnectPage(calendarEmail, formToken));
    }
    assertSameSite(request);
    await connections.disconnectByLink(token, await formField(request, 'form_token'), signal);
    return pageAnswer(200, disconnectedPage());
  });
}

app.http('calendarDisconnect', {
  methods: ['GET', 'HEAD', 'POST'],
  authLevel: 'anonymous',
  route: 'calendar/disconnect/{token}',
  handler: calendarDisconnect,
});
