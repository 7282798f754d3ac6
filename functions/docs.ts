// GET /docs: the OpenAPI document as a page, for people.
import { serveRoute } from '../shared/serve.ts';

serveRoute('docs', {
  async GET({ request }) {
    const { viewerPage } = await import('../shared/http/openapi/viewer-page.ts');
    return { status: 200, ...(await viewerPage(request.headers.get('accept-encoding'))) };
  },
});
