import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { TableClient, TableServiceClient } from '@azure/data-tables';
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTables } from '../../sandbox/azurite.ts';
import type { Tables } from '../../sandbox/azurite.ts';
import { backupTables, restoreTables } from '../../scripts/table-backup.ts';
import type { TableAccount } from '../../scripts/table-backup.ts';

let tables: Tables;
let account: TableAccount;
let folder: string;

beforeAll(async () => {
  tables = await createTables();
  const options = { allowInsecureConnection: true };
  const service = TableServiceClient.fromConnectionString(tables.connectionString, options);
  account = {
    list: async function* () {
      for await (const { name } of service.listTables()) if (name) yield name;
    },
    open: (name) => TableClient.fromConnectionString(tables.connectionString, name, options),
  };
});

afterAll(() => tables.close());

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'backup-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

async function readAll(name: string): Promise<Record<string, unknown>[]> {
  const rows: Record<string, unknown>[] = [];
  for await (const row of account.open(name).listEntities())
    rows.push(
      Object.fromEntries(Object.entries(row).filter(([key]) => !/^(etag|timestamp|odata\..*)$/.test(key))),
    );
  return rows;
}

const ROWS = [
  { partitionKey: 'm1', rowKey: 'connection', text: 'a "quoted" line\nand another', count: 7, ready: true },
  {
    partitionKey: 'm1',
    rowKey: 'settings',
    big: 9007199254740993n,
    ratio: 1.5,
    day: new Date(Date.UTC(2026, 10, 23)),
  },
  { partitionKey: 'm2', rowKey: 'connection', bytes: new Uint8Array([0, 1, 254, 255]) },
];

describe('a backup', () => {
  beforeEach(async () => {
    const table = account.open('managers');
    await table.createTable();
    for (const row of ROWS) await table.upsertEntity(row, 'Replace');
    await account.open('empty').createTable();
  });

  test('brings every row back as it was, types and all, into tables that are gone', async () => {
    const before = await readAll('managers');
    expect(before).toHaveLength(3);
    expect([...(await backupTables(account, folder))]).toEqual([
      ['empty', 0],
      ['managers', 3],
    ]);
    await account.open('managers').deleteTable();
    await account.open('empty').deleteTable();
    await restoreTables(account, folder);
    expect(await readAll('managers')).toEqual(before);
    expect(await readAll('empty')).toEqual([]);
  });

  test('overwrites changed rows, and leaves rows that were added later', async () => {
    const before = await readAll('managers');
    await backupTables(account, folder);
    const table = account.open('managers');
    await table.upsertEntity(
      { partitionKey: 'm1', rowKey: 'connection', text: 'overwritten', extra: 1 },
      'Replace',
    );
    await table.upsertEntity({ partitionKey: 'm9', rowKey: 'later' }, 'Replace');
    await restoreTables(account, folder);
    expect(await readAll('managers')).toEqual([...before, { partitionKey: 'm9', rowKey: 'later' }]);
    await table.deleteEntity('m9', 'later');
  });

  test('copies more rows than one page or one batch holds', async () => {
    const table = account.open('many');
    await table.createTable();
    for (let page = 0; page < 12; page++)
      await table.submitTransaction(
        Array.from({ length: 100 }, (_, row) => [
          'upsert',
          { partitionKey: 'p', rowKey: String(page * 100 + row).padStart(4, '0') },
        ]),
      );
    expect((await backupTables(account, folder)).get('many')).toBe(1200);
    await table.deleteTable();
    expect((await restoreTables(account, folder)).get('many')).toBe(1200);
    expect(await readAll('many')).toHaveLength(1200);
  });

  test('is readable by its owner alone', async () => {
    await backupTables(account, folder);
    for (const file of readdirSync(folder)) expect(statSync(join(folder, file)).mode & 0o077).toBe(0);
    expect(readFileSync(join(folder, 'managers.jsonl'), 'utf8').trim().split('\n')).toHaveLength(3);
  });
});
