import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe } from '@jest/globals';
import { createPropertyApp, signal } from '../support/property-app.ts';
import type { PropertyApp } from '../support/property-app.ts';
import { itKeepsThePropertyDirectoryContract } from '../support/property-directory-contract.ts';

let app: PropertyApp;

beforeAll(async () => {
  app = await createPropertyApp();
});
afterAll(() => app.close());

describe('the directory of homes on tables', () => {
  itKeepsThePropertyDirectoryContract(async () => {
    const portfolio = randomUUID();
    return {
      directory: app.directory,
      portfolio: [await app.addManager({ portfolio }), await app.addManager({ portfolio })],
      outsider: await app.addManager(),
      async putHome(userId, propertyId, rent) {
        await app.properties.put({ userId, propertyId }, { address: '1 Main St', rent }, {}, signal);
      },
    };
  });
});
