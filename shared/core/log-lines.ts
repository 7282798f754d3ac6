import { SeverityNumber, logs } from '@opentelemetry/api-logs';

function emit(severityNumber: SeverityNumber, body: string): void {
  logs.getLogger('peterental').emit({ severityNumber, body });
}

/* eslint-disable no-console -- the console is what `func start` and the log stream show */
/** The console, and the exporter where one was started. */
export const exportedConsole: Pick<Console, 'info' | 'warn' | 'error'> = {
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
