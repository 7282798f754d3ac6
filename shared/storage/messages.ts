import { odata } from '@azure/data-tables';
import * as z from 'zod';
import type { Encryption } from '../core/encryption.ts';
import { isAppError } from '../core/errors.ts';
import { hashText } from '../core/hash.ts';
import { AGAIN, done, retryConcurrent } from '../core/retry.ts';
import type { CallerMessage, ListedMessage, StoredMessage } from '../messages/message.ts';
import type { MessageStore } from '../messages/store.ts';
import { rowContext } from './reencrypt.ts';
import type { EncryptedColumn } from './reencrypt.ts';
import { joinText, managerKey, numberOf, ROW_VERSION, splitText, textOf } from './rows.ts';
import { putOperation } from './tables.ts';
import type { Row, StoredRow, TableAccess } from './tables.ts';

// One partition per manager. `m:` rows are the messages. Their keys fall with time, so that the newest comes first. `k:` rows
// find repeats: each names the row that was written last for a message's id. `c:` rows count the messages of a call.
// The partition `digests` holds the digests that are still to be sent, of all managers.

const TABLE = 'messages';
const DIGESTS = 'digests';
/** Above every instant in milliseconds, and of the same length. */
const END_OF_TIME = 9_999_999_999_999;

/** Which values of this table are encrypted. */
export const ENCRYPTED_MESSAGES: EncryptedColumn = { table: TABLE, name: 'details', contextOf: rowContext };

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

function messageKey({ receivedAt, id }: CallerMessage): string {
  return `m:${String(END_OF_TIME - receivedAt).padStart(13, '0')}:${id}`;
}

function isRepeat(before: StoredRow, message: CallerMessage, withinMs: number | null): boolean {
  return withinMs === null || message.receivedAt - (numberOf(before, 'receivedAt') ?? 0) < withinMs;
}

/** `;` follows `:`: the rows whose keys begin with `m:`. */
function messagesOf(userId: string): string {
  return odata`PartitionKey eq ${managerKey(userId)} and RowKey ge ${'m:'} and RowKey lt ${'m;'}`;
}

function isMailed(row: Row): boolean {
  return row['mailed'] === true;
}

