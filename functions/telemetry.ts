// No function of its own: around each of the others a span, and the exporter where Application Insights is configured.
import { HttpRequest, app } from '@azure/functions';
import { traceInvocation } from '../shared/telemetry/invocations.ts';
import { startTelemetryFrom } from '../shared/telemetry/start.ts';

const telemetry = startTelemetryFrom(process.env);

if (telemetry) {
  // The host then leaves the log lines to us. Its own copy would be cut by its sampling.
  app.setup({ capabilities: { WorkerOpenTelemetryEnabled: true } });
  app.hook.appTerminate(() => telemetry.stop());
}

app.hook.preInvocation((hook) => {
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
