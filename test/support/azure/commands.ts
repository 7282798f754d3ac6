// The commands of az, func and gh that the pages use: every flag that each takes, and where that is documented. What is not here is refused, so
// a page cannot use a flag that the real command does not have without somebody writing it down here.

export interface Command {
  /** Flags with a value. */
  readonly flags: readonly string[];
  /** Flags without one. */
  readonly switches?: readonly string[];
  /** Flags that the command does not run without. */
  readonly required?: readonly string[];
  /** How many words may stand without a flag. Default none. */
  readonly words?: number;
  /** The page that lists the flags. */
  readonly source: string;
}

const CLI = 'https://learn.microsoft.com/cli/azure';
const GROUP = ['--resource-group', '-g'];
const NAME = ['--name', '-n'];

/** @see https://learn.microsoft.com/cli/azure/reference-index#global-parameters */
export const AZ_EVERYWHERE: Command = {
  flags: ['--output', '-o', '--query', '--subscription'],
  switches: ['--only-show-errors', '--verbose', '--debug'],
  source: `${CLI}/reference-index`,
};

export const COMMANDS: Readonly<Record<string, Command>> = {
  'az login': {
    flags: ['--tenant', '-t', '--username', '-u', '--scope', '--allow-no-subscriptions'],
    switches: ['--use-device-code', '--identity'],
    source: `${CLI}/reference-index#az-login`,
  },
  'az account set': {
    flags: ['--subscription', '-s', '--name', '-n'],
    required: ['--subscription'],
    source: `${CLI}/account#az-account-set`,
  },
  'az account show': { flags: [...NAME], source: `${CLI}/account#az-account-show` },
  'az account list': {
    flags: [],
    switches: ['--all', '--refresh'],
    source: `${CLI}/account#az-account-list`,
  },
  'az bicep upgrade': { flags: ['--target-platform', '-t'], source: `${CLI}/bicep#az-bicep-upgrade` },
  'az functionapp list-flexconsumption-locations': {
    flags: ['--zone-redundant', '--details', '--runtime'],
    source: `${CLI}/functionapp#az-functionapp-list-flexconsumption-locations`,
  },
  'az functionapp restart': {
    flags: [...NAME, ...GROUP, '--ids', '--slot', '-s'],
    source: `${CLI}/functionapp#az-functionapp-restart`,
  },
  'az monitor log-analytics workspace table show': {
    flags: [...NAME, ...GROUP, '--workspace-name', '--ids'],
    required: ['--name', '--resource-group', '--workspace-name'],
    source: `${CLI}/monitor/log-analytics/workspace/table#az-monitor-log-analytics-workspace-table-show`,
  },
  'az provider register': {
    flags: ['--namespace', '-n', '--management-group-id', '-m'],
    switches: ['--wait', '--consent-to-permissions'],
    required: ['--namespace'],
    source: `${CLI}/provider#az-provider-register`,
  },
  'az group create': {
    flags: ['--name', '-n', '--resource-group', '-g', '--location', '-l', '--tags', '--managed-by'],
    required: ['--name', '--location'],
    source: `${CLI}/group#az-group-create`,
  },
  'az group show': { flags: [...NAME, ...GROUP], required: ['--name'], source: `${CLI}/group#az-group-show` },
  'az group delete': {
    flags: ['--name', '-n', '--resource-group', '-g', '--force-deletion-types', '-f'],
    switches: ['--yes', '-y', '--no-wait'],
    required: ['--name'],
    source: `${CLI}/group#az-group-delete`,
  },
  'az deployment group create': {
    flags: [
      ...NAME,
      ...GROUP,
      '--parameters',
      '-p',
      '--template-file',
      '-f',
      '--template-uri',
      '-u',
      '--mode',
      '--what-if-result-format',
    ],
    switches: ['--no-wait', '--what-if', '-w', '--confirm-with-what-if', '-c', '--no-prompt'],
    required: ['--resource-group'],
    source: `${CLI}/deployment/group#az-deployment-group-create`,
  },
  'az deployment group show': {
    flags: [...NAME, ...GROUP],
    required: ['--name', '--resource-group'],
    source: `${CLI}/deployment/group#az-deployment-group-show`,
  },
  'az role assignment create': {
    flags: [
      '--role',
      '--scope',
      '--assignee',
      '--assignee-object-id',
      '--assignee-principal-type',
      '--condition',
      '--condition-version',
      '--description',
      ...NAME,
    ],
    // Since version 2.49: --resource-group does no longer stand for a scope.
    required: ['--role', '--scope'],
    source: `${CLI}/role/assignment#az-role-assignment-create`,
  },
  'az ad signed-in-user show': { flags: [], source: `${CLI}/ad/signed-in-user#az-ad-signed-in-user-show` },
  'az ad app show': { flags: ['--id'], required: ['--id'], source: `${CLI}/ad/app#az-ad-app-show` },
  'az ad app delete': { flags: ['--id'], required: ['--id'], source: `${CLI}/ad/app#az-ad-app-delete` },
  'az rest': {
    flags: [
      '--method',
      '-m',
      '--url',
      '--uri',
      '-u',
      '--body',
      '-b',
      '--headers',
      '--resource',
      '--output-file',
      '--uri-parameters',
      '--url-parameters',
    ],
    switches: ['--skip-authorization-header'],
    required: ['--url'],
    source: `${CLI}/reference-index#az-rest`,
  },
  'az resource list': {
    flags: [...NAME, ...GROUP, '--location', '-l', '--namespace', '--resource-type', '--tag'],
    source: `${CLI}/resource#az-resource-list`,
  },
  'az keyvault show': {
    flags: [...NAME, ...GROUP, '--hsm-name'],
    required: ['--name'],
    source: `${CLI}/keyvault#az-keyvault-show`,
  },
  'az keyvault update': {
    flags: [
      ...NAME,
      ...GROUP,
      '--public-network-access',
      '--default-action',
      '--bypass',
      '--set',
      '--add',
      '--remove',
    ],
    required: ['--name'],
    source: `${CLI}/keyvault#az-keyvault-update`,
  },
  'az keyvault recover': {
    flags: [...NAME, ...GROUP, '--location', '-l', '--hsm-name'],
    switches: ['--no-wait'],
    required: ['--name'],
    source: `${CLI}/keyvault#az-keyvault-recover`,
  },
  'az keyvault network-rule add': {
    flags: [...NAME, ...GROUP, '--ip-address', '--subnet', '--vnet-name'],
    switches: ['--no-wait'],
    required: ['--name'],
    source: `${CLI}/keyvault/network-rule#az-keyvault-network-rule-add`,
  },
  'az keyvault secret show': {
    flags: ['--vault-name', '--name', '-n', '--id', '--version', '-v'],
    source: `${CLI}/keyvault/secret#az-keyvault-secret-show`,
  },
  'az keyvault secret set': {
    flags: [
      '--vault-name',
      '--name',
      '-n',
      '--id',
      '--value',
      '--file',
      '-f',
      '--encoding',
      '-e',
      '--expires',
      '--not-before',
      '--tags',
      '--content-type',
      '--description',
      '--disabled',
    ],
    source: `${CLI}/keyvault/secret#az-keyvault-secret-set`,
  },
  'az keyvault secret recover': {
    flags: ['--vault-name', '--name', '-n', '--id'],
    source: `${CLI}/keyvault/secret#az-keyvault-secret-recover`,
  },
  'az functionapp show': {
    flags: [...NAME, ...GROUP, '--ids'],
    source: `${CLI}/functionapp#az-functionapp-show`,
  },
  'az functionapp stop': {
    flags: [...NAME, ...GROUP, '--ids', '--slot', '-s'],
    source: `${CLI}/functionapp#az-functionapp-stop`,
  },
  'az functionapp start': {
    flags: [...NAME, ...GROUP, '--ids', '--slot', '-s'],
    source: `${CLI}/functionapp#az-functionapp-start`,
  },
  'az functionapp config appsettings set': {
    flags: [...NAME, ...GROUP, '--settings', '--slot', '-s', '--slot-settings'],
    required: ['--name', '--resource-group'],
    words: 9,
    source: `${CLI}/functionapp/config/appsettings#az-functionapp-config-appsettings-set`,
  },
  'az functionapp keys list': {
    flags: [...NAME, ...GROUP, '--slot', '-s'],
    required: ['--name', '--resource-group'],
    source: `${CLI}/functionapp/keys#az-functionapp-keys-list`,
  },
  'az functionapp keys set': {
    flags: [...NAME, ...GROUP, '--key-name', '--key-type', '--key-value', '--slot', '-s'],
    required: ['--name', '--resource-group', '--key-name', '--key-type'],
    source: `${CLI}/functionapp/keys#az-functionapp-keys-set`,
  },
  'az functionapp keys delete': {
    flags: [...NAME, ...GROUP, '--key-name', '--key-type', '--slot', '-s'],
    required: ['--name', '--resource-group', '--key-name', '--key-type'],
    source: `${CLI}/functionapp/keys#az-functionapp-keys-delete`,
  },
  'az functionapp vnet-integration remove': {
    flags: [...NAME, ...GROUP, '--slot', '-s'],
    required: ['--name', '--resource-group'],
    source: `${CLI}/functionapp/vnet-integration#az-functionapp-vnet-integration-remove`,
  },
  'az monitor app-insights query': {
    flags: [
      '--analytics-query',
      '--app',
      '--apps',
      '--ids',
      '--start-time',
      '--end-time',
      '--offset',
      ...GROUP,
    ],
    required: ['--analytics-query'],
    source: `${CLI}/monitor/app-insights#az-monitor-app-insights-query`,
  },
  'func azure functionapp publish': {
    flags: ['--build', '--slot', '--subscription', '--access-token', '--management-url'],
    switches: [
      '--node',
      '--no-build',
      '--typescript',
      '--javascript',
      '--force',
      '--list-included-files',
      '--nozip',
    ],
    words: 1,
    source:
      'https://learn.microsoft.com/azure/azure-functions/functions-core-tools-reference#func-azure-functionapp-publish',
  },
  'gh api': {
    flags: [
      '--method',
      '-X',
      '--jq',
      '-q',
      '--field',
      '-F',
      '--raw-field',
      '-f',
      '--header',
      '-H',
      '--input',
      '--hostname',
    ],
    switches: ['--paginate', '--silent', '--include', '-i'],
    words: 1,
    source: 'https://cli.github.com/manual/gh_api',
  },
  'gh variable set': {
    flags: [
      '--body',
      '-b',
      '--env',
      '-e',
      '--repo',
      '-R',
      '--org',
      '-o',
      '--visibility',
      '-v',
      '--env-file',
      '-f',
    ],
    words: 1,
    source: 'https://cli.github.com/manual/gh_variable_set',
  },
};

