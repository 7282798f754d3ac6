// npm run deploy -- NAME           builds, checks, and publishes to the function app NAME with the func CLI
// npm run deploy -- --list         builds, checks, and shows what would go
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { compareFunctions } from './expected-functions.ts';
import { checkHostJson } from './host-json.ts';
import { listShippedFiles } from './shipped-files.ts';

const SHIPPED = ['dist/main.cjs', 'dist/main.cjs.map', 'host.json', 'package.json'];

function stop(message: string): never {
  console.error(message);
  process.exit(1);
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { list: { type: 'boolean' } },
});
const [name] = positionals;
if (!values.list && !/^[a-z0-9][a-z0-9-]{0,58}[a-z0-9]$/i.test(name ?? ''))
  stop('Which function app? npm run deploy -- NAME (the output functionAppName)');

const hostProblems = checkHostJson(readFileSync('host.json', 'utf8'));
if (hostProblems.length > 0)
  stop(`The Functions host would not take host.json:\n  ${hostProblems.join('\n  ')}`);

execFileSync(process.execPath, ['build.ts'], { stdio: 'inherit' });

const list = execFileSync(process.execPath, ['scripts/list-functions.ts'], { encoding: 'utf8' });
const functions = JSON.parse(list) as string[];
const wrong = compareFunctions(functions);
if (wrong.length > 0) stop(`The bundle does not register what it should:\n  ${wrong.join('\n  ')}`);
console.log(`Functions:\n  ${functions.join('\n  ')}`);

const shipped = listShippedFiles('.');
if (shipped.join() !== SHIPPED.join())
  stop(`.funcignore lets through\n  ${shipped.join('\n  ')}\nand not\n  ${SHIPPED.join('\n  ')}`);
console.log(`Files:\n  ${shipped.join('\n  ')}`);

if (name !== undefined && !values.list) {
  // --node: func has no local.settings.json to learn the language from. The bundle is built; Azure must not build again.
  const { status, error } = spawnSync(
    'func',
    ['azure', 'functionapp', 'publish', name, '--node', '--no-build'],
    { stdio: 'inherit', shell: process.platform === 'win32' },
  );
  if (error) stop(`func could not be started (Azure Functions Core Tools 4): ${error.message}`);
  process.exitCode = status ?? 1;
}
