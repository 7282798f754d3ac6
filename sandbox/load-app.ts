// Loads dist/main.cjs as the Functions worker does: with a `@azure/functions-core` of the worker's own.
import { spawnSync } from 'node:child_process';
import { globSync, statSync } from 'node:fs';
import { createRequire, registerHooks } from 'node:module';
import { join } from 'node:path';
import { registry } from './functions-core.ts';

const ROOT = join(import.meta.dirname, '..');
const BUNDLE = join(ROOT, 'dist/main.cjs');
const SOURCES = [
  'functions/**/*.ts',
  'shared/**/*.ts',
  'scripts/api-viewer.ts',
  'build.ts',
  'host.json',
  'package.json',
  'package-lock.json',
];

function changedAt(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

/** Builds the bundle if there is none, or if its sources are newer. @throws {Error} if the build fails */
export function ensureBundle(): void {
  const newest = Math.max(...globSync(SOURCES, { cwd: ROOT }).map((file) => changedAt(join(ROOT, file))));
  if (changedAt(BUNDLE) >= newest) return;
  console.log('Building dist/main.cjs ...');
  const { status } = spawnSync(process.execPath, ['build.ts'], { cwd: ROOT, stdio: 'inherit' });
  if (status !== 0) throw new Error('The build failed');
}

/** From now on, `@azure/functions-core` is the sandbox's own. */
export function provideFunctionsCore(): void {
  const core = import.meta.resolve('./functions-core.ts');
  registerHooks({
    resolve: (specifier, context, next) =>
      specifier === '@azure/functions-core' ? { url: core, shortCircuit: true } : next(specifier, context),
  });
}

/** Registers the app's functions and runs what they want run at the start. The settings must stand in the environment. */
export async function loadApp(): Promise<void> {
  provideFunctionsCore();
  createRequire(import.meta.url)(BUNDLE);
  for (const hook of registry.hooks.get('appStart') ?? [])
    await hook({ functionAppDirectory: ROOT, hookData: {}, appHookData: {} });
}
