// The routes of properties and their sources; see routes.ts.
import { MAX_LISTING_BYTES } from '../properties/import/read-listings.ts';
import { propertyBody } from '../properties/property-body.ts';
import { sourceBody } from '../properties/sources.ts';
import {
  importQuery,
  importResponse,
  listingFile,
  propertiesQuery,
  propertiesResponse,
  propertyParams,
  propertyResponse,
  runQuery,
  searchQuery,
  searchesResponse,
  searchResponse,
  sourceParams,
  sourceResponse,
  sourcesResponse,
} from './property-schemas.ts';
import { ifMatchHeader, ifNoneMatchHeader, putHeaders, userIdParams } from './requests.ts';
import type { Route } from './route.ts';
import { SECOND_MS } from '../core/duration.ts';

const OPERATOR = { access: 'function_key', tag: 'Properties' } as const;
/** An import of 5,000 homes, or a slow feed. */
const IMPORT_MS = 90 * SECOND_MS;

/** By the name of the Azure Function; a part of `ROUTES`. */
export const PROPERTY_ROUTES = {
  properties: {
    path: '/managers/{user_id}/properties',
    ...OPERATOR,
    params: userIdParams,
    operations: {
      GET: {
        summary: 'List a manager’s properties, of every status',
        query: propertiesQuery,
        responses: { 200: { description: 'In the order of their ids', json: propertiesResponse } },
        errors: [400, 404],
      },
    },
  },
  searches: {
    path: '/managers/{user_id}/searches',
    ...OPERATOR,
    params: userIdParams,
    operations: {
      GET: {
        summary: 'List what callers looked for in the last 30 days, without who they are',
        responses: { 200: { description: 'The newest 200', json: searchesResponse } },
        errors: [400, 404],
      },
    },
  },
  propertySearch: {
    path: '/properties/search',
    ...OPERATOR,
    operations: {
      GET: {
        summary: 'Search the properties of a manager’s portfolio, as the voice tools do',
        query: searchQuery,
        responses: { 200: { description: 'In the order in which callers hear them', json: searchResponse } },
        errors: [400, 404],
      },
    },
  },
  property: {
    path: '/managers/{user_id}/properties/{property_id}',
    ...OPERATOR,
    params: propertyParams,
    operations: {
      GET: {
        summary: 'Get one property',
        headers: ifNoneMatchHeader,
        responses: {
          200: { description: 'With an `ETag`', json: propertyResponse },
          304: { description: 'Not changed' },
        },
        errors: [400, 404],
      },
      PUT: {
        summary: 'Create a property, or replace what an operator set of it',
        description:
          'The fields that are set here override the property’s source until DELETE. For the others, the source’s value counts.',
        headers: putHeaders,
        body: { json: propertyBody },
        responses: {
          200: { description: 'Replaced', json: propertyResponse },
          201: { description: 'Created', json: propertyResponse },
        },
        errors: [400, 404, 409, 412],
      },
      DELETE: {
        summary: 'Delete a property that was entered by hand, or hide one that has a source',
        headers: ifMatchHeader,
        responses: { 204: { description: 'Deleted, or hidden' } },
        errors: [400, 404, 409, 412],
      },
    },
  },
  propertyImport: {
    path: '/managers/{user_id}/properties/import',
    ...OPERATOR,
    params: userIdParams,
    timeoutMs: IMPORT_MS,
    operations: {
      POST: {
        summary: 'Import a listing file',
        description:
          'CSV, MITS 3.0 or 4.1, Buildium’s feed, HotPads 2.1, or JSON `{"properties": [...]}`. Rows that cannot be read are listed, and the others are imported.',
        query: importQuery,
        body: {
          bytes: {
            'text/csv': listingFile,
            'application/xml': listingFile,
            'text/xml': listingFile,
            'application/json': listingFile,
          },
          maxBytes: MAX_LISTING_BYTES,
        },
        responses: { 200: { description: 'What changed, or would change', json: importResponse } },
        errors: [400, 404, 409, 415],
      },
    },
  },
  sources: {
    path: '/managers/{user_id}/sources',
    ...OPERATOR,
    params: userIdParams,
    operations: {
      GET: {
        summary: 'List a manager’s sources',
        responses: { 200: { description: 'Feeds, and the names of imported files', json: sourcesResponse } },
        errors: [400, 404],
      },
    },
  },
  source: {
    path: '/managers/{user_id}/sources/{source_id}',
    ...OPERATOR,
    params: sourceParams,
    operations: {
      PUT: {
        summary: 'Create or replace a feed, which is read regularly',
        body: { json: sourceBody },
        responses: {
          200: { description: 'Replaced', json: sourceResponse },
          201: { description: 'Created', json: sourceResponse },
        },
        errors: [400, 404],
      },
      DELETE: {
        summary: 'Delete a source; its properties are rented',
        responses: { 204: { description: 'Deleted' } },
        errors: [400, 404, 409],
      },
    },
  },
  sourceRun: {
    path: '/managers/{user_id}/sources/{source_id}/run',
    ...OPERATOR,
    params: sourceParams,
    timeoutMs: IMPORT_MS,
    operations: {
      POST: {
        summary: 'Read a feed now',
        query: runQuery,
        responses: { 200: { description: 'What changed, or would change', json: importResponse } },
        errors: [400, 404, 409, 502],
      },
    },
  },
} as const satisfies Readonly<Record<string, Route>>;
