import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { randomBytes, randomUUID } from 'node:crypto';
import { createTables } from '../../sandbox/azurite.ts';
import type { Tables } from '../../sandbox/azurite.ts';
import { createCallRecords, sweepCalls } from '../../shared/storage/calls.ts';
import { createEncryption } from '../../shared/storage/encryption.ts';
import { createTableAccess } from '../../shared/storage/tables.ts';
import type { TableAccess } from '../../shared/storage/tables.ts';
import type { ToolResult } from '../../shared/voice/tool-result.ts';

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

  const open = (userId: string, callId: string) =>
    createCallRecords(tables, encryption)(userId, callId, signal);
  const result = (response: string): ToolResult => ({ response, action: 'link_sent' });

  test('returns entries as they were saved, for each manager and call separately', async () => {
    const call = randomUUID();
    const ann = open('ann', call);
    expect(await ann.recall()).toEqual({});
    await ann.remember({ offered, propertyAddress: '12 Main Street' }, NOW);
    await ann.remember({ listed }, NOW);
    await ann.remember({ offered: [] }, NOW);
    const expected = { offered: [], listed, propertyAddress: '12 Main Street' };
    expect(await open('ann', call).recall()).toEqual(expected);
    expect(await open('bob', call).recall()).toEqual({});
    expect(await open('ann', randomUUID()).recall()).toEqual({});
  });

  test('returns the first saved result, and never a second one', async () => {
    const call = randomUUID();
    const ann = open('ann', call);
    const first = result('Sí, "12 Main Street" 🏠');
    expect(await ann.findResult('t/1')).toBeNull();
    await ann.saveResult('t/1', first, NOW);
    await ann.saveResult('t/1', result('another'), NOW);
    expect(await ann.findResult('t/1')).toEqual(first);
    expect(await ann.findResult('t/2')).toBeNull();
    expect(await open('bob', call).findResult('t/1')).toBeNull();
  });

  test('turns ids of any kind into keys that the tables accept', async () => {
    const call = `/\\#?\u0000${'x'.repeat(2_000)}`;
    await open(call, call).saveResult(call, result('x'), NOW);
    expect(await open(call, call).findResult(call)).toEqual(result('x'));
  });

  test('is deleted when it has expired, and not before', async () => {
    const [old, fresh] = [open('ann', randomUUID()), open('ann', randomUUID())];
    const longAgo = NOW - 30 * 24 * 3_600_000;
    await old.remember({ offered, listed }, longAgo);
    await old.saveResult('t', result('x'), longAgo);
    await fresh.remember({ offered }, NOW);
    expect(await sweepCalls(tables, NOW - 24 * 3_600_000, signal)).toBe(3);
    expect(await old.recall()).toEqual({});
    expect(await old.findResult('t')).toBeNull();
    expect(await fresh.recall()).toEqual({ offered });
    expect(await sweepCalls(tables, NOW - 24 * 3_600_000, signal)).toBe(0);
  });

  test('is encrypted in the table', async () => {
    expect(await readTable('calls')).not.toMatch(/Main Street|November 23|"(ann|b1)\\?"/);
  });
});
