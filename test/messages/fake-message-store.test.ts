import { describe } from '@jest/globals';
import { createFakeMessageStore } from '../support/conversation.ts';
import { itKeepsTheMessageStoreContract } from '../support/message-store-contract.ts';

describe('the message store in memory', () => {
  itKeepsTheMessageStoreContract(() => createFakeMessageStore([]));
});
