import { afterEach, describe, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { waitForSettings } from '../../scripts/azure/wait-for-settings.ts';

let server: Server | undefined;
let asked = 0;
const lines: string[] = [];

/** What /health answers: settings of this age in seconds, or a body or a status of its own. */
type Answer = number | object | `${number}`;

/** An app whose /health gives these answers, one after the other; the last stays. */
async function createApp(...answers: readonly Answer[]): Promise<string> {
  server = createServer((_request, response) => {
    const answer = answers[Math.min(asked++, answers.length - 1)];
    if (typeof answer === 'string') {
      response.writeHead(Number(answer)).end('<h1>A page of Azure</h1>');
      return;
    }
    const good = { status: 'ok', settings: 'ok', key_references: 'ok', settings_age_seconds: answer };
    response.end(JSON.stringify(typeof answer === 'number' ? good : answer));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  asked = 0;
  lines.length = 0;
});

/** The references were refreshed at 0. Time passes by answers: ten seconds each, and the first is asked for at 10. */
function wait(origin: string, { hasFunctions = true, timeoutMs = 600_000 } = {}) {
  return waitForSettings({
    origin,
    refreshedAt: 0,
    hasFunctions: () => Promise.resolve(hasFunctions),
    say: (line) => lines.push(line),
    timesRunning: 3,
    pauseMs: 0,
    timeoutMs,
    now: () => (asked + 1) * 10_000,
  });
}

describe('waiting until an app has read its settings', () => {
  test('ends when settings that were read since the refresh have answered several times running', async () => {
    expect(await wait(await createApp(1))).toBe('read');
    expect(asked).toBe(3);
  });

  test('goes on while an instance that read its settings before the refresh still answers', async () => {
    expect(await wait(await createApp(3_600, 3_610, 1, 2, 3_640, 4, 5, 6))).toBe('read');
    expect(asked).toBe(8);
    expect(lines[0]).toMatch(/s: an instance answers that read its settings before$/);
  });

  test('goes on while an instance does not have a secret yet, and names its setting', async () => {
    const without = { settings_age_seconds: 1, settings: [], key_references: ['SMTP_URL'] };
    expect(await wait(await createApp(without, 1))).toBe('read');
    expect(lines[0]).toMatch(/s: the app does not have SMTP_URL yet$/);
  });

  test('ends at once if there is no code yet that could read them', async () => {
    expect(await wait(await createApp('404'), { hasFunctions: false })).toBe('no_code');
    expect(asked).toBe(1);
  });

  test('does not take an app that fails for one without code', async () => {
    expect(await wait(await createApp('502', 1))).toBe('read');
    expect(lines[0]).toMatch(/s: 502, and not how old the settings are$/);
    const silent = wait('http://127.0.0.1:9', { timeoutMs: 0 });
    await expect(silent).rejects.toThrow(/has not shown .* no answer \(/);
  });

  test('fails if old settings answer until the end, and says how to end them', async () => {
    const waiting = wait(await createApp(3_600), { timeoutMs: 20_000 });
    await expect(waiting).rejects.toThrow(/read its settings before\. Restart it \(az functionapp restart\)/);
  });

  test('fails without a long wait if the code is too old to say, and asks for newer code', async () => {
    const waiting = wait(
      await createApp({ status: 'ok', build: 'b1', settings: 'ok', key_references: 'ok' }),
    );
    await expect(waiting).rejects.toThrow(
      /an older build answers.*Publish the code \(step 5 of docs\/deploy\.md\)/,
    );
    expect(asked).toBe(3);
  });

  test('goes on while older code still answers beside newer code', async () => {
    const older = { status: 'ok', build: 'b1', settings: 'ok', key_references: 'ok' };
    expect(await wait(await createApp(older, older, 1, older, older, 2, 3, 4))).toBe('read');
    expect(asked).toBe(8);
  });

  test('fails if the app has read the secrets and cannot use one, and says which', async () => {
    const settings = [{ setting: 'TOKEN_ENCRYPTION_KEYS', expected: 'id:base64(32 bytes)' }];
    const waiting = wait(await createApp({ settings_age_seconds: 1, settings, key_references: [] }));
    await expect(waiting).rejects.toThrow('TOKEN_ENCRYPTION_KEYS should be id:base64(32 bytes)');
  });
});
