// GET /openapi.json: the API as an OpenAPI 3.1 document, made from the route table that checks the requests.
import { serveRoute } from '../shared/serve.ts';

serveRoute('openApi', {
  async GET() {
    const { openApiDocument } = await import('../shared/http/openapi/document.ts');
    return {
      status: 200,
      body: { ...openApiDocument() },
      headers: { 'cache-control': 'public, max-age=300' },
    };
  },
});
