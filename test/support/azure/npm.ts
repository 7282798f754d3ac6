// Stands in for npm: runs the project's own scripts of a deployment, led to the other stand-ins, and passes over the rest.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { refuse } from './state.ts';

const PLAYED = ['deploy', 'references', 'smoke'];

const [command = '', script = '', ...rest] = process.argv.slice(2);
const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
if (command === 'run') {
  const line = scripts[script];
  if (line === undefined) refuse('npm', `Missing script: "${script}"`);
  if (rest.length > 0 && rest[0] !== '--')
    refuse('npm', `Arguments of a script stand behind --: ${rest.join(' ')}`);
  if (PLAYED.includes(script)) {
    const args = [
      '--import',
      join(import.meta.dirname, 'preload.mjs'),
      line.replace(/^node /, ''),
      ...rest.slice(1),
    ];
    const { status } = spawnSync(process.execPath, args, { stdio: 'inherit' });
    if (status !== 0) refuse('npm', `${script} ${rest.slice(1).join(' ')} ended with ${String(status)}`);
  }
} else if (command !== 'ci') {
  refuse('npm', `Unknown command: "${command}"`);
}
