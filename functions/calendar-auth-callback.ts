// GET /calendar/auth/callback: the way back from Microsoft, in the browser of a manager or of an administrator.
import { connectedPage } from '../shared/http/pages/connect-page.ts';
import {
  adminReturnPage,
  signInErrorPage,
  signInErrorText,
} from '../shared/http/pages/sign-in-error-page.ts';
import { cookieOf } from '../shared/http/requests.ts';
import { serveRoute } from '../shared/serve.ts';

serveRoute('calendarAuthCallback', {
  async GET({ app, request, signal, wantsPage }) {
    const cookie = (name: string): string | null => cookieOf(request, name);
    const outcome = await app.connections.completeConsent({ query: request.query, cookie }, signal);
    switch (outcome.kind) {
      case 'connected': {
        const { calendarEmail } = outcome;
        if (wantsPage) return { status: 200, page: connectedPage(outcome) };
        const message = `The calendar of ${calendarEmail} is connected.`;
        return { status: 200, body: { status: 'success', message, calendar_email: calendarEmail } };
      }
      case 'admin_returned': {
        const page = adminReturnPage(outcome.allowed);
        if (!outcome.allowed)
          return { refusal: { code: 'admin_approval_required', message: 'It was not approved.' }, page };
        if (wantsPage) return { status: 200, page };
        const message = 'The app is approved for the organization.';
        return { status: 200, body: { status: 'success', message } };
      }
      case 'refused': {
        const { code } = outcome;
        return { refusal: { code, message: signInErrorText(code) }, page: signInErrorPage(outcome) };
      }
    }
  },
});
