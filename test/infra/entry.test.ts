// What the Functions worker loads has to be small: the rest comes after the functions are registered, or when it is first needed.
import { expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, posix } from 'node:path';
import { ensureBundle } from '../../sandbox/load-app.ts';
import { compareFunctions } from '../../scripts/expected-functions.ts';

ensureBundle();

function node(...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}

/** The modules of a built file: `zod/v4/core/parse.js` for a package's, `shared/app.ts` for ours. */
function modulesOf(file: string): string[] {
  const { sources } = JSON.parse(readFileSync(`dist/${file}.map`, 'utf8')) as { sources: string[] };
  return sources.map((name) =>
    name.startsWith('webpack:') ? name : posix.normalize(`dist/${name}`).replace(/^node_modules\//, ''),
  );
}

function packageOf(module: string): string {
  const inner = module.split('/node_modules/').at(-1) ?? module;
  return /^(?:webpack:\/\/)?((?:@[^/]+\/)?[^/]+)/.exec(inner)?.[1] ?? module;
}

/** A built file with all that it imports. What is imported with `import(...)` does not count. */
function loadedWith(file: string, found = new Set<string>()): ReadonlySet<string> {
  if (found.has(file)) return found;
  found.add(file);
  for (const [, next = ''] of readFileSync(`dist/${file}`, 'utf8').matchAll(
    /(?:from|import)"\.\/([\w-]+\.mjs)"/g,
  ))
    loadedWith(next, found);
  return found;
}

/** Runs a script that can say `load('dist/app.mjs')`, with a `@azure/functions-core` as the worker supplies it. */
function nodeInWorker(script: string): unknown {
  const prelude = `
    const { registerHooks } = await import('node:module');
    const { registry } = await import('./sandbox/functions-core.ts');
    const core = import.meta.resolve('./sandbox/functions-core.ts');
    registerHooks({
      resolve: (name, context, next) =>
        name === '@azure/functions-core' ? { url: core, shortCircuit: true } : next(name, context),
    });
    const load = (file) => import(new URL(file, 'file://' + process.cwd() + '/').href);`;
  return JSON.parse(node('--input-type=module', '-e', `${prelude}${script}; process.exit();`));
}

test('the entry holds the library of the host and nothing of the app', () => {
  const modules = modulesOf('main.cjs');
  expect(modules.map(packageOf)).toContain('@azure/functions');
  expect(modules.filter((name) => name.startsWith('shared/')).sort()).toEqual([
    'shared/configure-host.ts',
    'shared/entry.ts',
  ]);
  for (const name of ['zod', 'jose', '@azure/msal-node', '@azure/data-tables', '@opentelemetry/api'])
    expect(modules.map(packageOf)).not.toContain(name);
});

test('the entry registers every function of the route table', () => {
  expect(compareFunctions(JSON.parse(node('scripts/list-functions.ts')) as string[])).toEqual([]);
});

test('the webhook loads without what is rarely needed', () => {
  const packages = new Set([...loadedWith('app.mjs')].flatMap(modulesOf).map(packageOf));
  expect(packages).toContain('@azure/data-tables');
  expect(packages).toContain('jose');
  const rare = [
    '@azure/communication-email',
    '@azure/monitor-opentelemetry-exporter',
    '@azure/msal-node',
    '@microsoft/microsoft-graph-client',
    '@opentelemetry/sdk-logs',
    '@opentelemetry/sdk-metrics',
    '@opentelemetry/sdk-trace-base',
    'csv-parse',
    'fast-xml-parser',
    'fast-xml-validator',
    'nodemailer',
    'windows-iana',
    'zod-openapi',
  ];
  expect(rare.filter((name) => packages.has(name))).toEqual([]);
  const everywhere = new Set(
    readdirSync('dist')
      .filter((name) => name.endsWith('.mjs'))
      .flatMap(modulesOf)
      .map(packageOf),
  );
  expect(rare.filter((name) => !everywhere.has(name))).toEqual([]);
});

test('the webhook loads without the other routes and the documentation', () => {
  const modules = [...loadedWith('app.mjs')].flatMap(modulesOf);
  expect(modules).toContain('shared/app.ts');
  for (const name of [
    'http/routes',
    'http/response-schemas',
    'http/webhook-schemas',
    'managers/manager-body',
    'http/openapi/viewer-page',
  ])
    expect(modules).not.toContain(`shared/${name}.ts`);
});

test('every module is in one file, so that there is one copy of each class', () => {
  const files = readdirSync('dist').filter((name) => name.endsWith('.mjs'));
  const holders = new Map<string, string[]>();
  for (const file of files)
    for (const name of new Set(modulesOf(file))) holders.set(name, [...(holders.get(name) ?? []), file]);
  expect(holders.get('shared/core/errors.ts')).toHaveLength(1);
  expect([...holders].filter(([, where]) => where.length > 1)).toEqual([]);
});

test('the worker starts with the webhook alone, and another function is loaded when it is called', () => {
  const seen = nodeInWorker(`
    await load('dist/main.cjs');
    for (const hook of registry.hooks.get('appStart')) await hook({});
    const { handles } = await load('dist/main.cjs');
    const atStart = [...registry.functions.keys()].filter(handles);
    await load('dist/routes.mjs');
    console.log(JSON.stringify({ atStart, never: [...registry.functions.keys()].filter((name) => !handles(name)) }));`);
  expect(seen).toEqual({ atStart: ['vapiWebhook'], never: [] });
});

test('the build id changes with every file that is deployed, so that a deployment is seen whatever it changes', () => {
  const files = readdirSync('dist')
    .sort()
    .map((name) => readFileSync(`dist/${name}`, 'utf8'));
  const [id = ''] = files.flatMap((text) => /buildId\s*=\s*"([0-9a-f]{12})"/.exec(text)?.[1] ?? []);
  const hash = createHash('sha256');
  for (const text of files) hash.update(text.replaceAll(id, 'build-id-yet'));
  for (const name of ['host.json', 'package.json']) hash.update(readFileSync(name));
  expect(hash.digest('hex').slice(0, 12)).toBe(id);
});

test('a built file that cannot be read fails the requests that need it, and is read again for the next ones', () => {
  const root = mkdtempSync(join(tmpdir(), 'entry-'));
  cpSync('dist', join(root, 'dist'), { recursive: true });
  const answers = nodeInWorker(`
    const { renameSync } = await import('node:fs');
    const dist = ${JSON.stringify(`${root}/dist/`)};
    const hide = (file) => renameSync(dist + file, dist + file + '.hidden');
    const show = (file) => renameSync(dist + file + '.hidden', dist + file);
    process.stderr.write = () => true;
    hide('app.mjs');
    hide('routes.mjs');
    const { HttpRequest } = await load(dist + 'main.cjs');
    for (const hook of registry.hooks.get('appStart')) await hook({});
    const ask = async () => {
      const options = { trigger: { route: 'health' } };
      const invocationContext = { functionName: 'health', options, traceContext: {} };
      const call = { invocationContext, functionHandler: registry.functions.get('health').handler };
      try {
        for (const hook of registry.hooks.get('preInvocation')) await hook(call);
        const request = new HttpRequest({ method: 'GET', url: 'http://localhost/health' });
        return (await call.functionHandler(request, {})).status;
      } catch (error) {
        return /[a-z]+[.]mjs/.exec(error.message)[0];
      }
    };
    const answers = [];
    answers.push(await Promise.all([ask(), ask()]));
    show('app.mjs');
    answers.push(await Promise.all([ask(), ask()]));
    show('routes.mjs');
    answers.push(await Promise.all([ask(), ask()]));
    console.log(JSON.stringify(answers));`);
  rmSync(root, { recursive: true });
  // Without settings /health answers 503.
  expect(answers).toEqual([
    ['app.mjs', 'app.mjs'],
    ['routes.mjs', 'routes.mjs'],
    [503, 503],
  ]);
});

test('every built file loads', () => {
  const files = readdirSync('dist').filter((name) => name.endsWith('.mjs'));
  const failed = nodeInWorker(`
    await load('dist/main.cjs');
    const failed = [];
    for (const file of ${JSON.stringify(files)}) await load('dist/' + file).catch((error) => failed.push(file + error));
    console.log(JSON.stringify(failed));`);
  expect(failed).toEqual([]);
});

test('the worker is asked for streamed bodies, so that a body in chunks arrives and a large one is not held in memory', () => {
  const capabilities = nodeInWorker(`
    await load('dist/main.cjs');
    console.log(JSON.stringify(await registry.model.getCapabilities({})));`);
  expect(capabilities).toMatchObject({ HttpUri: expect.stringMatching(/^http:/) });
});
