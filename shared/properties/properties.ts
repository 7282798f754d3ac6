import type { Precondition } from '../core/precondition.ts';
import type { PropertiesContext } from './context.ts';
import { putProperty, removeProperty } from './edit.ts';
import type { PutOutcome } from './edit.ts';
import { runDueFeeds } from './feeds/run-due.ts';
import type { FeedsReport } from './feeds/run-due.ts';
import { runSource } from './feeds/run-source.ts';
import { importFile } from './import-file.ts';
import type { ImportReport, ImportRequest } from './import-file.ts';
import type { Property, PropertyPatch } from './property.ts';
import { listProperties, readProperty } from './read.ts';
import type { PropertyPage } from './read.ts';
import { listSources, putSource, removeSource } from './sources.ts';
import type { SourceBody } from './sources.ts';
import type { StoredSource } from './source.ts';

/** Which home of which manager. */
export interface PropertyKey {
  readonly userId: string;
  readonly propertyId: string;
}

/** Which source of which manager. */
export interface SourceKey {
  readonly userId: string;
  readonly sourceId: string;
}

/** All use cases of operators on homes and their sources; each is documented in its own file. */
export interface Properties {
  list(
    userId: string,
    page: { readonly after: string | null; readonly limit: number },
    signal: AbortSignal,
  ): Promise<PropertyPage>;
  read(
    key: PropertyKey,
    signal: AbortSignal,
  ): Promise<{ readonly property: Property; readonly etag: string }>;
  put(
    key: PropertyKey,
    patch: PropertyPatch,
    precondition: Precondition,
    signal: AbortSignal,
  ): Promise<PutOutcome>;
  remove(key: PropertyKey, precondition: Precondition, signal: AbortSignal): Promise<void>;
  import(request: ImportRequest, signal: AbortSignal): Promise<ImportReport>;
  listSources(userId: string, signal: AbortSignal): Promise<readonly StoredSource[]>;
  putSource(
    key: SourceKey,
    body: SourceBody,
    signal: AbortSignal,
  ): Promise<{ readonly source: StoredSource; readonly created: boolean }>;
  removeSource(key: SourceKey, signal: AbortSignal): Promise<void>;
  runSource(
    key: SourceKey,
    options: { readonly dryRun?: boolean; readonly confirm?: boolean },
    signal: AbortSignal,
  ): Promise<ImportReport>;
  runDueFeeds(options?: { readonly sliceMs?: number }): Promise<FeedsReport>;
}

/** Binds the use cases to their adapters. */
export function createProperties(context: PropertiesContext): Properties {
  return {
    list: (userId, page, signal) => listProperties(context, userId, page, signal),
    read: (key, signal) => readProperty(context, key, signal),
    put: (key, patch, precondition, signal) => putProperty(context, key, patch, precondition, signal),
    remove: (key, precondition, signal) => removeProperty(context, key, precondition, signal),
    import: (request, signal) => importFile(context, request, signal),
    listSources: (userId, signal) => listSources(context, userId, signal),
    putSource: (key, body, signal) => putSource(context, key, body, signal),
    removeSource: (key, signal) => removeSource(context, key, signal),
    runSource: (key, options, signal) => runSource(context, key, options, signal),
    runDueFeeds: (options) => runDueFeeds(context, options),
  };
}