export interface Call {
  /** Such as `az group create`. */
  readonly command: string;
  /** By the long name. */
  readonly given: ReadonlyMap<string, string>;
  /** What stands without a flag. */
  readonly words: readonly string[];
}

/** Long names of the short flags that mean one thing everywhere. */
const LONG: Readonly<Record<string, string>> = {
  '-g': '--resource-group',
  '-n': '--name',
  '-o': '--output',
  '-l': '--location',
  '-y': '--yes',
  '-f': '--template-file',
  '-p': '--parameters',
  '-m': '--method',
  '-u': '--url',
  '--uri': '--url',
  '-X': '--method',
  '-q': '--jq',
  '-b': '--body',
  '-e': '--env',
  '-R': '--repo',
};

/**
 * Reads a command line as the real program would.
 * @throws Error that says what the real program would refuse
 */
export function readCall(program: string, args: readonly string[]): Call {
  const names = Object.keys(COMMANDS).filter((name) =>
    [program, ...args].join(' ').concat(' ').startsWith(`${name} `),
  );
  const command = names.toSorted((one, other) => other.length - one.length)[0];
  const known = command === undefined ? undefined : COMMANDS[command];
  if (command === undefined || known === undefined)
    throw new Error(
      `'${[program, ...args.slice(0, 4)].join(' ')}' is no command that ${program} is known to have`,
    );

  const everywhere: Command = program === 'az' ? AZ_EVERYWHERE : { flags: [], source: '' };
  const flags = [...known.flags, ...everywhere.flags];
  const switches = [...(known.switches ?? []), ...(everywhere.switches ?? [])];
  const given = new Map<string, string>();
  const words: string[] = [];
  const rest = args.slice(command.split(' ').length - 1);
  for (let index = 0; index < rest.length; index++) {
    const [flag = '', inline] = (rest[index] ?? '').split(/=(.*)/s);
    if (!flag.startsWith('-')) {
      words.push(rest[index] ?? '');
      continue;
    }
    const long = LONG[flag] ?? flag;
    if (switches.includes(flag)) {
      given.set(long, '');
      continue;
    }
    if (!flags.includes(flag))
      throw new Error(`unrecognized arguments: ${flag} (${command}: ${known.source})`);
    const value = inline ?? rest[++index];
    if (value === undefined || value.startsWith('--'))
      throw new Error(`argument ${flag}: expected one argument`);
    // az takes --parameters more than once, and joins them.
    given.set(long, given.has(long) ? `${given.get(long) ?? ''} ${value}` : value);
  }
  if (words.length > (known.words ?? 0))
    throw new Error(`unrecognized arguments: ${words.join(' ')} (${command})`);
  for (const flag of known.required ?? [])
    if (!given.has(flag)) throw new Error(`the following arguments are required: ${flag} (${command})`);
  for (const [flag, value] of given)
    if (value === '' && ![...switches].some((name) => (LONG[name] ?? name) === flag))
      throw new Error(`argument ${flag} is empty (${command})`);
  return { command, given, words };
}
