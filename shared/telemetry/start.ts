import { createAzureExporters } from './azure-monitor.ts';
import { startTelemetry } from './export.ts';
import type { Telemetry } from './export.ts';

/** Starts what the host's own settings ask for; null where they ask for nothing. */
export function startTelemetryFrom(environment: Readonly<NodeJS.ProcessEnv>): Telemetry | null {
  const connectionString = environment['APPLICATIONINSIGHTS_CONNECTION_STRING'];
  if (!connectionString) return null;
  return startTelemetry(
    createAzureExporters(connectionString, environment['APPLICATIONINSIGHTS_AUTHENTICATION_STRING']),
  );
}
