import { z } from 'zod';
import { odata } from '@azure/data-tables';
import type { CallStore, Remembered } from '../voice/ports.ts';
import type { Encryption } from '../core/encryption.ts';
import type { Row, TableAccess } from './tables.ts';
import { hashKey, joinText, splitText } from './rows.ts';

// One partition per call. What is remembered stands in a row per thing, so that one is written without reading the
// others: `memory:` offered, listed, propertyAddress. First answers: `a:` and the tool call's hash.

const TABLE = 'calls';
const MEMORY = 'memory:';

const offered = z.array(z.object({ start: z.number(), text: z.string(), spoken: z.boolean() }));
const listed = z.array(z.object({ bookingId: z.string(), start: z.number(), propertyAddress: z.string() }));
const schemas = { offered, listed, propertyAddress: z.string() } as const;
function isRemembered(name: string): name is keyof Remembered {
  return Object.hasOwn(schemas, name);
}

export function createCallStore(tables: TableAccess, encryption: Encryption): CallStore {
  const toRow = async (partitionKey: string, rowKey: string, text: string, now: number): Promise<Row> => ({
    partitionKey,
    rowKey,
    createdAt: now,
    ...splitText('value', await encryption.encrypt(text, `${partitionKey} ${rowKey}`)),
  });
  const read = (row: Row): Promise<string> =>
    encryption.decrypt(joinText('value', row), `${row.partitionKey} ${row.rowKey}`);

  return {
    async recall(userId, callId, signal) {
      const partition = partitionOf(userId, callId);
      // `;` follows `:`: the rows whose keys begin with MEMORY.
      const filter = odata`PartitionKey eq ${partition} and RowKey ge ${MEMORY} and RowKey lt ${'memory;'}`;
      const remembered: Record<string, unknown> = {};
      for await (const page of tables.query(TABLE, filter, { signal })) {
        for (const row of page) {
          const name = row.rowKey.slice(MEMORY.length);
          if (isRemembered(name)) remembered[name] = schemas[name].parse(JSON.parse(await read(row)));
        }
      }
      return remembered;
    },

    async remember(userId, callId, changes, now, signal) {
      const partition = partitionOf(userId, callId);
      const rows = Object.entries(changes)
        .filter(([, value]) => value !== undefined)
        .map(([name, value]) => toRow(partition, MEMORY + name, JSON.stringify(value), now));
      const operations = (await Promise.all(rows)).map((row) => ({ kind: 'upsert', row }) as const);
      if (operations.length > 0) await tables.transact(TABLE, operations, { signal });
    },

    async findAnswer(userId, callId, toolCallId, signal) {
      const row = await tables.getOrNull(TABLE, partitionOf(userId, callId), answerKey(toolCallId), {
        signal,
      });
      return row && read(row);
    },

    async keepAnswer(userId, callId, toolCallId, answer, now, signal) {
      const row = await toRow(partitionOf(userId, callId), answerKey(toolCallId), answer, now);
      await tables.insert(TABLE, row, { signal });
    },
  };
}

/**
 * Forgets what was said on calls before an instant: VAPI's retries and the calls themselves are long over.
 * @returns how many rows went.
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

function partitionOf(userId: string, callId: string): string {
  return hashKey('call', userId, callId);
}
function answerKey(toolCallId: string): string {
  return `a:${hashKey(toolCallId)}`;
}
