// OpenTelemetry's SDK and its exporters are loaded only if the settings ask for them.
import type { Log } from '../core/log.ts';
import type { Telemetry } from './export.ts';

/** The host's own settings for Application Insights. */
export interface TelemetrySettings {
  readonly connectionString: string | undefined;
  /** `ClientId=<id>;Authorization=AAD`: with the managed identity. */
  readonly authentication: string | undefined;
}

/** Telemetry that can be started again if its SDK did not load. */
export interface TelemetryStarter {
  /** Resolves once telemetry runs, or has failed to start. What failed is logged and tried again by the next call. */
  ensureStarted(): Promise<void>;
  /** Sends what is waiting, and stops. */
  stop(): Promise<void>;
}

async function load(connectionString: string, authentication: string | undefined): Promise<Telemetry> {
  const { createAzureExporters } = await import('./azure-monitor.ts');
  const { startTelemetry } = await import('./export.ts');
  return startTelemetry(createAzureExporters(connectionString, authentication));
}

/** @returns null without a connection string: nothing is sent then */
export function createTelemetryStarter(
  { connectionString, authentication }: TelemetrySettings,
  log: Log,
): TelemetryStarter | null {
  if (!connectionString) return null;
  let starting: Promise<Telemetry> | undefined;
  return {
    async ensureStarted() {
      starting ??= load(connectionString, authentication);
      try {
        await starting;
      } catch (error) {
        // Callers are served without it.
        starting = undefined;
        log.error('telemetry_not_started', {}, error);
      }
    },
    async stop() {
      await (await starting)?.stop();
    },
  };
}
