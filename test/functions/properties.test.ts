import { beforeEach, describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { useTestApp } from '../support/test-app.ts';
import '../../functions/feeds.ts';
import '../../functions/properties.ts';
import '../../functions/property-import.ts';
import '../../functions/property-search.ts';
import '../../functions/property.ts';
import '../../functions/source-run.ts';
import '../../functions/source.ts';
import '../../functions/sources.ts';

const app = useTestApp();
let count = 0;
let user: string;

beforeEach(async () => {
  user = `manager-${++count}`;
  await send('PUT', '', { name: 'Pete' });
});

async function send(
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<{ status: number; body: Record<string, unknown>; headers: Headers }> {
  const response = await app.request(`/managers/${user}${path}`, {
    method,
    headers,
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>),
    headers: response.headers,
  };
}

function importFile(name: string, type: string, query = '') {
  const content = readFileSync(`test/properties/listings/${name}`, 'utf8');
  return send('POST', `/properties/import?${query}`, content, { 'content-type': type });
}

const HOME = {
  address: '829 Western Ave',
  unit: '3',
  city: 'Oklahoma City',
  status: 'coming_soon',
  available_on: '2026-12-15',
  bedrooms: 0,
  rent: 899.5,
  pets: { dogs: 'ask', cats: 'yes', note: 'One cat' },
  features: ['washer and dryer'],
  viewing: { hours: { sat: [['10:00', '12:00']] }, duration_minutes: 15, access_note: 'Key at the office' },
};

describe('a property', () => {
  test('is created, read, replaced and deleted, under its ETag', async () => {
    const created = await send('PUT', '/properties/west-3', HOME);
    expect(created.status).toBe(201);
    expect(created.body).toMatchObject({
      property_id: 'west-3',
      source: null,
      seen_at: null,
      ...HOME,
      viewing: { ...HOME.viewing, notice_minutes: null, daily_limit: null },
    });
    const etag = created.headers.get('etag') ?? '';
    expect((await send('GET', '/properties/west-3')).headers.get('etag')).toBe(etag);
    expect((await send('GET', '/properties/west-3', undefined, { 'if-none-match': etag })).status).toBe(304);
    const read = await send('GET', '/properties/west-3');
    const replaced = await send(
      'PUT',
      '/properties/west-3',
      { ...read.body, rent: 950 },
      { 'if-match': etag },
    );
    expect([replaced.status, replaced.body['rent']]).toEqual([200, 950]);
    const old = await send('PUT', '/properties/west-3', HOME, { 'if-match': etag });
    expect([old.status, codeOf(old.body)]).toEqual([412, 'precondition_failed']);
    expect((await send('DELETE', '/properties/west-3')).status).toBe(204);
    expect((await send('GET', '/properties/west-3')).status).toBe(404);
    expect((await send('DELETE', '/properties/west-3')).status).toBe(404);
  });

  test.each([
    ['no address', { rent: 900 }],
    ['a rent in words', { address: '1 Main St', rent: 'much' }],
    ['a status that is not known', { address: '1 Main St', status: 'sold' }],
    ['half a bedroom', { address: '1 Main St', bedrooms: 1.5 }],
    ['a day that is none', { address: '1 Main St', available_on: '2026-02-30' }],
    ['viewings of seven hours', { address: '1 Main St', viewing: { duration_minutes: 420 } }],
    ['an address of two lines', { address: '1 Main St\nNorman' }],
    ['a field that is not known', { address: '1 Main St', colour: 'blue' }],
  ])('is refused with %s', async (_what, body) => {
    const answer = await send('PUT', '/properties/one', body);
    expect([answer.status, codeOf(answer.body)]).toEqual([400, 'invalid_request']);
  });

  test('has an id of 1 to 64 plain characters, which is not “import”', async () => {
    for (const id of ['import', 'a b', 'ü', 'x'.repeat(65)]) {
      expect((await send('PUT', `/properties/${encodeURIComponent(id)}`, HOME)).status).toBe(400);
    }
  });

  test('cannot have an id that another manager of the portfolio has used', async () => {
    const portfolio = `portfolio-${count}`;
    await send('PUT', '', { name: 'Ann', portfolio });
    await send('PUT', '/properties/same', HOME);
    user = `${user}-b`;
    await send('PUT', '', { name: 'Bob', portfolio });
    const taken = await send('PUT', '/properties/same', HOME);
    expect([taken.status, codeOf(taken.body)]).toEqual([409, 'property_id_taken']);
  });

  test('limits the buffer of its manager, whose profile shows portfolio and policies', async () => {
    const policies = { vouchers: 'We welcome vouchers.' };
    const put = await send('PUT', '', { name: 'Ann', portfolio: `with-policies-${count}`, policies });
    expect(put.body).toMatchObject({ portfolio: `with-policies-${count}`, policies });
    await send('PUT', '/properties/one', { address: '1 Main St', viewing: { duration_minutes: 300 } });
    const refused = await send('PUT', '', { name: 'Ann', rules: { buffer_minutes: 65 } });
    expect([refused.status, codeOf(refused.body)]).toEqual([400, 'invalid_request']);
  });

  test('of an unknown manager is not found, nor are their sources', async () => {
    user = 'nobody';
    const answers = await Promise.all([
      send('GET', '/properties'),
      send('GET', '/properties/one'),
      send('PUT', '/properties/one', HOME),
      send('DELETE', '/properties/one'),
      send('GET', '/sources'),
      send('PUT', '/sources/one', { url: 'https://example.com/feed' }),
      send('POST', '/sources/one/run'),
      send('POST', '/properties/import', 'address\n1 Main St', { 'content-type': 'text/csv' }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 404));
  });

  test('is listed page by page', async () => {
    await Promise.all(['a', 'b', 'c'].map((id) => send('PUT', `/properties/${id}`, HOME)));
    const first = await send('GET', '/properties?limit=2');
    expect(first.body).toMatchObject({ properties: [{ property_id: 'a' }, { property_id: 'b' }] });
    const second = await send('GET', `/properties?limit=2&next=${String(first.body['next'])}`);
    expect(second.body).toEqual({ properties: [expect.objectContaining({ property_id: 'c' })] });
  });

  test('is not listed from a page mark that no list gave out', async () => {
    await Promise.all(['a', 'b'].map((id) => send('PUT', `/properties/${id}`, HOME)));
    const { next } = (await send('GET', '/properties?limit=1')).body;
    const forged = ['zzz', 'a', `${String(next)}A`, Buffer.from('viewings:a').toString('base64url')];
    for (const mark of forged) {
      const { status, body } = await send('GET', `/properties?next=${mark}`);
      expect({ mark, status, body }).toMatchObject({
        status: 400,
        body: { error: { code: 'invalid_request', details: [{ field: 'next' }] } },
      });
    }
  });

  test('is deleted with its manager, and so are the sources', async () => {
    await send('PUT', '/properties/one', HOME);
    await send('PUT', '/sources/feed', { url: 'https://example.com/feed' });
    expect((await send('DELETE', '')).status).toBe(204);
    await send('PUT', '', { name: 'Pete again' });
    expect((await send('GET', '/properties')).body).toEqual({ properties: [] });
    expect((await send('GET', '/sources')).body).toEqual({ sources: [] });
  });
});

describe('an import', () => {
  test.each([
    ['own.csv', 'text/csv', 'csv', 1],
    ['appfolio.csv', 'text/csv; charset=utf-8', 'csv', 3],
    ['mits-3.xml', 'application/xml', 'mits', 2],
    ['mits-4.xml', 'text/xml', 'mits', 1],
    ['buildium.xml', 'application/xml; charset=UTF-8', 'buildium', 1],
    ['hotpads.xml', 'application/xml', 'hotpads', 1],
    ['own.json', 'application/json', 'json', 1],
    ['rental-data.json', 'application/json', 'json', 2],
  ])('of %s adds its homes, and changes nothing the second time', async (name, type, format, added) => {
    const dry = await importFile(name, type, 'source=file&dry_run=true');
    expect(dry.body).toMatchObject({ source: 'file', format, applied: false, added });
    expect((await send('GET', '/properties')).body).toEqual({ properties: [] });
    const first = await importFile(name, type, 'source=file');
    expect([first.status, first.body]).toMatchObject([200, { format, applied: true, added, gone: 0 }]);
    const before = await send('GET', '/properties');
    const second = await importFile(name, type, 'source=file');
    expect(second.body).toMatchObject({ added: 0, changed: 0, unchanged: added, gone: 0 });
    const ids = ({ body }: { body: Record<string, unknown> }) =>
      (body['properties'] as { property_id: string; source: string }[]).map((home) => [
        home.property_id,
        home.source,
      ]);
    expect(ids(await send('GET', '/properties'))).toEqual(ids(before));
    expect(ids(before).every(([, source]) => source === 'file')).toBe(true);
  });

  test('takes a CSV’s property_id as the id, and without a source only adds and changes homes', async () => {
    const csv = (rows: string) =>
      send('POST', '/properties/import', `property_id,address,rent\n${rows}`, { 'content-type': 'text/csv' });
    expect((await csv('one,1 Main St,900\ntwo,2 Main St,950')).body).toMatchObject({
      source: null,
      added: 2,
    });
    expect((await csv('one,1 Main St,905')).body).toMatchObject({ changed: 1, gone: 0 });
    expect((await send('GET', '/properties/one')).body).toMatchObject({ rent: 905, source: null });
    expect((await send('GET', '/properties/two')).body).toMatchObject({ rent: 950, status: 'available' });
  });

  test('reports a home whose viewings are too long for the manager’s buffer, and reads all others', async () => {
    await send('PUT', '', { name: 'Pete', rules: { buffer_minutes: 60 } });
    const home = (property_id: string, duration_minutes: number) => ({
      property_id,
      address: `${property_id} Main St`,
      viewing: { duration_minutes },
    });
    const { body } = await send(
      'POST',
      '/properties/import',
      { properties: [home('long', 305), home('short', 300)] },
      { 'content-type': 'application/json' },
    );
    expect(body).toMatchObject({
      added: 1,
      unreadable: [{ at: 'properties[0]', field: 'viewing.duration_minutes' }],
    });
  });

  test('warns of wording that must not be spoken', async () => {
    const file = 'address,features,description\n1 Main St,perfect for families,No section 8';
    const { body } = await send('POST', '/properties/import', file, { 'content-type': 'text/csv' });
    expect(body['warnings']).toEqual([
      expect.stringContaining('familial status'),
      expect.stringContaining('source of income'),
    ]);
  });

  test.each([
    ['another content type', 'text/html', 'address\n1 Main St', 415, 'unsupported_media_type'],
    ['no content type', '', 'address\n1 Main St', 415, 'unsupported_media_type'],
    ['a file that is no list of homes', 'text/csv', 'a,b\n1,2', 400, 'invalid_request'],
    ['an empty file', 'application/json', '', 400, 'invalid_request'],
    ['entities', 'text/xml', '<!DOCTYPE x [<!ENTITY y "z">]><hotPadsItems/>', 400, 'invalid_request'],
    ['more than 10 MiB', 'text/csv', 'x'.repeat(10 * 1024 * 1024 + 1), 413, 'payload_too_large'],
  ])('is refused: %s', async (_what, type, content, status, code) => {
    const answer = await send('POST', '/properties/import', content, { 'content-type': type });
    expect([answer.status, codeOf(answer.body)]).toEqual([status, code]);
  });

  test('is refused if its query makes no sense', async () => {
    for (const query of ['source=a%20b', 'dry_run=perhaps', 'confirm=1']) {
      expect((await importFile('own.csv', 'text/csv', query)).status).toBe(400);
    }
  });
});

describe('the search', () => {
  const search = async (query: string) => {
    const answer = await app.json(`/properties/search?user_id=${encodeURIComponent(user)}&${query}`);
    const found = (answer.body['properties'] ?? []) as { property_id: string; score: number }[];
    return { ...answer, ids: found.map(({ property_id }) => property_id) };
  };

  test('finds a home by what was heard, filters, and says what it cannot find', async () => {
    const homes = [
      {
        property_id: 'west',
        address: '829 Western Ave',
        city: 'Norman',
        bedrooms: 2,
        rent: 1_100,
        pets: { dogs: 'yes' },
      },
      {
        property_id: 'lake',
        address: '12 Lake St',
        city: 'Norman',
        bedrooms: 1,
        rent: 700,
        pets: { dogs: 'no' },
      },
    ];
    await send('POST', '/properties/import', { properties: homes }, { 'content-type': 'application/json' });
    expect(await search('q=eight%20twenty%20nine%20western')).toMatchObject({
      ids: ['west'],
      body: { total: 1, match: 'found', properties: [{ score: 1, user_id: user }] },
    });
    expect(await search('bedrooms=2&pets=dog&max_rent=1200')).toMatchObject({
      ids: ['west'],
      body: { total: 1 },
    });
    expect(await search('area=norman')).toMatchObject({
      ids: ['lake', 'west'],
      body: { total: 2, relaxed: null },
    });
    expect(await search('q=4711%20Harbor%20Lane')).toMatchObject({
      ids: [],
      body: { total: 0, match: 'unknown' },
    });
    expect((await search('pets=elephant')).status).toBe(400);
    expect((await search('move_in=purple')).status).toBe(400);
    user = 'nobody';
    expect((await search('q=1')).status).toBe(404);
  });
});

test('The search hears words for the day to move in, as the voice tools do', async () => {
  // It is Monday, November 23, 2026.
  const homes = [
    { property_id: 'now', address: '1 Oak St', available_on: '2026-11-01' },
    { property_id: 'december', address: '2 Oak St', available_on: '2026-12-05' },
    { property_id: 'january', address: '3 Oak St', available_on: '2027-01-20' },
  ];
  await send('POST', '/properties/import', { properties: homes }, { 'content-type': 'application/json' });
  const idsBy = async (moveIn: string) => {
    const query = new URLSearchParams({ user_id: user, area: 'Oak', move_in: moveIn });
    const { status, body } = await app.json(`/properties/search?${query.toString()}`);
    const found = (body['properties'] ?? []) as { property_id: string }[];
    return [status, ...found.map(({ property_id }) => property_id).sort()];
  };
  expect(await idsBy('2026-12-10')).toEqual([200, 'december', 'now']);
  expect(await idsBy('tomorrow')).toEqual([200, 'now']);
  expect(await idsBy('in December')).toEqual([200, 'december', 'now']);
  expect(await idsBy('antes del 31 de enero')).toEqual([200, 'december', 'january', 'now']);
});

describe('a source', () => {
  test('is created, run over HTTP, shown and deleted', async () => {
    const feed = createServer((_request, response) => {
      response
        .writeHead(200, { 'content-type': 'application/xml' })
        .end(readFileSync('test/properties/listings/hotpads.xml'));
    });
    await new Promise<void>((resolve) => feed.listen(0, '127.0.0.1', resolve));
    try {
      const url = `http://127.0.0.1:${(feed.address() as AddressInfo).port}/feed`;
      const put = await send('PUT', '/sources/hot', { url, every_hours: 6 });
      expect([put.status, put.body]).toMatchObject([
        201,
        { source_id: 'hot', url, every_hours: 6, read_at: null },
      ]);
      expect((await send('PUT', '/sources/hot', { url })).status).toBe(200);
      const run = await send('POST', '/sources/hot/run');
      expect([run.status, run.body]).toMatchObject([200, { source: 'hot', format: 'hotpads', added: 1 }]);
      expect((await send('GET', '/sources')).body).toMatchObject({
        sources: [
          { source_id: 'hot', every_hours: 24, read_at: expect.any(String) as unknown, problem: null },
        ],
      });
      expect((await send('DELETE', '/sources/hot')).status).toBe(204);
      expect((await send('DELETE', '/sources/hot')).status).toBe(404);
      expect((await send('GET', '/properties')).body).toMatchObject({ properties: [{ status: 'rented' }] });
    } finally {
      await new Promise((resolve) => feed.close(resolve));
    }
  });

  test('that cannot be read gives a 502 that says why, and is logged once', async () => {
    const feed = createServer((_request, response) => response.writeHead(503).end());
    await new Promise<void>((resolve) => feed.listen(0, '127.0.0.1', resolve));
    await send('PUT', '/sources/bad', { url: `http://127.0.0.1:${(feed.address() as AddressInfo).port}/` });
    app.log.lines.length = 0;
    const run = await send('POST', '/sources/bad/run');
    expect(app.log.lines.map(({ level, event }) => `${level} ${event}`)).toEqual(['warn feed_unreadable']);
    app.log.lines.length = 0;
    expect((await send('POST', '/sources/bad/run?dry_run=true')).status).toBe(502);
    expect(app.log.lines.map(({ event }) => event)).toEqual(['feed_unreadable']);
    await new Promise((resolve) => feed.close(resolve));
    expect([run.status, run.body]).toMatchObject([
      502,
      { error: { code: 'feed_unreadable', message: expect.stringContaining('503') as unknown } },
    ]);
  });

  test.each([
    'http://example.com/',
    'https://10.0.0.8/',
    'https://user:password@example.com/',
    'nonsense',
    '',
  ])('is refused with the URL %p', async (url) => {
    const put = await send('PUT', '/sources/bad', { url });
    expect([put.status, codeOf(put.body)]).toEqual([400, 'invalid_request']);
  });

  test('is read every 1 to 168 hours', async () => {
    for (const every_hours of [0, 169, 1.5]) {
      expect((await send('PUT', '/sources/one', { url: 'https://example.com/', every_hours })).status).toBe(
        400,
      );
    }
  });
});

function codeOf(body: Record<string, unknown>): unknown {
  return (body['error'] as { code?: unknown } | undefined)?.code;
}
