// npm run references -- NAME: makes the function app NAME read its secrets again, and waits until every instance has.
// Run it after the settings were deployed, and whenever a secret was stored.
import { az } from './azure/az.ts';
import { findFunctionApp } from './azure/function-app.ts';
import { waitForKeyReferences } from './azure/key-references.ts';
import { waitForSettings } from './azure/wait-for-settings.ts';

function say(line: string): void {
  console.log(`  ${line}`);
}

const [name] = process.argv.slice(2);
if (!name) {
  console.error('npm run references -- NAME (the output functionAppName)');
  process.exit(2);
}
try {
  const app = await findFunctionApp(az, name);
  console.log('Key Vault references:');
  const { count, refreshedAt } = await waitForKeyReferences(app, { say, refreshFirst: true });
  say(`${count} resolved`);
  const outcome = await waitForSettings({
    origin: app.origin,
    refreshedAt: refreshedAt ?? 0,
    hasFunctions: () => app.hasFunctions(),
    say,
  });
  say(outcome === 'read' ? 'The app has read them.' : 'There is no code yet that could read them.');
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
