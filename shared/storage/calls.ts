import * as z from 'zod';
import { odata } from '@azure/data-tables';
import { AppError } from '../core/errors.ts';
import { MEMORY_ENTRIES } from '../voice/call-memory.ts';
import type { MemoryEntries, OpenCallRecord } from '../voice/call-memory.ts';
import type { ToolResult } from '../voice/tool-result.ts';
import type { Encryption } from '../core/encryption.ts';
import { hashText } from '../core/hash.ts';
import type { Row, TableAccess } from './tables.ts';
import { rowContext } from './reencrypt.ts';
import type { EncryptedColumn } from './reencrypt.ts';
import { joinText, splitText } from './rows.ts';

// One partition per call. Each entry of the memory has a row of its own, `memory:` and its name; first results of tool
// calls: `a:` and the hash of the tool call.

const TABLE = 'calls';
const MEMORY = 'memory:';

/** Which values of this table are encrypted. */
export const ENCRYPTED_CALLS: EncryptedColumn = { table: TABLE, name: 'value', contextOf: rowContext };

function isEntryName(name: string): name is keyof MemoryEntries {
  return Object.hasOwn(MEMORY_ENTRIES, name);
}

const storedResult = z.looseObject({ response: z.string(), action: z.string() });

/** Reads JSON that the app wrote. @throws AppError `data_unreadable` */
function parseStored<T>(schema: z.ZodType<T>, json: string): T {
  try {
    return schema.parse(JSON.parse(json));
  } catch (cause) {
    throw new AppError('data_unreadable', 'What was stored of a call cannot be read', { cause });
  }
}

/** The memory of calls in the table `calls`, encrypted. Rows are deleted by `sweepCalls`. */
export function createCallRecords(tables: TableAccess, encryption: Encryption): OpenCallRecord {
  const toRow = async (partitionKey: string, rowKey: string, text: string, now: number): Promise<Row> => ({
    partitionKey,
    rowKey,
    createdAt: now,
    ...splitText('value', await encryption.encrypt(text, rowContext({ partitionKey, rowKey }))),
  });
  const toMemoryOperations = async (partition: string, entries: MemoryEntries, now: number) => {
    const rows = Object.entries(entries).map(([name, value]) =>
      toRow(partition, MEMORY + name, JSON.stringify(value), now),
    );
    return (await Promise.all(rows)).map((row) => ({ kind: 'upsert', row }) as const);
  };
  const read = (row: Row): Promise<string> => encryption.decrypt(joinText('value', row), rowContext(row));

  return (userId, callId, signal) => {
    const partition = hashText('call', userId, callId);
    return {
      async recall() {
        // `;` follows `:`: the rows whose keys begin with MEMORY.
        const filter = odata`PartitionKey eq ${partition} and RowKey ge ${MEMORY} and RowKey lt ${'memory;'}`;
        const remembered: Record<string, unknown> = {};
        for await (const page of tables.query(TABLE, filter, { signal })) {
          for (const row of page) {
            const name = row.rowKey.slice(MEMORY.length);
            if (isEntryName(name))
              remembered[name] = parseStored<unknown>(MEMORY_ENTRIES[name], await read(row));
          }
        }
        return remembered;
      },

      async remember(changes, now) {
        const operations = await toMemoryOperations(partition, changes, now);
        const [first, ...others] = operations;
        if (!first) return;
        // A transaction of one costs twice what the write costs.
        if (others.length === 0) await tables.upsert(TABLE, first.row, { signal });
        else await tables.transact(TABLE, operations, { signal });
      },

      async findResult(toolCallKey) {
        const row = await tables.getOrNull(TABLE, partition, resultKey(toolCallKey), { signal });
        // We wrote it ourselves, and nobody else can: it is encrypted.
        return row && (parseStored(storedResult, await read(row)) as ToolResult);
      },

      async saveResult(toolCallKey, result, now, memory = {}) {
        const row = await toRow(partition, resultKey(toolCallKey), JSON.stringify(result), now);
        const remembered = await toMemoryOperations(partition, memory, now);
        if (remembered.length === 0) await tables.insert(TABLE, row, { signal });
        else await tables.transact(TABLE, [{ kind: 'insert', row }, ...remembered], { signal });
      },
    };
  };
}

/**
 * Deletes what was stored of calls before an instant, when no repeat of a request can come any more.
 * @param before epoch milliseconds.
 * @returns how many rows were deleted.
 */
export async function sweepCalls(tables: TableAccess, before: number, signal: AbortSignal): Promise<number> {
  let swept = 0;
  const keys = { signal, select: [] };
  for await (const page of tables.query(TABLE, `createdAt lt ${before}L`, keys)) {
    for (const { partitionKey, rowKey } of page) {
      await tables.delete(TABLE, partitionKey, rowKey, { signal });
      swept += 1;
    }
  }
  return swept;
}

function resultKey(toolCallKey: string): string {
  return `a:${hashText(toolCallKey)}`;
}
