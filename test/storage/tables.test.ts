import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createTables } from '../../sandbox/azurite.ts';
import type { Tables } from '../../sandbox/azurite.ts';
import { isAppError } from '../../shared/core/errors.ts';
import { createTableAccess } from '../../shared/storage/tables.ts';
import type { Row, StoredRow, TableAccess } from '../../shared/storage/tables.ts';
import { managerKey } from '../../shared/storage/rows.ts';

let tables: Tables;
let access: TableAccess;

beforeAll(async () => {
  tables = await createTables();
  access = createTableAccess({ kind: 'connection_string', connectionString: tables.connectionString });
});
afterAll(() => tables.close());

function row(rowKey: string, more: Partial<Row> = {}): Row {
  return { partitionKey: 'p', rowKey, ...more };
}

describe('the tables', () => {
  test('are created when a read or a write first needs them', async () => {
    expect(await access.getOrNull('states', 'p', 'none')).toBeNull();
    expect(await access.insert('calls', row('a'))).toMatchObject({ kind: 'inserted' });
    const made = await access.transact('messages', [{ kind: 'insert', row: row('a') }]);
    expect(made.ok).toBe(true);
  });

  test('return what was written: large numbers as numbers, and nothing for null and undefined', async () => {
    const at = 1_795_400_000_000;
    await access.insert('managers', row('values', { at, small: 7, yes: true, text: "o'clock", none: null }));
    expect(await access.getOrNull('managers', 'p', 'values')).toEqual({
      partitionKey: 'p',
      rowKey: 'values',
      etag: expect.any(String) as unknown,
      at,
      small: 7,
      yes: true,
      text: "o'clock",
    });
    const [found] = await collect(
      access.query('managers', `at ge ${at}L and RowKey eq 'values'`, { select: ['at'] }),
    );
    expect(found).toMatchObject({ partitionKey: 'p', rowKey: 'values', at });
    expect(found).not.toHaveProperty('text');
  });

  test('insert a row once, and replace and delete it only if its etag matches', async () => {
    const first = await access.insert('managers', row('once', { n: 1 }));
    expect(await access.insert('managers', row('once', { n: 2 }))).toEqual({ kind: 'exists' });
    if (first.kind !== 'inserted') throw new Error('not inserted');
    const second = await access.replace('managers', row('once', { n: 3 }), first.etag);
    expect(second.kind).toBe('replaced');
    expect(await access.replace('managers', row('once', { n: 4 }), first.etag)).toEqual({ kind: 'changed' });
    expect(await access.delete('managers', 'p', 'once', { etag: first.etag })).toBe('changed');
    if (second.kind !== 'replaced') throw new Error('not replaced');
    expect(await access.delete('managers', 'p', 'once', { etag: second.etag })).toBe('deleted');
    expect(await access.replace('managers', row('once'), second.etag)).toEqual({ kind: 'changed' });
    expect(await access.delete('managers', 'p', 'once')).toBe('deleted');
  });

  test('write all of a transaction or nothing, and say which operation failed', async () => {
    await access.upsert('bookings', row('taken'));
    const outcome = await access.transact('bookings', [
      { kind: 'insert', row: row('free') },
      { kind: 'insert', row: row('taken') },
    ]);
    expect(outcome).toEqual({ ok: false, index: 1, reason: 'exists' });
    expect(await access.getOrNull('bookings', 'p', 'free')).toBeNull();
    expect(
      await access.transact('bookings', [
        { kind: 'upsert', row: row('free') },
        { kind: 'replace', row: row('taken'), etag: `W/"datetime'2020-01-01T00%3A00%3A00.0000000Z'"` },
      ]),
    ).toEqual({ ok: false, index: 1, reason: 'changed' });
    expect(
      await access.transact('bookings', [{ kind: 'delete', partitionKey: 'p', rowKey: 'never' }]),
    ).toEqual({ ok: false, index: 0, reason: 'missing' });
    const done = await access.transact('bookings', [
      { kind: 'insert', row: row('free') },
      { kind: 'delete', partitionKey: 'p', rowKey: 'taken' },
    ]);
    expect(done.ok && done.etags).toHaveLength(2);
    expect(await access.getOrNull('bookings', 'p', 'taken')).toBeNull();
  });

  test('are read to the last page', async () => {
    for (let index = 0; index < 7; index++) await access.upsert('timers', row(`page${index}`));
    const pages = [];
    for await (const page of access.query('timers', "PartitionKey eq 'p'", { pageSize: 3 }))
      pages.push(page.length);
    expect(pages).toEqual([3, 3, 1]);
  });

  test('have different errors for an unreachable service and for a deadline', async () => {
    const nowhere = createTableAccess({
      kind: 'connection_string',
      connectionString: tables.connectionString.replace(/:\d+\/devstore/, ':9/devstore'),
    });
    await expect(nowhere.getOrNull('managers', 'p', 'r')).rejects.toMatchObject({
      code: 'storage_unavailable',
    });
    await expect(nowhere.insert('managers', row('r'))).rejects.toMatchObject({ code: 'storage_unavailable' });
    const late = await access
      .insert('managers', row('late'), { signal: AbortSignal.abort() })
      .catch((e: unknown) => e);
    expect(isAppError(late, 'deadline_exceeded')).toBe(true);
  });

  test('get only keys that Table Storage accepts', () => {
    expect(managerKey('Ann / Bob \\ #1 ?')).toMatch(/^[\w-]{43}$/);
    expect(managerKey('+15555551234')).not.toBe(managerKey('+15555551235'));
  });
});

async function collect(pages: AsyncGenerator<readonly StoredRow[]>): Promise<StoredRow[]> {
  const rows = [];
  for await (const page of pages) rows.push(...page);
  return rows;
}
