import type { z } from 'zod';
import type { ImportReport } from '../properties/import-file.ts';
import { toListedResponse } from '../properties/property-response.ts';
import type { SearchResult } from '../properties/search/operator-search.ts';
import type { StoredSource } from '../properties/source.ts';
import { isoTime } from './responses.ts';
import type { DeepReadonly } from './route.ts';
import type { RentalSearchRecord } from '../voice/ports.ts';
import type { importResponse, searchesResponse, searchResponse, sourceResponse } from './property-schemas.ts';

/** The report of an import as the API sends it. Times are ISO 8601 in UTC. */
export function toImportResponse(report: ImportReport): DeepReadonly<z.output<typeof importResponse>> {
  const { affectedViewings, ...rest } = report;
  return {
    ...rest,
    affected_viewings: affectedViewings.map((viewing) => ({
      appointment_id: viewing.bookingId,
      property_id: viewing.propertyId,
      property_address: viewing.address,
      start_time: isoTime(viewing.start),
      attendee_name: viewing.attendeeName,
    })),
  };
}

/** The result of a search as the API sends it. @param limit how many properties are shown; `total` counts all of them */
export function toPropertySearchResponse(
  { properties, match, near, relaxed }: SearchResult,
  limit: number,
): DeepReadonly<z.output<typeof searchResponse>> {
  return {
    properties: properties.slice(0, limit).map(({ property, score, unknown }) => ({
      ...toListedResponse(property),
      user_id: property.userId,
      score,
      unknown,
    })),
    total: properties.length,
    match,
    near: near.map(toListedResponse),
    relaxed,
  };
}

/** A source as the API sends it. Times are ISO 8601 in UTC. */
export function toSourceResponse(source: StoredSource): DeepReadonly<z.output<typeof sourceResponse>> {
  return {
    source_id: source.sourceId,
    url: source.url,
    format: source.format,
    every_hours: source.everyHours,
    due_at: isoTime(source.dueAt),
    read_at: isoTime(source.readAt),
    failing_since: isoTime(source.failingSince),
    problem: source.problem,
    held_since: isoTime(source.pendingLoss?.since ?? null),
  };
}

/** One search of a caller as the API sends it: only the criteria that were named. */
export function toSearchResponse(
  search: RentalSearchRecord,
): DeepReadonly<z.output<typeof searchesResponse>>['searches'][number] {
  const { bedrooms, maxRent, area, pets, moveInBy, feature } = search.criteria;
  const named = { bedrooms, max_rent: maxRent, area, pets, move_in: moveInBy, feature };
  return {
    searched_at: isoTime(search.searchedAt),
    criteria: Object.fromEntries(Object.entries(named).filter(([, value]) => value !== null)),
    property_ids: search.results,
    total: search.total,
    relaxed: search.relaxed,
  };
}
