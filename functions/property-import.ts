// POST /managers/{user_id}/properties/import: an operator imports a listing file.
import { AppError } from '../shared/core/errors.ts';
import { toImportResponse } from '../shared/http/property-responses.ts';
import { parseMediaType } from '../shared/properties/import/read-listings.ts';
import { serveRoute } from '../shared/serve.ts';

serveRoute('propertyImport', {
  async POST({ app, params: { user_id }, query, body, request, signal }) {
    const media = parseMediaType(request.headers.get('content-type') ?? '');
    if (!media) {
      const message = 'The content type must be text/csv, application/xml, text/xml or application/json';
      throw new AppError('unsupported_media_type', message);
    }
    const report = await app.properties.import(
      {
        userId: user_id,
        source: query.source ?? null,
        bytes: body,
        media,
        dryRun: query.dry_run === 'true',
        confirm: query.confirm === 'true',
      },
      signal,
    );
    return { status: 200, body: toImportResponse(report) };
  },
});
