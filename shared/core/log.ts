// Hazard: a log line outlives the request. It carries ids, counts, durations and codes; never a token, body, address or number.
import { SeverityNumber, logs } from '@opentelemetry/api-logs';
import { isAppError } from './errors.ts';

/** What is known of an event. No secrets, names, addresses or phone numbers. */
export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** One structured line per event. `event` is a stable name: alerts and dashboards ask for it. */
export interface Log {
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  /** @param cause what was caught. Its class, code and stack are logged; its message only if it is an AppError's. */
  error(event: string, fields?: LogFields, cause?: unknown): void;
}

/** Where the error was thrown, without its message: the message of a library may contain something that must not be logged. */
function stackFrames(error: Error): string {
  return (error.stack ?? '')
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 12)
    .join('\n');
}

function libraryCode(error: Error): string | undefined {
  const code: unknown = 'code' in error ? error.code : 'errorCode' in error ? error.errorCode : undefined;
  return typeof code === 'string' ? code : undefined;
}

function describe(error: unknown): Record<string, unknown> | undefined {
  if (error === undefined) return undefined;
  if (!(error instanceof Error)) return { name: typeof error };
  return {
    name: error.name,
    code: libraryCode(error),
    message: isAppError(error) ? error.message : undefined,
    stack: stackFrames(error),
    cause: describe(error.cause),
  };
}

type Writer = Pick<Console, 'info' | 'warn' | 'error'>;

function emit(severityNumber: SeverityNumber, body: string): void {
  logs.getLogger('peterental').emit({ severityNumber, body });
}

/* eslint-disable no-console -- the console is what `func start` and the log stream show */
/** The console, and the telemetry exporter if one was started. */
const consoleAndExporter: Writer = {
  info(line: string) {
    console.info(line);
    emit(SeverityNumber.INFO, line);
  },
  warn(line: string) {
    console.warn(line);
    emit(SeverityNumber.WARN, line);
  },
  error(line: string) {
    console.error(line);
    emit(SeverityNumber.ERROR, line);
  },
};
/* eslint-enable no-console */

/**
 * A log that writes one JSON object per line.
 * @param write default: the console, and Application Insights if telemetry was started.
 */
export function createLog(write: Writer = consoleAndExporter): Log {
  const line = (level: string, event: string, fields: LogFields = {}, cause?: unknown): string =>
    JSON.stringify({ level, event, ...fields, error: describe(cause) });
  return {
    info: (event, fields) => {
      write.info(line('info', event, fields));
    },
    warn: (event, fields) => {
      write.warn(line('warn', event, fields));
    },
    error: (event, fields, cause) => {
      write.error(line('error', event, fields, cause));
    },
  };
}
