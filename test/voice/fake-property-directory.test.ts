import { describe } from '@jest/globals';
import type { ListedProperty } from '../../shared/properties/property.ts';
import { home } from '../properties/homes.ts';
import { createFakePropertyDirectory } from '../support/fake-property-directory.ts';
import { itKeepsThePropertyDirectoryContract } from '../support/property-directory-contract.ts';

describe('the directory of homes without tables', () => {
  itKeepsThePropertyDirectoryContract(() => {
    const homes: ListedProperty[] = [];
    const portfolio = ['ann', 'bob'] as const;
    return Promise.resolve({
      directory: createFakePropertyDirectory(homes, () => portfolio),
      portfolio,
      outsider: 'cat',
      putHome(userId, propertyId, rent) {
        const listed = homes.findIndex((one) => one.propertyId === propertyId);
        homes.splice(listed < 0 ? homes.length : listed, 1, home('1 Main St', { userId, propertyId, rent }));
        return Promise.resolve();
      },
    });
  });
});
