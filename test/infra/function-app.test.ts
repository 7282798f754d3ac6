import { expect, test } from '@jest/globals';
import { findFunctionApp } from '../../scripts/azure/function-app.ts';

const SECRET = 'https://kv1.vault.azure.net/secrets/token-encryption-keys/';

/** Azure Resource Manager, with one app whose only reference it lists with this status, or not yet. */
function createAz(status: string | null) {
  const answers: Readonly<Record<string, unknown>> = {
    '': { properties: { defaultHostName: 'app.example' } },
    '/config/appsettings/list': {
      properties: {
        TOKEN_ENCRYPTION_KEYS: `@Microsoft.KeyVault(SecretUri=${SECRET})`,
        MAIL_FROM: 'a@b.example',
      },
    },
    '/config/configreferences/appsettings': {
      value:
        status === null
          ? []
          : [
              {
                name: 'TOKEN_ENCRYPTION_KEYS',
                properties: { status, vaultName: 'kv1', secretName: 'token-encryption-keys' },
              },
            ],
    },
    '/functions': { value: status === null ? [] : [{ name: 'health' }] },
  };
  return (...args: readonly string[]): Promise<unknown> => {
    if (args[0] === 'resource') return Promise.resolve([{ id: '/sites/app' }]);
    const [path = ''] = (args[args.indexOf('--url') + 1] ?? '').replace('/sites/app', '').split('?');
    return Promise.resolve(answers[path]);
  };
}

test('a reference that Azure does not list yet is not resolved', async () => {
  const app = await findFunctionApp(createAz(null), 'app');
  expect(await app.readReferences()).toEqual(
    new Map([
      ['TOKEN_ENCRYPTION_KEYS', { status: 'NotListed', secret: 'token-encryption-keys', vault: 'kv1' }],
    ]),
  );
  expect(await app.hasFunctions()).toBe(false);
});

test('a reference has the status that Azure lists', async () => {
  const app = await findFunctionApp(createAz('Resolved'), 'app');
  expect([...(await app.readReferences()).values()].map(({ status }) => status)).toEqual(['Resolved']);
  expect(await app.hasFunctions()).toBe(true);
});
