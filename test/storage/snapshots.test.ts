// The pages of stored copies: encrypted, of one version, without a word of what the events are.
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { createTables } from '../../sandbox/azurite.ts';
import type { BusyEvent } from '../../shared/booking/calendar.ts';
import type { SnapshotHeader } from '../../shared/managers/calendar-watch.ts';
import { createEncryption } from '../../shared/storage/encryption.ts';
import { managerKey } from '../../shared/storage/rows.ts';
import { createSnapshotStore } from '../../shared/storage/snapshots.ts';
import { createTableAccess } from '../../shared/storage/tables.ts';
import type { StoredRow, TableAccess } from '../../shared/storage/tables.ts';
import { PATIENT } from '../support/patient.ts';

const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
const encryption = createEncryption([{ id: 'one', bytes: new Uint8Array(32).fill(1) }]);
const signal = AbortSignal.timeout(600_000);
const MINUTE = 60_000;
const NOW = Date.parse('2026-11-24T15:00:00Z');

let azurite: Awaited<ReturnType<typeof createTables>>;
let tables: TableAccess;

beforeAll(async () => {
  azurite = await createTables();
  tables = createTableAccess(
    { kind: 'connection_string', connectionString: azurite.connectionString },
    PATIENT,
  );
});
afterAll(() => azurite.close());
beforeEach(async () => {
  for (const { partitionKey, rowKey } of await rows()) await tables.delete('snapshots', partitionKey, rowKey);
});

/** One with an empty memory, as another instance has it. */
const storeOfAnInstance = () => createSnapshotStore(tables, encryption, log);

async function rows(): Promise<StoredRow[]> {
  const found: StoredRow[] = [];
  for await (const page of tables.query('snapshots', '')) found.push(...page);
  return found;
}

function headerOf(version: string, readAt = NOW): SnapshotHeader {
  return {
    ...{ version, readAt, window: { start: NOW, end: NOW + 60 * 24 * 60 * MINUTE } },
    ...{ timeZone: 'America/Chicago', subscriptionId: 'a', account: 'b', changeId: 'c' },
  };
}

function eventsOf(count: number): BusyEvent[] {
  return Array.from({ length: count }, (_, index) => ({
    eventId: '',
    bookingId: index % 10 === 0 ? `booking-${index}` : null,
    interval: { start: NOW + index * MINUTE, end: NOW + (index + 1) * MINUTE },
    blocks: index % 20 !== 0,
    cancelled: false,
  }));
}

test.each([0, 1, 2_000, 2_001, 10_000])(
  'a copy of %i events is read back by another instance',
  async (count) => {
    const events = eventsOf(count);
    await storeOfAnInstance().save('pete', headerOf('one'), events, signal);
    const loaded = await storeOfAnInstance().load('pete', headerOf('one'), signal);
    // What neither blocks nor is ours does not matter to a listing.
    expect(loaded).toEqual(events.filter(({ blocks, bookingId }) => blocks || bookingId !== null));
    expect(await rows()).toHaveLength(Math.max(1, Math.ceil(count / 2_000)));
  },
);

test('a page holds nothing but ciphertext and what names it', async () => {
  await storeOfAnInstance().save('pete', headerOf('one'), eventsOf(3), signal);
  const [row] = await rows();
  expect(Object.keys(row ?? {}).toSorted()).toEqual(
    [
      'etag',
      'events0',
      'pages',
      'partitionKey',
      'read_at',
      'rowKey',
      'snapshot_version',
      'version',
    ].toSorted(),
  );
  expect(String(row?.['events0'])).toMatch(/^[\w-]+(\.[\w-]+){3}$/);
  expect(JSON.stringify(row)).not.toContain('booking-0');
});

test('a page that is put in another manager’s place is no copy of theirs', async () => {
  await storeOfAnInstance().save('pete', headerOf('one'), eventsOf(3), signal);
  const [row] = await rows();
  if (!row) throw new Error('Nothing was stored');
  await tables.upsert('snapshots', { ...row, partitionKey: managerKey('kavya') });
  expect(await storeOfAnInstance().load('kavya', headerOf('one'), signal)).toBeNull();
});

test('pages of two versions are no copy, however many there are', async () => {
  const store = storeOfAnInstance();
  await store.save('pete', headerOf('long'), eventsOf(4_001), signal);
  await store.save('pete', headerOf('short'), eventsOf(2), signal);
  expect(await storeOfAnInstance().load('pete', headerOf('long'), signal)).toBeNull();
  expect(await storeOfAnInstance().load('pete', headerOf('short'), signal)).toHaveLength(2);
});

test('a version in memory costs no read, and another one is read', async () => {
  const reader = storeOfAnInstance();
  await storeOfAnInstance().save('pete', headerOf('one'), eventsOf(1), signal);
  expect(await reader.load('pete', headerOf('one'), signal)).toHaveLength(1);
  await storeOfAnInstance().save('pete', headerOf('two'), eventsOf(3), signal);
  expect(await reader.load('pete', headerOf('one'), signal)).toHaveLength(1);
  expect(await reader.load('pete', headerOf('two'), signal)).toHaveLength(3);
});

test('old pages are deleted, of all managers, and all pages of a manager who leaves', async () => {
  const store = storeOfAnInstance();
  await store.save('old', headerOf('one', NOW - 1), eventsOf(2_001), signal);
  await store.save('new', headerOf('one', NOW), eventsOf(1), signal);
  expect(await store.deleteOld(NOW, signal)).toBe(2);
  expect(await rows()).toHaveLength(1);
  await store.deleteAll('new', signal);
  expect(await rows()).toEqual([]);
  expect(await store.load('new', headerOf('one'), signal)).toBeNull();
});
