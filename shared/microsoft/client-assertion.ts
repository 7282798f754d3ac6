import type { TokenCredential } from '@azure/identity';
import { AppError } from '../errors.ts';
import { createManagedIdentity } from './managed-identity.ts';

const AUDIENCE = 'api://AzureADTokenExchange/.default';
const EARLY_MS = 5 * 60_000;

/**
 * The managed identity's token in place of a client secret. MSAL asks for it on every call, so it is kept until shortly before
 * it expires.
 * @returns a function that throws `app_credentials_rejected` where the identity gives none.
 * @see https://learn.microsoft.com/entra/workload-id/workload-identity-federation-config-app-trust-managed-identity
 */
export const createClientAssertion = (
  identityClientId: string | null,
  now: () => number,
  openIdentity: (clientId: string | null) => Promise<TokenCredential> = createManagedIdentity,
): (() => Promise<string>) => {
  let identity: Promise<TokenCredential> | undefined;
  let kept = { token: '', expiresOnTimestamp: 0 };
  return async () => {
    if (kept.expiresOnTimestamp - EARLY_MS > now()) return kept.token;
    identity ??= openIdentity(identityClientId);
    try {
      const fresh = await (await identity).getToken(AUDIENCE);
      if (!fresh) throw new Error('The identity gave no token');
      kept = fresh;
      return fresh.token;
    } catch (cause) {
      throw new AppError('app_credentials_rejected', 'The managed identity cannot vouch for the app', {
        cause,
      });
    }
  };
};
