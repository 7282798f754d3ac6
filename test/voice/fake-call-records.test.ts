import { describe } from '@jest/globals';
import { itKeepsTheCallRecordContract } from '../support/call-record-contract.ts';
import { createFakeCallRecords } from '../support/fake-call-records.ts';

describe('the memory of a call without tables', () => {
  itKeepsTheCallRecordContract(createFakeCallRecords);
});
