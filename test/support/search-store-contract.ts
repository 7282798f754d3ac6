// What the product relies on in a store of rental searches: held by the one on tables and by the one in memory alike.
import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { NO_CRITERIA } from '../../shared/properties/search/criteria.ts';
import type { RentalSearchRecord, SearchStore } from '../../shared/voice/ports.ts';

const NOW = Date.parse('2026-11-23T15:30:00Z');
const { signal } = new AbortController();

function search(results: string[], changes: Partial<RentalSearchRecord> = {}): RentalSearchRecord {
  const total = results.length;
  return {
    callId: null,
    criteria: NO_CRITERIA,
    results,
    total,
    relaxed: null,
    searchedAt: NOW,
    ...changes,
  };
}

/** Declares the tests. Every test uses managers of its own. @param createStore gives a store */
export function itKeepsTheSearchStoreContract(createStore: () => SearchStore): void {
  async function listResults(store: SearchStore, userId: string, limit = 10): Promise<string[]> {
    return (await store.list(userId, limit, signal)).flatMap(({ results }) => results);
  }

  test('a search is listed as it was saved', async () => {
    const [store, user] = [createStore(), randomUUID()];
    const criteria = {
      bedrooms: { min: 2, max: null },
      maxRent: 1_500,
      area: 'Östra "Norman" 🏠',
      pets: 'both',
      moveInBy: '2026-12-01',
      feature: 'a garage',
    } as const;
    const saved = search(['home-2', 'home-1'], { criteria, total: 12, relaxed: 'max_rent' });
    await store.save(user, saved, signal);
    expect(await store.list(user, 10, signal)).toEqual([saved]);
  });

  test('searches are listed newest first, in whatever order they came, and no more than asked for', async () => {
    const [store, user] = [createStore(), randomUUID()];
    for (const minute of [1, 3, 0, 2])
      await store.save(user, search([`${minute}`], { searchedAt: NOW + minute * 60_000 }), signal);
    expect(await listResults(store, user)).toEqual(['3', '2', '1', '0']);
    expect(await listResults(store, user, 2)).toEqual(['3', '2']);
  });

  test('two searches of the same moment are both listed', async () => {
    const [store, user] = [createStore(), randomUUID()];
    await store.save(user, search(['a']), signal);
    await store.save(user, search(['b']), signal);
    expect((await listResults(store, user)).sort()).toEqual(['a', 'b']);
  });

  test('the searches of one manager are not listed for another', async () => {
    const [store, user] = [createStore(), randomUUID()];
    await store.save(user, search(['a']), signal);
    expect(await store.list(randomUUID(), 10, signal)).toEqual([]);
  });

  test('the call of a search is listed as a hash: the same one for the same call of a manager alone', async () => {
    const [store, user, other, call] = [createStore(), randomUUID(), randomUUID(), randomUUID()];
    for (const [minute, callId] of [call, call, randomUUID()].entries())
      await store.save(user, search([], { callId, searchedAt: NOW - minute }), signal);
    await store.save(other, search([], { callId: call }), signal);
    const [first, second, third] = (await store.list(user, 10, signal)).map(({ callId }) => callId);
    const [elsewhere] = await store.list(other, 10, signal);
    expect(second).toBe(first);
    expect(new Set([call, first, third, elsewhere?.callId]).size).toBe(4);
  });

  test('nothing is kept of a search but what its record names', async () => {
    const [store, user] = [createStore(), randomUUID()];
    const withCaller = { ...search(['a']), callerNumber: '+13125550199' };
    await store.save(user, withCaller, signal);
    expect(await store.list(user, 10, signal)).toEqual([search(['a'])]);
  });

  test('a search stays as it was when it was saved, whatever becomes of the object', async () => {
    const [store, user] = [createStore(), randomUUID()];
    const results = ['a'];
    await store.save(user, search(results, { total: 1 }), signal);
    results.push('b');
    expect(await listResults(store, user)).toEqual(['a']);
  });
}
