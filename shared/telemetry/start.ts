import { createAzureExporters } from './azure-monitor.ts';
import { startTelemetry } from './export.ts';
import type { Telemetry } from './export.ts';

/** The host's own settings for Application Insights. */
export interface TelemetrySettings {
  readonly connectionString: string | undefined;
  /** `ClientId=<id>;Authorization=AAD`: with the managed identity. */
  readonly authentication: string | undefined;
}

/** Starts what the settings ask for. @returns null without a connection string */
export function startTelemetryFrom({
  connectionString,
  authentication,
}: TelemetrySettings): Telemetry | null {
  return connectionString ? startTelemetry(createAzureExporters(connectionString, authentication)) : null;
}
