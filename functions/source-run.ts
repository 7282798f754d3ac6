// POST /managers/{user_id}/sources/{source_id}/run: an operator has a feed read now.
import { toImportResponse } from '../shared/http/property-responses.ts';
import { serveRoute } from '../shared/serve.ts';

serveRoute('sourceRun', {
  async POST({ app, params, query, signal }) {
    const key = { userId: params.user_id, sourceId: params.source_id };
    const options = { dryRun: query.dry_run === 'true', confirm: query.confirm === 'true' };
    return { status: 200, body: toImportResponse(await app.properties.runSource(key, options, signal)) };
  },
});
