// GET /calendar/auth/start?user_id=&calendar_email=: an operator gets a link that connects a manager's calendar.
import { isoTime } from '../shared/http/responses.ts';
import { serveRoute } from '../shared/serve.ts';

serveRoute('calendarAuthStart', {
  async GET({ app, query: { user_id, calendar_email }, signal }) {
    const { url, expiresAt } = await app.connections.makeStartLink(user_id, calendar_email ?? null, signal);
    return {
      status: 200,
      body: {
        authorization_url: url,
        message: 'Open this link in a browser to connect the calendar. It works once.',
        expires_at: isoTime(expiresAt),
      },
    };
  },
});
