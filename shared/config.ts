import * as z from 'zod';
import { CALLBACK_PATH } from './core/paths.ts';
import { isTimeZone } from './scheduling/zone.ts';

/** One setting of the environment. */
export interface Setting {
  /** The app answers 503 `misconfigured` without it. `one of` groups are named in `expected`. */
  readonly required: boolean;
  readonly secret: boolean;
  /** What the value should be, in words an operator can act on. */
  readonly expected: string;
}

function setting(expected: string, flags: { required?: true; secret?: true } = {}): Setting {
  return {
    required: flags.required ?? false,
    secret: flags.secret ?? false,
    expected,
  };
}

const ENDPOINT = 'an https origin without a path (http only on localhost or 127.0.0.1)';

/** Every setting the app reads, in the order of local.settings.json.example. */
export const SETTINGS = {
  MICROSOFT_CLIENT_ID: setting('the application (client) id of the Entra app', { required: true }),
  MICROSOFT_CLIENT_SECRET: setting(
    'a client secret of the Entra app; leave it out to use the managed identity',
    {
      secret: true,
    },
  ),
  MICROSOFT_TENANT_ID: setting('common (the default), organizations, consumers, or a tenant id'),
  MICROSOFT_REDIRECT_URI: setting(`https://HOST${CALLBACK_PATH} (http only on localhost or 127.0.0.1)`, {
    required: true,
  }),
  MICROSOFT_LOGIN_ENDPOINT: setting(`${ENDPOINT}; https://login.microsoftonline.com by default`),
  MICROSOFT_GRAPH_ENDPOINT: setting(`${ENDPOINT}; https://graph.microsoft.com by default`),
  TOKEN_ENCRYPTION_KEYS: setting(
    'id:base64(32 bytes), comma separated, ids of letters, digits, - and _: the first encrypts, all decrypt',
    { required: true, secret: true },
  ),
  VAPI_WEBHOOK_SECRET: setting(
    'a secret of at least 8 characters (32 random ones are right) that VAPI presents, comma separated while rotating (or VAPI_HMAC_SECRET, or ALLOW_UNAUTHENTICATED_WEBHOOK=true)',
    { secret: true },
  ),
  VAPI_HMAC_SECRET: setting(
    'a secret of at least 8 characters that VAPI signs with, comma separated while rotating',
    {
      secret: true,
    },
  ),
  ALLOW_UNAUTHENTICATED_WEBHOOK: setting('true or false (the default)'),
  AzureWebJobsStorage: setting(
    'a storage connection string (or AzureWebJobsStorage__accountName, to use the managed identity)',
    { secret: true },
  ),
  AzureWebJobsStorage__accountName: setting(
    'the name of the storage account: 3 to 24 lower-case letters and digits',
  ),
  AzureWebJobsStorage__tableServiceUri: setting(
    'https://ACCOUNT.table.DOMAIN, if the domain is not core.windows.net',
  ),
  AZURE_CLIENT_ID: setting('the client id of the user-assigned managed identity'),
  SMTP_URL: setting('smtp://USER:PASSWORD@HOST:PORT or smtps://...', { secret: true }),
  ACS_ENDPOINT: setting('https://NAME.communication.azure.com'),
  MAIL_FROM: setting('the address mail comes from: me@example.com or Name <me@example.com>'),
  TRUST_TOOL_USER_ID: setting('true or false (the default)'),
  DEFAULT_TIME_ZONE: setting('an IANA time zone; America/Chicago by default'),
  CALENDAR_NOTIFICATIONS: setting('true (the default) or false'),
} as const satisfies Record<string, Setting>;

export type SettingName = keyof typeof SETTINGS;

/** One key of TOKEN_ENCRYPTION_KEYS. */
export interface EncryptionKey {
  readonly id: string;
  /** 32 bytes. */
  readonly bytes: Uint8Array;
}

/** The sender of mails, from MAIL_FROM. */
export interface MailFrom {
  readonly name: string;
  readonly address: string;
}

/** All settings of the app, parsed and valid. */
export interface Config {
  readonly microsoft: {
    readonly clientId: string;
    /** Null: the app uses its managed identity. */
    readonly clientSecret: string | null;
    readonly tenantId: string;
    readonly redirectUri: string;
    /** An origin, without a slash at its end. */
    readonly loginEndpoint: string;
    /** An origin, without a slash at its end. */
    readonly graphEndpoint: string;
    readonly identityClientId: string | null;
  };
  /** The base of every link we mail, without a slash at its end. */
  readonly publicOrigin: string;
  /** At least one; the first encrypts. */
  readonly encryptionKeys: readonly EncryptionKey[];
  readonly vapi: {
    readonly secrets: readonly string[];
    readonly hmacSecrets: readonly string[];
    readonly allowUnauthenticated: boolean;
    readonly trustToolUserId: boolean;
  };
  readonly storage:
    | { readonly kind: 'connection_string'; readonly connectionString: string }
    | {
        readonly kind: 'identity';
        readonly tableEndpoint: string;
        readonly identityClientId: string | null;
      };
  /** Null: the app runs, and what would mail answers `mail_not_configured`. */
  readonly mail:
    | { readonly kind: 'smtp'; readonly url: string; readonly from: MailFrom }
    | {
        readonly kind: 'acs';
        readonly endpoint: string;
        readonly from: MailFrom;
        readonly identityClientId: string | null;
      }
    | null;
  /** IANA name. */
  readonly defaultTimeZone: string;
  /** Whether to subscribe to Graph's change notifications. */
  readonly calendarNotifications: boolean;
}

