import { describe, expect, test } from '@jest/globals';
import { readSnapshot, runBicep, testWithBicep } from './bicep.ts';
import type { Resource } from './bicep.ts';

const modes = ['main', 'private'];

function ofType(resources: readonly Resource[], type: string): Resource[] {
  return resources.filter((resource) => resource.type === type);
}

const PUBLIC = { publicNetworkAccess: 'Enabled', networkAcls: { defaultAction: 'Allow' } };
const CLOSED = { publicNetworkAccess: 'Disabled', networkAcls: { defaultAction: 'Deny' } };

describe.each(modes)('what %s.bicepparam deploys', (mode) => {
  const resources = readSnapshot(mode);

  test('accepts only https, with TLS 1.2 or newer', () => {
    expect(ofType(resources, 'Microsoft.Storage/storageAccounts')).toMatchObject([
      { properties: { supportsHttpsTrafficOnly: true, minimumTlsVersion: 'TLS1_2' } },
    ]);
    expect(ofType(resources, 'Microsoft.Web/sites')).toMatchObject([
      {
        properties: {
          httpsOnly: true,
          siteConfig: { minTlsVersion: '1.2', scmMinTlsVersion: '1.2', ftpsState: 'Disabled' },
        },
      },
    ]);
  });

  test('allows no access by a shared key, a connection string or a password', () => {
    expect(ofType(resources, 'Microsoft.Storage/storageAccounts')).toMatchObject([
      { properties: { allowSharedKeyAccess: false, allowBlobPublicAccess: false } },
    ]);
    expect(ofType(resources, 'Microsoft.Insights/components')).toMatchObject([
      { properties: { DisableLocalAuth: true } },
    ]);
    expect(ofType(resources, 'Microsoft.OperationalInsights/workspaces')).toMatchObject([
      { properties: { features: { disableLocalAuth: true } } },
    ]);
    expect(ofType(resources, 'Microsoft.Communication/communicationServices')).toMatchObject([
      { properties: { disableLocalAuth: true } },
    ]);
    expect(ofType(resources, 'Microsoft.KeyVault/vaults')).toMatchObject([
      { properties: { enableRbacAuthorization: true, enablePurgeProtection: true } },
    ]);
    const policies = ofType(resources, 'Microsoft.Web/sites/basicPublishingCredentialsPolicies');
    expect(policies.map(({ name, properties }) => [name.split('/')[1], properties])).toEqual([
      ['scm', { allow: false }],
      ['ftp', { allow: false }],
    ]);
    expect(JSON.stringify(resources)).not.toMatch(/AccountKey|SharedAccess|listKeys|listConnectionStrings/i);
  });

  test('assigns each role on the resource that needs it and nowhere wider', () => {
    const assignments = ofType(resources, 'Microsoft.Authorization/roleAssignments').map((resource) => {
      const [, scope = resource.id] = /^\[extensionResourceId\('([^']+)'/.exec(resource.id) ?? [];
      const holder = JSON.stringify(resource.properties?.['principalId']).includes("'deployer-{0}'")
        ? 'the deploy workflow'
        : 'the app';
      const role = String(resource.properties?.['roleDefinitionId']).split('/').at(-1);
      return `${holder}: ${role} on ${scope.replace(/^.*\/providers\//, '').replace(/\/(kv|st|\w+-)peterental\w*(-\w+)?/, '')}`;
    });
    expect(assignments.sort()).toEqual([
      // Communication and Email Service Owner: sending mail.
      'the app: 09976791-48a7-449e-bb21-39d1a415f350 on Microsoft.Communication/communicationServices',
      // Storage Table Data Contributor.
      'the app: 0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3 on Microsoft.Storage/storageAccounts',
      // Monitoring Metrics Publisher.
      'the app: 3913510d-42f4-4e42-8a64-420c390055eb on Microsoft.Insights/components',
      // Key Vault Secrets User.
      'the app: 4633458b-17de-408a-b874-0445c86b69e6 on Microsoft.KeyVault/vaults',
      // Storage Blob Data Owner: the Functions host.
      'the app: b7e6dc6d-f1e8-4753-8033-0f276bb0955b on Microsoft.Storage/storageAccounts',
      // Key Vault Secrets User, on the one secret that signs the call after a deployment.
      'the deploy workflow: 4633458b-17de-408a-b874-0445c86b69e6 on Microsoft.KeyVault/vaults/secrets/vapi-hmac-secret',
      // Website Contributor.
      'the deploy workflow: de139f84-1756-47ae-9be6-808fbbe84772 on Microsoft.Web/sites',
    ]);
  });

  test('keeps telemetry for a stated time, within a daily cap, and without e-mail addresses', () => {
    expect(ofType(resources, 'Microsoft.OperationalInsights/workspaces')).toMatchObject([
      { properties: { retentionInDays: 31, workspaceCapping: { dailyQuotaGb: 1 } } },
    ]);
    const categories = ofType(resources, 'Microsoft.Insights/diagnosticSettings').flatMap(({ properties }) =>
      (properties?.['logs'] as { category: string }[]).map(({ category }) => category),
    );
    expect(categories.sort()).toEqual(['AuditEvent', 'EmailSendMailOperational', 'StorageDelete']);
  });

  test('keeps every telemetry table as long as the logs, not for Azure’s 90 days', () => {
    const tables = ofType(resources, 'Microsoft.OperationalInsights/workspaces/tables');
    expect(tables.map(({ name }) => name.split('/')[1])).toEqual([
      'AppAvailabilityResults',
      'AppDependencies',
      'AppEvents',
      'AppExceptions',
      'AppMetrics',
      'AppPerformanceCounters',
      'AppRequests',
      'AppTraces',
    ]);
    for (const { properties } of tables)
      expect(properties).toMatchObject({ retentionInDays: 31, totalRetentionInDays: 31 });
    expect(ofType(resources, 'Microsoft.Insights/components')[0]?.properties).not.toHaveProperty(
      'RetentionInDays',
    );
  });

  test('keeps an instance warm, takes 16 calls at a time on each, and updates without interrupting them', () => {
    expect(ofType(resources, 'Microsoft.Web/sites')).toMatchObject([
      {
        properties: {
          functionAppConfig: {
            runtime: { name: 'node', version: '24' },
            scaleAndConcurrency: {
              instanceMemoryMB: 2048,
              alwaysReady: [{ name: 'http', instanceCount: 1 }],
              triggers: { http: { perInstanceConcurrency: 16 } },
            },
            siteUpdateStrategy: { type: 'RollingUpdate' },
          },
        },
      },
    ]);
  });
});

