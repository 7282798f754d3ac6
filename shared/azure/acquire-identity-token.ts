// MSAL is large: load this file with the first token.
import { ManagedIdentityApplication } from '@azure/msal-node';
import type { IdentityToken } from './managed-identity.ts';
import { createTokenNetwork } from './token-network.ts';
import { SECOND_MS } from '../core/duration.ts';

/** The endpoint is on the same machine. */
const TIMEOUT_MS = 5 * SECOND_MS;

/**
 * A token of the managed identity, from MSAL's cache or from the endpoint of the platform.
 * @param clientId of a user-assigned identity; null for the app's own
 * @param scope `https://storage.azure.com/.default`
 * @throws what MSAL throws if the endpoint gives none within 5 seconds
 */
export async function acquireIdentityToken(clientId: string | null, scope: string): Promise<IdentityToken> {
  const identity = new ManagedIdentityApplication({
    ...(clientId !== null && { managedIdentityIdParams: { userAssignedClientId: clientId } }),
    system: { networkClient: createTokenNetwork(AbortSignal.timeout(TIMEOUT_MS)) },
  });
  const resource = scope.replace(/\/\.default$/, '');
  const { accessToken, expiresOn } = await identity.acquireToken({ resource });
  return { token: accessToken, expiresOnTimestamp: expiresOn?.getTime() ?? 0 };
}
