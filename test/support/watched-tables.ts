// What this process sends to the tables, as Node's own diagnostics report it.
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { ClientRequest } from 'node:http';
import type { TestApp } from './test-app.ts';

export interface WatchedTables {
  /** Methods, the oldest first: `GET`, `PATCH` for a merge, ... */
  readonly sent: string[];
  stop(): void;
}

export function watchTables({ services }: Pick<TestApp, 'services'>): WatchedTables {
  const { storage } = services.config;
  if (storage.kind !== 'connection_string') throw new Error('The tables are not here');
  const { host } = new URL(/TableEndpoint=([^;]+)/.exec(storage.connectionString)?.[1] ?? '');
  const sent: string[] = [];
  const note = (message: unknown): void => {
    const { request } = message as { request: ClientRequest };
    if (request.getHeader('host') === host) sent.push(request.method);
  };
  subscribe('http.client.request.start', note);
  return { sent, stop: () => unsubscribe('http.client.request.start', note) };
}
