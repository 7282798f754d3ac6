// GET /managers/{user_id}/properties: an operator lists a manager's homes.
import { toPageMark } from '../shared/http/paging.ts';
import { toPropertyResponse } from '../shared/properties/property-response.ts';
import { serveRoute } from '../shared/serve.ts';

serveRoute('properties', {
  async GET({ app, params: { user_id }, query, signal }) {
    const page = { after: query.next ?? null, limit: query.limit };
    const { properties, next } = await app.properties.list(user_id, page, signal);
    return {
      status: 200,
      body: {
        properties: properties.map(toPropertyResponse),
        ...(next !== null && { next: toPageMark('properties', next) }),
      },
    };
  },
});
