// Hazards of MSAL: its own HTTP client waits for ever, so ours has a deadline; and one client shared between users leaks one into
// the other's cache, so each request makes its own. MSAL is large: load this file with the first sign-in or refresh.
import { ConfidentialClientApplication, CryptoProvider } from '@azure/msal-node';
import type { Configuration } from '@azure/msal-node';
import type { TokenNetwork } from '../azure/token-network.ts';
import type { MicrosoftIdentityOptions } from './identity.ts';

const PUBLIC_LOGIN = 'https://login.microsoftonline.com';

/**
 * MSAL refuses an authority over http and asks unknown ones for their metadata. Given the metadata it does neither, so that a
 * national cloud or a stand-in is only another pair of endpoints.
 */
function authorityOf({ loginEndpoint, tenantId }: MicrosoftIdentityOptions): Partial<Configuration['auth']> {
  const origin = loginEndpoint.startsWith('https:') ? loginEndpoint : PUBLIC_LOGIN;
  const authority = { authority: `${origin}/${tenantId}` };
  if (loginEndpoint === PUBLIC_LOGIN) return authority;
  const base = `${loginEndpoint}/${tenantId}`;
  return {
    ...authority,
    knownAuthorities: [new URL(origin).host],
    authorityMetadata: JSON.stringify({
      authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
      token_endpoint: `${base}/oauth2/v2.0/token`,
      issuer: `${base}/v2.0`,
      jwks_uri: `${base}/discovery/v2.0/keys`,
    }),
  };
}

/**
 * One client for one user and one request.
 * @param assertion vouches for the app if it has no secret
 * @param held `cache` is this user's alone: it is read, and replaced if it has changed
 */
export function createMsalClient(
  options: MicrosoftIdentityOptions,
  assertion: () => Promise<string>,
  network: TokenNetwork,
  held: { cache: string },
): ConfidentialClientApplication {
  return new ConfidentialClientApplication({
    auth: {
      clientId: options.clientId,
      ...authorityOf(options),
      ...(options.clientSecret === null
        ? { clientAssertion: assertion }
        : { clientSecret: options.clientSecret }),
    },
    cache: {
      cachePlugin: {
        beforeCacheAccess: (context) => {
          if (held.cache !== '') context.tokenCache.deserialize(held.cache);
          return Promise.resolve();
        },
        afterCacheAccess: (context) => {
          if (context.cacheHasChanged) held.cache = context.tokenCache.serialize();
          return Promise.resolve();
        },
      },
    },
    system: {
      networkClient: network,
      loggerOptions: { loggerCallback: () => undefined, piiLoggingEnabled: false },
    },
  });
}

/** What proves at the token endpoint that the same app asks (RFC 7636). */
export function generatePkceCodes(): Promise<{ readonly verifier: string; readonly challenge: string }> {
  return new CryptoProvider().generatePkceCodes();
}
