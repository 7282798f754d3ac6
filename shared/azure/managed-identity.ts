import { createTokenNetwork } from './token-network.ts';

export interface IdentityToken {
  readonly token: string;
  /** Epoch milliseconds. */
  readonly expiresOnTimestamp: number;
}

/** What the Azure SDKs take as a credential. */
export interface ManagedIdentity {
  /** @param scopes one of them: `https://storage.azure.com/.default` */
  getToken(scopes: string | string[]): Promise<IdentityToken>;
}

/** The endpoint is on the same machine. */
const TIMEOUT_MS = 5_000;

/**
 * The app's managed identity, which takes the place of keys and secrets in Azure. MSAL keeps its tokens until shortly before
 * they expire.
 * @param clientId of a user-assigned identity; null for the app's own.
 * @see https://learn.microsoft.com/entra/msal/javascript/node/managed-identity
 */
export function createManagedIdentity(clientId: string | null): ManagedIdentity {
  return {
    async getToken(scopes) {
      const { ManagedIdentityApplication } = await import('@azure/msal-node');
      const identity = new ManagedIdentityApplication({
        ...(clientId !== null && { managedIdentityIdParams: { userAssignedClientId: clientId } }),
        system: { networkClient: createTokenNetwork(AbortSignal.timeout(TIMEOUT_MS)) },
      });
      const resource = [scopes].flat()[0]?.replace(/\/\.default$/, '') ?? '';
      const { accessToken, expiresOn } = await identity.acquireToken({ resource });
      return { token: accessToken, expiresOnTimestamp: expiresOn?.getTime() ?? 0 };
    },
  };
}
