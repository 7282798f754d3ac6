// What is done around every function: telemetry is started, and each invocation gets a span.
import { HttpRequest, app as host } from '@azure/functions';
import { readTelemetrySettings } from './config.ts';
import { createLog } from './core/log.ts';
import { traceInvocation } from './telemetry/invocations.ts';
import { createTelemetryStarter } from './telemetry/start.ts';
import { configureHost } from './configure-host.ts';

/** Sets the host's options, starts telemetry if the settings ask for it, and puts a span around every function. Call it once. */
export function setUpHost(): void {
  const telemetry = createTelemetryStarter(readTelemetrySettings(), createLog());
  configureHost(host, telemetry !== null);

  if (telemetry) {
    // Before the first invocation: its spans count, too.
    host.hook.appStart(() => telemetry.ensureStarted());
    host.hook.preInvocation(() => telemetry.ensureStarted());
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
