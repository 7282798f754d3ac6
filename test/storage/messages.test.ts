import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createTables } from '../../sandbox/azurite.ts';
import type { Tables } from '../../sandbox/azurite.ts';
import { isReadable } from '../../shared/messages/message.ts';
import type { CallerMessage } from '../../shared/messages/message.ts';
import { createEncryption } from '../../shared/storage/encryption.ts';
import { createMessageStore } from '../../shared/storage/messages.ts';
import { createTableAccess } from '../../shared/storage/tables.ts';
import type { TableAccess } from '../../shared/storage/tables.ts';
import { itKeepsTheMessageStoreContract } from '../support/message-store-contract.ts';

const NOW = Date.parse('2026-11-23T15:30:00Z');
const HOUR = 3_600_000;
const { signal } = new AbortController();
const key = (id: string) => ({ id, bytes: new Uint8Array(randomBytes(32)) });
const encryption = createEncryption([key('one')]);
const inCall = { callKey: 'call-1', repeatWithinMs: null };

let azurite: Tables;
let tables: TableAccess;
beforeAll(async () => {
  azurite = await createTables();
  const { connectionString } = azurite;
  tables = createTableAccess({ kind: 'connection_string', connectionString });
});
afterAll(() => azurite.close());

function message(changes: Partial<CallerMessage> = {}): CallerMessage {
  return {
    id: 'id-1',
    text: 'Is a small dog allowed?',
    name: 'Ann',
    callerNumber: '+13125550199',
    givenNumber: null,
    propertyAddress: '12 Main Street',
    offered: ['Tuesday, November 24 at 2 PM'],
    receivedAt: NOW,
    ...changes,
  };
}

describe('the message store on tables', () => {
  itKeepsTheMessageStoreContract(() => {
    const store = createMessageStore(tables, encryption);
    const user = randomUUID();
    // Each store is empty: what the contract calls its manager is another one here.
    return {
      ...store,
      save: (_user, ...rest) => store.save(user, ...rest),
      deleteOne: (_user, ...rest) => store.deleteOne(user, ...rest),
      markMailed: (_user, ...rest) => store.markMailed(user, ...rest),
      list: (_user, ...rest) => store.list(user, ...rest),
    };
  });
});

describe('the message store', () => {
  test('stores a message once, lists the newest first, and remembers which were mailed', async () => {
    const store = createMessageStore(tables, encryption);
    const user = randomUUID();
    const first = await store.save(user, message(), inCall, signal);
    expect(first).toEqual({ message: { ...message(), mailed: false }, number: 1 });
    await store.markMailed(user, [first.message], signal);
    const again = await store.save(user, message({ receivedAt: NOW + HOUR }), inCall, signal);
    expect(again).toEqual({ message: { ...message(), mailed: true }, number: 1 });
    const second = message({ id: 'id-2', text: 'Second', receivedAt: NOW + 1 });
    expect(await store.save(user, second, inCall, signal)).toMatchObject({ number: 2 });
    const listed = await store.list(user, 10, signal);
    expect(listed.filter(isReadable).map(({ text, mailed }) => [text, mailed])).toEqual([
      ['Second', false],
      ['Is a small dog allowed?', true],
    ]);
    expect(await store.list(user, 1, signal)).toHaveLength(1);
    expect(await store.list(randomUUID(), 10, signal)).toEqual([]);
  });

  test('treats a message with the same id as a repeat only within the given time', async () => {
    const store = createMessageStore(tables, encryption);
    const user = randomUUID();
    const saveAt = async (receivedAt: number) => {
      const options = { callKey: 'none', repeatWithinMs: 600_000 };
      return (await store.save(user, message({ receivedAt }), options, signal)).message.receivedAt;
    };
    await saveAt(NOW);
    expect(await saveAt(NOW + 599_999)).toBe(NOW);
    expect(await saveAt(NOW + 600_000)).toBe(NOW + 600_000);
    expect(await store.list(user, 10, signal)).toHaveLength(2);
  });

  test('stores one message for many equal requests at once', async () => {
    const store = createMessageStore(tables, encryption);
    const user = randomUUID();
    const saved = await Promise.all(
      Array.from({ length: 8 }, (_, i) => store.save(user, message({ receivedAt: NOW + i }), inCall, signal)),
    );
    expect(new Set(saved.map(({ message: { receivedAt } }) => receivedAt)).size).toBe(1);
    expect(await store.list(user, 10, signal)).toHaveLength(1);
  });

  test('stores the longest message', async () => {
    const store = createMessageStore(tables, encryption);
    const user = randomUUID();
    const text = '🏠'.repeat(8_000);
    await store.save(user, message({ text }), inCall, signal);
    expect(await store.list(user, 10, signal)).toMatchObject([{ text }]);
  });

  test('lists the others when the key of one message is gone', async () => {
    const [old, fresh] = [key('old'), key('new')];
    const user = randomUUID();
    await createMessageStore(tables, createEncryption([old])).save(user, message(), inCall, signal);
    const after = createMessageStore(tables, createEncryption([fresh]));
    const later = message({ id: 'id-2', text: 'Later', receivedAt: NOW + HOUR });
    await after.save(user, later, inCall, signal);
    expect(await after.list(user, 10, signal)).toEqual([
      { ...later, mailed: false },
      { unreadable: true, receivedAt: NOW, mailed: false },
    ]);
  });

  test('deletes what is older than a time, and nothing else', async () => {
    const store = createMessageStore(tables, encryption);
    const user = randomUUID();
    await store.save(user, message({ receivedAt: NOW - HOUR }), inCall, signal);
    await store.save(user, message({ id: 'id-2' }), { ...inCall, callKey: 'call-2' }, signal);
    await store.deleteOlder(NOW, signal);
    expect(await store.list(user, 10, signal)).toMatchObject([{ id: 'id-2' }]);
  });

  test('deletes everything of one manager', async () => {
    const store = createMessageStore(tables, encryption);
    const [user, other] = [randomUUID(), randomUUID()];
    for (const one of [user, other]) {
      await store.save(one, message(), inCall, signal);
      await store.scheduleDigest(one, 'call-1', NOW, signal);
    }
    await store.deleteAll(user, signal);
    expect(await store.list(user, 10, signal)).toEqual([]);
    expect(await store.list(other, 10, signal)).toHaveLength(1);
    const due = await store.listDueDigests(NOW, signal);
    expect(due.map(({ userId }) => userId)).toEqual([other]);
  });

  test('writes nothing of a message into the table unencrypted', async () => {
    const store = createMessageStore(tables, encryption);
    await store.save(randomUUID(), message(), inCall, signal);
    const rows = [];
    for await (const page of tables.query('messages', '')) rows.push(...page);
    expect(JSON.stringify(rows)).not.toMatch(/small dog|"Ann\\?"|\+1312|Main Street|Tuesday, /);
  });
});
