// GET /managers/{user_id}/viewings: an operator reads which viewings stand, and which are in doubt.
import { toViewingResponse } from '../shared/http/viewing-schemas.ts';
import { resolveSchedule } from '../shared/managers/schedule.ts';
import { serveRoute } from '../shared/serve.ts';

const DEFAULT_LIMIT = 100;

serveRoute('managerViewings', {
  async GET({ app, params: { user_id }, query, signal }) {
    const { manager, mailbox } = await app.managers.read(user_id, signal);
    const { timeZone } = resolveSchedule(manager, mailbox, app.config.defaultTimeZone);
    const { from = null, to = null, next: after = null, limit = DEFAULT_LIMIT } = query;
    const page = await app.listViewings(user_id, { from, to, after, limit }, timeZone, signal);
    const viewings = page.viewings.map(toViewingResponse);
    return { status: 200, body: { viewings, ...(page.next !== null && { next: page.next }) } };
  },
});
