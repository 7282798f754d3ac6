/**
 * What the Functions worker loads (dist/main.cjs). It registers every function, so that loading is quick and cannot fail. When the
 * worker starts it, it loads the webhook (dist/app.mjs); the other functions (dist/routes.mjs) are loaded when one of them is first
 * called. To both, this module is `@azure/functions`.
 */
import { app as host, HttpRequest } from '@azure/functions';
import { configureHost } from './configure-host.ts';

export { HttpRequest };

interface HttpOptions {
  readonly route: string;
  readonly methods: readonly ('GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE')[];
  readonly authLevel: 'anonymous' | 'function';
}
interface TimerOptions {
  /** An NCRONTAB expression. */
  readonly schedule: string;
  readonly runOnStartup: boolean;
}
type Handler = (...input: readonly unknown[]) => unknown;
type Hook = (context: unknown) => unknown;

/** By function name, as the app registered them when it was built. The build writes them here. */
declare const HTTP_FUNCTIONS: Readonly<Record<string, HttpOptions>>;
declare const TIMER_FUNCTIONS: Readonly<Record<string, TimerOptions>>;

const handlers = new Map<string, Handler>();
const hooks = { appStart: [] as Hook[], appTerminate: [] as Hook[], preInvocation: [] as Hook[] };

function register(name: string, { handler }: { readonly handler: Handler }): void {
  handlers.set(name, handler);
}

/** Whether the function has been loaded. */
export function handles(name: string): boolean {
  return handlers.has(name);
}

/** Takes what the app registers in place of the host, where the build's list is registered below. */
export const app = {
  http: register,
  timer: register,
  setup(): void {
    // The options are set below: the host takes them only while this module loads.
  },
  hook: {
    appStart: (hook: Hook) => hooks.appStart.push(hook),
    appTerminate: (hook: Hook) => hooks.appTerminate.push(hook),
    preInvocation: (hook: Hook) => hooks.preInvocation.push(hook),
  },
};

async function runHooks(name: keyof typeof hooks, context: unknown): Promise<void> {
  for (const hook of hooks[name]) await hook(context);
}

async function loadAndStart(context: unknown): Promise<void> {
  // @ts-expect-error The build makes this file.
  await import('./app.mjs');
  await runHooks('appStart', context);
}

let starting: Promise<void> | undefined;

/** Loads and starts the app once; what fails is tried again by the next call. */
async function startApp(context: unknown): Promise<void> {
  starting ??= loadAndStart(context);
  try {
    await starting;
  } catch (error) {
    starting = undefined;
    throw error;
  }
}

async function findHandler(name: string): Promise<Handler> {
  // @ts-expect-error The build makes this file.
  if (!handlers.has(name)) await import('./routes.mjs');
  const handler = handlers.get(name);
  if (!handler) throw new Error(`The app has no function ${name}`);
  return handler;
}

configureHost(host, Boolean(process.env['APPLICATIONINSIGHTS_CONNECTION_STRING']));

for (const [name, options] of Object.entries(HTTP_FUNCTIONS))
  host.http(name, {
    ...options,
    methods: [...options.methods],
    handler: async (...input) => (await (await findHandler(name))(...input)) as object,
  });
for (const [name, options] of Object.entries(TIMER_FUNCTIONS))
  host.timer(name, { ...options, handler: async (...input) => (await findHandler(name))(...input) });

host.hook.appStart(async (context) => {
  try {
    await startApp(context);
  } catch (error) {
    // A throw here would leave the host without functions, and nothing would be logged. So each request answers 500 and tries again.
    const reason = error instanceof Error ? error.stack : String(error);
    process.stderr.write(`${JSON.stringify({ level: 'error', event: 'app_not_loaded', reason })}\n`);
  }
});
host.hook.preInvocation(async (context) => {
  await startApp(context);
  await runHooks('preInvocation', context);
});
host.hook.appTerminate((context) => runHooks('appTerminate', context));
