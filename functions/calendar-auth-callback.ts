// GET /calendar/auth/callback: the way back from Microsoft, in the manager's browser, or in an administrator's.
import { app } from '@azure/functions';
import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import {
  answer,
  cookieOf,
  errorBody,
  jsonAnswer,
  pageAnswer,
  requestDeadline,
  wantsPage,
} from '../shared/http/responses.ts';
import { statusOf } from '../shared/core/errors.ts';
import { connectedPage } from '../shared/http/pages/connect-page.ts';
import { adminReturnPage, refusalPage, refusalText } from '../shared/http/pages/sign-in-error-page.ts';
import { currentLog, services } from '../shared/app.ts';

export function calendarAuthCallback(request: HttpRequest): Promise<HttpResponseInit> {
  const asPage = wantsPage(request);
  return answer(currentLog, asPage, async () => {
    const { query } = request;
    const cookie = (name: string): string | null => cookieOf(request, name);
    const outcome = await services().connections.completeConsent({ query, cookie }, requestDeadline());
    switch (outcome.kind) {
      case 'connected': {
        const { calendarEmail } = outcome;
        if (asPage) return pageAnswer(200, connectedPage(outcome));
        const message = `The calendar of ${calendarEmail} is connected.`;
        return jsonAnswer(200, { status: 'success', message, calendar_email: calendarEmail });
      }
      case 'admin_returned': {
        const status = outcome.allowed ? 200 : 403;
        if (asPage) return pageAnswer(status, adminReturnPage(outcome.allowed));
        if (!outcome.allowed)
          return jsonAnswer(status, errorBody('consent_cancelled', 'It was not approved.'));
        return jsonAnswer(status, {
          status: 'success',
          message: 'The app is approved for the organization.',
        });
      }
      case 'refused': {
        const status = statusOf(outcome.code);
        if (asPage) return pageAnswer(status, refusalPage(outcome));
        return jsonAnswer(status, errorBody(outcome.code, refusalText(outcome.code)));
      }
    }
  });
}

app.http('calendarAuthCallback', {
  methods: ['GET'],
  authLevel: 'anonymous',
  route: 'calendar/auth/callback',
  handler: calendarAuthCallback,
});
