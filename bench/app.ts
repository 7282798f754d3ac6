// A child process: the bundle behind a host. It tells, for each answer of the webhook, how long it took and what of that was
// waiting for Graph (by fetch) and for the tables (by node:http), as Node's own diagnostics report both.
import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe } from 'node:diagnostics_channel';
import { createFunctionsHost } from '../sandbox/functions-host.ts';
import { registry } from '../sandbox/functions-core.ts';
import { loadApp } from '../sandbox/load-app.ts';

/** Milliseconds. */
export interface Measured {
  readonly total: number;
  readonly graph: number;
  /** Waiting for Graph, the tables, or both at once. */
  readonly waiting: number;
}

type Kind = 'graph' | 'tables';
type Span = readonly [start: number, end: number];

const current = new AsyncLocalStorage<Record<Kind, Span[]>>();
const open = new WeakMap<object, { readonly spans: Span[]; readonly start: number }>();

function watch(kind: Kind, starts: string, ends: readonly string[]): void {
  const requestOf = (message: unknown): object => (message as { request: object }).request;
  subscribe(starts, (message) => {
    const spans = current.getStore()?.[kind];
    if (spans) open.set(requestOf(message), { spans, start: performance.now() });
  });
  for (const name of ends) {
    subscribe(name, (message) => {
      const found = open.get(requestOf(message));
      found?.spans.push([found.start, performance.now()]);
    });
  }
}
watch('graph', 'undici:request:create', ['undici:request:trailers', 'undici:request:error']);
watch('tables', 'http.client.request.start', ['http.client.response.finish', 'http.client.request.error']);

/** Waits that overlap count once. */
function lengthOf(spans: readonly Span[]): number {
  let length = 0;
  let until = 0;
  for (const [start, end] of spans.toSorted((a, b) => a[0] - b[0])) {
    length += Math.max(0, end - Math.max(start, until));
    until = Math.max(until, end);
  }
  return length;
}

await loadApp();
let measured: Measured[] = [];
const webhook = registry.functions.get('vapiWebhook');
if (!webhook) throw new Error('The bundle has no webhook');
registry.functions.set('vapiWebhook', {
  ...webhook,
  handler: (...inputs) =>
    current.run({ graph: [], tables: [] }, async () => {
      const startedAt = performance.now();
      const answer = await webhook.handler(...inputs);
      const total = performance.now() - startedAt;
      const { graph = [], tables = [] } = current.getStore() ?? {};
      measured.push({ total, graph: lengthOf(graph), waiting: lengthOf([...graph, ...tables]) });
      return answer;
    }),
});
await createFunctionsHost({ port: Number(process.argv[2]) });
process.send?.('ready');
process.on('message', () => {
  process.send?.(measured);
  measured = [];
});
process.once('disconnect', () => process.exit());
