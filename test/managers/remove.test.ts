// Deleting a manager erases everything, or nothing.
import { beforeEach, describe, expect, test } from '@jest/globals';
import type { ConnectionContext } from '../../shared/connections/context.ts';
import { inviteManager } from '../../shared/connections/invite.ts';
import { AppError } from '../../shared/core/errors.ts';
import { NO_CALENDAR_WATCH } from '../../shared/managers/manager-record.ts';
import { createManagers } from '../../shared/managers/managers.ts';
import type { ManagerRepository } from '../../shared/managers/repository.ts';
import { createMessages } from '../../shared/messages/messages.ts';
import { createEncryption } from '../../shared/storage/encryption.ts';
import { createMessageStore } from '../../shared/storage/messages.ts';
import { createManagerRepository } from '../../shared/storage/managers.ts';
import { START, useTestApp } from '../support/test-app.ts';
import '../../functions/manager-messages.ts';
import '../../functions/properties.ts';
import '../../functions/property.ts';

const USER = 'pete';
const MESSAGE = {
  id: 'one',
  text: 'Please call me back.',
  name: null,
  callerNumber: null,
  givenNumber: null,
  propertyAddress: null,
  offered: [],
  receivedAt: START,
};
const app = useTestApp();
let repository: ManagerRepository;
const now = (): number => app.clock.now;

beforeEach(async () => {
  repository = createManagerRepository(app.tables);
  await app.connect(await app.startLink(USER), 'pete@lakeviewrentals.example');
});

test('A deletion that is refused with 412 has erased nothing, even if the profile changed at that moment', async () => {
  const etag = (await app.request(`/managers/${USER}`)).headers.get('etag') ?? '';
  const raced = createManagers({
    changes: [],
    now,
    repository: {
      ...repository,
      async save(record, changes, signal) {
        if (record.profile && changes.profile === null) {
          const profile = { ...record.profile.value, name: 'Changed meanwhile' };
          await repository.save(record, { profile }, signal);
        }
        return repository.save(record, changes, signal);
      },
    },
  });
  await expect(raced.remove(USER, { ifMatch: etag }, app.signal())).rejects.toMatchObject({
    code: 'precondition_failed',
  });
  expect(await app.status(USER)).toMatchObject({ status: 'connected' });
});

test('A deletion that was interrupted is finished by the same request', async () => {
  let isDown = true;
  const erased: string[] = [];
  const managers = createManagers({
    repository,
    now,
    changes: [
      {
        onDeleted(userId) {
          if (isDown) return Promise.reject(new AppError('storage_unavailable', 'down'));
          erased.push(userId);
          return Promise.resolve();
        },
      },
    ],
  });
  await expect(managers.remove(USER, {}, app.signal())).rejects.toMatchObject({
    code: 'storage_unavailable',
  });
  expect((await app.request(`/managers/${USER}`)).status).toBe(404);
  isDown = false;
  await managers.remove(USER, {}, app.signal());
  expect(erased).toEqual([USER]);
  expect(await app.dump()).not.toContain(USER);
  await expect(managers.remove(USER, {}, app.signal())).rejects.toMatchObject({ code: 'not_found' });
});

test('A deletion that was interrupted is finished by the daily run', async () => {
  const signal = app.signal();
  const record = await repository.load(USER, signal);
  expect(
    await repository.save(record, { profile: null, connection: null, ...NO_CALENDAR_WATCH }, signal),
  ).not.toBeNull();
  expect(await app.dump()).toContain(USER);
  expect(await app.services.runDaily()).toMatchObject({ deletions: 1 });
  expect(await app.dump()).not.toContain(USER);
});

test('A deletion that cannot be finished keeps no other from being finished', async () => {
  const signal = app.signal();
  for (const userId of ['one', 'two']) {
    await app.request(`/managers/${userId}`, { method: 'PUT', body: JSON.stringify({ name: 'Pete' }) });
    await repository.save(await repository.load(userId, signal), { profile: null }, signal);
  }
  const [first] = await repository.listDeletions(signal);
  const down = new AppError('storage_unavailable', 'down');
  const managers = createManagers({
    repository,
    now,
    changes: [{ onDeleted: (userId) => (userId === first ? Promise.reject(down) : Promise.resolve()) }],
  });
  await expect(managers.finishDeletions(signal)).rejects.toBe(down);
  expect(await repository.listDeletions(signal)).toEqual([first]);
});

test('A manager can be created again while the deletion is being finished', async () => {
  const signal = app.signal();
  const record = await repository.load(USER, signal);
  await repository.save(record, { profile: null, connection: null, ...NO_CALENDAR_WATCH }, signal);
  const made = await app.request(`/managers/${USER}`, {
    method: 'PUT',
    body: JSON.stringify({ name: 'Pete' }),
  });
  expect(made.status).toBe(201);
  expect(await app.services.runDaily()).toMatchObject({ deletions: 0 });
  expect((await app.request(`/managers/${USER}`)).status).toBe(200);
});

