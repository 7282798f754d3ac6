// Tables that keep no result of a tool call while a test says so, as if the process had died before it was written down.
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { App } from '../../shared/app.ts';
import type { TestApp } from './test-app.ts';

export interface ForgetfulTables {
  /** Another instance of the app, on these tables. */
  readonly services: App;
  /** Whether results are lost. Default false. */
  isForgetful: boolean;
  close(): Promise<unknown>;
}

/** Inserts into the table `calls` are refused; whatever else is written there comes through. */
export async function createForgetfulTables(
  app: Pick<TestApp, 'services' | 'servicesWith'>,
): Promise<ForgetfulTables> {
  const { storage } = app.services.config;
  if (storage.kind !== 'connection_string') throw new Error('The tables are not here');
  const target = new URL(/TableEndpoint=([^;]+)/.exec(storage.connectionString)?.[1] ?? '');
  const state = { isForgetful: false };

  const server = createServer((incoming, outgoing) => {
    const { method = '', headers, url: path = '' } = incoming;
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const body = Buffer.concat(chunks);
      const inserts =
        method === 'POST' && (/\/calls(?:\?|$)/.test(path) || /POST \S+\/calls[ ?]/.test(body.toString()));
      if (state.isForgetful && inserts) {
        outgoing.writeHead(503).end();
        return;
      }
      const forwarded = request(
        { host: target.hostname, port: target.port, method, path, headers },
        (answer) => {
          outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
          answer.pipe(outgoing);
        },
      );
      forwarded.end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const AzureWebJobsStorage = storage.connectionString.replace(target.host, `${target.hostname}:${port}`);
  return Object.assign(state, {
    services: app.servicesWith({ AzureWebJobsStorage }),
    close: () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  });
}
