// The app's settings in the sandbox, and what the sandbox itself keeps from run to run.
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { SETTINGS } from '../shared/config.ts';
import { CALLBACK_PATH } from '../shared/core/paths.ts';

type Settings = Readonly<Record<string, string>>;

export interface Secrets {
  /** As in TOKEN_ENCRYPTION_KEYS. */
  readonly encryptionKeys: string;
  /** Asked for with `--keys`. */
  readonly functionKey: string;
}

export interface Parts {
  /** http://localhost:PORT */
  readonly appUrl: string;
  readonly connectionString: string;
  readonly smtpUrl: string;
  readonly secrets: Secrets;
  /** Null: `real` says how to reach Microsoft itself. */
  readonly standIn: { readonly url: string; readonly clientId: string; readonly clientSecret: string } | null;
  readonly real: Settings | null;
}

function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

function isLocal(address: string | undefined): boolean {
  return ['localhost', '127.0.0.1', '[::1]'].includes(URL.parse(address ?? '')?.hostname ?? '');
}

/** The values of a local.settings.json that names an app of the real Microsoft; null if it does not. */
export function readRealSettings(file: string): Settings | null {
  const text = readIfThere(file);
  if (text === null) return null;
  const { Values = {} } = JSON.parse(text) as { Values?: Settings };
  const given = Object.fromEntries(
    Object.entries(Values).filter(([name, value]) => name in SETTINGS && value.trim() !== ''),
  );
  return given['MICROSOFT_CLIENT_ID'] && !isLocal(given['MICROSOFT_LOGIN_ENDPOINT']) ? given : null;
}

/** Made on the first run. */
export function readSecrets(file: string): Secrets {
  const text = readIfThere(file);
  if (text !== null) return JSON.parse(text) as Secrets;
  const secrets = {
    encryptionKeys: `sandbox:${randomBytes(32).toString('base64')}`,
    functionKey: randomBytes(24).toString('base64url'),
  };
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(secrets), { mode: 0o600 });
  return secrets;
}

/** What the app is told. The tables are the sandbox's own, whatever local.settings.json says. */
export function appSettings({ appUrl, connectionString, smtpUrl, secrets, standIn, real }: Parts): Settings {
  const redirectUri = real?.['MICROSOFT_REDIRECT_URI'];
  return {
    TOKEN_ENCRYPTION_KEYS: secrets.encryptionKeys,
    ALLOW_UNAUTHENTICATED_WEBHOOK: 'true',
    TRUST_TOOL_USER_ID: 'true',
    ...(real?.['ACS_ENDPOINT'] === undefined && { SMTP_URL: smtpUrl }),
    MAIL_FROM: 'PeteRental Calendar <calendar@peterental.example>',
    ...real,
    ...(standIn && {
      MICROSOFT_CLIENT_ID: standIn.clientId,
      MICROSOFT_CLIENT_SECRET: standIn.clientSecret,
      MICROSOFT_LOGIN_ENDPOINT: standIn.url,
      MICROSOFT_GRAPH_ENDPOINT: standIn.url,
    }),
    // A public one leads back here through a tunnel; a local one follows the port.
    MICROSOFT_REDIRECT_URI: redirectUri && !isLocal(redirectUri) ? redirectUri : `${appUrl}${CALLBACK_PATH}`,
    AzureWebJobsStorage: connectionString,
  };
}

/** Takes the place of whatever the calling shell has of the app's settings. */
export function applySettings(settings: Settings): void {
  for (const name of Object.keys(SETTINGS)) Reflect.deleteProperty(process.env, name);
  Object.assign(process.env, settings);
}
