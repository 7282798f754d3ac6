import { isAppError } from './errors.ts';
import type { Log, LogFields } from './log.ts';
import { exportedConsole } from './log-lines.ts';

/** Where the error was thrown, without its message: that of a library may hold what must not be logged. */
function frames(error: Error): string {
  return (error.stack ?? '')
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 12)
    .join('\n');
}

function codeOf(error: Error): string | undefined {
  const code: unknown = 'code' in error ? error.code : 'errorCode' in error ? error.errorCode : undefined;
  return typeof code === 'string' ? code : undefined;
}

function describe(error: unknown): Record<string, unknown> | undefined {
  if (error === undefined) return undefined;
  if (!(error instanceof Error)) return { name: typeof error };
  return {
    name: error.name,
    code: codeOf(error),
    message: isAppError(error) ? error.message : undefined,
    stack: frames(error),
    cause: describe(error.cause),
  };
}

/** One JSON object a line, on the console and in Application Insights. */
export function createConsoleLog(write: Pick<Console, 'info' | 'warn' | 'error'> = exportedConsole): Log {
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
