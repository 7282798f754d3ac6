// Which files `func azure functionapp publish` would put into the package.
//
// .funcignore looks like .gitignore and is read otherwise: every pattern is anchored at the root and ends at a word boundary, and
// a file that any `!` pattern matches is taken, in whatever order the lines stand. So `!package.json` takes package.json.bak too.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** func's own exceptions, whatever .funcignore says. */
const NEVER_DIRECTORIES = ['.git', '.vscode'];
const NEVER_FILES = ['.funcignore', '.gitignore', 'local.settings.json', 'project.lock.json'];

function toPattern(line: string): string {
  return line
    .replace(/[-[\]/{}()+?.\\^$|]/g, '\\$&')
    .replaceAll('**', '(.+)')
    .replaceAll('*', '([^\\/]+)');
}

function toMatcher(lines: readonly string[]): (path: string) => boolean {
  if (lines.length === 0) return () => false;
  const pattern = new RegExp(`^((${lines.map(toPattern).join(')|(')}))\\b`);
  return (path) => pattern.test(path);
}

/**
 * Whether func would take a file, given by its path from the root with `/` between.
 * @see https://github.com/Azure/azure-functions-core-tools/blob/main/src/Cli/func/Common/GitIgnoreParser.cs
 */
export function createFilter(funcignore: string): (path: string) => boolean {
  const lines = funcignore
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  const isTaken = toMatcher(
    lines.filter((line) => line.startsWith('!')).map((line) => line.slice(1).replace(/^\//, '')),
  );
  const isIgnored = toMatcher(
    lines.filter((line) => !line.startsWith('!')).map((line) => line.replace(/^\//, '')),
  );
  return (path) => isTaken(path) || !isIgnored(path);
}

function listFiles(root: string, folder = ''): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    const name = entry.name.toLowerCase();
    if (entry.isDirectory()) return NEVER_DIRECTORIES.includes(name) ? [] : listFiles(root, path);
    return NEVER_FILES.includes(name) ? [] : [path];
  });
}

/** The files that would be shipped from a folder with a .funcignore, sorted. */
export function listShippedFiles(root: string): string[] {
  const isShipped = createFilter(readFileSync(join(root, '.funcignore'), 'utf8'));
  return listFiles(root).filter(isShipped).sort();
}
