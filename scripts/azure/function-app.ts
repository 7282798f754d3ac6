// What the deployment wants to know of the function app, from Azure Resource Manager.
import { z } from 'zod';
import type { Az } from './az.ts';

const API_VERSION = '2025-03-01';

export interface FunctionApp {
  /** Such as https://func-peterental-abc.azurewebsites.net */
  readonly origin: string;
  /** Whether Azure knows of any function: false before code was published. */
  hasFunctions(): Promise<boolean>;
  /**
   * By setting, what Azure says of its Key Vault reference: `Resolved`, `AccessToKeyVaultDenied`, ...; `NotListed` if it does not
   * speak of it yet.
   */
  readReferences(): Promise<ReadonlyMap<string, KeyReference>>;
  /** Makes Azure read all references again. */
  refreshReferences(): Promise<void>;
  /** The secret that VAPI_HMAC_SECRET refers to, from the vault. */
  readHmacSecret(): Promise<string>;
}

export interface KeyReference {
  readonly status: string;
  readonly secret: string;
  readonly vault: string;
}

const sites = z.array(z.object({ id: z.string() }));
const site = z.object({ properties: z.object({ defaultHostName: z.string() }) });
const settings = z.object({ properties: z.record(z.string(), z.string()) });
const functions = z.object({ value: z.array(z.unknown()) });
const secret = z.object({ value: z.string() });
const references = z.object({
  value: z.array(
    z.object({
      name: z.string(),
      properties: z.object({
        status: z.string(),
        secretName: z.string().nullish(),
        vaultName: z.string().nullish(),
      }),
    }),
  ),
});

/** The vault and the secret that a setting refers to; null if it holds a value of its own. */
function readReference(value: string): Pick<KeyReference, 'secret' | 'vault'> | null {
  if (!value.startsWith('@Microsoft.KeyVault(')) return null;
  const [, vault = '', name = ''] = /SecretUri=https:\/\/([\w-]+)[^/]*\/secrets\/([\w-]+)/.exec(value) ?? [];
  return { secret: name, vault };
}

/**
 * Finds a function app by its name, in the subscription that `az account show` names.
 * @throws Error in words, if there is none
 */
export async function findFunctionApp(az: Az, name: string): Promise<FunctionApp> {
  const found = sites.parse(
    await az('resource', 'list', '--name', name, '--resource-type', 'Microsoft.Web/sites'),
  );
  const [first] = found;
  if (first === undefined)
    throw new Error(
      `There is no function app ${name} in this subscription, or you may not see it. \`az account show\` says which subscription it is.`,
    );

  function rest(method: 'get' | 'post', path: string): Promise<unknown> {
    return az('rest', '--method', method, '--url', `${first?.id ?? ''}${path}?api-version=${API_VERSION}`);
  }

  const { properties } = site.parse(await rest('get', ''));
  return {
    origin: `https://${properties.defaultHostName}`,
    async hasFunctions() {
      return functions.parse(await rest('get', '/functions')).value.length > 0;
    },
    async readReferences() {
      const { properties: values } = settings.parse(await rest('post', '/config/appsettings/list'));
      const found = new Map<string, KeyReference>();
      for (const [setting, value] of Object.entries(values)) {
        const reference = readReference(value);
        if (reference !== null) found.set(setting, { status: 'NotListed', ...reference });
      }
      const { value } = references.parse(await rest('get', '/config/configreferences/appsettings'));
      for (const { name: setting, properties: of } of value)
        found.set(setting, { status: of.status, secret: of.secretName ?? '', vault: of.vaultName ?? '' });
      return found;
    },
    async refreshReferences() {
      await rest('post', '/config/configreferences/appsettings/refresh');
    },
    async readHmacSecret() {
      const { properties: values } = settings.parse(await rest('post', '/config/appsettings/list'));
      const reference = values['VAPI_HMAC_SECRET'] ?? '';
      const [, uri = ''] = /SecretUri=([^)]+?)\/?\)/.exec(reference) ?? [];
      if (uri === '') throw new Error('The app has no setting VAPI_HMAC_SECRET that refers to a vault');
      return secret.parse(await az('keyvault', 'secret', 'show', '--id', uri)).value;
    },
  };
}
