// Runs a published bundle as the Functions host would, in a process of its own, and prints where it answers.
import { createRequire, registerHooks } from 'node:module';
import { join } from 'node:path';
import { createFunctionsHost } from '../../../sandbox/functions-host.ts';
import { registry } from '../../../sandbox/functions-core.ts';

const core = import.meta.resolve('../../../sandbox/functions-core.ts');
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === '@azure/functions-core' ? { url: core, shortCircuit: true } : next(specifier, context),
});
const folder = process.argv[2] ?? '';
createRequire(import.meta.url)(join(folder, 'dist/main.cjs'));
for (const hook of registry.hooks.get('appStart') ?? [])
  await hook({ functionAppDirectory: folder, hookData: {}, appHookData: {} });
const { url } = await createFunctionsHost({
  key: process.env['HOST_KEY'],
  port: Number(process.env['HOST_PORT'] ?? 0),
});
process.stdout.write(`${url}\n`);
// The front is gone when this end of the pipe closes.
process.stdin.resume().on('end', () => process.exit());
