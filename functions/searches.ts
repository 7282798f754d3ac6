// GET /managers/{user_id}/searches: an operator reads what callers looked for, and what they heard.
import { toSearchResponse } from '../shared/http/property-responses.ts';
import { serveRoute } from '../shared/serve.ts';

/** The newest ones. */
const MAX_SEARCHES = 200;

serveRoute('searches', {
  async GET({ app, params: { user_id }, signal }) {
    await app.managers.read(user_id, signal);
    const searches = await app.searches.list(user_id, MAX_SEARCHES, signal);
    return { status: 200, body: { searches: searches.map(toSearchResponse) } };
  },
});
