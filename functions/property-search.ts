// GET /properties/search: an operator tries out the search that the voice tools use.
import { toPropertySearchResponse } from '../shared/http/property-responses.ts';
import { serveRoute } from '../shared/serve.ts';

serveRoute('propertySearch', {
  async GET({ app, query: { user_id, limit, ...texts }, signal }) {
    const result = await app.searchProperties(user_id, texts, signal);
    return { status: 200, body: toPropertySearchResponse(result, limit) };
  },
});
