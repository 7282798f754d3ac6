// A function file calls `serveRoute` or `serveTimer`, and its handlers are given the app. The webhook's does not: the table with
// all schemas is large, and the first caller waits while the webhook loads.
import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import type { App } from './app.ts';
import type { Handlers } from './http/route.ts';
import { ROUTES, TIMERS } from './http/routes.ts';
import type { RouteName, Routes, TimerName } from './http/routes.ts';
import { registerRoute, registerTimer } from './register.ts';

/** Registers the function of a route, as its entry in the route table says. @returns the function */
export function serveRoute<Name extends RouteName>(
  name: Name,
  handlers: Handlers<App, Routes[Name]>,
): (request: HttpRequest) => Promise<HttpResponseInit> {
  return registerRoute<Routes[Name]>(name, ROUTES[name], handlers);
}

/** Registers the function of a timer, as its entry in the route table says. */
export function serveTimer(name: TimerName, run: (app: App) => Promise<void>): void {
  registerTimer(name, TIMERS[name], run);
}
