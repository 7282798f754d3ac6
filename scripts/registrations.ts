// Prints, as JSON, what dist/app.cjs registers: the build writes it into dist/main.cjs.
import { createRequire, registerHooks } from 'node:module';
import { resolve } from 'node:path';

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
    specifier === './main.cjs' ? { url: 'collector:main', shortCircuit: true } : next(specifier, context),
  load: (url, context, next) =>
    url === 'collector:main'
      ? { format: 'commonjs', source: COLLECTOR, shortCircuit: true }
      : next(url, context),
});
const require = createRequire(resolve('dist/app.cjs'));
require('./app.cjs');
const { registrations } = require('./main.cjs') as { registrations: object };
// The app may have left a timer or a connection open.
process.stdout.write(JSON.stringify(registrations), () => process.exit());
