// What a writer of a manager's record may delete while others write the same record.
import { beforeEach, expect, test } from '@jest/globals';
import { NO_CALENDAR_WATCH } from '../../shared/managers/manager-record.ts';
import type { ManagerRepository } from '../../shared/managers/repository.ts';
import { createManagerRepository } from '../../shared/storage/managers.ts';
import { useTestApp } from '../support/test-app.ts';

const USER = 'pete';
const app = useTestApp();
let repository: ManagerRepository;

beforeEach(async () => {
  repository = createManagerRepository(app.tables);
  await app.connect(await app.startLink(USER), 'pete@lakeviewrentals.example');
});

test('A part that is deleted alone is left if somebody has written it since', async () => {
  const signal = app.signal();
  const read = await repository.load(USER, signal);
  const subscription = read.subscription?.value ?? null;
  await repository.save(read, { subscription }, signal);
  expect(await repository.save(read, { subscription: null }, signal)).toBeNull();
  const latest = await repository.load(USER, signal);
  expect(latest.subscription?.value).toEqual(subscription);
  expect(await repository.save(latest, { subscription: null }, signal)).not.toBeNull();
  expect((await repository.load(USER, signal)).subscription).toBeNull();
});

test('Several parts are not deleted without a part whose version shows what others have written', async () => {
  const signal = app.signal();
  const read = await repository.load(USER, signal);
  await expect(repository.save(read, NO_CALENDAR_WATCH, signal)).rejects.toMatchObject({ code: 'internal' });
  expect((await repository.load(USER, signal)).subscription).toEqual(read.subscription);
});

test('The end of a deletion erases what others have written of the calendar since its record was read', async () => {
  const signal = app.signal();
  const read = await repository.load(USER, signal);
  const { subscription, change } = read;
  // A subscription is made and a calendar is copied between the deletion's reading and its writing.
  const unwatched = { ...read, subscription: null, change: null, snapshot: null };
  const deleted = await repository.save(
    unwatched,
    { profile: null, connection: null, ...NO_CALENDAR_WATCH },
    signal,
  );
  if (!deleted) throw new Error('The deletion was not begun');
  expect(await repository.load(USER, signal)).toMatchObject({ subscription, change });
  await repository.finishDeletion(deleted, signal);
  expect(await app.dump()).not.toContain(USER);
});

test('The end of a deletion erases nothing of a manager who was entered again', async () => {
  const signal = app.signal();
  const read = await repository.load(USER, signal);
  const deleted = await repository.save(
    read,
    { profile: null, connection: null, ...NO_CALENDAR_WATCH },
    signal,
  );
  if (!deleted) throw new Error('The deletion was not begun');
  await app.connect(await app.startLink(USER), 'pete@lakeviewrentals.example');
  const { subscription, change } = await repository.load(USER, signal);
  expect(subscription).not.toBeNull();
  await repository.finishDeletion(deleted, signal);
  expect(await repository.load(USER, signal)).toMatchObject({ subscription, change });
});
