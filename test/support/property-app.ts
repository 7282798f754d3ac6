// The homes on real tables, with a clock that stands still and a feed server on loopback.
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { randomBytes, randomUUID } from 'node:crypto';
import { createTables } from '../../sandbox/azurite.ts';
import { createPropertyDirectory } from '../../shared/properties/directory.ts';
import type { PropertyDirectory } from '../../shared/properties/directory.ts';
import type { AffectedViewing, PropertiesContext } from '../../shared/properties/context.ts';
import { createFeedReader } from '../../shared/properties/feeds/read-feed.ts';
import { createPortfolios } from '../../shared/properties/portfolios.ts';
import { createProperties } from '../../shared/properties/properties.ts';
import type { Properties } from '../../shared/properties/properties.ts';
import type { PropertyStore } from '../../shared/properties/store.ts';
import { defaultManager } from '../../shared/managers/manager.ts';
import type { Manager } from '../../shared/managers/manager.ts';
import { createManagers } from '../../shared/managers/managers.ts';
import type { Managers } from '../../shared/managers/managers.ts';
import { createEncryption } from '../../shared/storage/encryption.ts';
import { createManagerRepository } from '../../shared/storage/managers.ts';
import { createPropertyStore } from '../../shared/storage/properties/store.ts';
import { createTableAccess } from '../../shared/storage/tables.ts';
import type { TableAccess } from '../../shared/storage/tables.ts';

export const START = Date.parse('2026-11-23T15:00:00Z');
export const HOUR = 60 * 60_000;

export type FeedHandler = (request: IncomingMessage, response: ServerResponse) => void;

export interface PropertyApp {
  readonly tables: TableAccess;
  readonly store: PropertyStore;
  readonly managers: Managers;
  readonly properties: Properties;
  readonly context: PropertiesContext;
  readonly directory: PropertyDirectory;
  readonly mails: { readonly userId: string; readonly subject: string; readonly items: readonly string[] }[];
  readonly log: { readonly event: string; readonly fields: unknown }[];
  /** What `FutureViewings` tells. */
  viewings: AffectedViewing[];
  now: number;
  /** What the feed server answers. */
  feed: FeedHandler;
  readonly feedUrl: string;
  /** Another instance of the app on the same tables. */
  /** @param key another one than the other instances have */
  another(
    tables?: TableAccess,
    key?: Uint8Array,
  ): {
    readonly directory: PropertyDirectory;
    readonly properties: Properties;
    readonly managers: Managers;
  };
  addManager(entry?: Partial<Manager>): Promise<string>;
  close(): Promise<void>;
}

export const { signal } = new AbortController();

export async function createPropertyApp(): Promise<PropertyApp> {
  const azurite = await createTables();
  const tables = createTableAccess({ kind: 'connection_string', connectionString: azurite.connectionString });
  const oneKey = (id: string, bytes: Uint8Array = randomBytes(32)) => createEncryption([{ id, bytes }]);
  const encryption = oneKey('k1');
  const server = createServer((request, response) => {
    app.feed(request, response);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const now = (): number => app.now;
  const mails: PropertyApp['mails'] = [];
  const log: PropertyApp['log'] = [];
  const record = (event: string, fields: unknown = {}): void => {
    log.push({ event, fields });
  };
  const logger = { info: record, warn: record, error: record };
  const store = createPropertyStore(tables, encryption, logger);
  const managersWith = (properties: PropertyStore): Managers =>
    createManagers({
      repository: createManagerRepository(tables),
      changes: [createPortfolios({ store: properties, now })],
      now,
    });
  const managers = managersWith(store);
  const context: PropertiesContext = {
    store,
    managers,
    viewings: {
      ofProperties: (_userId, ids) =>
        Promise.resolve(app.viewings.filter(({ propertyId }) => ids.includes(propertyId))),
    },
    mail: (userId, { subject, items }) => {
      mails.push({ userId, subject, items });
      return Promise.resolve();
    },
    feeds: createFeedReader({ allowLoopback: true, timeoutMs: 60_000 }),
    defaultTimeZone: 'America/Chicago',
    now,
    log: logger,
  };
  const app: PropertyApp = {
    tables,
    store,
    managers,
    context,
    properties: createProperties(context),
    directory: createPropertyDirectory(store),
    mails,
    log,
    viewings: [],
    now: START,
    feed: (_request, response) => response.writeHead(404).end(),
    feedUrl: `http://127.0.0.1:${port}/feed`,
    another(access = tables, key) {
      const other = createPropertyStore(access, key ? oneKey('k2', key) : encryption, logger);
      return {
        managers: managersWith(other),
        directory: createPropertyDirectory(other),
        properties: createProperties({ ...context, store: other }),
      };
    },
    async addManager(entry = {}) {
      const userId = entry.userId ?? `manager-${randomUUID()}`;
      await managers.put({ ...defaultManager(userId, userId), ...entry, userId }, {}, signal);
      return userId;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await azurite.close();
    },
  };
  return app;
}
