import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { randomBytes, randomUUID } from 'node:crypto';
import { createTables } from '../../sandbox/azurite.ts';
import type { Tables } from '../../sandbox/azurite.ts';
import type { LogFields } from '../../shared/core/log.ts';
import { NO_CRITERIA } from '../../shared/properties/search/criteria.ts';
import { createCallRecords, sweepCalls } from '../../shared/storage/calls.ts';
import { createEncryption } from '../../shared/storage/encryption.ts';
import { createSearchStore } from '../../shared/storage/searches.ts';
import { createTableAccess } from '../../shared/storage/tables.ts';
import type { TableAccess } from '../../shared/storage/tables.ts';
import type { ToolResult } from '../../shared/voice/tool-result.ts';
import { itKeepsTheCallRecordContract } from '../support/call-record-contract.ts';
import { itKeepsTheSearchStoreContract } from '../support/search-store-contract.ts';

const NOW = Date.parse('2026-11-23T15:30:00Z');
const { signal } = new AbortController();
const encryption = createEncryption([{ id: 'k1', bytes: randomBytes(32) }]);
const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
let azurite: Tables;
let tables: TableAccess;

beforeAll(async () => {
  azurite = await createTables();
  tables = createTableAccess({ kind: 'connection_string', connectionString: azurite.connectionString });
});
afterAll(() => azurite.close());

// What is looked for has a blank or a quotation mark in it: sealed text has none, so nothing is found in it by chance.
async function readTable(table: 'calls' | 'searches'): Promise<string> {
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

  itKeepsTheCallRecordContract(() => createCallRecords(tables, encryption));

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

describe('the store of rental searches', () => {
  itKeepsTheSearchStoreContract(() => createSearchStore(tables, encryption, log));

  test('lists the searches that it can decrypt, whatever key another one is under', async () => {
    const search = { callId: null, criteria: NO_CRITERIA, results: [], total: 0, relaxed: null };
    const other = createEncryption([{ id: 'k2', bytes: randomBytes(32) }]);
    const [lost, found] = [
      { ...search, searchedAt: NOW + 1 },
      { ...search, searchedAt: NOW },
    ];
    const store = createSearchStore(tables, encryption, log);
    await createSearchStore(tables, other, log).save('ann', lost, signal);
    await store.save('ann', found, signal);
    expect(await store.list('ann', 10, signal)).toEqual([found]);
  });

  test('logs once for each list how many searches it cannot decrypt', async () => {
    const search = { callId: null, criteria: NO_CRITERIA, results: [], total: 0, relaxed: null };
    const other = createEncryption([{ id: 'k2', bytes: randomBytes(32) }]);
    const lost = createSearchStore(tables, other, log);
    for (let n = 0; n < 3; n++) await lost.save('bea', { ...search, searchedAt: NOW + n }, signal);
    const warnings: unknown[] = [];
    const warn = (event: string, fields?: LogFields) => void warnings.push([event, fields]);
    const store = createSearchStore(tables, encryption, { ...log, warn });
    expect(await store.list('bea', 10, signal)).toEqual([]);
    expect(warnings).toEqual([['search_unreadable', { code: 'encryption_key_missing', count: 3 }]]);
  });

  test('keeps what was looked for and found encrypted', async () => {
    const rows = await readTable('searches');
    expect(rows).toContain('"details');
    expect(rows).not.toMatch(/Norman\\*"|a garage|"home-1/);
  });
});
