// How large the bundle is, and how long a cold start takes to load it, next to what Node takes to start at all.
import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { median } from './numbers.ts';

const RUNS = 15;
const BUDGET_MB = 2.5;
const BUDGET_MS = 150;

/** Loads the bundle as the worker does; plain JavaScript, as the worker is, so that no compiler is measured. */
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
require('./dist/main.cjs');
process.exit();`;

function timeOf(script: string): number {
  const startedAt = performance.now();
  const { status, stderr } = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return performance.now() - startedAt;
}

/** Prints its lines. */
export function run(): void {
  const bytes = statSync('dist/main.cjs').size;
  console.log(`bundle: ${(bytes / 1e6).toFixed(2)} MB (budget: ${BUDGET_MB} MB)`);

  // In turns, so that a busy minute of the machine is in both.
  const pairs = Array.from({ length: RUNS }, () => ({
    bare: timeOf('process.exit()'),
    loaded: timeOf(LOADER),
  }));
  const bare = median(pairs.map((pair) => pair.bare));
  const loaded = median(pairs.map((pair) => pair.loaded));
  console.log(
    `cold start: ${loaded.toFixed(0)} ms, ${(loaded / bare).toFixed(1)} times Node's own ${bare.toFixed(0)} ms; ` +
      `the bundle adds ${(loaded - bare).toFixed(0)} ms (budget: ${BUDGET_MS} ms)`,
  );
}
