import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { randomBytes, randomUUID } from 'node:crypto';
import { AppError } from '../../shared/core/errors.ts';
import { defaultManager } from '../../shared/managers/manager.ts';
import type { TableAccess } from '../../shared/storage/tables.ts';
import type { ImportRequest } from '../../shared/properties/import-file.ts';
import { createPropertyApp, HOUR, signal } from '../support/property-app.ts';
import type { PropertyApp } from '../support/property-app.ts';

let app: PropertyApp;

beforeAll(async () => {
  app = await createPropertyApp();
});
afterAll(() => app.close());

function file(userId: string, text: string, rest: Partial<ImportRequest> = {}): ImportRequest {
  const media = { kind: 'csv', charset: null } as const;
  return { userId, source: 'feed', bytes: Buffer.from(text), media, dryRun: false, confirm: false, ...rest };
}

function csv(count: number, rent = 900): string {
  const rows = Array.from({ length: count }, (_, index) => `u${index},${index + 1} Main St,Norman,${rent}`);
  return ['listing_id,address,city,rent', ...rows].join('\n');
}

async function statuses(userId: string): Promise<Record<string, number>> {
  const { properties } = await app.directory.forManager(userId, signal);
  const counts: Record<string, number> = {};
  for (const { status } of properties) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

describe('a home that an operator enters', () => {
  test('is read back, listed, found by callers, and gone after it is deleted', async () => {
    const userId = await app.addManager();
    const key = { userId, propertyId: randomUUID() };
    const patch = { address: '829 Western Ave', rent: 1_100, viewing: null };
    const put = await app.properties.put(key, patch, {}, signal);
    expect(put).toMatchObject({
      created: true,
      property: { address: '829 Western Ave', status: 'available' },
    });
    expect(await app.properties.read(key, signal)).toMatchObject({ etag: put.etag });
    expect((await app.properties.list(userId, { after: null, limit: 10 }, signal)).properties).toHaveLength(
      1,
    );
    expect((await app.directory.forManager(userId, signal)).properties).toMatchObject([{ rent: 1_100 }]);
    await app.properties.remove(key, {}, signal);
    await expect(app.properties.read(key, signal)).rejects.toMatchObject({ code: 'not_found' });
    expect((await app.directory.forManager(userId, signal)).properties).toEqual([]);
  });

  test('is seen as another instance changed it, at the next question', async () => {
    const userId = await app.addManager();
    const [here, there] = [app.another(), app.another()];
    const key = { userId, propertyId: 'home' };
    for (let rent = 900; rent < 905; rent++) {
      await there.properties.put(key, { address: '1 Main St', rent }, {}, signal);
      expect((await here.directory.forManager(userId, signal)).properties).toMatchObject([{ rent }]);
    }
  });

  test('is not read again with its list if nothing has changed', async () => {
    const userId = await app.addManager();
    await app.properties.put({ userId, propertyId: 'a' }, { address: '1 Main St' }, {}, signal);
    const first = await app.directory.forManager(userId, signal);
    const second = await app.directory.forManager(userId, signal);
    expect(second.version).toBe(first.version);
    expect(second.properties).toBe(first.properties);
  });

  test('cannot be changed with an old etag, nor be created a second time', async () => {
    const userId = await app.addManager();
    const key = { userId, propertyId: 'a' };
    const { etag } = await app.properties.put(key, { address: '1 Main St' }, {}, signal);
    await app.properties.put(key, { address: '2 Main St' }, { ifMatch: etag }, signal);
    const again = app.properties.put(key, { address: '3 Main St' }, { ifMatch: etag }, signal);
    await expect(again).rejects.toMatchObject({ code: 'precondition_failed' });
    const fresh = app.properties.put(key, { address: '3 Main St' }, { ifNoneMatch: '*' }, signal);
    await expect(fresh).rejects.toMatchObject({ code: 'precondition_failed' });
  });

  test('has an access note that is encrypted in the tables and readable for the manager’s event', async () => {
    const userId = await app.addManager();
    const viewing = {
      hours: null,
      durationMinutes: 45,
      noticeMinutes: null,
      daysAhead: null,
      horizonDays: null,
      dailyLimit: null,
      accessNote: 'Lockbox code 4711',
    };
    await app.properties.put({ userId, propertyId: 'a' }, { address: '1 Main St', viewing }, {}, signal);
    let rows = '';
    for await (const page of app.tables.query('properties', '')) rows += JSON.stringify(page);
    expect(rows).not.toContain('4711');
    expect((await app.another().directory.forManager(userId, signal)).properties).toMatchObject([
      { viewing },
    ]);
    expect(await app.properties.read({ userId, propertyId: 'a' }, signal)).toMatchObject({
      property: { viewing },
    });
  });

  test('is listed without its note if the note’s key was removed, and can be put, imported and deleted as before', async () => {
    const portfolio = randomUUID();
    const userId = await app.addManager({ portfolio });
    const viewing = {
      hours: null,
      durationMinutes: 45,
      noticeMinutes: null,
      daysAhead: null,
      horizonDays: null,
      dailyLimit: null,
      accessNote: 'Lockbox code 4711',
    };
    const [a, b] = [
      { userId, propertyId: 'a' },
      { userId, propertyId: 'b' },
    ];
    await app.properties.put(a, { address: '1 Main St', viewing }, {}, signal);
    await app.properties.put(b, { address: '2 Main St', viewing }, {}, signal);
    const { directory, properties, managers } = app.another(app.tables, randomBytes(32));
    app.log.length = 0;
    const withoutNote = { durationMinutes: 45, accessNote: null };
    expect((await directory.forManager(userId, signal)).properties).toMatchObject([
      { viewing: withoutNote },
      { viewing: withoutNote },
    ]);
    expect(await properties.read(a, signal)).toMatchObject({ property: { viewing: withoutNote } });
    await properties.put(a, { address: '1 Main St', viewing }, {}, signal);
    expect(await properties.read(a, signal)).toMatchObject({ property: { viewing } });
    await properties.remove(b, {}, signal);
    await properties.import(file(userId, csv(2)), signal);
    await properties.removeSource({ userId, sourceId: 'feed' }, signal);
    await managers.put({ ...defaultManager(userId, userId), portfolio }, {}, signal);
    await managers.remove(userId, {}, signal);
    expect(await app.store.readHomes(userId, signal)).toEqual([]);
    expect(app.log).toEqual([
      { event: 'access_notes_unreadable', fields: { code: 'encryption_key_missing' } },
    ]);
  });

  test('has viewings that take six hours at most with the manager’s buffer, whichever of them is changed', async () => {
    const userId = await app.addManager();
    const viewing = (durationMinutes: number) => ({
      hours: null,
      durationMinutes,
      noticeMinutes: null,
      daysAhead: null,
      horizonDays: null,
      dailyLimit: null,
      accessNote: null,
    });
    const put = (minutes: number) =>
      app.properties.put(
        { userId, propertyId: 'a' },
        { address: '1 Main', viewing: viewing(minutes) },
        {},
        signal,
      );
    await expect(put(365)).rejects.toMatchObject({ code: 'invalid_request' });
    await put(300);
    await expect(app.addManager({ userId, rules: { bufferMinutes: 65 } })).rejects.toMatchObject({
      code: 'invalid_request',
    });
    await app.addManager({ userId, rules: { bufferMinutes: 60 } });
  });
});

describe('an import', () => {
  test('adds homes, and changes nothing when the same file comes again', async () => {
    const userId = await app.addManager();
    expect(await app.properties.import(file(userId, csv(5)), signal)).toMatchObject({
      added: 5,
      applied: true,
    });
    const { version } = await app.directory.forManager(userId, signal);
    const again = await app.properties.import(file(userId, csv(5)), signal);
    expect(again).toMatchObject({ added: 0, changed: 0, unchanged: 5, gone: 0 });
    expect((await app.directory.forManager(userId, signal)).version).toBe(version);
  });

  test('says in a dry run what would change, and changes nothing', async () => {
    const userId = await app.addManager();
    const report = await app.properties.import(file(userId, csv(3), { dryRun: true }), signal);
    expect(report).toMatchObject({ added: 3, applied: false });
    expect(await statuses(userId)).toEqual({});
    expect(await app.properties.listSources(userId, signal)).toEqual([]);
  });

  test('keeps what an operator set, and leaves a deleted home hidden until it is put again', async () => {
    const userId = await app.addManager();
    await app.properties.import(file(userId, csv(2)), signal);
    const { properties } = await app.properties.list(userId, { after: null, limit: 1 }, signal);
    const { propertyId = '', address = '' } = properties[0] ?? {};
    const key = { userId, propertyId };
    await app.properties.put(key, { address, rent: 777 }, {}, signal);
    await app.properties.import(file(userId, csv(2, 950)), signal);
    expect((await app.properties.read(key, signal)).property).toMatchObject({ rent: 777, source: 'feed' });
    await app.properties.remove(key, {}, signal);
    await app.properties.import(file(userId, csv(2, 960)), signal);
    expect((await app.properties.read(key, signal)).property).toMatchObject({
      rent: 960,
      status: 'hidden',
    });
    await app.properties.put(key, { address, status: 'available' }, {}, signal);
    expect((await app.properties.read(key, signal)).property).toMatchObject({ status: 'available' });
  });

  test('never touches a home that was entered by hand', async () => {
    const userId = await app.addManager();
    await app.properties.import(file(userId, 'address,rent\n1 Main St,900', { source: null }), signal);
    const report = await app.properties.import(file(userId, 'address,rent\n1 Main St,950'), signal);
    expect(report).toMatchObject({ added: 0, unreadable: [{ at: 'line 2', field: 'property_id' }] });
    expect((await app.directory.forManager(userId, signal)).properties).toMatchObject([{ rent: 900 }]);
  });

  test('marks homes that left as rented; their viewings stay, and a mail tells the manager which', async () => {
    const userId = await app.addManager();
    await app.properties.import(file(userId, csv(6)), signal);
    const { properties } = await app.directory.forManager(userId, signal);
    const gone = properties.find(({ address }) => address === '6 Main St');
    app.viewings = [
      {
        bookingId: 'b1',
        propertyId: gone?.propertyId ?? '',
        address: '6 Main St',
        start: app.now + HOUR,
        attendeeName: null,
      },
    ];
    const report = await app.properties.import(file(userId, csv(5)), signal);
    expect(report).toMatchObject({ gone: 1, affectedViewings: [{ bookingId: 'b1' }] });
    expect(app.mails.at(-1)).toEqual({
      userId,
      subject: 'Viewings are booked for rentals that are no longer listed',
      items: [expect.stringMatching(/^Monday, November 23 at 10:00 AM CST: 6 Main St$/)],
    });
    expect(await statuses(userId)).toEqual({ available: 5, rented: 1 });
    const back = await app.properties.import(file(userId, csv(6)), signal);
    expect(back).toMatchObject({ changed: 1 });
    expect(await statuses(userId)).toEqual({ available: 6 });
  });

  test('that would lose more than half of the homes is held back until it is confirmed', async () => {
    const userId = await app.addManager();
    await app.properties.import(file(userId, csv(8)), signal);
    expect(await app.properties.import(file(userId, csv(3)), signal)).toMatchObject({
      gone: 5,
      applied: false,
    });
    expect(await statuses(userId)).toEqual({ available: 8 });
    const confirmed = await app.properties.import(file(userId, csv(3), { confirm: true }), signal);
    expect(confirmed).toMatchObject({ gone: 5, applied: true });
    expect(await statuses(userId)).toEqual({ available: 3, rented: 5 });
  });

  test('that would lose the same homes again after an hour is applied; another loss starts the hour anew', async () => {
    const userId = await app.addManager();
    const run = async (count: number, afterMs: number) => {
      app.now += afterMs;
      return (await app.properties.import(file(userId, csv(count)), signal)).applied;
    };
    expect(await run(9, 0)).toBe(true);
    expect(await run(3, 0)).toBe(false);
    expect(await run(3, HOUR - 1)).toBe(false);
    expect(await run(2, 0)).toBe(false);
    expect(await run(2, HOUR - 1)).toBe(false);
    expect(await run(2, 1)).toBe(true);
  });

  test('names a bad row, reads all others, and does not drop the home of the bad one', async () => {
    const userId = await app.addManager();
    await app.properties.import(file(userId, csv(3)), signal);
    const report = await app.properties.import(
      file(userId, csv(3).replace('2 Main St,Norman,900', '2 Main St,Norman,much')),
      signal,
    );
    expect(report).toMatchObject({
      unchanged: 2,
      gone: 0,
      unreadable: [{ at: 'line 3', field: 'rent' }],
    });
    const nameless = await app.properties.import(file(userId, 'listing_id,address\nu0,1 Main St\n,'), signal);
    expect(nameless.gone).toBe(2);
    const lost = await app.properties.import(
      file(userId, 'listing_id,address,rent\nu1,2 Main St,\n,,900'),
      signal,
    );
    expect(lost).toMatchObject({ gone: 0, unreadable: [{ at: 'line 3', field: 'address' }] });
  });
});

describe('an import that is cut short', () => {
  /** The tables, until they have taken so many transactions. */
  function failingAfter(count: number): TableAccess {
    let taken = 0;
    return {
      ...app.tables,
      transact: (...args) => {
        if (++taken > count) throw new AppError('storage_unavailable', 'The tables cannot be reached');
        return app.tables.transact(...args);
      },
    };
  }

  test.each([0, 1, 2, 3])(
    'after %i transactions leaves callers the old homes, and the same file brings the rest',
    async (transactions) => {
      const userId = await app.addManager();
      await app.properties.import(file(userId, csv(3)), signal);
      const cut = app.another(failingAfter(transactions));
      await expect(cut.properties.import(file(userId, csv(250, 950)), signal)).rejects.toMatchObject({
        code: 'storage_unavailable',
      });
      const { properties } = await app.another().directory.forManager(userId, signal);
      expect(properties.map(({ rent }) => rent)).toEqual([900, 900, 900]);
      const again = await app.properties.import(file(userId, csv(250, 950)), signal);
      expect(again.added + again.changed + again.unchanged).toBe(250);
      const { properties: all } = await app.directory.forManager(userId, signal);
      expect(all.filter(({ rent }) => rent === 950)).toHaveLength(250);
    },
  );
});

describe('a portfolio', () => {
  test('is shared by its managers, and each home says whose it is', async () => {
    const portfolio = randomUUID();
    const [ann, bob] = [await app.addManager({ portfolio }), await app.addManager({ portfolio })];
    await app.properties.put({ userId: ann, propertyId: 'a' }, { address: '1 Main St' }, {}, signal);
    await app.properties.put({ userId: bob, propertyId: 'b' }, { address: '2 Main St' }, {}, signal);
    const list = await app.directory.forManager(ann, signal);
    expect(list.members).toEqual([ann, bob]);
    expect(list.properties.map(({ userId, propertyId }) => [userId, propertyId])).toEqual(
      expect.arrayContaining([
        [ann, 'a'],
        [bob, 'b'],
      ]),
    );
    expect((await app.directory.forManager(bob, signal)).properties).toBe(list.properties);
  });

  test('has only one home with an id', async () => {
    const portfolio = randomUUID();
    const [ann, bob] = [await app.addManager({ portfolio }), await app.addManager()];
    await app.properties.put({ userId: ann, propertyId: 'same' }, { address: '1 Main St' }, {}, signal);
    await app.properties.put({ userId: bob, propertyId: 'same' }, { address: '2 Main St' }, {}, signal);
    const join = app.addManager({ userId: bob, portfolio });
    await expect(join).rejects.toMatchObject({ code: 'property_id_taken' });
    await app.properties.remove({ userId: bob, propertyId: 'same' }, {}, signal);
    await app.addManager({ userId: bob, portfolio });
    const put = app.properties.put({ userId: bob, propertyId: 'same' }, { address: '2 Main St' }, {}, signal);
    await expect(put).rejects.toMatchObject({ code: 'property_id_taken' });
  });

  test('loses the homes of a manager who leaves it or is removed', async () => {
    const portfolio = randomUUID();
    const [ann, bob] = [await app.addManager({ portfolio }), await app.addManager({ portfolio })];
    await app.properties.put({ userId: bob, propertyId: 'b' }, { address: '2 Main St' }, {}, signal);
    expect((await app.directory.forManager(ann, signal)).properties).toHaveLength(1);
    await app.addManager({ userId: bob, portfolio: null });
    expect((await app.directory.forManager(ann, signal)).properties).toHaveLength(0);
    expect((await app.directory.forManager(bob, signal)).members).toEqual([bob]);
    await app.addManager({ userId: bob, portfolio });
    await app.managers.remove(bob, {}, signal);
    expect((await app.directory.forManager(ann, signal)).properties).toHaveLength(0);
    expect(await app.store.readHomes(bob, signal)).toEqual([]);
  });

  test('takes all of several changes at the same time', async () => {
    const portfolio = randomUUID();
    const [ann, bob] = [await app.addManager({ portfolio }), await app.addManager({ portfolio })];
    const put = (userId: string, propertyId: string) =>
      app.another().properties.put({ userId, propertyId }, { address: `${propertyId} Main St` }, {}, signal);
    await Promise.all([put(ann, '1'), put(bob, '2'), put(ann, '3'), put(bob, '4')]);
    expect((await app.directory.forManager(ann, signal)).properties).toHaveLength(4);
  });

  test('hides a change that was cut short until the next one, which repairs the index', async () => {
    const userId = await app.addManager();
    await app.properties.put({ userId, propertyId: 'a' }, { address: '1 Main St' }, {}, signal);
    const mark = await app.store.readMark(userId, signal);
    if (!mark) throw new Error('There is no mark');
    // As a crash between the homes and the index leaves them.
    await app.store.writeMark(userId, { ...mark, isChanging: true }, signal);
    const [row] = await app.store.readHomes(userId, signal);
    if (!row) throw new Error('There is no home');
    await app.tables.upsert('properties', {
      partitionKey: (await partitionOf(userId)) ?? '',
      rowKey: 'h:b',
      listed0: '{}',
      own0: JSON.stringify({ address: '2 Main St' }),
    });
    expect((await app.directory.forManager(userId, signal)).properties).toHaveLength(1);
    await app.properties.put({ userId, propertyId: 'c' }, { address: '3 Main St' }, {}, signal);
    expect((await app.directory.forManager(userId, signal)).properties).toHaveLength(3);
    expect(await app.store.readMark(userId, signal)).toMatchObject({ isChanging: false });
  });
});

async function partitionOf(userId: string): Promise<string | undefined> {
  for await (const page of app.tables.query('managers', '')) {
    const row = page.find((each) => each['user_id'] === userId);
    if (row) return row.partitionKey;
  }
  return undefined;
}
