// Stands in for the function app's address: hands requests to the bundle that was published last. New code, and refreshed references,
// come as in a rolling update, with old and new side by side for a while.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { readState } from './state.ts';

interface Running {
  /** The bundle, and the refresh, that it was started with. */
  readonly version: string;
  readonly child: ChildProcess;
  readonly url: string;
}

export interface Front {
  readonly port: number;
  close(): Promise<void>;
}

/** How many requests old and new share before the old one is gone. */
const SHARED = 4;

/** @param surroundings settings that take the place of what only Azure has: storage and mail. */
export async function createFront(
  folder: string,
  surroundings: Readonly<Record<string, string>>,
): Promise<Front> {
  let current: Running | undefined;
  let next: Promise<Running> | undefined;
  let arrived: Running | undefined;
  let shared = 0;

  const start = async (published: string, version: string): Promise<Running> => {
    const { settings, secrets, hostKeys } = readState(folder);
    const resolved = Object.entries(settings).map(([name, value]) => {
      const [, secret = ''] = /\/secrets\/([\w-]+)\//.exec(value) ?? [];
      return [name, secrets[secret] ?? value] as const;
    });
    const env = {
      ...Object.fromEntries(
        resolved.filter(([name]) => !/^(APPLICATIONINSIGHTS|AzureWebJobsStorage__|ACS_)/.test(name)),
      ),
      ...surroundings,
      HOST_KEY: hostKeys['default'] ?? '',
      PATH: process.env['PATH'] ?? '',
    };
    const child = spawn(process.execPath, [join(import.meta.dirname, 'run-app.ts'), published], {
      env,
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const [url] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
    return { version, child, url };
  };

  const choose = (): Running | undefined => {
    const { published, refreshes } = readState(folder);
    if (published === null) {
      current?.child.kill();
      current = undefined;
      return undefined;
    }
    const version = `${published} ${refreshes}`;
    if (version !== (arrived ?? current)?.version && next === undefined) {
      next = start(published, version);
      void next.then((running) => {
        arrived = running;
        next = undefined;
        shared = current === undefined ? SHARED : 0;
      });
    }
    if (arrived !== undefined && shared++ >= SHARED) {
      current?.child.kill();
      current = arrived;
      arrived = undefined;
    }
    return arrived !== undefined && shared % 2 === 0 ? arrived : current;
  };

  const server = createServer((request, response) => {
    if (readState(folder).isStopped) {
      response.writeHead(403).end('<h1>Error 403 - This web app is stopped.</h1>');
      return;
    }
    const target = choose();
    if (target === undefined) {
      response.writeHead(404, { 'content-type': 'text/html' }).end('<h1>404 Web Site not found</h1>');
      return;
    }
    const { url = '/', method, headers } = request;
    const forwarded = send(`${target.url}${url}`, { method, headers, agent: false }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    forwarded.on('error', () => response.writeHead(502).end());
    request.pipe(forwarded);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      server.closeAllConnections();
      server.close();
      await next;
      current?.child.kill();
      arrived?.child.kill();
    },
  };
}
