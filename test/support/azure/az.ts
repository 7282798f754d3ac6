// Stands in for the Azure CLI: knows the real flags, refuses every other, and plays one small subscription.
import jmespath from 'jmespath';
import { readCall } from './commands.ts';
import type { Call } from './commands.ts';
import { deploy, showDeployment } from './deployments.ts';
import {
  CLIENT,
  EMPTY_STATE,
  GROUP,
  OBJECT,
  print,
  readState,
  refuse,
  SUBSCRIPTION,
  TENANT,
  stateFolder,
  writeState,
} from './state.ts';
import type { AzureState } from './state.ts';

const folder = stateFolder();
const azure = readState(folder);

function site(): string {
  return azure.deployments['peterental']?.['functionAppName'] ?? '';
}

function siteId(): string {
  return `/subscriptions/${SUBSCRIPTION}/resourceGroups/${GROUP}/providers/Microsoft.Web/sites/${site()}`;
}

function wantSite(name: string | undefined): void {
  if (!azure.hasGroup || name !== site() || name === '')
    refuse('az', `(ResourceNotFound) ${name ?? ''} was not found`);
}

function wantVault(name: string | undefined): void {
  if (azure.vault !== 'there' || name !== azure.deployments['peterental']?.['keyVaultName'])
    refuse('az', `(VaultNotFound) ${name ?? ''} was not found`);
}

function secretOf({ given }: Call): { name: string } {
  const [, vault, name = ''] = /^https:\/\/(\w+)\.vault\.azure\.net\/secrets\/([\w-]+)$/.exec(
    given.get('--id') ?? '',
  ) ?? ['', given.get('--vault-name'), given.get('--name')];
  wantVault(vault);
  if (!azure.mayReadSecrets)
    refuse('az', '(Forbidden) Caller is not authorized to perform action on resource.');
  return { name };
}

