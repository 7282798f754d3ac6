/** An access token of the managed identity. */
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

/**
 * The app's managed identity, which replaces keys and secrets in Azure. MSAL is loaded with the first token, and caches
 * tokens until shortly before they expire.
 * @param clientId of a user-assigned identity; null for the app's own.
 * @see https://learn.microsoft.com/entra/msal/javascript/node/managed-identity
 */
export function createManagedIdentity(clientId: string | null): ManagedIdentity {
  return {
    async getToken(scopes) {
      const { acquireIdentityToken } = await import('./acquire-identity-token.ts');
      return acquireIdentityToken(clientId, [scopes].flat()[0] ?? '');
    },
  };
}
