// The options of the Functions host, which are set once, before any function is registered. In Azure the entry sets them while the
// worker loads it. If functions run without the bundle, host.ts does.

/** The part of `app` of `@azure/functions` that is needed here. */
interface Host {
  setup(options: { enableHttpStream?: boolean; capabilities?: Record<string, string | boolean> }): void;
}

/** Asks the host for streamed bodies. @param exportsTelemetry whether the app itself sends spans and log lines */
export function configureHost(host: Host, exportsTelemetry: boolean): void {
  // Without it a chunked body arrives empty, and every body is in memory before the app can refuse it.
  host.setup({ enableHttpStream: true });
  // The host then leaves the log lines to us. Its own copy would be cut by its sampling.
  if (exportsTelemetry) host.setup({ capabilities: { WorkerOpenTelemetryEnabled: true } });
}
