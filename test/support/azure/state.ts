// What the stand-ins of az, func and gh remember between two commands: one small subscription, in a file.
import { randomBytes } from 'node:crypto';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const SUBSCRIPTION = '00000000-0000-0000-0000-000000000002';
export const TENANT = '00000000-0000-0000-0000-000000000003';
export const CLIENT = '00000000-0000-0000-0000-000000000001';
export const OBJECT = '00000000-0000-0000-0000-00000000000b';
/** The group that the pages use; the committed snapshots were made for it. */
export const GROUP = 'peterental';

export interface AzureState {
  isSignedIn: boolean;
  hasGroup: boolean;
  /** The app registration: there, in the recycle bin, or gone. */
  registration: 'none' | 'there' | 'deleted';
  vault: 'none' | 'there' | 'deleted';
  /** Survive the vault's deletion, as its keys do. */
  secrets: Record<string, string>;
  mayReadSecrets: boolean;
  /** Outputs by deployment, as Azure returns them. */
  deployments: Record<string, Record<string, string>>;
  /** App settings as deployed: references, not secrets. */
  settings: Record<string, string>;
  /** How often the references were refreshed. Each time, new instances take the place of the old ones. */
  refreshes: number;
  /** How often the references must still be refreshed before they resolve. */
  refreshesNeeded: number;
  hostKeys: Record<string, string>;
  isStopped: boolean;
  /** The folder of the code that was published last. */
  published: string | null;
}

export const EMPTY_STATE: AzureState = {
  isSignedIn: false,
  hasGroup: false,
  registration: 'none',
  vault: 'none',
  secrets: {},
  mayReadSecrets: false,
  deployments: {},
  settings: {},
  refreshes: 0,
  refreshesNeeded: 0,
  hostKeys: {},
  isStopped: false,
  published: null,
};

/** Where the stand-ins of one test keep what they remember. */
export function stateFolder(): string {
  const folder = process.env['AZURE_STAND_IN'];
  if (!folder) throw new Error('AZURE_STAND_IN names no folder');
  return folder;
}

export function readState(folder: string): AzureState {
  return JSON.parse(readFileSync(join(folder, 'state.json'), 'utf8')) as AzureState;
}

export function writeState(folder: string, azure: AzureState): void {
  writeFileSync(join(folder, 'state.json'), JSON.stringify(azure, null, 2));
}

/** Prints a line. */
export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Says no as the real program would, and remembers it: a shell passes over what fails inside $(...). */
export function refuse(program: string, message: string): never {
  appendFileSync(join(stateFolder(), 'refusals.log'), `${program}: ${message}\n`);
  process.stderr.write(`ERROR: ${message}\n`);
  process.exit(2);
}

/**
 * The name that Azure Resource Manager gives back for an output: its serializer lowers the leading capitals up to the last one before
 * something else.
 * @see https://github.com/Azure/azure-dev/issues/512
 */
export function toArmCase(name: string): string {
  const letters = name.split('');
  const isCapital = (letter: string | undefined): boolean => letter !== undefined && /[A-Z]/.test(letter);
  for (let index = 0; index < letters.length; index++) {
    if (!isCapital(letters[index])) break;
    if (index > 0 && index + 1 < letters.length && !isCapital(letters[index + 1])) break;
    letters[index] = (letters[index] ?? '').toLowerCase();
  }
  return letters.join('');
}

/** The secrets that the template makes, for a vault that has none. */
export function newSecrets(): Record<string, string> {
  return {
    'token-encryption-keys': `k1:${randomBytes(32).toString('base64')}`,
    'vapi-webhook-secret': randomBytes(32).toString('hex'),
    'vapi-hmac-secret': randomBytes(32).toString('hex'),
  };
}
