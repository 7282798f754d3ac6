import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AppError } from '../../shared/core/errors.ts';
import { assertUrlAllowed, isAllowedAddress } from '../../shared/properties/feeds/allowed-address.ts';
import { createFeedReader } from '../../shared/properties/feeds/read-feed.ts';
import { createProperties } from '../../shared/properties/properties.ts';
import { createPropertyApp, HOUR, signal } from '../support/property-app.ts';
import type { FeedHandler, PropertyApp } from '../support/property-app.ts';

let app: PropertyApp;
let userId: string;

beforeAll(async () => {
  app = await createPropertyApp();
});
afterAll(() => app.close());
beforeEach(async () => {
  userId = await app.addManager();
});
afterEach(async () => {
  // No other test's timer reads it.
  await app.store.removeSource(userId, 'feed', signal);
});

const NO_VALIDATORS = { etag: null, lastModified: null };

function serve(text: string, headers: Record<string, string> = {}): FeedHandler {
  return (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/csv', ...headers }).end(text);
  };
}

const LISTINGS = 'listing_id,address,rent\na,1 Main St,900\nb,2 Main St,950';

async function addFeed(url = app.feedUrl): Promise<void> {
  await app.properties.putSource({ userId, sourceId: 'feed' }, { url }, signal);
}

async function run(properties = app.properties) {
  return properties.runSource({ userId, sourceId: 'feed' }, {}, signal);
}

async function homes(): Promise<string[]> {
  const { properties } = await app.directory.forManager(userId, signal);
  return properties.map(({ address, status }) => `${address} ${status}`).sort();
}

describe('the address of a feed', () => {
  test.each([
    'http://example.com/feed',
    'ftp://example.com/feed',
    'file:///etc/passwd',
    'https://user:secret@example.com/feed',
    'https://localhost/feed',
    'https://127.0.0.1/feed',
    'https://2130706433/feed',
    'https://0x7f.1/feed',
    'https://[::1]/feed',
    'https://10.0.0.8/feed',
    'https://192.168.1.1/feed',
    'https://172.16.0.1/feed',
    'https://169.254.169.254/metadata',
    'https://100.64.0.1/feed',
    'https://0.0.0.0/feed',
    'https://224.0.0.1/feed',
    'https://[fd00::1]/feed',
    'https://[fe80::1]/feed',
    'https://[::ffff:10.0.0.8]/feed',
    'https://[64:ff9b::a00:8]/feed',
    'https://intranet/feed',
    'https://printer.local/feed',
    'https://metadata.google.internal/feed',
    'nonsense',
  ])('is refused: %s', (url) => {
    expect(() => assertUrlAllowed(url, { allowLoopback: false })).toThrow(
      expect.objectContaining({ code: 'invalid_request' }),
    );
  });

  test('may be on a public host, and on loopback only if the app is there, too', () => {
    expect(assertUrlAllowed('https://example.com/feed', { allowLoopback: false }).host).toBe('example.com');
    expect(assertUrlAllowed('http://127.0.0.1:7072/feed', { allowLoopback: true }).port).toBe('7072');
    expect(() => assertUrlAllowed('http://10.0.0.8/feed', { allowLoopback: true })).toThrow('https');
    expect(() => assertUrlAllowed('https://10.0.0.8/feed', { allowLoopback: true })).toThrow('private');
  });

  test.each(['8.8.8.8', '2606:4700::1111'])('may lead to %s', (address) => {
    expect(isAllowedAddress(address, { allowLoopback: false })).toBe(true);
  });

  test('is refused if its name leads to any private address', async () => {
    for (const addresses of [['10.0.0.8'], ['93.184.216.34', '127.0.0.1'], []]) {
      const reader = createFeedReader({ allowLoopback: true, resolve: () => Promise.resolve(addresses) });
      const reading = reader.read('https://feeds.example.com/feed', NO_VALIDATORS, signal);
      await expect(reading).rejects.toThrow('private or reserved');
    }
  });

  test('is given up if its name is not resolved in the time that a feed has', async () => {
    const resolve = () => new Promise<never>(() => undefined);
    const reader = createFeedReader({ allowLoopback: true, timeoutMs: 50, resolve });
    const reading = reader.read('https://feeds.example.com/feed', NO_VALIDATORS, signal);
    await expect(reading).rejects.toMatchObject({ code: 'feed_unreadable', message: /longer than/ });
  });

  test('is resolved once: the connection goes to the address that was checked', async () => {
    app.feed = serve(LISTINGS);
    // The system would resolve this name to nothing at all.
    const url = app.feedUrl.replace('127.0.0.1', 'localhost');
    const asked: string[] = [];
    const reader = createFeedReader({
      allowLoopback: true,
      resolve: (host) => {
        asked.push(host);
        return Promise.resolve(['127.0.0.1']);
      },
    });
    expect(await reader.read(url, NO_VALIDATORS, signal)).toMatchObject({ kind: 'read' });
    expect(asked).toEqual(['localhost']);
  });
});

