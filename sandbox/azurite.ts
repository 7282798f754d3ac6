// Azurite's table service inside this process. The deep imports are why its version is pinned exactly.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import * as configurationModule from 'azurite/dist/src/table/TableConfiguration.js';
import * as serverModule from 'azurite/dist/src/table/TableServer.js';
import { KEEP_ALIVE_MS } from './keep-alive.ts';

export interface Tables {
  /** For `AzureWebJobsStorage`. */
  readonly connectionString: string;
  close(): Promise<void>;
}

export interface TablesOptions {
  /** Default 0: any free port. */
  readonly port?: number;
  /** Where the tables are kept between runs; without it they live in memory. */
  readonly folder?: string;
}

// The well-known account of every storage emulator: no secret.
const ACCOUNT = 'devstoreaccount1';
const KEY = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';

/** Node hands a CommonJS module with a `default` export over one level deeper than jest's compiler does. */
function unwrap<T>(module: { default: T }): T {
  const inner = module.default as T & { default?: T };
  return inner.default ?? inner;
}

/** Starts the table service of Azurite. Without a folder it stores everything in memory. */
export async function createTables({ port = 0, folder }: TablesOptions = {}): Promise<Tables> {
  if (folder !== undefined) await mkdir(folder, { recursive: true });
  const TableConfiguration = unwrap(configurationModule);
  const TableServer = unwrap(serverModule);
  const inMemory = folder === undefined;
  const server = new TableServer(
    new TableConfiguration(
      '127.0.0.1',
      port,
      KEEP_ALIVE_MS / 1_000,
      join(folder ?? '', 'tables.json'),
      false,
      false,
      undefined,
      undefined,
      false,
      true,
      '',
      '',
      '',
      undefined,
      true,
      inMemory,
    ),
  );
  await server.start();
  return {
    connectionString: `DefaultEndpointsProtocol=http;AccountName=${ACCOUNT};AccountKey=${KEY};TableEndpoint=${server.getHttpServerAddress()}/${ACCOUNT};`,
    close: () => server.close(),
  };
}
