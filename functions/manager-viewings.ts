// GET /managers/{user_id}/viewings: an operator reads which viewings stand, and which are in doubt.
import { AppError } from '../shared/core/errors.ts';
import { toViewingResponse } from '../shared/http/viewing-schemas.ts';
import { resolveSchedule } from '../shared/managers/schedule.ts';
import { serveRoute } from '../shared/serve.ts';

const DEFAULT_LIMIT = 100;

serveRoute('managerViewings', {
  async GET({ app, params: { user_id }, query, signal }) {
    const found = await app.managers.read(user_id, signal);
    if (!found) throw new AppError('not_found', 'There is no such manager');
    const { timeZone } = resolveSchedule(found.manager, found.mailbox, app.config.defaultTimeZone);
    const { from = null, to = null, next: after = null, limit = DEFAULT_LIMIT } = query;
    const page = await app.listViewings(user_id, { from, to, after, limit }, timeZone, signal);
    const viewings = page.viewings.map(toViewingResponse);
    return { status: 200, body: { viewings, ...(page.next !== null && { next: page.next }) } };
  },
});
