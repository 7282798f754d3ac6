import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, test } from '@jest/globals';
import { findPort } from '../../sandbox/ports.ts';

/** Linux gives connections ports from here on, other systems from 49,152. */
const FIRST_OF_CONNECTIONS = 32_768;

test('Any free port is one that no connection of this machine is given, and none is given twice', async () => {
  const ports = await Promise.all(Array.from({ length: 200 }, () => findPort(0)));
  expect(new Set(ports).size).toBe(200);
  expect(Math.max(...ports)).toBeLessThan(FIRST_OF_CONNECTIONS);
});

test('A port that is in use is passed over in steps of ten', async () => {
  const wanted = await findPort(0);
  const server = createServer().listen(wanted, '127.0.0.1');
  await once(server, 'listening');
  expect(((await findPort(wanted)) - wanted) % 10).toBe(0);
  server.close();
});
