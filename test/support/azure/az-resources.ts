// The commands of the Azure CLI for accounts, deployments and resources at large.
import { CLI, GROUP, NAME } from './command.ts';
import type { Command, Commands } from './command.ts';

/** @see https://learn.microsoft.com/cli/azure/reference-index#global-parameters */
export const AZ_EVERYWHERE: Command = {
  flags: ['--output', '-o', '--query', '--subscription'],
  switches: ['--only-show-errors', '--verbose', '--debug'],
  source: `${CLI}/reference-index`,
};

export const AZ_RESOURCES: Commands = {
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
};
