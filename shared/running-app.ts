// The running app. It is made when a function first needs it.
import { createApp } from './app.ts';
import type { App } from './app.ts';
import { readConfig } from './config.ts';
import type { ConfigProblem } from './config.ts';
import { SECOND_MS } from './core/duration.ts';
import { AppError } from './core/errors.ts';
import { createLog } from './core/log.ts';
import type { Log } from './core/log.ts';
import type { AppSource } from './http/handle.ts';

type Running =
  | { readonly ok: true; readonly app: App }
  | { readonly ok: false; readonly problems: readonly ConfigProblem[] };

let running: Running | undefined;
/** On the clock of `performance.now()`. */
let settingsReadAt = performance.now();

/** Reads the settings once, when the first function needs them: an error while loading would be silent in Azure. */
function start(): Running {
  settingsReadAt = performance.now();
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

/** How long ago this instance read its settings, in seconds. */
export function settingsAgeSeconds(): number {
  return Math.round(performance.now() - settingsReadAt) / SECOND_MS;
}

/** Puts another app in place, such as one with a test's clock. Without one, the settings are read again. */
export function useApp(app: App | undefined): void {
  running = app && { ok: true, app };
}

/** How functions get the app, and its log. */
export const appSource: AppSource<App> = {
  findApp() {
    running ??= start();
    return running.ok ? running.app : null;
  },
  requireApp() {
    const app = appSource.findApp();
    if (app) return app;
    throw new AppError('misconfigured', 'The app is not configured: /health names the settings');
  },
  log(): Log {
    return running?.ok ? running.app.log : createLog();
  },
};
