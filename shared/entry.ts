/**
 * What the Functions worker loads (dist/main.cjs). It registers every function, so that loading is quick and cannot fail, and
 * loads the app (dist/app.cjs) when the worker starts it. To the app, this module is `@azure/functions`.
 */
import { app as host, HttpRequest } from '@azure/functions';

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

/** Takes what the app registers in place of the host, which was told before. */
export const app = {
  http: register,
  timer: register,
  /** Whether the app has registered this function. */
  has: (name: string): boolean => handlers.has(name),
  setup(): void {
    // Said below: the host takes it only while this module loads.
  },
  hook: {
    appStart: (hook: Hook) => hooks.appStart.push(hook),
    appTerminate: (hook: Hook) => hooks.appTerminate.push(hook),
    preInvocation: (hook: Hook) => hooks.preInvocation.push(hook),
  },
};

let loading: Promise<unknown> | undefined;

/** Loads the app once; what fails is tried again by the next call. */
async function loadApp(): Promise<void> {
  // @ts-expect-error The build makes this file.
  loading ??= import('./app.cjs');
  try {
    await loading;
  } catch (error) {
    loading = undefined;
    throw error;
  }
}

async function runHooks(name: keyof typeof hooks, context: unknown): Promise<void> {
  for (const hook of hooks[name]) await hook(context);
}

function handlerOf(name: string): Handler {
  return async (...input) => {
    await loadApp();
    const handler = handlers.get(name);
    if (!handler) throw new Error(`The app has no function ${name}`);
    return handler(...input);
  };
}

host.setup({ enableHttpStream: true });
if (process.env['APPLICATIONINSIGHTS_CONNECTION_STRING'])
  host.setup({ capabilities: { WorkerOpenTelemetryEnabled: true } });

for (const [name, options] of Object.entries(HTTP_FUNCTIONS))
  host.http(name, {
    ...options,
    methods: [...options.methods],
    handler: handlerOf(name) as () => Promise<object>,
  });
for (const [name, options] of Object.entries(TIMER_FUNCTIONS))
  host.timer(name, { ...options, handler: handlerOf(name) });

host.hook.appStart(async (context) => {
  try {
    await loadApp();
    await runHooks('appStart', context);
  } catch (error) {
    // A throw here would leave the host without functions and without a word. So each request answers 500 and tries again.
    const reason = error instanceof Error ? error.stack : String(error);
    process.stderr.write(`${JSON.stringify({ level: 'error', event: 'app_not_loaded', reason })}\n`);
  }
});
host.hook.preInvocation(async (context) => {
  await loadApp();
  await runHooks('preInvocation', context);
});
host.hook.appTerminate((context) => runHooks('appTerminate', context));
