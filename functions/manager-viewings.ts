// GET /managers/{user_id}/viewings: an operator lists a manager's viewings, with their state.
import { toPageMark } from '../shared/http/paging.ts';
import { toViewingResponse } from '../shared/http/viewing-schemas.ts';
import { resolveSchedule } from '../shared/managers/schedule.ts';
import { serveRoute } from '../shared/serve.ts';

serveRoute('managerViewings', {
  async GET({ app, params: { user_id }, query, signal }) {
    const { manager, mailbox } = await app.managers.read(user_id, signal);
    const { timeZone } = resolveSchedule(manager, mailbox, app.config.defaultTimeZone);
    const { from = null, to = null, next: after = null, limit } = query;
    const page = await app.listViewings(user_id, { from, to, after, limit }, timeZone, signal);
    const viewings = page.viewings.map(toViewingResponse);
    return {
      status: 200,
      body: { viewings, ...(page.next !== null && { next: toPageMark('viewings', page.next) }) },
    };
  },
});