/** Messages in the table `messages`. `MessageStore` documents the methods. */
export function createMessageStore(tables: TableAccess, encryption: Encryption): MessageStore {
  async function toRow(userId: string, message: CallerMessage, call: string, number: number): Promise<Row> {
    const keys = { partitionKey: managerKey(userId), rowKey: messageKey(message) };
    const value = await encryption.encrypt(JSON.stringify(details.parse(message)), rowContext(keys));
    return {
      ...keys,
      version: ROW_VERSION,
      mailed: false,
      call,
      number,
      receivedAt: message.receivedAt,
      ...splitText('details', value),
    };
  }

  async function read(row: StoredRow): Promise<StoredMessage> {
    const text = await encryption.decrypt(joinText('details', row), rowContext(row));
    return { ...details.parse(JSON.parse(text)), mailed: isMailed(row) };
  }

  async function readIfPossible(row: StoredRow): Promise<ListedMessage> {
    try {
      return await read(row);
    } catch (error) {
      if (!isAppError(error, 'data_unreadable', 'encryption_key_missing')) throw error;
      return { unreadable: true, receivedAt: numberOf(row, 'receivedAt') ?? 0, mailed: isMailed(row) };
    }
  }

  return {
    save(userId, message, { callKey, repeatWithinMs }, signal) {
      const partitionKey = managerKey(userId);
      const common = { partitionKey, version: ROW_VERSION, receivedAt: message.receivedAt };
      return retryConcurrent(
        async () => {
          const [marker, counter] = await Promise.all([
            tables.getOrNull(TABLE, partitionKey, `k:${message.id}`, { signal }),
            tables.getOrNull(TABLE, partitionKey, `c:${callKey}`, { signal }),
          ]);
          if (marker) {
            const before = await tables.getOrNull(TABLE, partitionKey, String(marker['message']), { signal });
            if (before && isRepeat(before, message, repeatWithinMs)) {
              // What was stored before may be unreadable by now; the text that repeats it is the same.
              const receivedAt = numberOf(before, 'receivedAt') ?? message.receivedAt;
              const stored = { ...message, receivedAt, mailed: isMailed(before) };
              return done({ message: stored, number: numberOf(before, 'number') ?? 1 });
            }
          }
          const number = ((counter && numberOf(counter, 'count')) ?? 0) + 1;
          const row = await toRow(userId, message, callKey, number);
          const outcome = await tables.transact(
            TABLE,
            [
              putOperation(
                { ...common, rowKey: `k:${message.id}`, message: row.rowKey },
                marker?.etag ?? null,
              ),
              putOperation({ ...common, rowKey: `c:${callKey}`, count: number }, counter?.etag ?? null),
              { kind: 'upsert', row },
            ],
            { signal },
          );
          return outcome.ok ? done({ message: { ...message, mailed: false }, number }) : AGAIN;
        },
        { signal },
      );
    },

    async markMailed(userId, messages, signal) {
      for (const message of messages) {
        const row = await tables.getOrNull(TABLE, managerKey(userId), messageKey(message), { signal });
        if (row) await tables.replace(TABLE, { ...row, mailed: true }, row.etag, { signal });
      }
    },

    async list(userId, limit, signal) {
      const messages: ListedMessage[] = [];
      const options = { signal, pageSize: Math.min(limit, 1_000) };
      for await (const page of tables.query(TABLE, messagesOf(userId), options)) {
        messages.push(...(await Promise.all(page.map(readIfPossible))));
        if (messages.length >= limit) break;
      }
      return messages.slice(0, limit);
    },

    async listUnmailed(userId, callKey, signal) {
      const messages: ListedMessage[] = [];
      const filter = `${messagesOf(userId)} and mailed eq false and ${odata`call eq ${callKey}`}`;
      for await (const page of tables.query(TABLE, filter, { signal })) {
        messages.push(...(await Promise.all(page.map(readIfPossible))));
      }
      return messages.reverse();
    },

    async scheduleDigest(userId, callKey, dueAt, signal) {
      const row = {
        partitionKey: DIGESTS,
        rowKey: hashText('digest', userId, callKey),
        version: ROW_VERSION,
        user_id: userId,
        call: callKey,
        due_at: dueAt,
      };
      await tables.upsert(TABLE, row, { signal });
    },

    async listDueDigests(now, signal) {
      const filter = `${odata`PartitionKey eq ${DIGESTS}`} and due_at le ${now}L`;
      const rows: StoredRow[] = [];
      for await (const page of tables.query(TABLE, filter, { signal })) rows.push(...page);
      return rows.map((row) => ({
        userId: textOf(row, 'user_id') ?? '',
        callKey: textOf(row, 'call') ?? '',
        dueAt: numberOf(row, 'due_at') ?? 0,
        etag: row.etag,
      }));
    },

    async finishDigest({ userId, callKey, etag }, signal) {
      const rowKey = hashText('digest', userId, callKey);
      return (await tables.delete(TABLE, DIGESTS, rowKey, { etag, signal })) === 'deleted';
    },

    async deleteOne(userId, { message, number }, callKey, signal) {
      const partitionKey = managerKey(userId);
      const rowKey = messageKey(message);
      const [marker, counter] = await Promise.all([
        tables.getOrNull(TABLE, partitionKey, `k:${message.id}`, { signal }),
        tables.getOrNull(TABLE, partitionKey, `c:${callKey}`, { signal }),
      ]);
      await tables.delete(TABLE, partitionKey, rowKey, { signal });
      // Each with its etag: another message of the same call may have been counted since.
      if (marker?.['message'] === rowKey)
        await tables.delete(TABLE, partitionKey, marker.rowKey, { etag: marker.etag, signal });
      if (counter?.['count'] === number)
        await tables.delete(TABLE, partitionKey, counter.rowKey, { etag: counter.etag, signal });
    },

    async deleteAll(userId, signal) {
      const filters = [
        odata`PartitionKey eq ${managerKey(userId)}`,
        odata`PartitionKey eq ${DIGESTS} and user_id eq ${userId}`,
      ];
      for (const filter of filters) await deleteMatching(filter, signal);
    },

    deleteOlder: (before, signal) => deleteMatching(`receivedAt lt ${before}L`, signal),
  };

  async function deleteMatching(filter: string, signal: AbortSignal): Promise<number> {
    let deleted = 0;
    for await (const page of tables.query(TABLE, filter, { select: [], signal })) {
      for (const { partitionKey, rowKey } of page) {
        await tables.delete(TABLE, partitionKey, rowKey, { signal });
        deleted += 1;
      }
    }
    return deleted;
  }
}
