// A child process: the app's bundle, or the plain app, behind the local host. It tells what its processor time was and, if it was told to
// watch, for each answer of the webhook how long it took and what of that was waiting for Graph (by fetch) and for the tables
// (by node:http), as Node's own diagnostics report both.
import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { registry } from '../sandbox/functions-core.ts';
import { createFunctionsHost } from '../sandbox/functions-host.ts';
import { loadApp, provideFunctionsCore } from '../sandbox/load-app.ts';
import type { PlainTokens } from './plain.ts';

/** What runs in the child. `plain renewing`: the plain app that renews its token for every question. */
export type AppKind = 'app' | 'plain' | 'plain renewing';

/** A command for the measured process. It answers with a `Report` on the time since the command before. */
export interface Command {
  /** Whether to look at each answer from now on: this costs some time itself. */
  readonly watch: boolean;
}

/** Milliseconds. */
export interface Measured {
  readonly total: number;
  readonly graph: number;
  /** Waiting for Graph, the tables, or both at once. */
  readonly waiting: number;
}

/** What the process did since it was told something before. */
export interface Report {
  /** Milliseconds of processor time, of all its threads. */
  readonly cpuMs: number;
  /** One for each answer of the webhook, if it was told to watch. */
  readonly answers: readonly Measured[];
  readonly graphTrips: number;
}

type Kind = 'graph' | 'tables';
type Span = readonly [start: number, end: number];

const current = new AsyncLocalStorage<Record<Kind, Span[]>>();
const open = new WeakMap<object, { readonly spans: Span[]; readonly start: number }>();
let isWatching = false;
let graphTrips = 0;
let answers: Measured[] = [];
let before = process.cpuUsage();

/** @returns starts or stops it */
function createWatch(kind: Kind, starts: string, ends: readonly string[]): (isOn: boolean) => void {
  const requestOf = (message: unknown): object => (message as { request: object }).request;
  const begin = (message: unknown): void => {
    const spans = current.getStore()?.[kind];
    if (spans) open.set(requestOf(message), { spans, start: performance.now() });
  };
  const end = (message: unknown): void => {
    const found = open.get(requestOf(message));
    found?.spans.push([found.start, performance.now()]);
  };
  return (isOn) => {
    for (const [name, listener] of [[starts, begin] as const, ...ends.map((one) => [one, end] as const)])
      if (isOn) subscribe(name, listener);
      else unsubscribe(name, listener);
  };
}
const watches = [
  createWatch('graph', 'undici:request:create', ['undici:request:trailers', 'undici:request:error']),
  createWatch('tables', 'http.client.request.start', [
    'http.client.response.finish',
    'http.client.request.error',
  ]),
];
subscribe('undici:request:create', () => {
  graphTrips += 1;
});

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

async function load(kind: AppKind, userId: string, tokens: PlainTokens): Promise<void> {
  if (kind === 'app') return loadApp();
  provideFunctionsCore();
  const { registerPlainApp, savePlainTokens } = await import('./plain.ts');
  registerPlainApp(kind === 'plain');
  await savePlainTokens(userId, tokens);
}

const [port, kind, userId = '', accessToken = '', refreshToken = ''] = process.argv.slice(2);
await load(kind as AppKind, userId, { accessToken, refreshToken });
const webhook = registry.functions.get('vapiWebhook');
if (!webhook) throw new Error('There is no webhook');
registry.functions.set('vapiWebhook', {
  ...webhook,
  handler(...inputs) {
    if (!isWatching) return webhook.handler(...inputs);
    const waits = { graph: [] as Span[], tables: [] as Span[] };
    return current.run(waits, async () => {
      const startedAt = performance.now();
      const answer = await webhook.handler(...inputs);
      const total = performance.now() - startedAt;
      const { graph, tables } = waits;
      answers.push({ total, graph: lengthOf(graph), waiting: lengthOf([...graph, ...tables]) });
      return answer;
    });
  },
});
await createFunctionsHost({
  port: Number(port),
  log: (level, line) => {
    if (level === 'error') process.stderr.write(`${line}\n`);
  },
});
process.send?.('ready');
process.on('message', ({ watch }: Command) => {
  const { user, system } = process.cpuUsage(before);
  process.send?.({ cpuMs: (user + system) / 1_000, answers, graphTrips } satisfies Report);
  if (watch !== isWatching) for (const set of watches) set(watch);
  isWatching = watch;
  answers = [];
  graphTrips = 0;
  before = process.cpuUsage();
});
process.once('disconnect', () => process.exit());
