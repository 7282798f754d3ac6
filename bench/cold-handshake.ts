// A fresh process: the bundle is loaded as the worker does, and answers Graph's handshake. It prints what that took and what it used.
import { subscribe } from 'node:diagnostics_channel';
import { createRequire, registerHooks } from 'node:module';
import { registry } from '../sandbox/functions-core.ts';
import { loadApp } from '../sandbox/load-app.ts';

export interface ColdHandshake {
  readonly status: number;
  readonly body: string;
  /** Hosts that anything was asked of. */
  readonly asked: readonly string[];
  /** Files of the bundle, by name. */
  readonly loaded: readonly string[];
  /** Milliseconds of processor time: loading the app, and from the request to its answer. */
  readonly loadMs: number;
  readonly answerMs: number;
}

const TOKEN = 'Validation: Testing client application';
const asked: string[] = [];
const loaded: string[] = [];
subscribe('http.client.request.start', (message) => {
  asked.push((message as { request: { host: string } }).request.host);
});
subscribe('undici:request:create', (message) => {
  asked.push((message as { request: { origin: string } }).request.origin);
});
registerHooks({
  load(url, context, next) {
    const [, name] = /\/dist\/([^/?]+)$/.exec(url) ?? [];
    if (name !== undefined) loaded.push(name);
    return next(url, context);
  },
});

async function measure<T>(work: () => Promise<T>): Promise<{ result: T; ms: number }> {
  const before = process.cpuUsage();
  const result = await work();
  const { user, system } = process.cpuUsage(before);
  return { result, ms: (user + system) / 1_000 };
}

const load = await measure(loadApp);
const { HttpRequest } = createRequire(import.meta.url)('../dist/main.cjs') as {
  HttpRequest: new (init: object) => object;
};
const url = `http://localhost/microsoft/notifications?${new URLSearchParams({ validationToken: TOKEN }).toString()}`;
const request = new HttpRequest({ method: 'POST', url, query: { validationToken: TOKEN } });
const handler = registry.functions.get('microsoftNotifications')?.handler;
if (!handler) throw new Error('The bundle has no endpoint for notifications');
const answer = await measure(async () => (await handler(request, {})) as { status: number; body: string });
const { status, body } = answer.result;
const report: ColdHandshake = { status, body, asked, loaded, loadMs: load.ms, answerMs: answer.ms };
process.stdout.write(JSON.stringify(report));
process.exit();
