// What the Functions host reads in host.json, as far as it shows in an answer.
import { readFileSync } from 'node:fs';
import { parseTimeSpan } from '../scripts/time-span.ts';

export interface HostJson {
  /** Before every route. The host's own default is `api`. */
  readonly routePrefix: string;
  /** Added to every answer. */
  readonly customHeaders: Readonly<Record<string, string>>;
  /** A time span that .NET cannot read. The host then answers every request with an empty 500. */
  readonly isBroken: boolean;
}

interface Shape {
  functionTimeout?: string;
  extensions?: {
    http?: {
      routePrefix?: string;
      customHeaders?: Record<string, string>;
      hsts?: { maxAge?: string };
    };
  };
}

function isTimeSpan(text: string | undefined): boolean {
  try {
    if (text !== undefined) parseTimeSpan(text);
    return true;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) return false;
    throw error;
  }
}

/** @throws {SyntaxError} if the file is not JSON: the real host does not start then */
export function readHostJson(file: string): HostJson {
  const { functionTimeout, extensions } = JSON.parse(readFileSync(file, 'utf8')) as Shape;
  const { routePrefix = 'api', customHeaders = {}, hsts } = extensions?.http ?? {};
  return {
    routePrefix,
    customHeaders,
    isBroken: !isTimeSpan(functionTimeout) || !isTimeSpan(hsts?.maxAge),
  };
}
