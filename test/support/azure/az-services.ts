// The commands of the Azure CLI for the vault and the function app.
import { CLI, GROUP, NAME } from './command.ts';
import type { Commands } from './command.ts';

export const AZ_KEY_VAULT: Commands = {
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
  'az keyvault secret list-versions': {
    flags: ['--vault-name', '--name', '-n', '--id', '--maxresults'],
    source: `${CLI}/keyvault/secret#az-keyvault-secret-list-versions`,
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
};

export const AZ_FUNCTION_APP: Commands = {
  'az functionapp list-flexconsumption-locations': {
    flags: ['--zone-redundant', '--details', '--runtime'],
    source: `${CLI}/functionapp#az-functionapp-list-flexconsumption-locations`,
  },
  'az functionapp restart': {
    flags: [...NAME, ...GROUP, '--ids', '--slot', '-s'],
    source: `${CLI}/functionapp#az-functionapp-restart`,
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
};
