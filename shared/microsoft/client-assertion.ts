import { AppError } from '../core/errors.ts';
import { createManagedIdentity } from '../azure/managed-identity.ts';

const AUDIENCE = 'api://AzureADTokenExchange/.default';

/**
 * The managed identity's token in place of a client secret.
 * @returns a function that throws `app_credentials_rejected` if the identity gives none.
 * @see https://learn.microsoft.com/entra/workload-id/workload-identity-federation-config-app-trust-managed-identity
 */
export function createClientAssertion(identityClientId: string | null): () => Promise<string> {
  const identity = createManagedIdentity(identityClientId);
  return async () => {
    try {
      return (await identity.getToken(AUDIENCE)).token;
    } catch (cause) {
      throw new AppError('app_credentials_rejected', 'The managed identity cannot vouch for the app', {
        cause,
      });
    }
  };
}
