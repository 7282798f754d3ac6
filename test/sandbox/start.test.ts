// `npm start` as a child of its own, on free ports, with its things in a folder that is thrown away.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { connectManager } from '../../sandbox/connect-manager.ts';
import { samplePeople } from '../../sandbox/microsoft/people.ts';
import { findPort } from '../../sandbox/ports.ts';

const USER = '+15555551234';
// Every step waits for what it starts. This only ends a run that hangs.
const HANG_MS = 600_000;
const running = new Set<ChildProcess>();
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sandbox-'));
});
afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
  running.clear();
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

interface Sandbox {
  readonly output: () => string;
  /** The address on the line that starts with these words. */
  readonly place: (words: string) => string;
  readonly stop: (signal: NodeJS.Signals) => Promise<number | null>;
}

const start = async (...options: string[]): Promise<Sandbox> => {
  const settings = join(folder, 'local.settings.json');
  const args = ['sandbox/main.ts', '--port=0', `--folder=${folder}`, `--settings=${settings}`, ...options];
  const child = spawn(process.execPath, args, {
    // The app's settings in the shell that starts it are not the sandbox's.
    env: {
      ...process.env,
      NODE_OPTIONS: '',
      MICROSOFT_CLIENT_ID: 'of-the-shell',
      TOKEN_ENCRYPTION_KEYS: 'bad',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  let text = '';
  await new Promise<void>((resolve, reject) => {
    const read = (chunk: Buffer): void => {
      text += String(chunk);
      if (text.includes('Ctrl-C stops it')) resolve();
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('exit', () => {
      reject(new Error(`It ended before it ran:\n${text}`));
    });
  });
  return {
    output: () => text,
    place(words) {
      const [, found] = new RegExp(`${words}\\s+(http\\S+)`).exec(text) ?? [];
      if (found === undefined) throw new Error(`No line says "${words}":\n${text}`);
      return found;
    },
    async stop(signal) {
      const ended = once(child, 'exit') as Promise<[number | null]>;
      child.kill(signal);
      const [code] = await ended;
      running.delete(child);
      return code;
    },
  };
};

const json = async (url: string, init?: RequestInit): Promise<Record<string, unknown>> =>
  (await (await fetch(url, init)).json()) as Record<string, unknown>;

describe('npm start', () => {
  test(
    'runs everything, keeps its data for the next start, and deletes it with --fresh',
    async () => {
      const first = await start();
      const app = first.place('runs at');
      expect(await json(`${app}/health`)).toMatchObject({ status: 'ok', mail: 'configured' });
      expect(await (await fetch(first.place('everybody.s calendar'))).text()).toContain('Pete Sampson');
      expect(await connectManager(app, USER, samplePeople.pete.id)).toBe(200);
      const status = `/calendar/auth/status?user_id=${USER}`;
      expect(await json(app + status)).toMatchObject({
        status: 'connected',
        calendar_email: 'pete@lakeviewrentals.example',
        time_zone: 'America/Chicago',
      });
      const call = { functionCall: { name: 'get_availability', parameters: { user_id: USER } } };
      await json(`${app}/vapi/webhook`, { method: 'POST', body: JSON.stringify(call) });
      expect(await first.stop('SIGINT')).toBe(0);
      expect(first.output()).toMatch(/POST \/vapi\/webhook 200: \d+ round trips? to Graph\n/);
      expect(first.output()).toMatch(/Stopped\.\n$/);

      const second = await start();
      expect(await json(second.place('runs at') + status)).toMatchObject({ status: 'connected' });
      // The tokens open with the kept key, and Microsoft still knows them.
      const run = await fetch(`${second.place('runs at')}/admin/functions/keepAlive`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{}',
      });
      expect(run.status).toBe(202);
      expect(await second.stop('SIGTERM')).toBe(0);

      const third = await start('--fresh');
      await expect(start()).rejects.toThrow(/runs the sandbox in .* delete .*pid\.$/m);
      expect(await json(third.place('runs at') + status)).toMatchObject({ status: 'not_connected' });
      expect(await third.stop('SIGTERM')).toBe(0);

      rmSync(join(folder, 'stand-in/version'));
      await expect(start()).rejects.toThrow('npm start -- --fresh');
      rmSync(join(folder, 'stand-in'), { recursive: true });
    },
    HANG_MS,
  );

  test(
    'responds as Azure does: an empty 404 for what is not there, and a 401 without the key',
    async () => {
      const { place, output, stop } = await start('--keys');
      const app = place('runs at');
      for (const [path, method] of [
        ['/nothing', 'GET'],
        ['/health', 'DELETE'],
      ] as const) {
        const answer = await fetch(app + path, { method });
        expect([answer.status, await answer.text()]).toEqual([404, '']);
      }
      const path = `/calendar/auth/status?user_id=${USER}`;
      expect((await fetch(app + path)).status).toBe(401);
      const [, key = ''] = /function key\s+(\S+)/.exec(output()) ?? [];
      expect((await fetch(app + path, { headers: { 'x-functions-key': key } })).status).toBe(200);
      expect(output()).toContain(`-H "x-functions-key: ${key}" "${app}${path.replace('status', 'start')}"`);
      expect(await stop('SIGINT')).toBe(0);
    },
    HANG_MS,
  );

  test(
    'uses the next free port if its own is taken, says so, and changes the redirect URI with it',
    async () => {
      const port = await findPort(0);
      const blocker = createServer().listen(port, '127.0.0.1');
      await once(blocker, 'listening');
      try {
        const { output, place, stop } = await start(`--port=${port}`);
        const app = place('runs at');
        expect(app).not.toBe(`http://localhost:${port}`);
        expect(output()).toContain(`Port ${port} is taken: the app is on ${new URL(app).port}.`);
        expect(await connectManager(app, USER, samplePeople.pete.id)).toBe(200);
        expect(await stop('SIGINT')).toBe(0);
      } finally {
        blocker.close();
      }
    },
    HANG_MS,
  );

  test(
    'uses the real Microsoft if local.settings.json names an app there',
    async () => {
      const settings = join(folder, 'real.settings.json');
      const clientId = '00000000-1111-2222-3333-444444444444';
      writeFileSync(settings, JSON.stringify({ Values: { MICROSOFT_CLIENT_ID: clientId, SMTP_URL: '' } }));
      const { output, place, stop } = await start(`--settings=${settings}`);
      expect(output()).toContain('local.settings.json names an app there');
      const app = place('runs at');
      expect(await json(`${app}/health`)).toMatchObject({ status: 'ok' });
      expect(await stop('SIGINT')).toBe(0);
    },
    HANG_MS,
  );
});
