import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { readConfig, SETTINGS } from '../../shared/config.ts';
import { readSnapshot } from './bicep.ts';

/** What the Functions host, and the exporter of telemetry, read themselves. */
const OF_THE_HOST = [
  'APPLICATIONINSIGHTS_AUTHENTICATION_STRING',
  'APPLICATIONINSIGHTS_CONNECTION_STRING',
  'APPLICATION_INSIGHTS_NO_STATSBEAT',
  'AzureWebJobsDisableHomepage',
  'AzureWebJobsStorage__clientId',
  'AzureWebJobsStorage__credential',
  'FUNCTIONS_REQUEST_BODY_SIZE_LIMIT',
  'OTEL_TRACES_SAMPLER',
  'OTEL_TRACES_SAMPLER_ARG',
];

/** What Azure would put in the place of an expression or a reference. */
const RESOLVED: Record<string, string> = {
  TOKEN_ENCRYPTION_KEYS: `k0a1b2c3d:${Buffer.alloc(32, 7).toString('base64')}`,
  VAPI_WEBHOOK_SECRET: 'ab'.repeat(32),
  VAPI_HMAC_SECRET: 'cd'.repeat(32),
  AZURE_CLIENT_ID: '00000000-0000-0000-0000-00000000000a',
  ACS_ENDPOINT: 'https://acs-peterental.unitedstates.communication.azure.com',
  MAIL_FROM: 'DoNotReply@00000000-0000-0000-0000-000000000000.azurecomm.net',
};

function isExpression(value: string): boolean {
  return value.startsWith('[');
}

describe.each(['main', 'private'])('the settings of %s.bicepparam', (mode) => {
  const settings = readSnapshot(mode).find(({ name }) => name.endsWith('/appsettings'))?.properties as Record<
    string,
    string
  >;

  test('are all known to the app or the host', () => {
    const known = [...Object.keys(SETTINGS), ...OF_THE_HOST];
    expect(Object.keys(settings).filter((name) => !known.includes(name))).toEqual([]);
  });

  test('are enough for the app to start', () => {
    const required = Object.entries(SETTINGS).filter(([, { required }]) => required);
    expect(Object.keys(settings)).toEqual(expect.arrayContaining(required.map(([name]) => name)));
    const environment = Object.fromEntries(
      Object.entries(settings).map(([name, value]) => [name, isExpression(value) ? RESOLVED[name] : value]),
    );
    const result = readConfig(environment);
    expect(result).toMatchObject({
      ok: true,
      config: {
        microsoft: { clientSecret: null, identityClientId: RESOLVED['AZURE_CLIENT_ID'] },
        storage: { kind: 'identity' },
        mail: { kind: 'acs' },
      },
    });
  });

  test('hold secrets only as references to the vault', () => {
    const secrets = Object.entries(SETTINGS).filter(([name, { secret }]) => secret && name in settings);
    expect(secrets.map(([name]) => name)).toEqual([
      'TOKEN_ENCRYPTION_KEYS',
      'VAPI_WEBHOOK_SECRET',
      'VAPI_HMAC_SECRET',
    ]);
    for (const [name] of secrets) expect(settings[name]).toContain('@Microsoft.KeyVault(SecretUri=https://');
  });

  test('require credentials at the webhook, and do not trust the model', () => {
    expect(settings).not.toHaveProperty('ALLOW_UNAUTHENTICATED_WEBHOOK');
    expect(settings).not.toHaveProperty('TRUST_TOOL_USER_ID');
  });

  test('let the host accept bodies of a little over 10 MiB, and hide its home page', () => {
    const limit = Number(settings['FUNCTIONS_REQUEST_BODY_SIZE_LIMIT']);
    expect(limit).toBeGreaterThan(10 * 1024 * 1024);
    expect(limit).toBeLessThan(11 * 1024 * 1024);
    expect(settings['AzureWebJobsDisableHomepage']).toBe('true');
  });

  test('subscribe to changes of calendars', () => {
    expect(settings['CALENDAR_NOTIFICATIONS']).toBe('true');
  });

  test('are the same as in the outputs that repeat them', () => {
    const { outputs } = JSON.parse(readFileSync(`infra/${mode}.snapshot.json`, 'utf8')) as {
      outputs: Record<string, string>;
    };
    expect(outputs['storageAccountName']).toBe(settings['AzureWebJobsStorage__accountName']);
    expect(outputs['microsoftRedirectUri']).toBe(settings['MICROSOFT_REDIRECT_URI']);
    expect(settings['MICROSOFT_REDIRECT_URI']).toBe(
      `https://${outputs['appHostName']}/calendar/auth/callback`,
    );
  });

  test('set nothing that Flex Consumption refuses', () => {
    const refused = /^(FUNCTIONS_(?!REQUEST_BODY_SIZE_LIMIT$)|WEBSITE_)/;
    expect(Object.keys(settings).filter((name) => refused.test(name))).toEqual([]);
    expect(settings).not.toHaveProperty('AzureWebJobsStorage');
  });
});
