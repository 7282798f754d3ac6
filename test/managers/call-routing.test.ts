// One line or assistant belongs to one manager, also if writes fail and others come in between.
import { beforeEach, expect, test } from '@jest/globals';
import { AppError } from '../../shared/core/errors.ts';
import { defaultManager } from '../../shared/managers/manager.ts';
import { createManagers } from '../../shared/managers/managers.ts';
import type { Managers } from '../../shared/managers/managers.ts';
import type { ManagerRepository } from '../../shared/managers/repository.ts';
import { createManagerRepository } from '../../shared/storage/managers.ts';
import { MINUTE, useTestApp } from '../support/test-app.ts';

const NUMBER = '+13125550100';
const app = useTestApp();
let repository: ManagerRepository;

beforeEach(() => {
  repository = createManagerRepository(app.tables);
});

function managersOver(parts: Partial<ManagerRepository> = {}): Managers {
  return createManagers({
    repository: { ...repository, ...parts },
    changes: [],
    now: () => app.clock.now,
  });
}
function put(managers: Managers, userId: string) {
  const manager = { ...defaultManager(userId, null), phoneNumbers: [NUMBER] };
  return managers.put(manager, {}, app.signal());
}
async function leaveClaim(userId: string): Promise<void> {
  const down = new AppError('storage_unavailable', 'down');
  await expect(put(managersOver({ save: () => Promise.reject(down) }), userId)).rejects.toBe(down);
}

test('A number that a failed PUT has claimed is free for others a minute later', async () => {
  await leaveClaim('ann');
  await expect(put(managersOver(), 'ben')).rejects.toMatchObject({ code: 'already_taken' });
  app.clock.now += MINUTE;
  await put(managersOver(), 'ben');
  expect(await managersOver().findByNumber(NUMBER, app.signal())).toMatchObject({ userId: 'ben' });
});

test('A number that a failed PUT has claimed goes to one manager if two ask for it at once', async () => {
  await leaveClaim('ann');
  app.clock.now += 2 * MINUTE;
  const outcomes: unknown[] = [];
  const second = managersOver({
    async save(record, changes, signal) {
      await put(managersOver(), 'ben').catch((error: unknown) => outcomes.push(error));
      return repository.save(record, changes, signal);
    },
  });
  await put(second, 'ann');
  expect(outcomes).toMatchObject([{ code: 'already_taken' }]);
  const listed = (await managersOver().list(app.signal())).map(({ manager }) => manager);
  expect(listed.filter(({ phoneNumbers }) => phoneNumbers.includes(NUMBER))).toMatchObject([
    { userId: 'ann' },
  ]);
});
