// GET /properties/search: an operator tries out the search that the voice tools use.
import { toListedResponse } from '../shared/properties/property-response.ts';
import { searchAsOperator } from '../shared/properties/search/operator-search.ts';
import { serveRoute } from '../shared/serve.ts';

serveRoute('propertySearch', {
  async GET({ app, query, signal }) {
    const { user_id, limit, ...texts } = query;
    await app.managers.read(user_id, signal);
    const { properties } = await app.directory.forManager(user_id, signal);
    const result = searchAsOperator(properties, texts);
    return {
      status: 200,
      body: {
        properties: result.properties.slice(0, limit).map(({ property, score, unknown }) => ({
          ...toListedResponse(property),
          user_id: property.userId,
          score,
          unknown,
        })),
        total: result.properties.length,
        match: result.match,
        near: result.near.map(toListedResponse),
        relaxed: result.relaxed,
      },
    };
  },
});
