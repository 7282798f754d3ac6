// A directory of homes without tables. It keeps the same contract as the one on tables (property-directory-contract.ts).
import { hashText } from '../../shared/core/hash.ts';
import type { PropertyDirectory } from '../../shared/properties/directory.ts';
import type { ListedProperty } from '../../shared/properties/property.ts';

/**
 * @param homes of all managers; a test may change them at any time
 * @param membersOf the user ids of the one portfolio there is, as they are now
 */
export function createFakePropertyDirectory(
  homes: readonly ListedProperty[],
  membersOf: () => readonly string[],
): PropertyDirectory {
  const lists = new Map<string, readonly ListedProperty[]>();
  return {
    forManager(userId) {
      const portfolio = new Set(membersOf());
      const members = portfolio.has(userId) ? portfolio : new Set([userId]);
      const current = JSON.stringify(homes.filter((one) => members.has(one.userId)));
      const version = hashText('homes', ...[...members].sort(), current);
      const properties = lists.get(version) ?? (JSON.parse(current) as ListedProperty[]);
      lists.set(version, properties);
      return Promise.resolve({ version, properties, members: [...new Set([userId, ...members])] });
    },
  };
}
