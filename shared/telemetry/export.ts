import { context, metrics, propagation, trace } from '@opentelemetry/api';
import { logs } from '@opentelemetry/api-logs';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchLogRecordProcessor, LoggerProvider } from '@opentelemetry/sdk-logs';
import type { LogRecordExporter } from '@opentelemetry/sdk-logs';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import type { PushMetricExporter } from '@opentelemetry/sdk-metrics';
import { AlwaysOnSampler, BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import type { SpanExporter } from '@opentelemetry/sdk-trace-base';
import { createTailSampler } from './tail-sampling.ts';

/** Where spans, metrics and log lines go. */
export interface Exporters {
  readonly spans: SpanExporter;
  readonly metrics: PushMetricExporter;
  readonly logs: LogRecordExporter;
}

export interface Telemetry {
  /** Sends what is waiting. */
  flush(): Promise<void>;
  /** Sends what is waiting, and stops. */
  stop(): Promise<void>;
}

/**
 * Starts sending spans, metrics and log lines: spans and lines within seconds, metrics each minute.
 * @param oneIn one in this many is sent of the requests and timer runs that did not fail and were not tool calls
 */
export function startTelemetry(exporters: Exporters, oneIn = 10): Telemetry {
  const resource = resourceFromAttributes({ 'service.name': 'peterental-calendar' });
  const tracers = new BasicTracerProvider({
    resource,
    // What to keep is decided when the invocation has ended; what the host has decided does not count.
    sampler: new AlwaysOnSampler(),
    spanProcessors: [createTailSampler(new BatchSpanProcessor(exporters.spans), oneIn)],
  });
  const meters = new MeterProvider({
    resource,
    readers: [new PeriodicExportingMetricReader({ exporter: exporters.metrics })],
  });
  const loggers = new LoggerProvider({
    resource,
    processors: [new BatchLogRecordProcessor({ exporter: exporters.logs })],
  });
  const providers = [tracers, meters, loggers];
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  trace.setGlobalTracerProvider(tracers);
  metrics.setGlobalMeterProvider(meters);
  logs.setGlobalLoggerProvider(loggers);
  return {
    async flush() {
      await Promise.all(providers.map((provider) => provider.forceFlush()));
    },
    async stop() {
      await Promise.allSettled(providers.map((provider) => provider.shutdown()));
      for (const api of [context, propagation, trace, metrics, logs]) api.disable();
    },
  };
}
