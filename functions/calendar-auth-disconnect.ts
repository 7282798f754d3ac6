// POST /calendar/auth/disconnect: an operator deletes a manager's tokens.
import { serveRoute } from '../shared/serve.ts';

serveRoute('calendarAuthDisconnect', {
  async POST({ app, body: { user_id }, signal }) {
    const wasConnected = await app.connections.disconnect(user_id, signal);
    return { status: 200, body: { user_id, status: wasConnected ? 'disconnected' : 'not_connected' } };
  },
});
