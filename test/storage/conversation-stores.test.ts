import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { randomBytes, randomUUID } from 'node:crypto';
import { createTables } from '../../sandbox/azurite.ts';
import type { Tables } from '../../sandbox/azurite.ts';
import { createCallStore, sweepCalls } from '../../shared/storage/calls.ts';
import { createMessageStore } from '../../shared/storage/messages.ts';
import { createEncryption } from '../../shared/storage/encryption.ts';
import { createTableAccess } from '../../shared/storage/tables.ts';
import type { TableAccess } from '../../shared/storage/tables.ts';
import type { TakenMessage } from '../../shared/voice/ports.ts';

const NOW = Date.parse('2026-11-23T15:30:00Z');
const { signal } = new AbortController();
const encryption = createEncryption([{ id: 'k1', bytes: randomBytes(32) }]);
let azurite: Tables;
let tables: TableAccess;

beforeAll(async () => {
  azurite = await createTables();
  tables = createTableAccess({ kind: 'connection_string', connectionString: azurite.connectionString });
});
afterAll(() => azurite.close());

// What is looked for has a blank or a quotation mark in it: sealed text has none, so nothing is found in it by chance.
async function readTable(table: 'calls' | 'messages'): Promise<string> {
  let rows = '';
  for await (const page of tables.query(table, '')) rows += JSON.stringify(page);
  return rows;
}

describe('the memory of a call', () => {
  const offered = [{ start: NOW, text: 'Monday, November 23 at 9:30 AM', spoken: true }];
  const listed = [{ bookingId: 'b1', start: NOW, propertyAddress: '12 Main Street' }];

  test('keeps what is not changed, per manager and call', async () => {
    const store = createCallStore(tables, encryption);
    const call = randomUUID();
    expect(await store.recall('ann', call, signal)).toEqual({});
    await store.remember('ann', call, { offered, propertyAddress: '12 Main Street' }, NOW, signal);
    await store.remember('ann', call, { listed }, NOW, signal);
    await store.remember('ann', call, { offered: [] }, NOW, signal);
    const expected = { offered: [], listed, propertyAddress: '12 Main Street' };
    expect(await store.recall('ann', call, signal)).toEqual(expected);
    expect(await store.recall('bob', call, signal)).toEqual({});
    expect(await store.recall('ann', randomUUID(), signal)).toEqual({});
  });

  test('gives a first answer back word for word, and never a second one', async () => {
    const store = createCallStore(tables, encryption);
    const call = randomUUID();
    const answer = JSON.stringify({ response: 'Sí, "12 Main Street" 🏠' });
    expect(await store.findAnswer('ann', call, 't/1', signal)).toBeNull();
    await store.keepAnswer('ann', call, 't/1', answer, NOW, signal);
    await store.keepAnswer('ann', call, 't/1', 'another', NOW, signal);
    expect(await store.findAnswer('ann', call, 't/1', signal)).toBe(answer);
    expect(await store.findAnswer('ann', call, 't/2', signal)).toBeNull();
    expect(await store.findAnswer('bob', call, 't/1', signal)).toBeNull();
  });

  test('ids of any kind make keys that the tables take', async () => {
    const store = createCallStore(tables, encryption);
    const call = `/\\#?\u0000${'x'.repeat(2_000)}`;
    await store.keepAnswer(call, call, call, 'answer', NOW, signal);
    expect(await store.findAnswer(call, call, call, signal)).toBe('answer');
  });

  test('is forgotten when it is old, and not before', async () => {
    const store = createCallStore(tables, encryption);
    const [old, fresh] = [randomUUID(), randomUUID()];
    const longAgo = NOW - 30 * 24 * 3_600_000;
    await store.remember('ann', old, { offered, listed }, longAgo, signal);
    await store.keepAnswer('ann', old, 't', 'answer', longAgo, signal);
    await store.remember('ann', fresh, { offered }, NOW, signal);
    expect(await sweepCalls(tables, NOW - 24 * 3_600_000, signal)).toBe(3);
    expect(await store.recall('ann', old, signal)).toEqual({});
    expect(await store.findAnswer('ann', old, 't', signal)).toBeNull();
    expect(await store.recall('ann', fresh, signal)).toEqual({ offered });
    expect(await sweepCalls(tables, NOW - 24 * 3_600_000, signal)).toBe(0);
  });

  test('nobody reads it in the table', async () => {
    expect(await readTable('calls')).not.toMatch(/Main Street|November 23|"(ann|b1)\\?"/);
  });
});

describe('messages', () => {
  const message = (changes: Partial<TakenMessage> = {}): TakenMessage => ({
    id: 'id-1',
    text: 'Is a small dog allowed?',
    name: 'Ann',
    callerNumber: '+13125550199',
    givenNumber: null,
    propertyAddress: '12 Main Street',
    offered: ['Tuesday, November 24 at 2 PM'],
    receivedAt: NOW,
    ...changes,
  });

  test('are kept once, newest first, and marked when they are mailed', async () => {
    const store = createMessageStore(tables, encryption);
    const user = randomUUID();
    const kept = await store.keep(user, message(), null, signal);
    expect(kept).toEqual({ ...message(), mailed: false });
    await store.markMailed(user, kept, signal);
    expect(await store.keep(user, message({ receivedAt: NOW + 3_600_000 }), null, signal)).toEqual({
      ...kept,
      mailed: true,
    });
    await store.keep(user, message({ id: 'id-2', text: 'Second', receivedAt: NOW + 1 }), null, signal);
    expect((await store.list(user, 10, signal)).map(({ text, mailed }) => [text, mailed])).toEqual([
      ['Second', false],
      ['Is a small dog allowed?', true],
    ]);
    expect(await store.list(user, 1, signal)).toHaveLength(1);
    expect(await store.list(randomUUID(), 10, signal)).toEqual([]);
  });

  test('a repeat with a limit is a repeat for that long', async () => {
    const store = createMessageStore(tables, encryption);
    const user = randomUUID();
    const keepAt = (at: number) => store.keep(user, message({ receivedAt: at }), 600_000, signal);
    await keepAt(NOW);
    expect((await keepAt(NOW + 599_999)).receivedAt).toBe(NOW);
    expect((await keepAt(NOW + 600_000)).receivedAt).toBe(NOW + 600_000);
    expect(await store.list(user, 10, signal)).toHaveLength(2);
  });

  test('the same one from many requests at once is one', async () => {
    const store = createMessageStore(tables, encryption);
    const user = randomUUID();
    const attempts = Array.from({ length: 8 }, (_, i) =>
      store.keep(user, message({ receivedAt: NOW + i }), null, signal),
    );
    const kept = await Promise.all(attempts);
    expect(new Set(kept.map(({ receivedAt }) => receivedAt)).size).toBe(1);
    expect(await store.list(user, 10, signal)).toHaveLength(1);
  });

  test('the longest message fits', async () => {
    const store = createMessageStore(tables, encryption);
    const user = randomUUID();
    const text = '🏠'.repeat(8_000);
    await store.keep(user, message({ text }), null, signal);
    expect((await store.list(user, 10, signal))[0]?.text).toBe(text);
  });

  test('nobody reads them in the table', async () => {
    expect(await readTable('messages')).not.toMatch(/small dog|"Ann\\?"|\+1312|Main Street|Tuesday, /);
  });
});
