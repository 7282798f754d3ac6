import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { readConfig, SETTINGS } from '../shared/config.ts';

const KEY = Buffer.alloc(32, 7).toString('base64');
const GOOD = {
  MICROSOFT_CLIENT_ID: '11111111-2222-3333-4444-555555555555',
  MICROSOFT_REDIRECT_URI: 'https://calendar.example.com/calendar/auth/callback',
  TOKEN_ENCRYPTION_KEYS: `k1:${KEY}`,
  VAPI_WEBHOOK_SECRET: 'first-secret, second-secret',
  AzureWebJobsStorage: 'UseDevelopmentStorage=true',
};
function badSettings(env: Record<string, string | undefined>) {
  const result = readConfig(env);
  return result.ok ? [] : result.problems.map(({ setting }) => setting);
}

describe('the settings', () => {
  test('need only the required ones, and the others have defaults', () => {
    const result = readConfig(GOOD);
    if (!result.ok) throw new Error(JSON.stringify(result.problems));
    expect(result.config).toMatchObject({
      microsoft: {
        clientSecret: null,
        tenantId: 'common',
        loginEndpoint: 'https://login.microsoftonline.com',
        graphEndpoint: 'https://graph.microsoft.com',
      },
      publicOrigin: 'https://calendar.example.com',
      vapi: {
        secrets: ['first-secret', 'second-secret'],
        hmacSecrets: [],
        allowUnauthenticated: false,
        trustToolUserId: false,
      },
      storage: { kind: 'connection_string', connectionString: 'UseDevelopmentStorage=true' },
      mail: null,
      defaultTimeZone: 'America/Chicago',
    });
    expect(result.config.encryptionKeys).toEqual([{ id: 'k1', bytes: new Uint8Array(32).fill(7) }]);
  });

  test('name all missing ones at once; an empty one counts as missing', () => {
    expect(badSettings({ MICROSOFT_CLIENT_ID: ' ' })).toEqual([
      'MICROSOFT_CLIENT_ID',
      'MICROSOFT_REDIRECT_URI',
      'TOKEN_ENCRYPTION_KEYS',
      'VAPI_WEBHOOK_SECRET',
      'AzureWebJobsStorage',
    ]);
    expect(badSettings({ ...GOOD, VAPI_WEBHOOK_SECRET: ' , ' })).toEqual(['VAPI_WEBHOOK_SECRET']);
    expect(badSettings({ ...GOOD, VAPI_WEBHOOK_SECRET: '', AzureWebJobsStorage: '' })).toEqual([
      'VAPI_WEBHOOK_SECRET',
      'AzureWebJobsStorage',
    ]);
  });

  test.each([
    ['MICROSOFT_REDIRECT_URI', 'http://calendar.example.com/calendar/auth/callback'],
    ['MICROSOFT_REDIRECT_URI', 'https://calendar.example.com/callback'],
    ['MICROSOFT_REDIRECT_URI', 'https://calendar.example.com/calendar/auth/callback?x=1'],
    ['MICROSOFT_REDIRECT_URI', 'calendar.example.com'],
    ['MICROSOFT_LOGIN_ENDPOINT', 'http://login.example.com'],
    ['MICROSOFT_GRAPH_ENDPOINT', 'https://graph.example.com/v1.0'],
    ['TOKEN_ENCRYPTION_KEYS', KEY],
    ['TOKEN_ENCRYPTION_KEYS', 'k1:c2hvcnQ='],
    ['TOKEN_ENCRYPTION_KEYS', `k1:${KEY},k1:${KEY}`],
    ['VAPI_WEBHOOK_SECRET', 'short'],
    ['VAPI_HMAC_SECRET', 'long-enough,short'],
    ['ALLOW_UNAUTHENTICATED_WEBHOOK', 'yes'],
    ['AzureWebJobsStorage', 'nonsense'],
    ['AzureWebJobsStorage__accountName', 'https://x'],
    ['SMTP_URL', 'https://mail.example.com'],
    ['MAIL_FROM', 'nobody'],
    ['DEFAULT_TIME_ZONE', 'Central Time'],
    ['MICROSOFT_CLIENT_SECRET', '@Microsoft.KeyVault(SecretUri=https://v.vault.azure.net/secrets/n/)'],
  ])('refuse %s=%s, and never show the value', (name, value) => {
    const result = readConfig({ ...GOOD, MAIL_FROM: 'pete@example.com', [name]: value });
    expect(result).toMatchObject({ ok: false, problems: [{ setting: name }] });
    expect(JSON.stringify(result)).not.toContain(value);
  });

  test('take a stand-in on this machine over http', () => {
    expect(
      badSettings({
        ...GOOD,
        MICROSOFT_REDIRECT_URI: 'http://localhost:7071/calendar/auth/callback',
        MICROSOFT_LOGIN_ENDPOINT: 'http://127.0.0.1:4000',
        MICROSOFT_GRAPH_ENDPOINT: 'http://127.0.0.1:4000/',
      }),
    ).toEqual([]);
  });

  test('take storage by identity', () => {
    const env = { ...GOOD, AzureWebJobsStorage: undefined, AzureWebJobsStorage__accountName: 'stpeterental' };
    const result = readConfig({ ...env, AZURE_CLIENT_ID: 'identity' });
    expect(result.ok && result.config.storage).toEqual({
      kind: 'identity',
      tableEndpoint: 'https://stpeterental.table.core.windows.net',
      identityClientId: 'identity',
    });
  });

  test('need MAIL_FROM if mail is set up', () => {
    expect(badSettings({ ...GOOD, SMTP_URL: 'smtp://127.0.0.1:2525' })).toEqual(['MAIL_FROM']);
    const result = readConfig({
      ...GOOD,
      SMTP_URL: 'smtp://127.0.0.1:2525',
      MAIL_FROM: 'Pete <pete@example.com>',
    });
    expect(result.ok && result.config.mail).toEqual({
      kind: 'smtp',
      url: 'smtp://127.0.0.1:2525',
      from: { name: 'Pete', address: 'pete@example.com' },
    });
  });

  test('are all listed in local.settings.json.example', () => {
    const example = JSON.parse(readFileSync('local.settings.json.example', 'utf8')) as {
      Values: Record<string, string>;
    };
    expect(Object.keys(example.Values).filter((name) => name !== 'FUNCTIONS_WORKER_RUNTIME')).toEqual(
      Object.keys(SETTINGS),
    );
    expect(badSettings(example.Values)).toEqual(['MICROSOFT_CLIENT_ID', 'TOKEN_ENCRYPTION_KEYS']);
  });
});