/** Azure Resource Manager and Graph, as far as `az rest` is used for them. */
function rest({ given }: Call): unknown {
  const url = given.get('--url') ?? '';
  const method = given.get('--method') ?? 'get';
  if (url === `https://graph.microsoft.com/v1.0/directory/deletedItems/${OBJECT}` && method === 'delete') {
    if (azure.registration !== 'deleted') refuse('az', 'Request_ResourceNotFound');
    azure.registration = 'none';
    return null;
  }
  if (!url.startsWith(siteId())) return refuse('az', `No answer to ${method} ${url}`);
  const [path, query] = url.slice(siteId().length).split('?');
  if (query !== 'api-version=2025-03-01') refuse('az', `InvalidApiVersionParameter: ${query ?? ''}`);
  const references = Object.entries(azure.settings).filter(([, value]) =>
    value.startsWith('@Microsoft.KeyVault('),
  );
  switch (`${method} ${path ?? ''}`) {
    case 'get ':
      return { properties: { defaultHostName: azure.deployments['peterental']?.['appHostName'] } };
    case 'get /functions':
      return { value: azure.published === null ? [] : [{ name: 'health' }] };
    case 'post /config/appsettings/list':
      return { properties: azure.settings };
    case 'post /config/configreferences/appsettings/refresh':
      azure.refreshes++;
      azure.refreshesNeeded = Math.max(0, azure.refreshesNeeded - 1);
      return null;
    case 'get /config/configreferences/appsettings':
      return {
        value: references.map(([name, value]) => {
          const [, vaultName, secretName = ''] = /https:\/\/(\w+)\..*\/secrets\/([\w-]+)\//.exec(value) ?? [];
          const status =
            azure.refreshesNeeded > 0
              ? 'AccessToKeyVaultDenied'
              : secretName in azure.secrets
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
    azure.isSignedIn = true;
    return [{ id: SUBSCRIPTION }];
  },
  'az account set': () => null,
  'az account show': () => ({ name: 'Subscription', id: SUBSCRIPTION, tenantId: TENANT }),
  'az provider register': () => null,
  'az group create': () => {
    azure.hasGroup = true;
    return { name: GROUP, properties: { provisioningState: 'Succeeded' } };
  },
  'az group show': () => ({ id: `/subscriptions/${SUBSCRIPTION}/resourceGroups/${GROUP}` }),
  'az group delete': ({ given }) => {
    if (!given.has('--yes'))
      refuse('az', 'Unable to prompt for confirmation as no tty available. Use --yes.');
    // The keys stay; everything else goes.
    Object.assign(azure, {
      ...EMPTY_STATE,
      isSignedIn: true,
      registration: azure.registration,
      vault: azure.vault === 'there' ? 'deleted' : azure.vault,
      secrets: azure.secrets,
      deployments: azure.deployments,
    } satisfies AzureState);
    return null;
  },
  'az deployment group create': (call) => deploy(azure, call),
  'az deployment group show': ({ given }) => showDeployment(azure, given.get('--name') ?? ''),
  'az role assignment create': ({ given }) => {
    if (given.get('--role') === 'Key Vault Secrets Officer') azure.mayReadSecrets = true;
    return {
      principalType: given.get('--assignee-principal-type') ?? 'User',
      roleDefinitionId: 'an id, and no name',
    };
  },
  'az ad signed-in-user show': () => ({ id: '00000000-0000-0000-0000-00000000000c' }),
  'az ad app show': ({ given }) => {
    if (azure.registration !== 'there' || given.get('--id') !== CLIENT)
      refuse('az', 'Resource does not exist');
    return { id: OBJECT, appId: CLIENT };
  },
  'az ad app delete': () => {
    azure.registration = 'deleted';
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
    if (azure.vault !== 'deleted')
      refuse('az', `No deleted Vault found with name ${given.get('--name') ?? ''}`);
    if (!azure.hasGroup) refuse('az', '(ResourceGroupNotFound)');
    azure.vault = 'there';
    return { name: given.get('--name') };
  },
  'az keyvault secret show': (call) => {
    const { name } = secretOf(call);
    if (!(name in azure.secrets)) refuse('az', `(SecretNotFound) ${name}`);
    return { name, value: azure.secrets[name] };
  },
  'az keyvault secret set': (call) => {
    const { name } = secretOf(call);
    azure.secrets[name] = call.given.get('--value') ?? '';
    return { id: `https://vault/secrets/${name}/1` };
  },
  'az keyvault secret recover': (call) => {
    const { name } = secretOf(call);
    if (name in azure.secrets) refuse('az', `(SecretNotFound) ${name} is not deleted`);
    azure.secrets[name] = 'recovered';
    return { name };
  },
  'az functionapp show': ({ given }) => {
    wantSite(given.get('--name'));
    return { id: siteId(), name: site() };
  },
  'az functionapp stop': ({ given }) => {
    wantSite(given.get('--name'));
    azure.isStopped = true;
    return null;
  },
  'az functionapp start': () => null,
  'az functionapp config appsettings set': () => null,
  'az functionapp keys list': ({ given }) => {
    wantSite(given.get('--name'));
    return { functionKeys: azure.hostKeys, masterKey: 'x' };
  },
  'az functionapp keys set': ({ given }) => {
    azure.hostKeys[given.get('--key-name') ?? ''] = 'a-new-key';
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
  if (!azure.isSignedIn && call.command !== 'az login') refuse('az', 'Please run az login');
  const result = handler(call) ?? null;
  writeState(folder, azure);
  const query = call.given.get('--query');
  const answer: unknown = query === undefined ? result : jmespath.search(result, query);
  // The real one prints nothing, and the variable that it was for stays empty.
  if (query !== undefined && (answer === null || answer === ''))
    refuse('az', `--query ${query} finds nothing (${call.command})`);
  show(answer, call.given.get('--output') ?? 'json');
} catch (error) {
  refuse('az', error instanceof Error ? error.message : String(error));
}
