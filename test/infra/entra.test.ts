import { afterAll, describe, expect, test } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runBicep, testWithBicep } from './bicep.ts';
import type { BicepRun } from './bicep.ts';
import { GRAPH_TYPES } from './graph-types.ts';

interface Compiled {
  readonly parameters: Record<string, { defaultValue?: unknown; allowedValues?: string[] }>;
  readonly variables: { delegatedPermissions: string[] };
  readonly resources: Record<
    string,
    { type: string; condition?: string; existing?: boolean; properties: Record<string, unknown> }
  >;
  readonly outputs: Record<string, { type: string }>;
}

const config = JSON.parse(readFileSync('infra/bicepconfig.json', 'utf8')) as { extensions: object };
const folder = mkdtempSync(join(tmpdir(), 'graph-'));
const configFile = join(folder, 'bicepconfig.json');
const extension = join(folder, 'graph.tgz');
for (const [name, text] of Object.entries(GRAPH_TYPES)) writeFileSync(join(folder, name), text);
writeFileSync(configFile, JSON.stringify({ ...config, extensions: { microsoftGraphV1: extension } }));

afterAll(() => {
  rmSync(folder, { recursive: true });
});

let published: Promise<BicepRun> | undefined;
async function compile(command: 'build' | 'lint', ...args: string[]): Promise<BicepRun> {
  await (published ??= runBicep('publish-extension', join(folder, 'index.json'), '--target', extension));
  return runBicep(command, 'infra/entra.bicep', '--config', configFile, ...args);
}

let built: Promise<Compiled> | undefined;
/** The template as Azure gets it; compiled once. */
function read(): Promise<Compiled> {
  return (built ??= compile('build', '--stdout').then(({ stdout }) => JSON.parse(stdout) as Compiled));
}

describe('the app registration', () => {
  testWithBicep('lints without a warning', async () => {
    expect(await compile('lint')).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  testWithBicep('asks for the calendar, and only on behalf of the manager', async () => {
    const { variables, resources } = await read();
    expect(variables.delegatedPermissions.toSorted()).toEqual(
      ['Calendars.Read', 'Calendars.ReadWrite', 'User.Read', 'offline_access', 'openid', 'profile'].sort(),
    );
    const access = JSON.stringify(resources['application']?.properties['requiredResourceAccess']);
    expect(access).toContain('"type":"Scope"');
    expect(access).not.toContain('"type":"Role"');
    expect(resources['graph']).toMatchObject({
      existing: true,
      properties: { appId: '00000003-0000-0000-c000-000000000000' },
    });
  });

  testWithBicep('serves work and personal accounts by default, which "common" needs', async () => {
    const { parameters, resources } = await read();
    expect(parameters['audience']).toMatchObject({
      defaultValue: 'AzureADandPersonalMicrosoftAccount',
      allowedValues: ['AzureADMultipleOrgs', 'AzureADMyOrg', 'AzureADandPersonalMicrosoftAccount'],
    });
    expect(resources['application']?.properties).toMatchObject({
      signInAudience: "[parameters('audience')]",
      api: { requestedAccessTokenVersion: 2 },
    });
  });

  testWithBicep('has one redirect URI, the one in the app’s settings', async () => {
    const { resources } = await read();
    const { redirectUris } = resources['application']?.properties['web'] as { redirectUris: string[] };
    expect(redirectUris).toHaveLength(1);
    expect(redirectUris[0]).toContain('redirectUri(');
    const main = readFileSync('infra/main.bicep', 'utf8');
    expect(main).toContain('redirectUri(publicHostName)');
  });

  testWithBicep('trusts the managed identity, and holds no secret', async () => {
    const { resources, outputs } = await read();
    expect(resources['application::identityAsCredential']).toMatchObject({
      type: 'Microsoft.Graph/applications/federatedIdentityCredentials@v1.0',
      properties: {
        audiences: ['api://AzureADTokenExchange'],
        issuer: "[format('{0}{1}/v2.0', environment().authentication.loginEndpoint, tenant().tenantId)]",
        subject: "[reference('identity').outputs.principalId.value]",
      },
    });
    expect(JSON.stringify(resources)).not.toMatch(/passwordCredentials|keyCredentials|secretText/);
    expect(Object.keys(outputs)).toContain('microsoftClientId');
  });

  test('is the only template that needs types from the internet', () => {
    expect(readFileSync('infra/main.bicep', 'utf8')).not.toMatch(/^extension |'br[:/]/m);
  });
});
