// Stands in for the Azure CLI: knows the real flags, refuses every other, and plays one small subscription.
import jmespath from 'jmespath';
import { readCall } from './commands.ts';
import type { Call } from './commands.ts';
import { deploy, showDeployment } from './deployments.ts';
import {
  CLIENT,
  EMPTY_WORLD,
  GROUP,
  OBJECT,
  print,
  readWorld,
  refuse,
  SUBSCRIPTION,
  TENANT,
  worldFolder,
  writeWorld,
} from './world.ts';
import type { World } from './world.ts';

const folder = worldFolder();
const world = readWorld(folder);

function site(): string {
  return world.deployments['peterental']?.['functionAppName'] ?? '';
}

function siteId(): string {
  return `/subscriptions/${SUBSCRIPTION}/resourceGroups/${GROUP}/providers/Microsoft.Web/sites/${site()}`;
}

function wantSite(name: string | undefined): void {
  if (!world.hasGroup || name !== site() || name === '')
    refuse('az', `(ResourceNotFound) ${name ?? ''} was not found`);
}

function wantVault(name: string | undefined): void {
  if (world.vault !== 'there' || name !== world.deployments['peterental']?.['keyVaultName'])
    refuse('az', `(VaultNotFound) ${name ?? ''} was not found`);
}

function secretOf({ given }: Call): { name: string } {
  const [, vault, name = ''] = /^https:\/\/(\w+)\.vault\.azure\.net\/secrets\/([\w-]+)$/.exec(
    given.get('--id') ?? '',
  ) ?? ['', given.get('--vault-name'), given.get('--name')];
  wantVault(vault);
  if (!world.mayReadSecrets)
    refuse('az', '(Forbidden) Caller is not authorized to perform action on resource.');
  return { name };
}

/** Azure Resource Manager and Graph, as far as `az rest` is used for them. */
function rest({ given }: Call): unknown {
  const url = given.get('--url') ?? '';
  const method = given.get('--method') ?? 'get';
  if (url === `https://graph.microsoft.com/v1.0/directory/deletedItems/${OBJECT}` && method === 'delete') {
    if (world.registration !== 'deleted') refuse('az', 'Request_ResourceNotFound');
    world.registration = 'none';
    return null;
  }
  if (!url.startsWith(siteId())) return refuse('az', `No answer to ${method} ${url}`);
  const [path, query] = url.slice(siteId().length).split('?');
  if (query !== 'api-version=2025-03-01') refuse('az', `InvalidApiVersionParameter: ${query ?? ''}`);
  const references = Object.entries(world.settings).filter(([, value]) =>
    value.startsWith('@Microsoft.KeyVault('),
  );
  switch (`${method} ${path ?? ''}`) {
    case 'get ':
      return { properties: { defaultHostName: world.deployments['peterental']?.['appHostName'] } };
    case 'post /config/appsettings/list':
      return { properties: world.settings };
    case 'post /config/configreferences/appsettings/refresh':
      world.refreshesNeeded = Math.max(0, world.refreshesNeeded - 1);
      return null;
    case 'get /config/configreferences/appsettings':
      return {
        value: references.map(([name, value]) => {
          const [, vaultName, secretName = ''] = /https:\/\/(\w+)\..*\/secrets\/([\w-]+)\//.exec(value) ?? [];
          const status =
            world.refreshesNeeded > 0
              ? 'AccessToKeyVaultDenied'
              : secretName in world.secrets
                ? 'Resolved'
                : 'SecretNotFound';
          return { name, properties: { status, vaultName, secretName } };
        }),
      };
    default:
      return refuse('az', `No answer to ${method} ${path ?? ''}`);
  }
}

