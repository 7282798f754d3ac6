// Prints, as JSON, what dist/app.mjs and dist/routes.mjs register: the build writes it into dist/main.cjs.
import { registerHooks } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/** In place of dist/main.cjs: it collects what the app registers. */
const COLLECTOR = `
const http = {}, timers = {};
const nothing = () => undefined;
exports.HttpRequest = class {};
exports.app = {
  http: (name, { handler, ...options }) => { http[name] = options; },
  timer: (name, { handler, ...options }) => { timers[name] = options; },
  setup: nothing,
  hook: { appStart: nothing, appTerminate: nothing, preInvocation: nothing },
};
exports.registrations = { http, timers };
`;

registerHooks({
  resolve: (specifier, context, next) =>
    specifier.endsWith('/main.cjs')
      ? { url: 'collector:main', shortCircuit: true }
      : next(specifier, context),
  load: (url, context, next) =>
    url === 'collector:main'
      ? { format: 'commonjs', source: COLLECTOR, shortCircuit: true }
      : next(url, context),
});
const dist = pathToFileURL(`${resolve('dist')}/`);
for (const file of ['app.mjs', 'routes.mjs']) await import(new URL(file, dist).href);
const { registrations } = (await import(new URL('main.cjs', dist).href)) as { registrations: object };
// The app may have left a timer or a connection open.
process.stdout.write(JSON.stringify(registrations), () => process.exit());
