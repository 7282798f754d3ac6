// How large the bundles are, and what loading them costs, next to what Node takes to start at all.
import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { median } from './numbers.ts';

const RUNS = 15;
const BUDGET_MB = 3;
const BUDGET_RATIO = 1.5;

/** Loads a bundle as the worker does; plain JavaScript, as the worker is, so that no compiler is measured. */
function loader(file: string): string {
  return `
require('node:module').registerHooks({
  resolve: (name, context, next) =>
    name === '@azure/functions-core' ? { url: 'core:core', shortCircuit: true } : next(name, context),
  load: (url, context, next) =>
    url === 'core:core'
      ? { format: 'commonjs', shortCircuit: true, source:
          "const nothing = () => ({ dispose() {} }); module.exports = { version: '4.0.0', setProgrammingModel: nothing, registerFunction: nothing, registerHook: nothing, log: nothing };" }
      : next(url, context),
});
const before = process.cpuUsage();
require('./dist/${file}');
const { user, system } = process.cpuUsage(before);
process.stdout.write(String((user + system) / 1000));
process.exit();`;
}

/** What Node's own start takes. */
const BARE = `
const { user, system } = process.cpuUsage();
process.stdout.write(String((user + system) / 1000));`;

/** Milliseconds of processor time. */
function costOf(script: string): number {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return Number(stdout);
}

/** Prints its lines. */
export function run(): void {
  const bytes = statSync('dist/main.cjs').size + statSync('dist/app.cjs').size;
  console.log(`bundles: ${(bytes / 1e6).toFixed(2)} MB (budget: ${BUDGET_MB} MB)`);

  // In turns, so that a busy minute of the machine is in all of them.
  const runs = Array.from({ length: RUNS }, () => ({
    bare: costOf(BARE),
    main: costOf(loader('main.cjs')),
    app: costOf(loader('app.cjs')),
  }));
  const bare = median(runs.map((one) => one.bare));
  const main = median(runs.map((one) => one.main));
  const app = median(runs.map((one) => one.app));
  console.log(
    `cold start: loading takes ${main.toFixed(0)} ms of processor time, ${(main / bare).toFixed(1)} times Node's own start of ` +
      `${bare.toFixed(0)} ms (budget: ${BUDGET_RATIO} times); the app, loaded after that, ${app.toFixed(0)} ms`,
  );
}
