// Prints, as JSON, which functions a bundle registers, as the Functions worker would find them:
// `node scripts/list-functions.ts [dist/main.cjs]`. One line for each method: `function GET /managers/{}`, `timer sweep`.
//
// A bundle that throws, or registers nothing, deploys without an error and answers nothing. Only the list tells.
import { createRequire, registerHooks } from 'node:module';
import { resolve } from 'node:path';
import { registry } from '../sandbox/functions-core.ts';
import type { RegisteredFunction } from '../sandbox/functions-core.ts';

function describe({ metadata: { name, bindings } }: RegisteredFunction): string[] {
  const trigger = Object.values(bindings).find(({ type }) => type.endsWith('Trigger'));
  if (trigger?.type === 'timerTrigger') return [`timer ${name}`];
  if (trigger?.type !== 'httpTrigger') return [`${trigger?.type ?? 'no trigger'} ${name}`];
  // What the host assumes if nothing is said: two methods, and no key.
  const { methods = ['GET', 'POST'], authLevel = 'anonymous', route = name } = trigger;
  return methods.map((method) => `${authLevel} ${method} /${route.replaceAll(/\{\w+\}/g, '{}')}`);
}

const core = import.meta.resolve('../sandbox/functions-core.ts');
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === '@azure/functions-core' ? { url: core, shortCircuit: true } : next(specifier, context),
});
createRequire(import.meta.url)(resolve(process.argv[2] ?? 'dist/main.cjs'));
const lines = [...registry.functions.values()].flatMap(describe).sort();
// The app may have left a timer or a connection open.
process.stdout.write(`${JSON.stringify(lines)}\n`, () => process.exit());
