// PUT and DELETE /managers/{user_id}/sources/{source_id}: an operator sets up a feed, or removes a source.
import { toSourceResponse } from '../shared/http/property-responses.ts';
import { serveRoute } from '../shared/serve.ts';

serveRoute('source', {
  async PUT({ app, params, body, signal }) {
    const key = { userId: params.user_id, sourceId: params.source_id };
    const { source, created } = await app.properties.putSource(key, body, signal);
    return { status: created ? 201 : 200, body: toSourceResponse(source) };
  },

  async DELETE({ app, params, signal }) {
    await app.properties.removeSource({ userId: params.user_id, sourceId: params.source_id }, signal);
    return { status: 204 };
  },
});
