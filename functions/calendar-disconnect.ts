// GET, HEAD and POST /calendar/disconnect/{token}: the link in every mail. Only its button, a POST, does anything.
import { disconnectedPage, disconnectPage } from '../shared/http/pages/disconnect-page.ts';
import { assertSameSite } from '../shared/http/requests.ts';
import { serveRoute } from '../shared/serve.ts';

serveRoute('calendarDisconnect', {
  async GET({ app, params: { token }, signal }) {
    const { calendarEmail, formToken } = await app.connections.showDisconnect(token, signal);
    return { status: 200, page: disconnectPage(calendarEmail, formToken) };
  },

  async POST({ app, params: { token }, body: { form_token }, request, signal }) {
    assertSameSite(request);
    await app.connections.disconnectByLink(token, form_token, signal);
    return { status: 200, page: disconnectedPage() };
  },
});