describe('a feed', () => {
  test('is read, imported, and read again only if it has changed', async () => {
    await addFeed();
    const asked: (string | undefined)[] = [];
    app.feed = (request, response) => {
      asked.push(request.headers['if-none-match']);
      if (request.headers['if-none-match'] === '"1"') response.writeHead(304).end();
      else serve(LISTINGS, { etag: '"1"' })(request, response);
    };
    expect(await run()).toMatchObject({ added: 2, applied: true, format: 'csv' });
    expect(await run()).toMatchObject({ unchanged: 2, added: 0, applied: true, format: 'csv' });
    expect(asked).toEqual([undefined, '"1"']);
    expect(await homes()).toEqual(['1 Main St available', '2 Main St available']);
  });

  test('with a row that cannot be read is read in full each time, and the report names the row', async () => {
    await addFeed();
    const asked: (string | undefined)[] = [];
    app.feed = (request, response) => {
      asked.push(request.headers['if-none-match']);
      serve(LISTINGS.replace('\n', '\nbad,,\n'), { etag: '"1"' })(request, response);
    };
    for (let read = 0; read < 2; read++)
      expect(await run()).toMatchObject({ applied: true, unreadable: [{ at: 'line 2' }] });
    expect(asked).toEqual([undefined, undefined]);
  });

  test.each<[string, FeedHandler, string]>([
    ['answers with an error', (_, response) => response.writeHead(500).end(), 'answered 500'],
    ['wants a password', (_, response) => response.writeHead(401).end(), 'answered 401'],
    [
      'redirects to another host',
      (_, response) => response.writeHead(302, { location: 'https://example.com/' }).end(),
      'another host',
    ],
    [
      'redirects to another port of this machine',
      (_, response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
      'another host',
    ],
    [
      'redirects to a private address',
      (_, response) => response.writeHead(302, { location: 'https://169.254.169.254/' }).end(),
      'private or reserved',
    ],
    [
      'redirects without end',
      (_, response) => response.writeHead(302, { location: '/again' }).end(),
      'too often',
    ],
    ['never answers', () => undefined, 'longer than'],
    [
      'sends one byte and falls silent',
      (_, response) => {
        response.writeHead(200, { 'content-type': 'text/csv' }).write('a');
      },
      'longer than',
    ],
    [
      'breaks off in the middle',
      (_, response) => {
        response.writeHead(200, { 'content-type': 'text/csv', 'content-length': '1000' });
        response.write('address\n1 Main St', () => response.destroy());
      },
      'ended in the middle',
    ],
    ['is larger than 10 MiB', serve('x'.repeat(10 * 1024 * 1024 + 1)), 'larger than 10 MiB'],
    ['is a web page', serve('<!doctype html><p>Sign in', { 'content-type': 'text/html' }), 'document type'],
    ['is empty', serve(''), 'empty'],
    ['is no list of homes', serve('a,b\n1,2'), 'no column for the address'],
  ])('that %s changes nothing, and its source says why', async (_what, handler, why) => {
    await addFeed();
    app.feed = serve(LISTINGS);
    await run();
    app.feed = handler;
    const impatient = createFeedReader({ allowLoopback: true, timeoutMs: 50 });
    const isSilent = why === 'longer than';
    const properties = isSilent ? createProperties({ ...app.context, feeds: impatient }) : app.properties;
    await expect(run(properties)).rejects.toMatchObject({
      code: 'feed_unreadable',
      message: expect.stringContaining(why),
    });
    expect(await homes()).toEqual(['1 Main St available', '2 Main St available']);
    const [source] = await app.properties.listSources(userId, signal);
    expect(source).toMatchObject({ failingSince: app.now, problem: expect.stringContaining(why) });
  });

  test('that no server answers for is reported in words', async () => {
    const closed = createServer();
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
    const { port } = closed.address() as AddressInfo;
    await new Promise((resolve) => closed.close(resolve));
    await addFeed(`http://127.0.0.1:${port}/`);
    await expect(run()).rejects.toMatchObject({ message: expect.stringContaining('refuses the connection') });
  });

  test('is followed to another path of its host', async () => {
    await addFeed();
    app.feed = (request, response) => {
      if (request.url === '/feed') response.writeHead(301, { location: '/moved' }).end();
      else serve(LISTINGS)(request, response);
    };
    expect(await run()).toMatchObject({ added: 2 });
  });

  test('whose source is deleted leaves its homes rented', async () => {
    await addFeed();
    app.feed = serve(LISTINGS);
    await run();
    await app.properties.removeSource({ userId, sourceId: 'feed' }, signal);
    expect(await homes()).toEqual(['1 Main St rented', '2 Main St rented']);
    await expect(run()).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('while a feed is read,', () => {
  const key = () => ({ userId, sourceId: 'feed' });

  /** Serves the listings once something else has happened. */
  function serveAfter(work: () => Promise<unknown>): void {
    app.feed = (request, response) => {
      void work().then(() => {
        serve(LISTINGS, { etag: '"1"' })(request, response);
      });
    };
  }

  test('its source can be deleted, and stays deleted with its homes rented', async () => {
    await addFeed();
    app.feed = serve(LISTINGS);
    await run();
    serveAfter(() => app.properties.removeSource(key(), signal));
    await expect(run()).rejects.toMatchObject({ code: 'not_found' });
    expect(await app.properties.listSources(userId, signal)).toEqual([]);
    expect(await homes()).toEqual(['1 Main St rented', '2 Main St rented']);
  });

  test('its source can be deleted before anything was imported', async () => {
    await addFeed();
    serveAfter(() => app.properties.removeSource(key(), signal));
    expect(await app.properties.runDueFeeds()).toEqual({ read: 0, failed: 0, held: 0 });
    expect(await app.properties.listSources(userId, signal)).toEqual([]);
    expect(await homes()).toEqual([]);
  });

  test('its source can be led to another feed, which is still due and knows nothing of the first', async () => {
    await addFeed();
    const url = `${app.feedUrl}?other`;
    serveAfter(() => app.properties.putSource(key(), { url }, signal));
    await expect(run()).rejects.toMatchObject({ code: 'concurrent_update' });
    expect(await homes()).toEqual([]);
    const [source] = await app.properties.listSources(userId, signal);
    expect(source).toMatchObject({ url, dueAt: app.now, readAt: null, validators: NO_VALIDATORS });
  });

  test('a change of its source by the operator is no fault of the app, and the other feed is read next', async () => {
    await addFeed();
    app.log.length = 0;
    const url = `${app.feedUrl}?other`;
    serveAfter(() => app.properties.putSource(key(), { url }, signal));
    expect(await app.properties.runDueFeeds()).toEqual({ read: 0, failed: 0, held: 0 });
    expect(app.log.map(({ event }) => event)).not.toContain('feed_failed');
    app.feed = serve(LISTINGS);
    expect(await app.properties.runDueFeeds()).toEqual({ read: 1, failed: 0, held: 0 });
  });

  test('a failure is not told of a source that leads to another feed by then', async () => {
    await addFeed();
    const url = `${app.feedUrl}?other`;
    app.feed = (_request, response) => {
      void app.properties.putSource(key(), { url }, signal).then(() => response.writeHead(500).end());
    };
    await expect(run()).rejects.toMatchObject({ code: 'feed_unreadable' });
    const [source] = await app.properties.listSources(userId, signal);
    expect(source).toMatchObject({ url, dueAt: app.now, failingSince: null, problem: null });
  });

  test('its manager can be deleted, and nothing of them comes back', async () => {
    await addFeed();
    serveAfter(() => app.managers.remove(userId, {}, signal));
    await expect(run()).rejects.toMatchObject({ code: 'not_found' });
    expect(await app.store.readSources(userId, signal)).toEqual([]);
    expect(await app.store.readHomes(userId, signal)).toEqual([]);
    expect(await app.store.readMark(userId, signal)).toBeNull();
  });
});

describe('the timer for feeds', () => {
  const dueRun = () => app.properties.runDueFeeds();

  test('reads what is due, then not before its hours have passed, and not all at the same time', async () => {
    app.feed = serve(LISTINGS);
    await app.properties.putSource(
      { userId, sourceId: 'feed' },
      { url: app.feedUrl, every_hours: 4 },
      signal,
    );
    expect(await dueRun()).toMatchObject({ read: 1, failed: 0 });
    expect(await dueRun()).toMatchObject({ read: 0 });
    app.now += 4 * HOUR - 1;
    expect(await dueRun()).toMatchObject({ read: 0 });
    app.now += 0.5 * HOUR;
    expect(await dueRun()).toMatchObject({ read: 1 });
  });

  test.each([
    ['a new source', () => Promise.resolve()],
    [
      'a source that was read before',
      async () => {
        await addFeed();
        await dueRun();
        // The second run sets the entry later.
        await dueRun();
      },
    ],
  ])('reads %s whose PUT failed half-way and was repeated later', async (_what, prepare) => {
    app.feed = serve(LISTINGS);
    await prepare();
    const { properties } = app.another({
      ...app.tables,
      upsert: (table, row, options) =>
        row.partitionKey === 'feeds'
          ? Promise.reject(new AppError('storage_unavailable', 'down'))
          : app.tables.upsert(table, row, options),
    });
    const put = (to: typeof properties) =>
      to.putSource({ userId, sourceId: 'feed' }, { url: app.feedUrl }, signal);
    app.now += HOUR;
    await expect(put(properties)).rejects.toMatchObject({ code: 'storage_unavailable' });
    app.now += 1;
    await put(app.properties);
    expect(await dueRun()).toMatchObject({ read: 1 });
    expect(await dueRun()).toMatchObject({ read: 0 });
  });

  test('mails the manager once about a feed that fails for two days, until it can be read again', async () => {
    await addFeed();
    app.feed = (_request, response) => response.writeHead(500).end();
    const mails = () => app.mails.filter((mail) => mail.userId === userId);
    for (let day = 0; day < 5; day++) {
      expect(await dueRun()).toMatchObject({ failed: 1 });
      expect(mails()).toHaveLength(day < 2 ? 0 : 1);
      app.now += 27 * HOUR;
    }
    expect(await app.store.countFailingSources(signal)).toBe(1);
    app.feed = serve(LISTINGS);
    expect(await dueRun()).toMatchObject({ read: 1 });
    expect(await app.store.countFailingSources(signal)).toBe(0);
    const [source] = await app.properties.listSources(userId, signal);
    expect(source).toMatchObject({ failingSince: null, problem: null });
  });

  test('reads a feed that lost most of its homes again an hour later, and then believes it', async () => {
    const rows = Array.from({ length: 9 }, (_, index) => `${index},${index + 1} Main St`);
    await addFeed();
    app.feed = serve(['listing_id,address', ...rows].join('\n'));
    await dueRun();
    app.feed = serve(['listing_id,address', ...rows.slice(0, 2)].join('\n'));
    app.now += 30 * HOUR;
    expect(await dueRun()).toMatchObject({ held: 1 });
    expect(await homes()).toHaveLength(9);
    app.now += HOUR;
    expect(await dueRun()).toMatchObject({ read: 1 });
    expect((await homes()).filter((home) => home.endsWith('rented'))).toHaveLength(7);
  });

  test('leaves a source alone that was changed or deleted while it waited for its turn', async () => {
    const other = `${app.feedUrl}?other`;
    const ids = ['a', 'b', 'c', 'd', 'e', 'f'].map((sourceId) => ({ userId, sourceId }));
    for (const key of ids)
      await app.properties.putSource(key, { url: `${app.feedUrl}?${key.sourceId}` }, signal);
    let hasChanged: Promise<unknown> | undefined;
    const change = async () => {
      // Four are read at a time: of the last two, none has begun.
      const waiting = (await app.store.readDueSources(app.now, 99, signal)).map(({ source }) => source);
      const [first, second] = waiting;
      if (!first || !second) throw new Error('No source waits for its turn');
      await app.properties.putSource(first, { url: other }, signal);
      await app.properties.removeSource(second, signal);
      return [first.sourceId, second.sourceId];
    };
    app.feed = (request, response) => {
      void (hasChanged ??= change()).then(() => {
        serve(`listing_id,address\n1,${request.url ?? ''} Main St`)(request, response);
      });
    };
    await app.properties.runDueFeeds();
    const [changed, deleted] = (await hasChanged) as string[];
    const sources = await app.properties.listSources(userId, signal);
    expect(sources.map(({ sourceId }) => sourceId)).not.toContain(deleted);
    expect(sources.find(({ sourceId }) => sourceId === changed)).toMatchObject({ url: other });
    for (const key of ids) await app.store.removeSource(userId, key.sourceId, signal);
  });

  test('reads what is due however many sources before it are not', async () => {
    app.feed = serve(LISTINGS);
    const ids = Array.from({ length: 20 }, (_, index) => `s${10 + index}`);
    for (const sourceId of ids)
      await app.properties.putSource({ userId, sourceId }, { url: app.feedUrl }, signal);
    await dueRun();
    await app.properties.putSource({ userId, sourceId: 's29' }, { url: app.feedUrl }, signal);
    expect(await dueRun()).toMatchObject({ read: 1 });
    expect(await dueRun()).toMatchObject({ read: 0 });
    for (const sourceId of ids) await app.store.removeSource(userId, sourceId, signal);
  });

  test('forgets a source whose manager is gone', async () => {
    await addFeed();
    const [found] = await app.store.readDueSources(app.now, 9, signal);
    await app.managers.remove(userId, {}, signal);
    if (!found) throw new Error('The source is not due');
    // As a crash right after a PUT leaves it.
    await app.store.writeSource(found.source, null, signal);
    expect(await dueRun()).toEqual({ read: 0, failed: 0, held: 0 });
    expect(await app.store.readSources(userId, signal)).toEqual([]);
    expect(await app.store.readDueSources(app.now, 9, signal)).toEqual([]);
  });
});