test('A message that a caller leaves during the deletion is not left behind', async () => {
  const signal = app.signal();
  const store = createMessageStore(app.tables, createEncryption(app.services.config.encryptionKeys));
  const mailed: string[] = [];
  const messages = createMessages({
    store: {
      ...store,
      async save(...saving) {
        await app.services.managers.remove(USER, {}, signal);
        return store.save(...saving);
      },
    },
    isManager: async (userId) => (await repository.load(userId, signal)).profile !== null,
    mail: (userId) => Promise.resolve(void mailed.push(userId)),
    now,
    log: app.log,
  });
  await expect(messages.take(USER, 'call', MESSAGE, signal)).rejects.toMatchObject({ code: 'not_found' });
  expect(mailed).toEqual([]);
  const rows = JSON.parse(await app.dump()) as { table: string }[];
  expect(rows.filter(({ table }) => table === 'messages')).toEqual([]);
});

test('A message that a caller leaves once the manager was entered again is not erased with an older one', async () => {
  const signal = app.signal();
  const store = createMessageStore(app.tables, createEncryption(app.services.config.encryptionKeys));
  const messages = createMessages({
    store: {
      ...store,
      async save(...saving) {
        await app.services.managers.remove(USER, {}, signal);
        return store.save(...saving);
      },
    },
    async isManager() {
      // Between this answer and what follows from it.
      await app.request(`/managers/${USER}`, { method: 'PUT', body: JSON.stringify({ name: 'Pete' }) });
      await app.services.messages.take(USER, 'later', { ...MESSAGE, id: 'two' }, signal);
      return false;
    },
    mail: () => Promise.resolve(),
    now,
    log: app.log,
  });
  await expect(messages.take(USER, 'call', MESSAGE, signal)).rejects.toMatchObject({ code: 'not_found' });
  expect(await store.list(USER, 10, signal)).toMatchObject([{ id: 'two' }]);
});

test('What was stored since a manager was entered again is not erased by whoever read of the deletion before', async () => {
  const signal = app.signal();
  const record = await repository.load(USER, signal);
  await repository.save(record, { profile: null, connection: null, ...NO_CALENDAR_WATCH }, signal);
  expect((await repository.load(USER, signal)).deletion).not.toBeNull();
  await app.request(`/managers/${USER}`, { method: 'PUT', body: JSON.stringify({ name: 'Pete' }) });
  await app.services.messages.take(USER, 'call', MESSAGE, signal);
  await app.services.managers.eraseDeleted(USER, signal);
  expect(await app.services.messages.list(USER, 10, signal)).toMatchObject([{ id: 'one' }]);
});

describe('What a deleted manager had does not come back while its deletion is unfinished', () => {
  beforeEach(async () => {
    const signal = app.signal();
    await app.services.messages.take(USER, 'call', MESSAGE, signal);
    await app.request(`/managers/${USER}/properties/lake-1`, {
      method: 'PUT',
      body: JSON.stringify({ address: '1 Lake St', status: 'available' }),
    });
    const record = await repository.load(USER, signal);
    await repository.save(record, { profile: null, connection: null, ...NO_CALENDAR_WATCH }, signal);
    app.mailbox.reset();
  });
  const leftovers = async () => [
    (await app.json(`/managers/${USER}/messages`)).body['messages'],
    (await app.json(`/managers/${USER}/properties`)).body['properties'],
  ];

  test('if the operator invites them again', async () => {
    await app.invite(USER, 'pete@lakeviewrentals.example');
    expect(await leftovers()).toEqual([[], []]);
  });

  test('if they connect by a link that was made since', async () => {
    const answer = await app.connect(await app.startLink(USER), 'pete@lakeviewrentals.example');
    expect(answer.status).toBe(200);
    expect(await leftovers()).toEqual([[], []]);
  });

  test('and if it cannot be erased, no invite is mailed', async () => {
    const isDown = new AppError('storage_unavailable', 'down');
    const context = {
      managers: repository,
      mailer: { send: () => Promise.reject(new Error('No mail should be sent')) },
      eraseDeleted: () => Promise.reject(isDown),
    } as Partial<ConnectionContext> as ConnectionContext;
    const invite = { userId: USER, calendarEmail: 'pete@example.com', name: null, notifyEmail: null };
    await expect(inviteManager(context, invite, app.signal())).rejects.toBe(isDown);
  });

  test('if the operator enters them again', async () => {
    await app.request(`/managers/${USER}`, { method: 'PUT', body: JSON.stringify({ name: 'Pete' }) });
    expect(await leftovers()).toEqual([[], []]);
  });
});

test('A consent that ends at the moment of a deletion connects nobody', async () => {
  const signal = app.signal();
  const before = await repository.load(USER, signal);
  await app.services.managers.remove(USER, {}, signal);
  const stale = await repository.save(
    before,
    {
      connection: before.connection?.value ?? null,
      links: { endedAt: 1, withoutNotifications: [], keepUntil: 2 },
    },
    signal,
  );
  expect(stale).toBeNull();
  expect(await app.status(USER)).toMatchObject({ status: 'not_connected' });
});
