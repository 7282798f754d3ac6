// npm run deploy -- NAME      builds, checks, publishes to the function app NAME, waits for the new code and tries it
// npm run deploy -- --list    builds, checks, and shows what would go
import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { askHealth } from './azure/ask-health.ts';
import { az } from './azure/az.ts';
import { findFunctionApp } from './azure/function-app.ts';
import type { FunctionApp } from './azure/function-app.ts';
import { waitForKeyReferences } from './azure/key-references.ts';
import { waitForBuild } from './azure/wait-for-build.ts';
import { checkDeployment } from './check-deployment.ts';
import { compareFunctions } from './expected-functions.ts';
import { checkHostJson } from './host-json.ts';
import { listShippedFiles } from './shipped-files.ts';

/** What the build has just made, and what the host needs beside it. */
function listWanted(): string[] {
  return [...readdirSync('dist').map((name) => `dist/${name}`), 'host.json', 'package.json'].sort();
}

function say(line: string): void {
  console.log(`  ${line}`);
}

/** Ends with words, and without a stack: what is wrong is outside this script. */
function stop(problem: unknown): never {
  console.error(problem instanceof Error ? problem.message : problem);
  process.exit(1);
}

/** @returns the build's id */
function buildAndCheck(): string {
  const hostProblems = checkHostJson(readFileSync('host.json', 'utf8'));
  if (hostProblems.length > 0)
    stop(`The Functions host would not take host.json:\n  ${hostProblems.join('\n  ')}`);

  const built = execFileSync(process.execPath, ['build.ts'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [, build = ''] = /^Build (\w+)$/m.exec(built) ?? [];
  console.log(`Build ${build}`);

  const list = execFileSync(process.execPath, ['scripts/list-functions.ts'], { encoding: 'utf8' });
  const functions = JSON.parse(list) as string[];
  const wrong = compareFunctions(functions);
  if (wrong.length > 0) stop(`The bundle does not register what it should:\n  ${wrong.join('\n  ')}`);
  console.log(`Functions:\n  ${functions.join('\n  ')}`);

  const shipped = listShippedFiles('.');
  const wanted = listWanted();
  const tooMany = shipped.filter((file) => !wanted.includes(file));
  const missing = wanted.filter((file) => !shipped.includes(file));
  if (tooMany.length > 0) stop(`.funcignore lets through what should stay:\n  ${tooMany.join('\n  ')}`);
  if (missing.length > 0) stop(`.funcignore leaves out what is needed:\n  ${missing.join('\n  ')}`);
  console.log(`Files:\n  ${shipped.join('\n  ')}`);
  return build;
}

/** Asked for before anything is published: without it the new code could not be tried. */
async function readHmacSecret(app: FunctionApp): Promise<string> {
  const given = process.env['VAPI_HMAC_SECRET'];
  if (given) return given;
  try {
    return await app.readHmacSecret();
  } catch (error) {
    return stop(
      `The secret that signs the check could not be read, so nothing was published:\n${error instanceof Error ? error.message : String(error)}\nYou need a role on the vault (docs/deploy.md, step 4); a new one takes some minutes. With private networking run this inside the network, or give the secret as VAPI_HMAC_SECRET.`,
    );
  }
}

function publish(name: string): void {
  // --node: func has no local.settings.json to learn the language from. The bundle is built; Azure must not build again.
  const { status, error } = spawnSync(
    'func',
    ['azure', 'functionapp', 'publish', name, '--node', '--no-build'],
    { stdio: 'inherit', shell: process.platform === 'win32' },
  );
  if (error) stop(`func could not be started (Azure Functions Core Tools 4): ${error.message}`);
  if (status !== 0) {
    console.error('func did not publish the code: what it said stands above.');
    process.exit(status ?? 1);
  }
}

async function deploy(name: string, build: string): Promise<void> {
  const startedAt = performance.now();
  const app = await findFunctionApp(az, name);
  const hmacSecret = await readHmacSecret(app);

  console.log('Key Vault references:');
  const { count } = await waitForKeyReferences(app, { say });
  say(`${count} resolved`);

  const before = await askHealth(app.origin);
  console.log(`Publishing to ${app.origin}, which answers ${before.build ?? 'with no build yet'}:`);
  if (before.build === build) say('This build answers already: nothing will show when the update is over.');
  publish(name);

  console.log(`Waiting for build ${build}:`);
  await waitForBuild({ origin: app.origin, build, say });
  await checkDeployment({ origin: app.origin, hmacSecret, now: Date.now() });
  say('/health is well; an unsigned call was refused, a signed one answered');
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  console.log(`Deployed build ${build} in ${Math.floor(seconds / 60)} min ${seconds % 60} s.`);
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { list: { type: 'boolean' } },
});
const [name = ''] = positionals;
if (!values.list && !/^[a-z0-9][a-z0-9-]{0,58}[a-z0-9]$/i.test(name))
  stop('Which function app? npm run deploy -- NAME (the output functionAppName)');
const build = buildAndCheck();
if (!values.list) await deploy(name, build).catch(stop);
