import { afterEach, expect, jest, test } from '@jest/globals';
import { createGraph } from '../../shared/microsoft/graph-client.ts';
import type { GraphAuth } from '../../shared/microsoft/graph-client.ts';

const SDK = '../../shared/microsoft/send-request.ts';
const auth: GraphAuth = {
  accessToken: () => Promise.resolve('token'),
  forceRefresh: () => Promise.resolve('token'),
  giveUp: () => Promise.reject(new Error('Refused')),
};

afterEach(() => {
  jest.dontMock(SDK);
});

test('a Graph SDK that cannot be loaded is an outage of Microsoft, and is loaded by the next attempt', async () => {
  let loads = 0;
  jest.doMock(SDK, () => {
    loads += 1;
    if (loads === 1) throw new Error('EMFILE: too many open files');
    return jest.requireActual(SDK);
  });
  const { signal } = new AbortController();
  const graph = createGraph({ fetch: () => Promise.resolve(Response.json({ id: 'ann' })) });
  const request = { method: 'GET', path: '/me', once: true, signal } as const;
  await expect(graph.request(auth, request)).rejects.toMatchObject({ code: 'microsoft_unreachable' });
  await expect(graph.request(auth, request)).resolves.toEqual({ id: 'ann' });
});
