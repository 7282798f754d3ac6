// The operators' routes of properties, for scripts/rentals.ts.
import { MINUTE_MS, SECOND_MS } from '../shared/core/duration.ts';

export interface ImportResult {
  readonly applied: boolean;
  readonly added: number;
  readonly changed: number;
  readonly unchanged: number;
  readonly gone: number;
  readonly unreadable: readonly Readonly<Record<string, unknown>>[];
  readonly warnings: readonly string[];
  readonly affected_viewings: readonly { readonly property_address: string; readonly start_time: string }[];
}

type Row = Readonly<Record<string, unknown>>;
type Body = Readonly<Record<string, unknown>>;

const REQUEST_MS = 2 * MINUTE_MS;
/** A terminal is told so often that something long goes on. */
const PROGRESS_MS = SECOND_MS;

/** @param app its origin. @param key a function key; empty if none is asked for */
export function createRentalsClient(app: string, key: string) {
  async function send(
    method: string,
    path: string,
    body?: string | Uint8Array<ArrayBuffer>,
    type = 'application/json',
  ): Promise<Body> {
    const done = showProgress(`${method} ${path}`);
    try {
      const response = await fetch(new URL(path, app), {
        method,
        headers: { 'x-functions-key': key, ...(body !== undefined && { 'content-type': type }) },
        signal: AbortSignal.timeout(REQUEST_MS),
        ...(body !== undefined && { body }),
      });
      const text = await response.text();
      if (response.status === 401) throw new Error('401: --key (or PETERENTAL_KEY) is not a key of this app');
      if (!response.ok) throw new Error(`${response.status}: ${text}`);
      return text === '' ? {} : (JSON.parse(text) as Body);
    } finally {
      done();
    }
  }
  const of = (userId: string): string => `/managers/${encodeURIComponent(userId)}`;

  return {
    async list(userId: string): Promise<Row[]> {
      const all: Row[] = [];
      for (let next = ''; ;) {
        const page = await send(
          'GET',
          `${of(userId)}/properties?limit=1000&next=${encodeURIComponent(next)}`,
        );
        all.push(...(page['properties'] as Row[]));
        if (typeof page['next'] !== 'string') return all;
        next = page['next'];
      }
    },

    async importFile(
      userId: string,
      bytes: Uint8Array<ArrayBuffer>,
      type: string,
      options: { readonly source: string | undefined; readonly dryRun: boolean; readonly confirm: boolean },
    ): Promise<ImportResult> {
      const query = new URLSearchParams({
        dry_run: String(options.dryRun),
        confirm: String(options.confirm),
      });
      if (options.source !== undefined) query.set('source', options.source);
      const path = `${of(userId)}/properties/import?${query.toString()}`;
      return (await send('POST', path, bytes, type)) as unknown as ImportResult;
    },

    async listSources(userId: string): Promise<Row[]> {
      return (await send('GET', `${of(userId)}/sources`))['sources'] as Row[];
    },
    async putSource(userId: string, source: string, body: Body): Promise<void> {
      await send('PUT', `${of(userId)}/sources/${source}`, JSON.stringify(body));
    },
    async removeSource(userId: string, source: string): Promise<void> {
      await send('DELETE', `${of(userId)}/sources/${source}`);
    },
    async runSource(userId: string, source: string, confirm: boolean): Promise<ImportResult> {
      const path = `${of(userId)}/sources/${source}/run?confirm=${String(confirm)}`;
      return (await send('POST', path)) as unknown as ImportResult;
    },

    async listSearches(userId: string): Promise<Row[]> {
      return (await send('GET', `${of(userId)}/searches`))['searches'] as Row[];
    },

    /** Keeps what the manager's entry says, if there is one. */
    async addToPortfolio(userId: string, name: string, portfolio: string): Promise<void> {
      const { managers } = (await send('GET', '/managers')) as { managers: Row[] };
      const known = managers.find((manager) => manager['user_id'] === userId) ?? { name };
      const entry = Object.fromEntries(Object.entries(known).filter(([field]) => field !== 'user_id'));
      await send('PUT', of(userId), JSON.stringify({ ...entry, name: known['name'] ?? name, portfolio }));
    },
  };
}

/** Tells on a terminal for how long something goes on. @returns what ends it */
function showProgress(what: string): () => void {
  if (!process.stderr.isTTY) return () => undefined;
  const startedAt = performance.now();
  const timer = setInterval(() => {
    process.stderr.write(`\r${what} ... ${Math.round((performance.now() - startedAt) / SECOND_MS)} s`);
  }, PROGRESS_MS);
  return () => {
    clearInterval(timer);
    if (performance.now() - startedAt >= PROGRESS_MS) process.stderr.write('\r\x1b[2K');
  };
}

/** Rows as a table of text, a column for each name of the first row. */
export function table(rows: readonly Row[]): string {
  const [first] = rows;
  if (!first) return 'Nothing.';
  const names = Object.keys(first);
  const cells = rows.map((row) =>
    names.map((name) => {
      const value = row[name] ?? '';
      return typeof value === 'string' ? value : JSON.stringify(value);
    }),
  );
  const widths = names.map((name, index) =>
    Math.max(name.length, ...cells.map((row) => row[index]?.length ?? 0)),
  );
  const line = (texts: readonly string[]): string =>
    texts
      .map((text, index) => text.padEnd(widths[index] ?? 0))
      .join('  ')
      .trimEnd();
  return [line(names), line(widths.map((width) => '-'.repeat(width))), ...cells.map(line)].join('\n');
}
