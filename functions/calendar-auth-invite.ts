// POST /calendar/auth/invite: an operator sends a manager the connect link by e-mail.
import { isoTime } from '../shared/http/responses.ts';
import { serveRoute } from '../shared/serve.ts';

serveRoute('calendarAuthInvite', {
  async POST({ app, body, signal }) {
    const invite = {
      userId: body.user_id,
      calendarEmail: body.calendar_email,
      name: body.name ?? null,
      notifyEmail: body.notify_email ?? null,
    };
    const { expiresAt } = await app.connections.invite(invite, signal);
    return { status: 202, body: { user_id: body.user_id, expires_at: isoTime(expiresAt) } };
  },
});
