// Graph refuses the token: a new one mends it, or the manager has to connect again.
import { expect, test } from '@jest/globals';
import { createGraph } from '../../shared/microsoft/graph-client.ts';
import { PATIENT } from '../support/patient.ts';
import { eventually, useTestApp } from '../support/test-app.ts';

const PETE = 'pete@lakeviewrentals.example';
const app = useTestApp();

async function askGraph(): Promise<unknown> {
  const access = await app.services.connections.access('pete', app.signal());
  if (!access.ok) return access.reason;
  const graph = createGraph({ endpoint: app.microsoft.url, ...PATIENT });
  return graph.request(access, { method: 'GET', path: '/me', signal: app.signal() }).then(
    () => 'answered',
    (error: unknown) => (error as { code?: string }).code,
  );
}
function trips(ending: string): number {
  return app.microsoft.requests().filter(({ path }) => path.endsWith(ending)).length;
}

test('A 401 that goes on after two renewals means that the manager has to connect again', async () => {
  await app.connect(await app.startLink('pete'), PETE);
  app.microsoft.clearRequests();
  app.microsoft.refuseAccessTokens(PETE, true);
  expect(await askGraph()).toBe('reconnect_required');
  expect([trips('/me'), trips('/token')]).toEqual([3, 2]);
  expect(await app.status('pete')).toMatchObject({
    status: 'reconnect_required',
    reason: expect.stringContaining('no longer accepts') as unknown,
  });
  await eventually(() => app.mailbox.messages().length === 1);
  expect(await askGraph()).toBe('reconnect_required');

  app.microsoft.refuseAccessTokens(PETE, false);
  expect((await app.connect(app.linkIn(app.mailbox.messages()[0]), PETE)).status).toBe(200);
  expect(await askGraph()).toBe('answered');
});

test('The daily run notices a token that Graph keeps refusing, and mails the manager once', async () => {
  await app.connect(await app.startLink('pete'), PETE);
  app.microsoft.refuseAccessTokens(PETE, true);
  expect(await app.services.connections.keepAlive()).toMatchObject({ reconnect: 1, failed: 0 });
  expect(await app.status('pete')).toMatchObject({ status: 'reconnect_required' });
  expect(app.mailbox.messages()).toHaveLength(1);
});

test('One renewal is enough after a 401, even if several parts of a request get it', async () => {
  await app.connect(await app.startLink('pete'), PETE);
  app.microsoft.clearRequests();
  app.microsoft.expireAccessTokens(PETE);
  const access = await app.services.connections.access('pete', app.signal());
  if (!access.ok) throw new Error(access.reason);
  const graph = createGraph({ endpoint: app.microsoft.url, ...PATIENT });
  const request = () => graph.request(access, { method: 'GET', path: '/me', signal: app.signal() });
  await Promise.all([request(), request(), request()]);
  expect(trips('/token')).toBe(1);
  expect(await app.status('pete')).toMatchObject({ status: 'connected' });
});
