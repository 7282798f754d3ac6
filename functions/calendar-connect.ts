// GET, HEAD and POST /calendar/connect/{token}: the page behind every connect link, opened by managers and by mail scanners.
// Only its button, a POST, does anything.
import { app } from '@azure/functions';
import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import {
  answer,
  assertSameSite,
  formField,
  pageAnswer,
  redirectAnswer,
  requestDeadline,
} from '../shared/http/responses.ts';
import { connectPage } from '../shared/http/pages/connect-page.ts';
import { currentLog, services } from '../shared/app.ts';

export function calendarConnect(request: HttpRequest): Promise<HttpResponseInit> {
  return answer(currentLog, true, async () => {
    const { connections, config } = services();
    const token = request.params['token'] ?? '';
    const signal = requestDeadline();
    if (request.method !== 'POST') {
      return pageAnswer(200, connectPage(await connections.showConsent(token, signal)));
    }
    assertSameSite(request);
    const formToken = await formField(request, 'form_token');
    const { url, cookie } = await connections.startConsent(token, formToken, signal);
    return redirectAnswer(url, [
      {
        name: cookie.name,
        value: cookie.value,
        path: cookie.path,
        maxAge: cookie.maxAgeSeconds,
        httpOnly: true,
        secure: config.publicOrigin.startsWith('https:'),
        sameSite: 'Lax',
      },
    ]);
  });
}

app.http('calendarConnect', {
  methods: ['GET', 'HEAD', 'POST'],
  authLevel: 'anonymous',
  route: 'calendar/connect/{token}',
  handler: calendarConnect,
});
