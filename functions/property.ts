// PUT, GET and DELETE /managers/{user_id}/properties/{property_id}: an operator manages one home.
import { entityTag, isKnown } from '../shared/http/entity-tags.ts';
import { preconditionOf } from '../shared/http/requests.ts';
import { toPropertyPatch } from '../shared/properties/property-body.ts';
import { toPropertyResponse } from '../shared/properties/property-response.ts';
import { serveRoute } from '../shared/serve.ts';

serveRoute('property', {
  async GET({ app, params, request, signal }) {
    const key = { userId: params.user_id, propertyId: params.property_id };
    const { property, etag } = await app.properties.read(key, signal);
    const shown = toPropertyResponse(property);
    const headers = { etag: entityTag(etag, shown) };
    return isKnown(request.headers, headers.etag)
      ? { status: 304, headers }
      : { status: 200, body: shown, headers };
  },

  async PUT({ app, params, body, request, signal }) {
    const key = { userId: params.user_id, propertyId: params.property_id };
    const patch = toPropertyPatch(body);
    const { property, etag, created } = await app.properties.put(key, patch, preconditionOf(request), signal);
    const shown = toPropertyResponse(property);
    return { status: created ? 201 : 200, body: shown, headers: { etag: entityTag(etag, shown) } };
  },

  async DELETE({ app, params, request, signal }) {
    const key = { userId: params.user_id, propertyId: params.property_id };
    await app.properties.remove(key, preconditionOf(request), signal);
    return { status: 204 };
  },
});
