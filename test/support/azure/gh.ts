// Stands in for the GitHub CLI.
import { readCall } from './commands.ts';
import { print, refuse } from './state.ts';

const ANSWERS: Readonly<Record<string, unknown>> = {
  'GET repos/OWNER/NAME': { id: 821093847, owner: { id: 5544123 } },
  'PUT repos/OWNER/NAME/environments/production': { id: 1, name: 'production' },
};

/** The paths of jq that the pages use: `.owner.id`. */
function pick(value: unknown, path: string): unknown {
  return path
    .split('.')
    .filter(Boolean)
    .reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], value);
}

try {
  const { command, given, words } = readCall('gh', process.argv.slice(2));
  if (command === 'gh api') {
    const key = `${given.get('--method') ?? 'GET'} ${words[0] ?? ''}`;
    const found = pick(ANSWERS[key], given.get('--jq') ?? '');
    if (found === undefined) refuse('gh', `Not Found: ${key} ${given.get('--jq') ?? ''}`);
    print(typeof found === 'string' ? found : JSON.stringify(found));
  } else if (!given.get('--body')) {
    refuse('gh', 'no value for the variable');
  }
} catch (error) {
  refuse('gh', error instanceof Error ? error.message : String(error));
}
