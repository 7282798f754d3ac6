import { describe } from '@jest/globals';
import { createFakeSearchStore } from '../support/fake-search-store.ts';
import { itKeepsTheSearchStoreContract } from '../support/search-store-contract.ts';

describe('the store of rental searches without tables', () => {
  itKeepsTheSearchStoreContract(createFakeSearchStore);
});
