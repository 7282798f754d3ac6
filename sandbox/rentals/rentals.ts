// The sample portfolio's other half: a listing feed on loopback, and a page that lists the homes of every manager.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { rentalsPage } from './rentals-page.ts';
import type { ManagerRentals } from './rentals-page.ts';

export interface Rentals {
  readonly url: string;
  readonly feedUrl: string;
  close(): Promise<void>;
}

export interface RentalsOptions {
  /** Any free one by default. */
  readonly port?: number;
  /** The app whose homes are listed. */
  readonly appUrl: string;
  /** Null: no key is asked for. */
  readonly functionKey: string | null;
}

interface ManagersBody {
  readonly managers: readonly { readonly user_id: string; readonly name: string | null }[];
}
type PropertiesBody = { readonly properties: ManagerRentals['properties']; readonly next?: string };

async function readRentals({ appUrl, functionKey }: RentalsOptions): Promise<ManagerRentals[]> {
  const get = async <T>(path: string): Promise<T> => {
    const headers: Record<string, string> = functionKey === null ? {} : { 'x-functions-key': functionKey };
    const response = await fetch(`${appUrl}${path}`, { headers });
    if (!response.ok) throw new Error(`${path} answered ${response.status}`);
    return (await response.json()) as T;
  };
  const { managers } = await get<ManagersBody>('/managers');
  return Promise.all(
    managers.map(async ({ user_id, name }) => {
      const path = `/managers/${encodeURIComponent(user_id)}/properties?limit=1000`;
      return { userId: user_id, name, properties: (await get<PropertiesBody>(path)).properties };
    }),
  );
}

/** Serves sample listings as a feed at `/feed.xml`, and a page of the homes that the app lists at `/`. */
export async function createRentals(options: RentalsOptions): Promise<Rentals> {
  const send = (response: ServerResponse, status: number, type: string, body: string): void => {
    response
      .writeHead(status, { 'content-type': `${type}; charset=utf-8`, 'cache-control': 'no-store' })
      .end(body);
  };
  const server = createServer((request, response) => {
    const path = (request.url ?? '/').split('?')[0];
    if (path === '/feed.xml') {
      send(response, 200, 'application/xml', readFileSync(join(import.meta.dirname, 'feed.xml'), 'utf8'));
    } else if (path === '/') {
      readRentals(options).then(
        (rentals) => {
          send(response, 200, 'text/html', rentalsPage(rentals));
        },
        (error: unknown) => {
          send(response, 502, 'text/plain', String(error));
        },
      );
    } else send(response, 404, 'text/plain', 'No such page');
  });
  await new Promise<void>((resolve) => {
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    feedUrl: `${url}/feed.xml`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
