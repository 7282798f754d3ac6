import type { Route } from './route.ts';

/** A route as Azure Functions registers it. */
export function toTrigger({ path, access, head, operations }: Route): {
  readonly route: string;
  readonly methods: readonly ('GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE')[];
  readonly authLevel: 'anonymous' | 'function';
} {
  const methods = Object.keys(operations) as (keyof typeof operations)[];
  return {
    route: path.slice(1),
    methods: methods.flatMap((method) => (method === 'GET' && head ? (['GET', 'HEAD'] as const) : [method])),
    authLevel: access === 'function_key' ? 'function' : 'anonymous',
  };
}
