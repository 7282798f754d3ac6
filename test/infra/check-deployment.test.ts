import { afterEach, describe, expect, test } from '@jest/globals';
import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { checkDeployment } from '../../scripts/check-deployment.ts';

const NOW = Date.UTC(2026, 10, 23, 12);
const SECRET = 'new-secret';

interface Behaviour {
  /** Statuses of /health, one after the other; the last stays. */
  readonly health?: readonly number[];
  readonly authenticates?: boolean;
  readonly answer?: (id: string) => unknown;
}

let server: Server | undefined;

/** An app as VAPI sees it: signatures are checked, tool calls answered. */
async function deploy({
  health = [200],
  authenticates = true,
  answer = (id) => ({ results: [{ toolCallId: id, result: '{"action":"error"}' }] }),
}: Behaviour): Promise<string> {
  let asked = 0;
  const app = createServer((request, response) => {
    void (async () => {
      if (request.url === '/health') {
        response.writeHead(health[Math.min(asked++, health.length - 1)] ?? 500).end();
        return;
      }
      const body = await text(request);
      const timestamp = String(request.headers['x-vapi-timestamp']);
      const signature = Buffer.from(String(request.headers['x-vapi-signature']));
      const expected = Buffer.from(createHmac('sha256', SECRET).update(`${timestamp}.${body}`).digest('hex'));
      const isSigned = signature.length === expected.length && timingSafeEqual(signature, expected);
      if (authenticates && (!isSigned || timestamp !== String(NOW / 1000))) {
        response.writeHead(401).end();
        return;
      }
      const { message } = JSON.parse(body) as { message: { toolCallList: { id: string }[] } };
      response.end(JSON.stringify(answer(message.toolCallList[0]?.id ?? '')));
    })();
  });
  server = app;
  await new Promise<void>((resolve) => app.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(app.address() as AddressInfo).port}`;
}

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

async function check(behaviour: Behaviour, hmacSecret = SECRET): Promise<void> {
  return checkDeployment({ origin: await deploy(behaviour), hmacSecret, now: NOW, attempts: 3, pauseMs: 1 });
}

describe('the check after a deployment', () => {
  test('passes a healthy app that answers a signed call', async () => {
    await check({});
  });

  test('signs with the first secret while secrets are being rotated', async () => {
    await check({}, `${SECRET}, old-secret`);
  });

  test('waits for an instance that is starting', async () => {
    await check({ health: [503, 503, 200] });
  });

  test('fails if the app stays unhealthy', async () => {
    await expect(check({ health: [503] })).rejects.toThrow('/health is not well: 503');
  });

  test('fails when the webhook lets anybody in', async () => {
    await expect(check({ authenticates: false })).rejects.toThrow('not refused');
  });

  test('fails if the secret is wrong', async () => {
    await expect(check({}, 'another')).rejects.toThrow('A signed webhook call was refused: 401');
  });

  test.each([
    ['no results', {}],
    ['another id', { results: [{ toolCallId: 'x', result: '{}' }] }],
    ['an object for a result', { results: [{ toolCallId: 'smoke-1', result: {} }] }],
    ['a line break', { results: [{ toolCallId: 'smoke-1', result: 'a\nb' }] }],
  ])('fails on an answer with %s, which VAPI would not read', async (_what, answer) => {
    await expect(check({ answer: () => answer })).rejects.toThrow('not what VAPI reads');
  });
});
