// In Azure, entry.ts tells the host the same while the worker loads it: keep both alike.
// What the Functions host is told once, before any function is registered: streamed bodies, and telemetry around each
// invocation.
import { HttpRequest, app as host } from '@azure/functions';
import { readTelemetrySettings } from './config.ts';
import { traceInvocation } from './telemetry/invocations.ts';
import { startTelemetryFrom } from './telemetry/start.ts';

/** Asks for streamed bodies, starts telemetry if the settings ask for it, and puts a span around every function. Call it once. */
export function setUpHost(): void {
  // Without it a chunked body arrives empty, and every body is in memory before the app can refuse it.
  host.setup({ enableHttpStream: true });

  const telemetry = startTelemetryFrom(readTelemetrySettings());
  if (telemetry) {
    // The host then leaves the log lines to us. Its own copy would be cut by its sampling.
    host.setup({ capabilities: { WorkerOpenTelemetryEnabled: true } });
    host.hook.appTerminate(() => telemetry.stop());
  }

  host.hook.preInvocation((hook) => {
    const { functionName, options, traceContext } = hook.invocationContext;
    const run = hook.functionHandler;
    const { route } = options.trigger;
    hook.functionHandler = (trigger: unknown, context) =>
      traceInvocation(
        {
          functionName,
          route: typeof route === 'string' ? route : undefined,
          method: trigger instanceof HttpRequest ? trigger.method : undefined,
          traceParent: traceContext?.traceParent,
        },
        async () => (await run(trigger, context)) as unknown,
      );
  });
}
