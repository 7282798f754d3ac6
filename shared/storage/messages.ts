import { odata } from '@azure/data-tables';
import { z } from 'zod';
import { AppError } from '../core/errors.ts';
import type { MessageStore, StoredMessage, TakenMessage } from '../voice/ports.ts';
import type { Encryption } from '../core/encryption.ts';
import type { Row, StoredRow, TableAccess } from './tables.ts';
import { joinText, managerKey, splitText } from './rows.ts';

// One partition per manager. `m:` rows are the messages, their keys falling with time, so that the newest comes first;
// `k:` rows tell a repeat: the message's id, and which row was written for it last.

const TABLE = 'messages';
/** Above every instant in milliseconds, and as long. */
const END_OF_TIME = 9_999_999_999_999;
const ATTEMPTS = 3;

const details = z.object({
  id: z.string(),
  text: z.string(),
  name: z.string().nullable(),
  callerNumber: z.string().nullable(),
  givenNumber: z.string().nullable(),
  propertyAddress: z.string().nullable(),
  offered: z.array(z.string()),
  receivedAt: z.number(),
});

export function createMessageStore(tables: TableAccess, encryption: Encryption): MessageStore {
  const toRow = async (userId: string, message: TakenMessage, mailed: boolean): Promise<Row> => {
    const keys = { partitionKey: managerKey(userId), rowKey: messageKey(message) };
    const sealed = await encryption.encrypt(JSON.stringify(details.parse(message)), contextOf(keys));
    return { ...keys, mailed, receivedAt: message.receivedAt, ...splitText('details', sealed) };
  };

  const read = async (row: StoredRow): Promise<StoredMessage> => ({
    ...details.parse(JSON.parse(await encryption.decrypt(joinText('details', row), contextOf(row)))),
    mailed: row.mailed === true,
  });

  return {
    async keep(userId, message, repeatWithinMs, signal) {
      const partitionKey = managerKey(userId);
      const marker = { partitionKey, rowKey: `k:${message.id}`, message: messageKey(message) };
      for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
        const known = await tables.getOrNull(TABLE, partitionKey, marker.rowKey, { signal });
        if (known) {
          const row = await tables.getOrNull(TABLE, partitionKey, String(known.message), { signal });
          const before = row && (await read(row));
          if (before && isRepeat(before, message, repeatWithinMs)) return before;
        }
        const outcome = await tables.transact(
          TABLE,
          [
            known ? { kind: 'replace', row: marker, etag: known.etag } : { kind: 'insert', row: marker },
            { kind: 'upsert', row: await toRow(userId, message, false) },
          ],
          { signal },
        );
        if (outcome.ok) return { ...message, mailed: false };
        // The same message came twice at once: the other one stands.
      }
      throw new AppError('storage_unavailable', 'The message could not be kept');
    },

    async markMailed(userId, message, signal) {
      await tables.upsert(TABLE, await toRow(userId, message, true), { signal });
    },

    async list(userId, limit, signal) {
      const filter = odata`PartitionKey eq ${managerKey(userId)} and RowKey ge ${'m:'} and RowKey lt ${'m;'}`;
      const messages: StoredMessage[] = [];
      for await (const page of tables.query(TABLE, filter, { signal, pageSize: Math.min(limit, 1_000) })) {
        messages.push(...(await Promise.all(page.map(read))));
        if (messages.length >= limit) break;
      }
      return messages.slice(0, limit);
    },
  };
}

function contextOf({ partitionKey, rowKey }: Pick<Row, 'partitionKey' | 'rowKey'>): string {
  return `${partitionKey} ${rowKey}`;
}

function messageKey({ receivedAt, id }: TakenMessage): string {
  return `m:${String(END_OF_TIME - receivedAt).padStart(13, '0')}:${id}`;
}

function isRepeat(before: TakenMessage, message: TakenMessage, withinMs: number | null): boolean {
  return withinMs === null || message.receivedAt - before.receivedAt < withinMs;
}
