// A connected manager, new for each test, and what tests of their tokens ask about them.
import { beforeEach } from '@jest/globals';
import { useTestApp } from '../support/test-app.ts';
import type { App } from '../../shared/app.ts';

export const PETE = 'pete@lakeviewrentals.example';
export const TOKEN_PATH = '/common/oauth2/v2.0/token';

export const app = useTestApp();
let count = 0;
/** Someone new for each test, with Pete's calendar. */
export let user: string;

beforeEach(async () => {
  user = `manager-${++count}`;
  await app.connect(await app.startLink(user), PETE);
  app.microsoft.clearRequests();
  app.log.lines.length = 0;
});

/** The way to the manager's calendar. Throws if there is none. */
export async function open(services: App = app.services) {
  const access = await services.connections.access(user, app.signal());
  if (!access.ok) throw new Error(access.reason);
  return access;
}
export function tokenRequests() {
  return app.microsoft.requests().filter(({ path }) => path === TOKEN_PATH).length;
}
export async function worksAtGraph(token: string): Promise<number> {
  return (await fetch(`${app.microsoft.url}/v1.0/me`, { headers: { authorization: `Bearer ${token}` } }))
    .status;
}
export async function statusOf(): Promise<unknown> {
  return (await app.status(user))['status'];
}
