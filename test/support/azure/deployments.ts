// What `az deployment group create` does to the small subscription. The templates are compiled elsewhere; here their committed
// snapshots say what comes out.
import { existsSync, readFileSync } from 'node:fs';
import type { Call } from './commands.ts';
import { CLIENT, newSecrets, OBJECT, refuse, toArmCase } from './state.ts';
import type { AzureState } from './state.ts';

interface Snapshot {
  readonly predictedResources: readonly { readonly name: string; readonly properties?: unknown }[];
  readonly outputs: Readonly<Record<string, string>>;
}

/** What Azure would put in the place of an expression that only a deployment can evaluate. */
function evaluate(expression: string): string {
  if (!expression.startsWith('[')) return expression;
  if (expression.includes('/secrets/')) return expression;
  const [, vault = '', secret = ''] =
    /SecretUri=https:\/\/\{0\}.*'(kv\w+)'.*'([\w-]+)'/.exec(expression) ?? [];
  return secret === '' ? `evaluated-${expression.length}` : `${vault}/${secret}`;
}

/** A parameter file reads the environment; a variable without a default must be set. */
function checkEnvironment(text: string): void {
  for (const [, name = '', fallback] of text.matchAll(/readEnvironmentVariable\('(\w+)'(, )?/g))
    if (fallback === undefined && process.env[name] === undefined)
      refuse('az', `BCP338: Environment variable "${name}" does not exist, and no default value set.`);
  if (text.includes("'MICROSOFT_CLIENT_ID'") && process.env['MICROSOFT_CLIENT_ID']?.length !== 36)
    refuse(
      'az',
      'BCP333: The provided value (whose length will always be less than or equal to 0) is too short',
    );
}

function deployEntra(azure: AzureState): Record<string, string> {
  if (azure.registration === 'deleted')
    refuse('az', 'Another object with the same value for property uniqueName already exists');
  azure.registration = 'there';
  return { microsoftClientId: CLIENT, applicationObjectId: OBJECT };
}

function deployMain(azure: AzureState, snapshotFile: string): Record<string, string> {
  if (azure.vault === 'deleted')
    refuse('az', 'ConflictError: A vault with the same name already exists in deleted state.');
  azure.vault = 'there';
  if (Object.keys(azure.secrets).length === 0) azure.secrets = newSecrets();
  const { predictedResources, outputs } = JSON.parse(readFileSync(snapshotFile, 'utf8')) as Snapshot;
  const settings = predictedResources.find(({ name }) => name.endsWith('/appsettings'))?.properties;
  const vault = outputs['keyVaultName'] ?? '';
  azure.settings = Object.fromEntries(
    Object.entries(settings as Record<string, string>).map(([name, value]) => {
      const [, secret] = /'([a-z]+(?:-[a-z]+)+)'/.exec(value) ?? /\/secrets\/([\w-]+)/.exec(value) ?? [];
      return value.includes('@Microsoft.KeyVault(') && secret !== undefined
        ? [name, `@Microsoft.KeyVault(SecretUri=https://${vault}.vault.azure.net/secrets/${secret}/)`]
        : [name, evaluate(value)];
    }),
  );
  // The vault hears of a new role some minutes later.
  azure.refreshesNeeded = 2;
  azure.hostKeys['default'] ??= 'host-key-of-the-stand-in';
  const ids = process.env['DEPLOY_OWNER_ID'];
  const subject =
    ids === undefined ? '' : `repo:OWNER@${ids}/NAME@${process.env['DEPLOY_REPOSITORY_ID'] ?? ''}`;
  return Object.fromEntries(
    Object.entries(outputs).map(([name, value]) => [
      name,
      name === 'githubSubject' ? `${subject}:environment:production` : evaluate(value),
    ]),
  );
}

/** @returns the deployment as Azure returns it */
export function deploy(azure: AzureState, { given }: Call): object {
  const file = given.get('--template-file') ?? given.get('--parameters') ?? '';
  if (!existsSync(file)) refuse('az', `An error reading file '${file}'`);
  const name = given.get('--name') ?? '';
  checkEnvironment(readFileSync(file, 'utf8'));
  let outputs: Record<string, string> = {};
  if (file === 'infra/entra.bicep') outputs = deployEntra(azure);
  else if (file === 'infra/watch.bicepparam') outputs = {};
  else outputs = deployMain(azure, file.replace('.bicepparam', '.snapshot.json'));
  azure.deployments[name] = Object.fromEntries(
    Object.entries(outputs).map(([output, value]) => [toArmCase(output), value]),
  );
  return showDeployment(azure, name);
}

/** @returns the deployment as Azure returns it */
export function showDeployment(azure: AzureState, name: string): object {
  if (!azure.hasGroup)
    refuse('az', "(ResourceGroupNotFound) Resource group 'peterental' could not be found.");
  const outputs = azure.deployments[name];
  if (outputs === undefined) refuse('az', `(DeploymentNotFound) Deployment '${name}' could not be found.`);
  return {
    name,
    properties: {
      provisioningState: 'Succeeded',
      parameters: { microsoftClientId: { type: 'String', value: azure.settings['MICROSOFT_CLIENT_ID'] } },
      outputs: Object.fromEntries(
        Object.entries(outputs).map(([output, value]) => [output, { type: 'String', value }]),
      ),
    },
  };
}
