// npm run references -- NAME: makes the function app NAME read its secrets anew, and waits until it has.
// Run it after the settings were deployed, and whenever a secret was stored.
import { askHealth } from './azure/ask-health.ts';
import { az } from './azure/az.ts';
import { findFunctionApp } from './azure/function-app.ts';
import { waitForKeyReferences } from './azure/key-references.ts';
import { SECOND_MS } from '../shared/core/duration.ts';
import { pause } from '../shared/core/retry.ts';

function say(line: string): void {
  console.log(`  ${line}`);
}

/** Azure has the secrets; the app has them once it says so, or once there is code to say anything. */
async function waitForApp(origin: string): Promise<void> {
  for (let attempt = 0; attempt < 40; attempt++) {
    const { build, body } = await askHealth(origin);
    if (build === null) {
      say('There is no code yet that could read them.');
      return;
    }
    const { key_references: unresolved } = JSON.parse(body) as { key_references?: unknown };
    if (!Array.isArray(unresolved) || unresolved.length === 0) {
      say('The app has read them.');
      return;
    }
    say(`the app does not have ${unresolved.join(', ')} yet`);
    await pause(15 * SECOND_MS);
  }
  throw new Error(
    'Azure has resolved the references, but the app has not read them in 10 minutes. Restart it: az functionapp restart',
  );
}

const [name] = process.argv.slice(2);
if (!name) {
  console.error('npm run references -- NAME (the output functionAppName)');
  process.exit(2);
}
try {
  const app = await findFunctionApp(az, name);
  console.log('Key Vault references:');
  say(`${await waitForKeyReferences(app, { say, refreshFirst: true })} resolved`);
  await waitForApp(app.origin);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
