// What a bundle must register, by the route table.
import type { Route } from '../shared/http/route.ts';
import { ROUTES, TIMERS } from '../shared/http/routes.ts';
import { toTrigger } from '../shared/http/trigger.ts';

/** In the words of list-functions.ts: `function` asks for a key, `anonymous` does not. HEAD comes along with GET. */
export const EXPECTED_FUNCTIONS: readonly string[] = [
  ...Object.values<Route>(ROUTES).flatMap((route) => {
    const { authLevel, methods, route: path } = toTrigger(route);
    return methods
      .filter((method) => method !== 'HEAD')
      .map((method) => `${authLevel} ${method} /${path.replaceAll(/\{\w+\}/g, '{}')}`);
  }),
  ...Object.keys(TIMERS).map((name) => `timer ${name}`),
].sort();

/** What is missing and what is too much, in words; empty when the list is as it should be. */
export function compareFunctions(found: readonly string[]): string[] {
  const withoutHead = found.filter((line) => !line.includes(' HEAD '));
  return [
    ...EXPECTED_FUNCTIONS.filter((line) => !withoutHead.includes(line)).map((line) => `missing: ${line}`),
    ...withoutHead.filter((line) => !EXPECTED_FUNCTIONS.includes(line)).map((line) => `unexpected: ${line}`),
  ];
}
