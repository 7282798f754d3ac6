import { afterEach, describe, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { TableClient } from '@azure/data-tables';
import { createRowReader } from '../../shared/storage/read-rows.ts';
import { createTableAccess } from '../../shared/storage/tables.ts';
import type { TableAccess } from '../../shared/storage/tables.ts';

const KEY = Buffer.alloc(64, 7).toString('base64');
const servers: Server[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) {
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  }
});

/** A table service that answers as it is told. */
async function startService(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<TableAccess> {
  return createTableAccess({ kind: 'connection_string', connectionString: await startServer(answer) });
}

/** @returns its connection string */
async function startServer(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<string> {
  const server = createServer(answer);
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return `DefaultEndpointsProtocol=http;AccountName=ann;AccountKey=${KEY};TableEndpoint=http://127.0.0.1:${port}/ann;`;
}

function sendRows(response: ServerResponse, value: readonly unknown[], headers = {}): void {
  response.writeHead(200, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify({ value }));
}

describe('a read of the tables', () => {
  test('is signed, and asks for its filter and its properties alone', async () => {
    const asked: { url: URL; headers: IncomingMessage['headers'] }[] = [];
    const access = await startService((request, response) => {
      asked.push({ url: new URL(`http://host${request.url ?? ''}`), headers: request.headers });
      sendRows(response, []);
    });
    expect(await access.getOrNull('managers', "o'brien", 'a&b')).toBeNull();
    const pages = access.query('managers', "RowKey eq 'x'", { select: ['name'], pageSize: 3 });
    expect((await pages.next()).value).toEqual([]);
    const [first, second] = asked;
    expect(first?.url.pathname).toBe('/ann/managers()');
    expect(Object.fromEntries(first?.url.searchParams ?? [])).toEqual({
      $filter: "PartitionKey eq 'o''brien' and RowKey eq 'a&b'",
    });
    expect(Object.fromEntries(second?.url.searchParams ?? [])).toEqual({
      $filter: "RowKey eq 'x'",
      $select: 'PartitionKey,RowKey,name',
      $top: '3',
    });
    expect(first?.headers['authorization']).toMatch(/^SharedKeyLite ann:[\w+/]{43}=$/);
    expect(first?.headers['x-ms-date']).toMatch(/GMT$/);
  });

  test('goes on where a page left off, even if the page was empty', async () => {
    const access = await startService((request, response) => {
      const { searchParams } = new URL(`http://host${request.url ?? ''}`);
      const from = searchParams.get('NextRowKey');
      if (from === null)
        sendRows(response, [], {
          'x-ms-continuation-nextpartitionkey': 'p',
          'x-ms-continuation-nextrowkey': '1!4!cg--',
        });
      else sendRows(response, [{ PartitionKey: searchParams.get('NextPartitionKey'), RowKey: from }]);
    });
    expect(await access.getOrNull('managers', 'p', 'r')).toEqual({ partitionKey: 'p', rowKey: '1!4!cg--' });
  });

  test('is repeated after a broken answer, a connection that was closed, and a service in trouble', async () => {
    const troubles: ((response: ServerResponse) => void)[] = [
      (response) => {
        response.writeHead(200, { 'content-length': 100 });
        response.write('{"value":[', () => response.destroy());
      },
      (response) => response.writeHead(503).end('busy'),
    ];
    const access = await startService((_, response) => {
      const trouble = troubles.shift();
      if (trouble) trouble(response);
      else sendRows(response, [{ PartitionKey: 'p', RowKey: 'r', 'odata.etag': 'e' }]);
    });
    expect(await access.getOrNull('managers', 'p', 'r')).toEqual({
      partitionKey: 'p',
      rowKey: 'r',
      etag: 'e',
    });
  });

  test('is repeated if the server closes a kept connection as the request comes in', async () => {
    const seen: number[] = [];
    const access = await startService((request, response) => {
      seen.push(request.socket.remotePort ?? 0);
      if (seen.length === 2) request.socket.resetAndDestroy();
      else sendRows(response, [{ PartitionKey: 'p', RowKey: 'r' }]);
    });
    const row = { partitionKey: 'p', rowKey: 'r' };
    expect(await access.getOrNull('managers', 'p', 'r')).toEqual(row);
    expect(await access.getOrNull('managers', 'p', 'r')).toEqual(row);
    expect(seen).toHaveLength(3);
    expect(seen[1]).toBe(seen[0]);
  });

  test('fails as an outage if something in between answers without rows', async () => {
    for (const body of ['<html>Sign in</html>', '{}', 'null', '']) {
      const access = await startService((_, response) => response.end(body));
      await expect(access.getOrNull('managers', 'p', 'r')).rejects.toMatchObject({
        code: 'storage_unavailable',
      });
    }
  });

  test('that is refused is not repeated', async () => {
    let asked = 0;
    const access = await startService((_, response) => {
      asked += 1;
      response.writeHead(403).end('{"odata.error":{"code":"AuthenticationFailed"}}');
    });
    await expect(access.getOrNull('managers', 'p', 'r')).rejects.toMatchObject({
      code: 'storage_unavailable',
      cause: { statusCode: 403, code: 'AuthenticationFailed' },
    });
    expect(asked).toBe(1);
  });

  test('ends at its deadline, before an answer and in the middle of one', async () => {
    for (const hasBegun of [false, true]) {
      const controller = new AbortController();
      const access = await startService((_, response) => {
        if (hasBegun) response.writeHead(200).write('{"value":[');
        controller.abort();
      });
      await expect(
        access.getOrNull('managers', 'p', 'r', { signal: controller.signal }),
      ).rejects.toMatchObject({ code: 'deadline_exceeded' });
    }
  });

  test('is not begun after its deadline', async () => {
    let asked = 0;
    const access = await startService((_, response) => {
      asked += 1;
      sendRows(response, []);
    });
    await expect(
      access.getOrNull('managers', 'p', 'r', { signal: AbortSignal.abort() }),
    ).rejects.toMatchObject({ code: 'deadline_exceeded' });
    expect(asked).toBe(0);
  });

  test('is signed once a second, and anew if the service refuses that signature', async () => {
    const signatures: (string | undefined)[] = [];
    const refused: number[] = [];
    const connectionString = await startServer((request, response) => {
      signatures.push(request.headers['authorization']);
      if (refused.includes(signatures.length)) response.writeHead(403).end();
      else sendRows(response, []);
    });
    let elapsed = 5_000;
    const client = TableClient.fromConnectionString(connectionString, 'managers', {
      allowInsecureConnection: true,
    });
    let signed = 0;
    client.pipeline.addPolicy({
      name: 'counter',
      sendRequest: (request, next) => {
        signed += 1;
        return next(request);
      },
    });
    const read = createRowReader(client, () => elapsed);
    const { signal } = new AbortController();
    const query = { filter: "PartitionKey eq 'p'" };
    await read(query, signal);
    await read(query, signal);
    expect(signed).toBe(1);
    expect(signatures[1]).toBe(signatures[0]);
    elapsed += 1_000;
    await read(query, signal);
    expect(signed).toBe(2);
    refused.push(4);
    await read(query, signal);
    expect(signed).toBe(3);
    expect(signatures).toHaveLength(5);
  });

  test('is not sent twice at once to a service in trouble', async () => {
    let asked = 0;
    const connectionString = await startServer((_, response) => {
      asked += 1;
      if (asked === 1) sendRows(response, []);
      else response.writeHead(503).end();
    });
    const client = TableClient.fromConnectionString(connectionString, 'managers', {
      allowInsecureConnection: true,
    });
    const read = createRowReader(client, () => 0);
    const { signal } = new AbortController();
    const query = { filter: "PartitionKey eq 'p'" };
    await read(query, signal);
    await expect(read(query, signal)).rejects.toMatchObject({ statusCode: 503 });
    expect(asked).toBe(2);
  });
});
