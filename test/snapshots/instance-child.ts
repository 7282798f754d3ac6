// One instance of the app among others, in a process of its own: its functions behind a host, on the clock of its parent.
import { createFunctionsHost } from '../../sandbox/functions-host.ts';
import { provideFunctionsCore } from '../../sandbox/load-app.ts';
import { PATIENT } from '../support/patient.ts';

/** What the parent tells it. Each is answered by `done` when it is carried out. */
export type InstanceCommand =
  /** Epoch milliseconds. */
  { readonly kind: 'clock'; readonly now: number } | { readonly kind: 'sweep' };

provideFunctionsCore();
const { useApp } = await import('../../shared/running-app.ts');
const { createApp } = await import('../../shared/app.ts');
const { readConfig } = await import('../../shared/config.ts');
for (const name of [
  'calendar-auth-callback',
  'calendar-auth-start',
  'calendar-auth-status',
  'calendar-connect',
  'manager',
  'microsoft-notifications',
  'sweep',
  'vapi-webhook',
])
  await import(`../../functions/${name}.ts`);

const result = readConfig(process.env);
if (!result.ok) throw new Error(JSON.stringify(result.problems));
let now = Number(process.env['INSTANCE_NOW']);
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
useApp(createApp(result.config, { now: () => now, log: silent, ...PATIENT }));
const host = await createFunctionsHost();

async function carryOut(command: InstanceCommand): Promise<void> {
  if (command.kind === 'clock') now = command.now;
  else await host.runTimer('sweep');
}

process.on('message', (command: InstanceCommand) => {
  void carryOut(command).then(() => process.send?.('done'));
});
process.once('disconnect', () => process.exit());
process.send?.(host.url);
