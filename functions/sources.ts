// GET /managers/{user_id}/sources: an operator lists the feeds and files that a manager's homes come from.
import { toSourceResponse } from '../shared/http/property-responses.ts';
import { serveRoute } from '../shared/serve.ts';

serveRoute('sources', {
  async GET({ app, params: { user_id }, signal }) {
    const sources = await app.properties.listSources(user_id, signal);
    return { status: 200, body: { sources: sources.map(toSourceResponse) } };
  },
});
