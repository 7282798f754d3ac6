// How functions are registered at the Functions host, whatever their route table.
import { app as host } from '@azure/functions';
import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import type { App } from './app.ts';
import { setUpHost } from './host.ts';
import { createHandler } from './http/handle.ts';
import type { Handlers, Route, Timer } from './http/route.ts';
import { toTrigger } from './http/trigger.ts';
import { appSource, configProblems } from './running-app.ts';

/**
 * Registers the function of a route.
 * @param name of the Azure Function
 * @param route what `R` says, with or without the parts that are for the documentation
 * @returns the function
 */
export function registerRoute<R extends Route>(
  name: string,
  route: Route,
  handlers: Handlers<App, R>,
): (request: HttpRequest) => Promise<HttpResponseInit> {
  const handler = createHandler(route, handlers as unknown as Handlers<App, Route>, appSource);
  const { route: path, methods, authLevel } = toTrigger(route);
  host.http(name, { route: path, methods: [...methods], authLevel, handler });
  return handler;
}

/** Registers the function of a timer. @param name of the Azure Function */
export function registerTimer(name: string, { schedule }: Timer, run: (app: App) => Promise<void>): void {
  host.timer(name, { schedule, runOnStartup: false, handler: () => run(appSource.requireApp()) });
}

setUpHost();

// The log names bad settings when the app starts, not on the first request.
host.hook.appStart(() => {
  configProblems();
});
