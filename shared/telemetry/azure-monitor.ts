// The exporter takes 25 ms to load and is first needed seconds after the first answer: it is loaded with the first batch.
import { ExportResultCode } from '@opentelemetry/core';
import type { AzureMonitorExporterOptions } from '@azure/monitor-opentelemetry-exporter';
import type { ExportResult } from '@opentelemetry/core';
import { AggregationTemporality } from '@opentelemetry/sdk-metrics';
import { createManagedIdentity } from '../azure/managed-identity.ts';
import { createLog } from '../core/log.ts';
import type { Exporters } from './export.ts';

interface Exporter<Batch> {
  export(batch: Batch, done: (result: ExportResult) => void): void;
  shutdown(): Promise<void>;
}

function loadLater<Batch>(load: () => Promise<Exporter<Batch>>) {
  let loading: Promise<Exporter<Batch>> | undefined;
  return {
    export(batch: Batch, done: (result: ExportResult) => void): void {
      loading ??= load();
      loading.then(
        (exporter) => {
          exporter.export(batch, done);
        },
        (error: unknown) => {
          loading = undefined;
          // To the console alone: what is exported waits for this exporter.
          createLog(console).error('telemetry_exporter_not_loaded', {}, error);
          done({ code: ExportResultCode.FAILED, error: error instanceof Error ? error : undefined });
        },
      );
    },
    forceFlush: () => Promise.resolve(),
    shutdown: async (): Promise<void> => (await loading)?.shutdown(),
  };
}

/**
 * Exporters to Application Insights, with the managed identity.
 * @param authentication the host's own setting: `ClientId=<id>;Authorization=AAD`; without it the connection string's key has to do
 * @param more options of the SDK's own
 * @see https://learn.microsoft.com/azure/azure-functions/functions-app-settings#applicationinsights_authentication_string
 */
export function createAzureExporters(
  connectionString: string,
  authentication: string | undefined,
  more: AzureMonitorExporterOptions = {},
): Exporters {
  const usesIdentity = /(^|;)\s*Authorization=AAD\s*(;|$)/i.test(authentication ?? '');
  const clientId = /(?:^|;)\s*ClientId=([^;]+)/i.exec(authentication ?? '')?.[1] ?? null;
  const options = {
    connectionString,
    ...(usesIdentity && { credential: createManagedIdentity(clientId) }),
    // Instances come and go: nobody would send what one of them left on its disk.
    disableOfflineStorage: true,
    ...more,
  };
  const sdk = () => import('@azure/monitor-opentelemetry-exporter');
  return {
    spans: loadLater(async () => new (await sdk()).AzureMonitorTraceExporter(options)),
    metrics: {
      ...loadLater(async () => new (await sdk()).AzureMonitorMetricExporter(options)),
      selectAggregationTemporality: () => AggregationTemporality.DELTA,
    },
    logs: loadLater(async () => new (await sdk()).AzureMonitorLogExporter(options)),
  };
}