/** A bad setting. Never its value. */
export interface ConfigProblem {
  readonly setting: SettingName;
  readonly expected: string;
  /** Whether the environment has a Key Vault reference that Azure has not resolved. */
  readonly unresolved?: true;
}

/** The settings, or every problem with them at once. */
export type ConfigResult =
  | { readonly ok: true; readonly config: Config }
  | { readonly ok: false; readonly problems: readonly ConfigProblem[] };

function isLoopback(url: URL): boolean {
  return ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
}

function isSecure(url: URL): boolean {
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url));
}

const origin = z
  .string()
  .refine((text) => {
    const url = URL.parse(text);
    return url !== null && isSecure(url) && url.href === `${url.origin}/`;
  })
  .transform((text) => new URL(text).origin);

const redirectUri = z.string().refine((text) => {
  const url = URL.parse(text);
  return url !== null && isSecure(url) && url.href === `${url.origin}${CALLBACK_PATH}`;
});

const list = z.string().transform((text) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== ''),
);

const encryptionKeys = list
  .refine((keys) => keys.length > 0)
  .transform((keys) =>
    keys.map((key) => {
      const [, id = '', text = ''] = /^([\w-]{1,64}):([A-Za-z0-9+/_-]{43}=?)$/.exec(key) ?? [];
      return { id, bytes: new Uint8Array(Buffer.from(text, 'base64')) };
    }),
  )
  .refine((keys) => keys.every(({ bytes }) => bytes.length === 32))
  .refine((keys) => new Set(keys.map(({ id }) => id)).size === keys.length);

/** A shorter one could be guessed: the webhook is open to everybody. */
const MIN_SECRET_LENGTH = 8;
const webhookSecrets = list.refine(
  (secrets) => secrets.length > 0 && secrets.every((secret) => secret.length >= MIN_SECRET_LENGTH),
);

const flag = z.enum(['true', 'false']).transform((text) => text === 'true');

const mailFrom = z.string().transform((text, context): MailFrom => {
  const [, name, inBrackets] = /^([^<>]*?)\s*<([^<>\s]+)>$/.exec(text) ?? [];
  const address = z.email().safeParse(inBrackets ?? text);
  if (address.success) {
    return { name: name?.replace(/^"(.*)"$/, '$1') || 'PeteRental Calendar', address: address.data };
  }
  context.addIssue('not an address');
  return z.NEVER;
});

const visible = z.string().regex(/^[\x21-\x7e]+$/);

const environment = z.object({
  MICROSOFT_CLIENT_ID: visible,
  MICROSOFT_CLIENT_SECRET: visible.optional(),
  MICROSOFT_TENANT_ID: z
    .string()
    .regex(/^[\w.-]+$/)
    .default('common'),
  MICROSOFT_REDIRECT_URI: redirectUri,
  MICROSOFT_LOGIN_ENDPOINT: origin.default('https://login.microsoftonline.com'),
  MICROSOFT_GRAPH_ENDPOINT: origin.default('https://graph.microsoft.com'),
  TOKEN_ENCRYPTION_KEYS: encryptionKeys,
  VAPI_WEBHOOK_SECRET: webhookSecrets.default([]),
  VAPI_HMAC_SECRET: webhookSecrets.default([]),
  ALLOW_UNAUTHENTICATED_WEBHOOK: flag.default(false),
  AzureWebJobsStorage: z
    .string()
    .regex(/^UseDevelopmentStorage=true|AccountKey=|TableEndpoint=/i)
    .optional(),
  AzureWebJobsStorage__accountName: z
    .string()
    .regex(/^[a-z0-9]{3,24}$/)
    .optional(),
  AzureWebJobsStorage__tableServiceUri: origin.optional(),
  AZURE_CLIENT_ID: visible.optional(),
  SMTP_URL: z.url({ protocol: /^smtps?$/ }).optional(),
  ACS_ENDPOINT: origin.optional(),
  MAIL_FROM: mailFrom.optional(),
  TRUST_TOOL_USER_ID: flag.default(false),
  DEFAULT_TIME_ZONE: z.string().refine(isTimeZone).default('America/Chicago'),
  CALENDAR_NOTIFICATIONS: flag.default(true),
});

type Environment = z.infer<typeof environment>;

