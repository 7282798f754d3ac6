import { afterEach, describe, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { waitForBuild } from '../../scripts/azure/wait-for-build.ts';

let server: Server | undefined;
let asked = 0;

/** An app whose /health shows these builds, one after the other; the last stays. Null: a page of Azure's. */
async function createApp(...builds: readonly (string | null)[]): Promise<string> {
  asked = 0;
  server = createServer((_request, response) => {
    const build = builds[Math.min(asked++, builds.length - 1)];
    if (build === null || build === undefined) response.writeHead(503).end('<h1>Service unavailable</h1>');
    else response.end(JSON.stringify({ status: 'ok', build }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

const lines: string[] = [];
/** Time passes by answers: a second each. */
function wait(origin: string, timeoutMs = 60_000): Promise<number> {
  lines.length = 0;
  const say = (line: string): void => {
    lines.push(line);
  };
  return waitForBuild({
    origin,
    build: 'new',
    say,
    timesRunning: 3,
    pauseMs: 0,
    timeoutMs,
    now: () => asked * 1000,
  });
}

describe('waiting for a build', () => {
  test('passes when the build has answered several times running', async () => {
    await wait(await createApp('new'));
    expect(asked).toBe(3);
  });

  test('starts counting again whenever an old instance answers', async () => {
    await wait(await createApp('old', 'new', 'new', 'old', 'new', 'new', 'new'));
    expect(asked).toBe(7);
    expect(lines[0]).toMatch(/s: build old answers$/);
  });

  test('keeps waiting for an app that does not answer yet', async () => {
    await wait(await createApp(null, null, 'new'));
    expect(lines[0]).toMatch(/s: 503 without a build answers$/);
  });

  test('says that the update is stuck when the build never comes', async () => {
    await expect(wait(await createApp('old'), 0)).rejects.toThrow(
      /^Stuck: .*has not answered once.*build old/,
    );
  });

  test('says that the update was rolled back when the build came and went', async () => {
    const origin = await createApp('new', 'new', 'old');
    const ended = wait(origin, 5_000);
    await expect(ended).rejects.toThrow(
      /^Rolled back: build new answered 2 times, and now build old does again/,
    );
  });

  test('says that nothing answers', async () => {
    await expect(wait('http://127.0.0.1:9', 0)).rejects.toThrow(/^Stuck: .*no answer \(/s);
  });
});
