// Rental searches without tables. They keep the same contract as those on tables (search-store-contract.ts).
import { hashText } from '../../shared/core/hash.ts';
import type { RentalSearchRecord, SearchStore } from '../../shared/voice/ports.ts';

/** @param saved shows the searches of all managers as they are kept, in the order in which they were saved */
export function createFakeSearchStore(saved: RentalSearchRecord[] = []): SearchStore {
  const ofManagers = new Map<string, RentalSearchRecord[]>();
  return {
    save(userId, { callId, criteria, results, total, relaxed, searchedAt }) {
      const call = callId === null ? null : hashText('call', userId, callId);
      const kept = structuredClone({ callId: call, criteria, results, total, relaxed, searchedAt });
      saved.push(kept);
      ofManagers.set(userId, [...(ofManagers.get(userId) ?? []), kept]);
      return Promise.resolve();
    },
    list(userId, limit) {
      const searches = ofManagers.get(userId) ?? [];
      const newestFirst = searches.toSorted((a, b) => b.searchedAt - a.searchedAt);
      return Promise.resolve(structuredClone(newestFirst.slice(0, limit)));
    },
  };
}
