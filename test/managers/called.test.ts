import { expect, test } from '@jest/globals';
import { createManagers } from '../../shared/managers/managers.ts';
import { createManagerRepository } from '../../shared/storage/managers.ts';
import { useTestApp } from '../support/test-app.ts';

const app = useTestApp();

test('A call speaks on the clock of the mailbox, unless the profile sets another zone', async () => {
  await app.connect(await app.startLink('berta'), 'berta@spreewohnen.example');
  const managers = createManagers({
    repository: createManagerRepository(app.tables),
    changes: [],
    now: () => app.clock.now,
  });
  expect(await managers.find('berta', app.signal())).toMatchObject({ timeZone: 'Europe/Berlin' });

  const profile = await managers.read('berta', app.signal());
  expect(profile.manager.timeZone).toBeNull();
  await managers.put({ ...profile.manager, timeZone: 'America/Denver' }, {}, app.signal());
  expect(await managers.find('berta', app.signal())).toMatchObject({ timeZone: 'America/Denver' });
});
