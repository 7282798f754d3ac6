// What the Functions host takes in host.json. A value that it cannot read makes every request fail, and a name that it does not
// know is passed over in silence: neither is seen before the app is on Azure, unless it is seen here.
import { z } from 'zod';
import { DAY_MS, SECOND_MS } from '../shared/core/duration.ts';
import { parseTimeSpan } from './time-span.ts';

function timeSpan(isAllowed: (milliseconds: number) => boolean, expected: string): z.ZodType<string, string> {
  return z.string().superRefine((text, context) => {
    try {
      if (!isAllowed(parseTimeSpan(text)))
        context.addIssue({ code: 'custom', message: `"${text}" should be ${expected}` });
    } catch (error) {
      context.addIssue({ code: 'custom', message: error instanceof Error ? error.message : String(error) });
    }
  });
}

const logLevels = z.record(
  z.string(),
  z.enum(['Trace', 'Debug', 'Information', 'Warning', 'Error', 'Critical', 'None']),
);

/** `ScriptConstants`, `ScriptJobHostOptionsSetup`, `HttpOptions` and `HostHstsOptions` of the host: the keys that this app has a use for. */
const HOST_JSON = z.strictObject({
  version: z.literal('2.0'),
  telemetryMode: z.enum(['ApplicationInsights', 'OpenTelemetry']).optional(),
  // ScriptJobHostOptionsSetup: -1 (a day below zero) means that there is no limit; otherwise a second is the least.
  functionTimeout: timeSpan(
    (span) => span >= SECOND_MS || span === -DAY_MS,
    'at least one second, or -1 for no limit',
  ).optional(),
  logging: z
    .strictObject({
      logLevel: logLevels.optional(),
      OpenTelemetry: z.strictObject({ logLevel: logLevels.optional() }).optional(),
    })
    .optional(),
  extensions: z
    .strictObject({
      http: z
        .strictObject({
          routePrefix: z.string().optional(),
          // -1 means that there is no limit.
          maxOutstandingRequests: z.int().min(-1).optional(),
          maxConcurrentRequests: z.int().min(-1).optional(),
          dynamicThrottlesEnabled: z.boolean().optional(),
          hsts: z
            .strictObject({
              isEnabled: z.boolean(),
              maxAge: timeSpan((span) => span >= 0, 'not below zero').optional(),
              includeSubDomains: z.boolean().optional(),
              preload: z.boolean().optional(),
              excludedHosts: z.array(z.string()).optional(),
            })
            .optional(),
          customHeaders: z.record(z.string(), z.string()).optional(),
        })
        .optional(),
    })
    .optional(),
});

/**
 * What the Functions host would refuse, or pass over, in the text of a host.json.
 * @returns one line for each problem, with its place; none if the file is good
 * @see https://learn.microsoft.com/azure/azure-functions/functions-host-json
 */
export function checkHostJson(text: string): string[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return [`no JSON: ${error instanceof Error ? error.message : String(error)}`];
  }
  const result = HOST_JSON.safeParse(value);
  return result.success
    ? []
    : result.error.issues.map(
        ({ path, message }) => `${path.map(String).join('.') || 'the file'}: ${message}`,
      );
}
