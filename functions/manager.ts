// PUT, GET and DELETE /managers/{user_id}: an operator manages a manager's profile and rules.
import { toManagerResponse } from '../shared/http/manager-response.ts';
import { entityTag, isKnown } from '../shared/http/entity-tags.ts';
import { preconditionOf } from '../shared/http/requests.ts';
import { toManager } from '../shared/managers/manager-body.ts';
import { serveRoute } from '../shared/serve.ts';

serveRoute('manager', {
  async GET({ app, params: { user_id }, request, signal }) {
    const { manager, mailbox, etag } = await app.managers.read(user_id, signal);
    const body = toManagerResponse(manager, mailbox, app.config.defaultTimeZone);
    const headers = { etag: entityTag(etag, body) };
    return isKnown(request.headers, headers.etag) ? { status: 304, headers } : { status: 200, body, headers };
  },

  async PUT({ app, params: { user_id }, body: given, request, signal }) {
    const manager = toManager(user_id, given);
    const { etag, created, mailbox } = await app.managers.put(manager, preconditionOf(request), signal);
    const body = toManagerResponse(manager, mailbox, app.config.defaultTimeZone);
    return { status: created ? 201 : 200, body, headers: { etag: entityTag(etag, body) } };
  },

  async DELETE({ app, params: { user_id }, request, signal }) {
    await app.managers.remove(user_id, preconditionOf(request), signal);
    return { status: 204 };
  },
});
