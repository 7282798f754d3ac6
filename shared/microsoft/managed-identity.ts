import type { TokenCredential } from '@azure/identity';

/**
 * The app's managed identity, which takes the place of keys and secrets in Azure. The SDK takes 150 ms to load: only apps
 * that use it pay.
 * @param clientId of a user-assigned identity; null for the app's own.
 */
export const createManagedIdentity = async (clientId: string | null): Promise<TokenCredential> => {
  const { ManagedIdentityCredential } = await import('@azure/identity');
  return clientId === null ? new ManagedIdentityCredential() : new ManagedIdentityCredential({ clientId });
};
