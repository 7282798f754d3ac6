// GET /docs: the OpenAPI document as a page, for people.
import { viewerPage } from '../shared/http/openapi/viewer-page.ts';
import { serveRoute } from '../shared/serve.ts';

serveRoute('docs', {
  async GET({ request }) {
    return { status: 200, ...(await viewerPage(request.headers.get('accept-encoding'))) };
  },
});
