// GET /openapi.json: the API as an OpenAPI 3.1 document, made from the schemas that check the requests.
import { app } from '@azure/functions';
import type { HttpResponseInit } from '@azure/functions';
import { openApiDocument } from '../shared/http/openapi/document.ts';

export function openApi(): HttpResponseInit {
  return {
    status: 200,
    jsonBody: openApiDocument(),
    headers: { 'cache-control': 'public, max-age=300', 'x-content-type-options': 'nosniff' },
  };
}

app.http('openApi', { methods: ['GET'], authLevel: 'anonymous', route: 'openapi.json', handler: openApi });
