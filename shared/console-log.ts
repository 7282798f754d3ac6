import { isAppError } from './errors.ts';
import type { Log, LogFields } from './log.ts';
import { exportedConsole } from './telemetry/log-lines.ts';

/** Where the error was thrown, without its message: that of a library may hold what must not be logged. */
const frames = (error: Error): string =>
  (error.stack ?? '')
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 12)
    .join('\n');

const codeOf = (error: Error): string | undefined => {
  const code: unknown = 'code' in error ? error.code : 'errorCode' in error ? error.errorCode : undefined;
  return typeof code === 'string' ? code : undefined;
};

const describe = (error: unknown): Record<string, unknown> | undefined => {
  if (error === undefined) return undefined;
  if (!(error instanceof Error)) return { name: typeof error };
  return {
    name: error.name,
    code: codeOf(error),
    message: isAppError(error) ? error.message : undefined,
    stack: frames(error),
    cause: describe(error.cause),
  };
};

/** One JSON object a line, on the console and in Application Insights. */
export const createConsoleLog = (write: Pick<Console, 'info' | 'warn' | 'error'> = exportedConsole): Log => {
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
};
