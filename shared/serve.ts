// The running app, and how its functions are registered at the Functions host. A function file calls `serveRoute` or
// `serveTimer`, and its handlers are given the app.
import { app as host } from '@azure/functions';
import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import { createApp } from './app.ts';
import type { App } from './app.ts';
import { readConfig } from './config.ts';
import type { ConfigProblem } from './config.ts';
import { AppError } from './core/errors.ts';
import { createLog } from './core/log.ts';
import type { Log } from './core/log.ts';
import { setUpHost } from './host.ts';
import { createHandler } from './http/handle.ts';
import type { AppSource } from './http/handle.ts';
import type { Handlers } from './http/route.ts';
import { ROUTES, TIMERS, toTrigger } from './http/routes.ts';
import type { RouteName, Routes, TimerName } from './http/routes.ts';

type Running =
  | { readonly ok: true; readonly app: App }
  | { readonly ok: false; readonly problems: readonly ConfigProblem[] };

let running: Running | undefined;

/** Reads the settings once, when the first function needs them: an error while loading would be silent in Azure. */
function start(): Running {
  const config = readConfig();
  if (config.ok) return { ok: true, app: createApp(config.config) };
  const { problems } = config;
  createLog().error('config_invalid', {
    settings: problems.map(({ setting, expected }) => `${setting}: ${expected}`).join('; '),
  });
  return { ok: false, problems };
}

/** The settings that keep the app from running, never their values; empty if it runs. */
export function configProblems(): readonly ConfigProblem[] {
  running ??= start();
  return running.ok ? [] : running.problems;
}

/** Puts another app in place, such as one with a test's clock. Without one, the settings are read again. */
export function useApp(app: App | undefined): void {
  running = app && { ok: true, app };
}

const source: AppSource<App> = {
  findApp() {
    running ??= start();
    return running.ok ? running.app : null;
  },
  requireApp() {
    const app = source.findApp();
    if (app) return app;
    throw new AppError('misconfigured', 'The app is not configured: /health names the settings');
  },
  log(): Log {
    return running?.ok ? running.app.log : createLog();
  },
};

/** Registers the function of a route, as its entry in the route table says. @returns the function */
export function serveRoute<Name extends RouteName>(
  name: Name,
  handlers: Handlers<App, Routes[Name]>,
): (request: HttpRequest) => Promise<HttpResponseInit> {
  const handler = createHandler<App, Routes[Name]>(ROUTES[name], handlers, source);
  const { route, methods, authLevel } = toTrigger(ROUTES[name]);
  host.http(name, { route, methods: [...methods], authLevel, handler });
  return handler;
}

/** Registers the function of a timer, as its entry in the route table says. */
export function serveTimer(name: TimerName, run: (app: App) => Promise<void>): void {
  const { schedule } = TIMERS[name];
  host.timer(name, { schedule, runOnStartup: false, handler: () => run(source.requireApp()) });
}

setUpHost();

// The log names bad settings when the app starts, not on the first request.
host.hook.appStart(() => {
  configProblems();
});
