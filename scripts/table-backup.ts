// Copies tables to files of JSON lines and back. Rows keep their types: a 64-bit integer, a date or bytes stay what they were.
import type { TableClient, TableEntity } from '@azure/data-tables';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

export interface TableAccount {
  /** The names of the account's tables. */
  list(): AsyncIterable<string>;
  open(name: string): TableClient;
}

/** Rows written at a time, while restoring. */
const PARALLEL = 16;

/** What the service adds to each row, and nobody may write. */
function isOfTheService(property: string): boolean {
  return property === 'etag' || property === 'timestamp' || property.startsWith('odata.');
}

/**
 * Writes each table into FOLDER/NAME.jsonl, one row a line, replacing what is there.
 * @returns how many rows each table had.
 */
export async function backupTables(
  account: TableAccount,
  folder: string,
): Promise<ReadonlyMap<string, number>> {
  await mkdir(folder, { recursive: true });
  const counts = new Map<string, number>();
  for await (const name of account.list()) {
    let count = 0;
    const lines = async function* (): AsyncGenerator<string> {
      for await (const row of account.open(name).listEntities({ disableTypeConversion: true })) {
        count++;
        yield `${JSON.stringify(Object.fromEntries(Object.entries(row).filter(([property]) => !isOfTheService(property))))}\n`;
      }
    };
    // Readable by its owner alone: it holds managers' addresses.
    await pipeline(Readable.from(lines()), createWriteStream(join(folder, `${name}.jsonl`), { mode: 0o600 }));
    counts.set(name, count);
  }
  return counts;
}

/**
 * Writes every row of a backup, replacing the row under the same key; other rows stay. Makes the tables that are missing.
 * @returns how many rows each table got.
 * @throws what the service throws, after which the same restore may be repeated.
 */
export async function restoreTables(
  account: TableAccount,
  folder: string,
): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  for (const file of (await readdir(folder)).filter((name) => name.endsWith('.jsonl')).sort()) {
    const name = file.slice(0, -'.jsonl'.length);
    const table = account.open(name);
    await table.createTable();
    let count = 0;
    let batch: Promise<unknown>[] = [];
    for await (const line of createInterface({ input: createReadStream(join(folder, file)) })) {
      count++;
      batch.push(table.upsertEntity(JSON.parse(line) as TableEntity, 'Replace'));
      if (batch.length < PARALLEL) continue;
      await Promise.all(batch);
      batch = [];
    }
    await Promise.all(batch);
    counts.set(name, count);
  }
  return counts;
}
