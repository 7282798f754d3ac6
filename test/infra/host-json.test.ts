import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { checkHostJson } from '../../scripts/host-json.ts';

const text = readFileSync('host.json', 'utf8');

/** host.json with another value at a path such as `extensions.http.hsts.maxAge`. */
function withValue(path: string, value: unknown): string {
  const host = JSON.parse(text) as Record<string, unknown>;
  const keys = path.split('.');
  let at = host;
  for (const key of keys.slice(0, -1)) at = (at[key] ??= {}) as Record<string, unknown>;
  at[keys.at(-1) ?? ''] = value;
  return JSON.stringify(host);
}

describe('host.json', () => {
  test('has nothing that the Functions host would refuse or ignore', () => {
    expect(checkHostJson(text)).toEqual([]);
  });

  test('puts the routes at the root and insists on https for a year', () => {
    expect(JSON.parse(text)).toMatchObject({
      extensions: { http: { routePrefix: '', hsts: { isEnabled: true, maxAge: '365.00:00:00' } } },
    });
  });

  test('ends a function that hangs after ten minutes', () => {
    expect(JSON.parse(text)).toMatchObject({ functionTimeout: '00:10:00' });
  });

  test("keeps the host from sending the app's own log lines a second time", () => {
    expect(JSON.parse(text)).toMatchObject({
      telemetryMode: 'OpenTelemetry',
      logging: { OpenTelemetry: { logLevel: { 'Host.Function.Console': 'None' } } },
    });
  });

  test('loads no extension bundle, since HTTP and timers are built into the host', () => {
    expect(JSON.parse(text)).not.toHaveProperty('extensionBundle');
  });
});

describe('the check of host.json', () => {
  test('names a year in seconds, which .NET reads as days and cannot hold', () => {
    expect(checkHostJson(withValue('extensions.http.hsts.maxAge', '31536000'))).toEqual([
      expect.stringMatching(
        /^extensions\.http\.hsts\.maxAge: "31536000" is too large .*a bare number means days/,
      ),
    ]);
  });

  test.each([
    ['functionTimeout', '10 minutes'],
    ['functionTimeout', '00:00:00.5'],
    ['functionTimeout', '-00:10:00'],
    ['functionTimeout', 600],
    ['extensions.http.hsts.maxAge', '-1'],
    ['extensions.http.hsts.isEnabled', 'yes'],
    ['extensions.http.maxConcurrentRequests', 1.5],
    ['logging.logLevel.default', 'Verbose'],
    ['telemetryMode', 'openTelemetry'],
    ['version', '3.0'],
  ])('names %s if it is %j', (path, value) => {
    expect(checkHostJson(withValue(path, value))).toEqual([expect.stringMatching(`^${path}: `)]);
  });

  test('names a key that the host would silently ignore', () => {
    expect(checkHostJson(withValue('extensions.http.hsts.maxage', '10'))).toEqual([
      expect.stringContaining('maxage'),
    ]);
  });

  test('accepts -1 as no limit', () => {
    expect(checkHostJson(withValue('functionTimeout', '-1'))).toEqual([]);
  });

  test('says that a file is not JSON', () => {
    expect(checkHostJson('{')).toEqual([expect.stringMatching(/^no JSON/)]);
  });
});
