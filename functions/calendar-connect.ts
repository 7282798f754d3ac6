// GET, HEAD and POST /calendar/connect/{token}: the page behind every connect link, opened by managers and by mail scanners.
// Only its button, a POST, does anything.
import { connectPage } from '../shared/http/pages/connect-page.ts';
import { assertSameSite } from '../shared/http/requests.ts';
import { serveRoute } from '../shared/serve.ts';

serveRoute('calendarConnect', {
  async GET({ app, params: { token }, signal }) {
    return { status: 200, page: connectPage(await app.connections.showConsent(token, signal)) };
  },

  async POST({ app, params: { token }, body: { form_token }, request, signal }) {
    assertSameSite(request);
    const { url, cookie } = await app.connections.startConsent(token, form_token, signal);
    const { name, value, path, maxAgeSeconds: maxAge, secure } = cookie;
    return {
      status: 303,
      location: url,
      cookies: [{ name, value, path, maxAge, httpOnly: true, secure, sameSite: 'Lax' }],
    };
  },
});