describe('private networking', () => {
  const resources = readSnapshot('private');
  const [network] = ofType(resources, 'Microsoft.Network/virtualNetworks');
  const endpoints = ofType(resources, 'Microsoft.Network/privateEndpoints');

  test('closes storage and the vault to the internet; without it they are open', () => {
    for (const type of ['Microsoft.Storage/storageAccounts', 'Microsoft.KeyVault/vaults']) {
      expect(ofType(resources, type)).toMatchObject([{ properties: CLOSED }]);
      expect(ofType(readSnapshot('main'), type)).toMatchObject([{ properties: PUBLIC }]);
    }
  });

  test('leaves only the app open to the internet', () => {
    const open = resources.filter(({ properties }) => properties?.['publicNetworkAccess'] === 'Enabled');
    expect(open.map(({ type }) => type)).toEqual(['Microsoft.Web/sites']);
  });

  test('gives every closed service an endpoint in the network, and a name that leads to it', () => {
    const [storage] = ofType(resources, 'Microsoft.Storage/storageAccounts');
    const [vault] = ofType(resources, 'Microsoft.KeyVault/vaults');
    const targets = endpoints.map(({ properties }) => {
      const [connection] = properties?.['privateLinkServiceConnections'] as {
        properties: { privateLinkServiceId: string; groupIds: string[] };
      }[];
      return [connection?.properties.privateLinkServiceId, connection?.properties.groupIds];
    });
    expect(targets).toEqual([
      [storage?.id, ['blob']],
      [storage?.id, ['table']],
      [vault?.id, ['vault']],
    ]);
    for (const { properties } of endpoints)
      expect(properties).toMatchObject({ subnet: { id: `${network?.id ?? ''}/subnets/endpoints` } });

    const links = ofType(resources, 'Microsoft.Network/privateDnsZones/virtualNetworkLinks');
    expect(links).toHaveLength(3);
    for (const { properties } of links)
      expect(properties).toMatchObject({ virtualNetwork: { id: network?.id } });
    expect(ofType(resources, 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups')).toHaveLength(3);
  });

  test('sends the app out through the network, by one fixed address', () => {
    expect(ofType(resources, 'Microsoft.Web/sites')).toMatchObject([
      { properties: { virtualNetworkSubnetId: `${network?.id ?? ''}/subnets/app` } },
    ]);
    const [gateway] = ofType(resources, 'Microsoft.Network/natGateways');
    const [address] = ofType(resources, 'Microsoft.Network/publicIPAddresses');
    expect(gateway?.properties).toMatchObject({ publicIpAddresses: [{ id: address?.id }] });
    expect(network?.properties).toMatchObject({
      subnets: [
        {
          name: 'app',
          properties: {
            natGateway: { id: gateway?.id },
            delegations: [{ properties: { serviceName: 'Microsoft.App/environments' } }],
          },
        },
        { name: 'endpoints', properties: { privateEndpointNetworkPolicies: 'Disabled' } },
      ],
    });
    expect(ofType(readSnapshot('main'), 'Microsoft.Network/virtualNetworks')).toEqual([]);
  });
});

interface Template {
  readonly parameters?: Record<string, { type: string; defaultValue?: unknown }>;
  readonly outputs?: Record<string, { type: string; value: string }>;
  readonly resources: Record<string, ArmResource> | ArmResource[];
}
interface ArmResource {
  readonly type: string;
  readonly name?: string;
  readonly properties?: { template?: Template };
  readonly '@options'?: { onlyIfNotExists?: unknown };
}

/** A template and the templates of its modules. */
function flatten(template: Template): Template[] {
  return [
    template,
    ...Object.values(template.resources).flatMap(({ properties }) =>
      properties?.template ? flatten(properties.template) : [],
    ),
  ];
}

describe('the compiled templates', () => {
  let built: Promise<Template> | undefined;
  /** The template as Azure gets it; compiled once. */
  const build = (): Promise<Template> =>
    (built ??= runBicep('build', 'infra/main.bicep', '--stdout').then(
      ({ stdout }) => JSON.parse(stdout) as Template,
    ));
  const compile = async (): Promise<Template[]> => flatten(await build());

  testWithBicep('put no secret into an output', async () => {
    const templates = await compile();
    expect(templates.length).toBeGreaterThan(10);
    const outputs = templates.flatMap(({ outputs = {} }) => Object.entries(outputs));
    for (const [, { type, value }] of outputs) {
      expect(type).toBe('string');
      expect(value).not.toMatch(
        /newGuid|random|Seed|\.secret|list\w*\(|ConnectionString|InstrumentationKey/i,
      );
    }
  });

  testWithBicep('take no secret as a parameter, but for the GUIDs they make themselves', async () => {
    const parameters = (await compile()).flatMap(({ parameters = {} }) => Object.entries(parameters));
    const secure = parameters.filter(([, { type }]) => type.toLowerCase().startsWith('secure'));
    expect(secure.map(([name]) => name).sort()).toEqual([
      'encryptionSeed',
      'hmacSeed',
      'keyIdSeed',
      'webhookSeed',
    ]);
    for (const [, { defaultValue }] of secure) expect(defaultValue).toMatch(/^\[.*newGuid\(\).*\]$/);
    const others = parameters.filter((parameter) => !secure.includes(parameter));
    expect(
      others.filter(([, { defaultValue }]) => JSON.stringify(defaultValue ?? '').includes('newGuid')),
    ).toEqual([]);
  });

  testWithBicep('hand the GUIDs from no template to another', async () => {
    const passed = JSON.stringify(await build()).match(/"parameters":\{"\w+":\{"value"/g);
    expect(passed?.length).toBeGreaterThan(10);
    expect(JSON.stringify(await build())).not.toMatch(/"\w*Seed":\{"(value|reference)"/);
  });

  testWithBicep('make every secret once, and never again', async () => {
    const secrets = (await compile())
      .flatMap(({ resources }) => Object.values(resources))
      .filter(({ type, properties }) => type === 'Microsoft.KeyVault/vaults/secrets' && properties);
    expect(secrets).toHaveLength(3);
    for (const secret of secrets) expect(secret['@options']).toHaveProperty('onlyIfNotExists');
  });
});
