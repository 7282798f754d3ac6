// Which function a request reaches, as the Azure Functions host decides it.
import type { Binding, RegisteredFunction } from './functions-core.ts';

export interface Route {
  readonly pattern: RegExp;
  readonly methods: readonly string[];
  readonly binding: Binding;
  readonly target: RegisteredFunction;
}

export interface FoundRoute {
  readonly route: Route;
  /** Decoded. */
  readonly params: Readonly<Record<string, string>>;
}

/** The trigger of a function; undefined if it has none. */
export function triggerOf(target: RegisteredFunction): Binding | undefined {
  return Object.values(target.metadata.bindings).find(({ type }) => type.endsWith('Trigger'));
}

/** @param prefix host.json's `routePrefix` */
export function toRoutes(functions: Iterable<RegisteredFunction>, prefix: string): Route[] {
  return [...functions].flatMap((target) => {
    const binding = triggerOf(target);
    if (binding?.type !== 'httpTrigger') return [];
    const source = [prefix, binding.route ?? target.metadata.name]
      .filter(Boolean)
      .join('/')
      .split('/')
      .map((part) => part.replace(/^\{(\w+)\}$/, '(?<$1>[^/]+)'))
      .join('/');
    const methods = (binding.methods ?? ['GET', 'POST']).map((method) => method.toUpperCase());
    return [{ pattern: new RegExp(`^/${source}/?$`, 'i'), methods, binding, target }];
  });
}

/** Decodes what is well encoded. `%2F` and malformed escapes stay as they are, as on the real host. */
export function decodeSegment(segment: string): string {
  return segment.replace(/(?:%[0-9a-f]{2})+/gi, (run) =>
    run
      .split(/(%2f)/i)
      .map((part) => {
        if (/^%2f$/i.test(part)) return part;
        try {
          return decodeURIComponent(part);
        } catch {
          // No UTF-8: the app gets the escapes as they came.
          return part;
        }
      })
      .join(''),
  );
}

/** A wrong method finds nothing: the host answers 404, never 405. */
export function findRoute(routes: readonly Route[], method: string, path: string): FoundRoute | undefined {
  const route = routes.find(({ pattern, methods }) => methods.includes(method) && pattern.test(path));
  if (route === undefined) return undefined;
  const groups = Object.entries(route.pattern.exec(path)?.groups ?? {});
  return { route, params: Object.fromEntries(groups.map(([name, value]) => [name, decodeSegment(value)])) };
}
