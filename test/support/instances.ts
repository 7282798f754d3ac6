// Real processes of the app behind one front, as Azure's is: they share the tables, Microsoft, and nothing else.
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { InstanceCommand } from '../snapshots/instance-child.ts';
import { createTestApp, KEY, START } from './test-app.ts';
import type { TestApp } from './test-app.ts';

export interface Instances {
  /** Its requests go through the front. */
  readonly app: TestApp;
  /** Who answers the next requests, ours and Microsoft's, by number. */
  choose(instance: number): void;
  /** Moves the clock of all processes, and of Microsoft. */
  wait(ms: number): Promise<void>;
  /** Lets one instance run its timer. */
  sweep(instance: number): Promise<void>;
  close(): Promise<void>;
}

const INSTANCE_HEADER = 'x-instance';

/** Sends each request on to the instance that it names, or to the chosen one. */
async function createFront(urlOf: (instance: string | undefined) => string) {
  const server = createServer((incoming, outgoing) => {
    const { method, headers, url = '' } = incoming;
    const target = new URL(url, urlOf(headers[INSTANCE_HEADER]?.toString()));
    const forwarded = request(target, { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    forwarded.on('error', () => outgoing.destroy());
    incoming.pipe(forwarded);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  };
}

async function tell(child: ChildProcess, command: InstanceCommand): Promise<void> {
  const done = once(child, 'message');
  child.send(command);
  await done;
}

export async function createInstances(count: number): Promise<Instances> {
  const inner = await createTestApp();
  const { storage } = inner.services.config;
  if (storage.kind !== 'connection_string') throw new Error('The tables are not here');
  const urls: string[] = [];
  let chosen = 0;
  const front = await createFront((instance = String(chosen)) => urls[Number(instance)] ?? '');
  inner.microsoft.allowRedirectUri(`${front.url}/calendar/auth/callback`);
  const env = {
    ...process.env,
    NODE_OPTIONS: '',
    MICROSOFT_CLIENT_ID: inner.microsoft.clientId,
    MICROSOFT_CLIENT_SECRET: inner.microsoft.clientSecret,
    MICROSOFT_REDIRECT_URI: `${front.url}/calendar/auth/callback`,
    MICROSOFT_LOGIN_ENDPOINT: inner.microsoft.url,
    MICROSOFT_GRAPH_ENDPOINT: inner.microsoft.url,
    TOKEN_ENCRYPTION_KEYS: `one:${KEY(1)}`,
    ALLOW_UNAUTHENTICATED_WEBHOOK: 'true',
    AzureWebJobsStorage: storage.connectionString,
    INSTANCE_NOW: String(START),
  };
  const children = await Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const child = fork(join(process.cwd(), 'test/snapshots/instance-child.ts'), { env });
      const [url] = (await once(child, 'message')) as [string];
      urls[index] = url;
      return child;
    }),
  );
  const app: TestApp = {
    ...inner,
    url: front.url,
    request(path, init = {}) {
      const headers = new Headers(init.headers);
      headers.set(INSTANCE_HEADER, String(chosen));
      return fetch(new URL(path, front.url), { redirect: 'manual', ...init, headers });
    },
  };
  return {
    app,
    choose(instance) {
      chosen = instance;
    },
    async wait(ms) {
      inner.clock.now += ms;
      await Promise.all(children.map((child) => tell(child, { kind: 'clock', now: inner.clock.now })));
      await inner.microsoft.runDue();
    },
    async sweep(instance) {
      const child = children[instance];
      if (child) await tell(child, { kind: 'sweep' });
    },
    async close() {
      for (const child of children) child.kill();
      await front.close();
      await inner.close();
    },
  };
}
