// PUT, GET and DELETE /managers/{user_id}/properties/{property_id}: an operator manages one home.
import { preconditionOf } from '../shared/http/requests.ts';
import { toPropertyPatch } from '../shared/properties/property-body.ts';
import { toPropertyResponse } from '../shared/properties/property-response.ts';
import { serveRoute } from '../shared/serve.ts';

serveRoute('property', {
  async GET({ app, params, request, signal }) {
    const key = { userId: params.user_id, propertyId: params.property_id };
    const { property, etag } = await app.properties.read(key, signal);
    if (request.headers.get('if-none-match') === etag) return { status: 304, headers: { etag } };
    return { status: 200, body: toPropertyResponse(property), headers: { etag } };
  },

  async PUT({ app, params, body, request, signal }) {
    const key = { userId: params.user_id, propertyId: params.property_id };
    const patch = toPropertyPatch(body);
    const { property, etag, created } = await app.properties.put(key, patch, preconditionOf(request), signal);
    return { status: created ? 201 : 200, body: toPropertyResponse(property), headers: { etag } };
  },

  async DELETE({ app, params, request, signal }) {
    const key = { userId: params.user_id, propertyId: params.property_id };
    await app.properties.remove(key, preconditionOf(request), signal);
    return { status: 204 };
  },
});
