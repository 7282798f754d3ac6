// GET /managers: an operator lists all managers.
import { toManagerResponse } from '../shared/http/manager-response.ts';
import { serveRoute } from '../shared/serve.ts';

serveRoute('managers', {
  async GET({ app, signal }) {
    const found = await app.managers.list(signal);
    const managers = found.map(({ manager, mailbox }) =>
      toManagerResponse(manager, mailbox, app.config.defaultTimeZone),
    );
    return { status: 200, body: { managers } };
  },
});