/** Settings of which one of several is required, and none is given. */
function missingTogether(given: Readonly<Partial<Record<string, string>>>): SettingName[] {
  const isGiven = (...names: SettingName[]): boolean => names.some((name) => given[name] !== undefined);
  const isOpen = flag.safeParse(given['ALLOW_UNAUTHENTICATED_WEBHOOK']).data === true;
  const missing: SettingName[] = [];
  if (!isOpen && !isGiven('VAPI_WEBHOOK_SECRET', 'VAPI_HMAC_SECRET')) missing.push('VAPI_WEBHOOK_SECRET');
  if (
    !isGiven(
      'AzureWebJobsStorage',
      'AzureWebJobsStorage__accountName',
      'AzureWebJobsStorage__tableServiceUri',
    )
  )
    missing.push('AzureWebJobsStorage');
  if (isGiven('SMTP_URL', 'ACS_ENDPOINT') && !isGiven('MAIL_FROM')) missing.push('MAIL_FROM');
  return missing;
}

function toConfig(env: Environment): Config {
  const identityClientId = env.AZURE_CLIENT_ID ?? null;
  const from = env.MAIL_FROM;
  return {
    microsoft: {
      clientId: env.MICROSOFT_CLIENT_ID,
      clientSecret: env.MICROSOFT_CLIENT_SECRET ?? null,
      tenantId: env.MICROSOFT_TENANT_ID,
      redirectUri: env.MICROSOFT_REDIRECT_URI,
      loginEndpoint: env.MICROSOFT_LOGIN_ENDPOINT,
      graphEndpoint: env.MICROSOFT_GRAPH_ENDPOINT,
      identityClientId,
    },
    publicOrigin: new URL(env.MICROSOFT_REDIRECT_URI).origin,
    encryptionKeys: env.TOKEN_ENCRYPTION_KEYS,
    vapi: {
      secrets: env.VAPI_WEBHOOK_SECRET,
      hmacSecrets: env.VAPI_HMAC_SECRET,
      allowUnauthenticated: env.ALLOW_UNAUTHENTICATED_WEBHOOK,
      trustToolUserId: env.TRUST_TOOL_USER_ID,
    },
    storage: env.AzureWebJobsStorage
      ? { kind: 'connection_string', connectionString: env.AzureWebJobsStorage }
      : {
          kind: 'identity',
          tableEndpoint:
            env.AzureWebJobsStorage__tableServiceUri ??
            `https://${env.AzureWebJobsStorage__accountName ?? ''}.table.core.windows.net`,
          identityClientId,
        },
    mail:
      from && env.SMTP_URL
        ? { kind: 'smtp', url: env.SMTP_URL, from }
        : from && env.ACS_ENDPOINT
          ? { kind: 'acs', endpoint: env.ACS_ENDPOINT, from, identityClientId }
          : null,
    defaultTimeZone: env.DEFAULT_TIME_ZONE,
    calendarNotifications: env.CALENDAR_NOTIFICATIONS,
  };
}

function isSettingName(name: unknown): name is SettingName {
  return typeof name === 'string' && Object.hasOwn(SETTINGS, name);
}

function problem(name: SettingName): ConfigProblem {
  return {
    setting: name,
    expected: SETTINGS[name].expected,
  };
}

/**
 * Reads and checks the settings, and names every bad one at once. An empty value counts as missing; a Key Vault
 * reference that Azure could not resolve is in the environment as its own text, and is bad.
 * @see https://learn.microsoft.com/azure/app-service/app-service-key-vault-references
 */
export function readConfig(env: Readonly<Record<string, string | undefined>> = process.env): ConfigResult {
  const given = Object.fromEntries(
    Object.keys(SETTINGS)
      .map((name) => [name, env[name]?.trim()] as const)
      .filter(([, value]) => value),
  );
  const unresolved = Object.keys(given)
    .filter((name) => given[name]?.startsWith('@Microsoft.KeyVault('))
    .filter(isSettingName);
  const parsed = environment.safeParse(given);
  const malformed = parsed.error?.issues.map(({ path }) => path[0]).filter(isSettingName) ?? [];
  const bad = [...malformed, ...missingTogether(given)];

  const problems = [
    ...unresolved.map((name) => ({
      setting: name,
      expected: `a Key Vault reference that the app's identity can read, holding ${SETTINGS[name].expected}`,
      unresolved: true as const,
    })),
    ...[...new Set(bad)].filter((name) => !unresolved.includes(name)).map(problem),
  ];
  if (parsed.success && problems.length === 0) return { ok: true, config: toConfig(parsed.data) };
  return { ok: false, problems };
}

/** The settings of Application Insights, which the host and the app share. Azure sets them. */
export function readTelemetrySettings(env: Readonly<Record<string, string | undefined>> = process.env): {
  readonly connectionString: string | undefined;
  readonly authentication: string | undefined;
} {
  return {
    connectionString: env['APPLICATIONINSIGHTS_CONNECTION_STRING'],
    authentication: env['APPLICATIONINSIGHTS_AUTHENTICATION_STRING'],
  };
}
