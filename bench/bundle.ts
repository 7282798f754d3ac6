// How large the bundles are, and what loading them costs, next to what Node takes to start at all.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { median } from './numbers.ts';

const RUNS = 15;
const BUDGET_MB = 1.5;
const BUDGET_RATIO = 1.5;

/** Plain JavaScript, as the worker is, so that no compiler is measured. It prints what each step takes. */
const LOADER = `
require('node:module').registerHooks({
  resolve: (name, context, next) =>
    name === '@azure/functions-core' ? { url: 'core:core', shortCircuit: true } : next(name, context),
  load: (url, context, next) =>
    url === 'core:core'
      ? { format: 'commonjs', shortCircuit: true, source:
          "const nothing = () => ({ dispose() {} }); module.exports = { version: '4.0.0', setProgrammingModel: nothing, registerFunction: nothing, registerHook: nothing, log: nothing };" }
      : next(url, context),
});
const costs = {};
async function measure(name, load) {
  const before = process.cpuUsage();
  await load();
  const { user, system } = process.cpuUsage(before);
  costs[name] = (user + system) / 1000;
}
(async () => {
  await measure('main', () => require('./dist/main.cjs'));
  await measure('app', () => import('./dist/app.mjs'));
  await measure('routes', () => import('./dist/routes.mjs'));
  process.stdout.write(JSON.stringify(costs));
  process.exit();
})();`;

/** What Node's own start takes. */
const BARE = `
const { user, system } = process.cpuUsage();
process.stdout.write(JSON.stringify({ node: (user + system) / 1000 }));`;

/** Milliseconds of processor time, by step. */
function costsOf(script: string): Readonly<Record<string, number>> {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as Record<string, number>;
}

/** A built file with all that it imports. What is imported with `import(...)` does not count. */
function loadedWith(file: string, found = new Set<string>()): ReadonlySet<string> {
  if (found.has(file)) return found;
  found.add(file);
  const imports = readFileSync(`dist/${file}`, 'utf8').matchAll(/(?:from|import)"\.\/([\w-]+\.mjs)"/g);
  for (const [, next = ''] of imports) loadedWith(next, found);
  return found;
}

function megabytes(files: Iterable<string>): number {
  return [...files].reduce((sum, file) => sum + statSync(`dist/${file}`).size, 0) / 1e6;
}

/** Prints its lines. */
export function run(): void {
  const all = readdirSync('dist').filter((name) => !name.endsWith('.map'));
  const first = new Set(['main.cjs', ...loadedWith('app.mjs')]);
  console.log(
    `bundles: ${megabytes(first).toFixed(2)} MB in ${first.size} files are loaded at the start (budget: ${BUDGET_MB} MB), ` +
      `of ${megabytes(all).toFixed(2)} MB in ${all.length} files`,
  );

  // In turns, so that a busy minute of the machine is in all of them.
  const runs = Array.from({ length: RUNS }, () => ({ ...costsOf(BARE), ...costsOf(LOADER) }));
  const cost = (name: string): number =>
    median(runs.map((one: Readonly<Record<string, number>>) => one[name] ?? NaN));
  const node = cost('node');
  const ratio = (name: string): string => (cost(name) / node).toFixed(1);
  console.log(
    `cold start: Node's own start takes ${node.toFixed(0)} ms of processor time, the entry ${ratio('main')} times that (budget: ` +
      `${BUDGET_RATIO} times), the webhook, loaded after it, ${ratio('app')} times, all other routes, when first needed, ${ratio('routes')} times`,
  );
}
