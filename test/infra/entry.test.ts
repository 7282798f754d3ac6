// What the Functions worker loads has to be small: the rest comes after the functions are registered.
import { expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { ensureBundle } from '../../sandbox/load-app.ts';
import { compareFunctions } from '../../scripts/expected-functions.ts';

ensureBundle();

function node(...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}

test('the entry holds the library of the host and nothing of the app', () => {
  const { sources } = JSON.parse(readFileSync('dist/main.cjs.map', 'utf8')) as { sources: string[] };
  const packages = new Set(
    sources.map((name) => /(?:node_modules|webpack:\/)\/((?:@[^/]+\/)?[^/]+)/.exec(name)?.[1] ?? name),
  );
  expect(packages).toContain('@azure/functions');
  for (const name of [
    'zod',
    'jose',
    '@azure/msal-node',
    '@azure/data-tables',
    'nodemailer',
    '@opentelemetry/api',
  ])
    expect(packages).not.toContain(name);
  expect([...packages].filter((name) => name.includes('shared/'))).toEqual(['../shared/entry.ts']);
});

test('the entry registers every function of the route table', () => {
  expect(compareFunctions(JSON.parse(node('scripts/list-functions.ts')) as string[])).toEqual([]);
});

test('the app has a handler for every function that the entry registers', () => {
  const script = `
    const { loadApp } = await import('./sandbox/load-app.ts');
    const { registry } = await import('./sandbox/functions-core.ts');
    const { createRequire } = await import('node:module');
    await loadApp();
    const { app } = createRequire(process.cwd() + '/')('./dist/main.cjs');
    console.log(JSON.stringify([...registry.functions.keys()].filter((name) => !app.has(name))));
    process.exit();`;
  expect(JSON.parse(node('--input-type=module', '-e', script))).toEqual([]);
});
