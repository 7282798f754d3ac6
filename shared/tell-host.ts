// What the Functions host is told once, before any function is registered. In Azure the entry says it while the worker loads it;
// where functions run without the bundle, host.ts does.

/** The part of `app` of `@azure/functions` that is needed here. */
interface Host {
  setup(options: { enableHttpStream?: boolean; capabilities?: Record<string, string | boolean> }): void;
}

/** Asks for streamed bodies. @param exportsTelemetry whether spans and log lines are sent by the app itself */
export function tellHost(host: Host, exportsTelemetry: boolean): void {
  // Without it a chunked body arrives empty, and every body is in memory before the app can refuse it.
  host.setup({ enableHttpStream: true });
  // The host then leaves the log lines to us. Its own copy would be cut by its sampling.
  if (exportsTelemetry) host.setup({ capabilities: { WorkerOpenTelemetryEnabled: true } });
}