const HANDLERS: Readonly<Record<string, (call: Call) => unknown>> = {
  'az login': () => {
    world.isSignedIn = true;
    return [{ id: SUBSCRIPTION }];
  },
  'az account set': () => null,
  'az account show': () => ({ name: 'Subscription', id: SUBSCRIPTION, tenantId: TENANT }),
  'az provider register': () => null,
  'az group create': () => {
    world.hasGroup = true;
    return { name: GROUP, properties: { provisioningState: 'Succeeded' } };
  },
  'az group show': () => ({ id: `/subscriptions/${SUBSCRIPTION}/resourceGroups/${GROUP}` }),
  'az group delete': ({ given }) => {
    if (!given.has('--yes'))
      refuse('az', 'Unable to prompt for confirmation as no tty available. Use --yes.');
    // The keys stay; everything else goes.
    Object.assign(world, {
      ...EMPTY_WORLD,
      isSignedIn: true,
      registration: world.registration,
      vault: world.vault === 'there' ? 'deleted' : world.vault,
      secrets: world.secrets,
      deployments: world.deployments,
    } satisfies World);
    return null;
  },
  'az deployment group create': (call) => deploy(world, call),
  'az deployment group show': ({ given }) => showDeployment(world, given.get('--name') ?? ''),
  'az role assignment create': ({ given }) => {
    if (given.get('--role') === 'Key Vault Secrets Officer') world.mayReadSecrets = true;
    return {
      principalType: given.get('--assignee-principal-type') ?? 'User',
      roleDefinitionId: 'an id, and no name',
    };
  },
  'az ad signed-in-user show': () => ({ id: '00000000-0000-0000-0000-00000000000c' }),
  'az ad app show': ({ given }) => {
    if (world.registration !== 'there' || given.get('--id') !== CLIENT)
      refuse('az', 'Resource does not exist');
    return { id: OBJECT, appId: CLIENT };
  },
  'az ad app delete': () => {
    world.registration = 'deleted';
    return null;
  },
  'az rest': rest,
  'az resource list': ({ given }) => {
    const type = given.get('--resource-type');
    if (type === 'Microsoft.Web/sites')
      return given.get('--name') === site() ? [{ id: siteId(), name: site() }] : [];
    return [{ name: 'appi-peterental-abc', type }];
  },
  'az keyvault show': ({ given }) => {
    wantVault(given.get('--name'));
    return { id: `/subscriptions/${SUBSCRIPTION}/vault`, name: given.get('--name') };
  },
  'az keyvault update': ({ given }) => ({ name: given.get('--name') }),
  'az keyvault network-rule add': ({ given }) => ({ name: given.get('--name') }),
  'az keyvault recover': ({ given }) => {
    if (world.vault !== 'deleted')
      refuse('az', `No deleted Vault found with name ${given.get('--name') ?? ''}`);
    if (!world.hasGroup) refuse('az', '(ResourceGroupNotFound)');
    world.vault = 'there';
    return { name: given.get('--name') };
  },
  'az keyvault secret show': (call) => {
    const { name } = secretOf(call);
    if (!(name in world.secrets)) refuse('az', `(SecretNotFound) ${name}`);
    return { name, value: world.secrets[name] };
  },
  'az keyvault secret set': (call) => {
    const { name } = secretOf(call);
    world.secrets[name] = call.given.get('--value') ?? '';
    return { id: `https://vault/secrets/${name}/1` };
  },
  'az keyvault secret recover': (call) => {
    const { name } = secretOf(call);
    if (name in world.secrets) refuse('az', `(SecretNotFound) ${name} is not deleted`);
    world.secrets[name] = 'recovered';
    return { name };
  },
  'az functionapp show': ({ given }) => {
    wantSite(given.get('--name'));
    return { id: siteId(), name: site() };
  },
  'az functionapp stop': ({ given }) => {
    wantSite(given.get('--name'));
    world.isStopped = true;
    return null;
  },
  'az functionapp start': () => null,
  'az functionapp config appsettings set': () => null,
  'az functionapp keys list': ({ given }) => {
    wantSite(given.get('--name'));
    return { functionKeys: world.hostKeys, masterKey: 'x' };
  },
  'az functionapp keys set': ({ given }) => {
    world.hostKeys[given.get('--key-name') ?? ''] = 'a-new-key';
    return { value: 'a-new-key' };
  },
  'az functionapp keys delete': () => null,
  'az functionapp vnet-integration remove': ({ given }) => {
    wantSite(given.get('--name'));
    return null;
  },
  'az monitor app-insights query': () => ({ tables: [] }),
};

function show(value: unknown, format: string): void {
  if (value === null || value === undefined || format === 'none') return;
  if (format === 'tsv')
    print(
      (Array.isArray(value) ? value : [value])
        .map((one) => (typeof one === 'string' ? one : JSON.stringify(one)))
        .join('\n'),
    );
  else print(JSON.stringify(value, null, 2));
}

try {
  const call = readCall('az', process.argv.slice(2));
  const handler = HANDLERS[call.command];
  if (handler === undefined) refuse('az', `The stand-in does not play ${call.command}`);
  if (!world.isSignedIn && call.command !== 'az login') refuse('az', 'Please run az login');
  const result = handler(call) ?? null;
  writeWorld(folder, world);
  const query = call.given.get('--query');
  const answer: unknown = query === undefined ? result : jmespath.search(result, query);
  // The real one prints nothing, and the variable that it was for stays empty.
  if (query !== undefined && (answer === null || answer === ''))
    refuse('az', `--query ${query} finds nothing (${call.command})`);
  show(answer, call.given.get('--output') ?? 'json');
} catch (error) {
  refuse('az', error instanceof Error ? error.message : String(error));
}
