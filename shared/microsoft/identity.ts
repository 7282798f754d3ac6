// Hazard: MSAL resolves with an empty token for a 500 with an empty body. MSAL itself is in msal-client.ts, which is loaded with
// the first sign-in or refresh.
import type { AuthenticationResult, ConfidentialClientApplication } from '@azure/msal-node';
import * as z from 'zod';
import type { MicrosoftIdentity, RefreshOutcome, SignIn, Tokens } from '../connections/microsoft.ts';
import { AppError, isAppError } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import { createClientAssertion } from './client-assertion.ts';
import { createTokenNetwork } from '../azure/token-network.ts';
import type { TokenNetwork } from '../azure/token-network.ts';

/** The app's registration, and how Entra is reached. */
export interface MicrosoftIdentityOptions {
  readonly clientId: string;
  /** Null: the managed identity vouches for the app. */
  readonly clientSecret: string | null;
  readonly tenantId: string;
  readonly redirectUri: string;
  /** An origin. */
  readonly loginEndpoint: string;
  /** An origin: administrators approve permissions of this Graph. */
  readonly graphEndpoint: string;
  readonly identityClientId: string | null;
  readonly now: () => number;
  readonly log: Log;
  readonly fetch?: typeof fetch;
  /** How long one attempt at the token endpoint may take, in milliseconds. Default 3,500. */
  readonly attemptMs?: number;
}

const PUBLIC_GRAPH = 'https://graph.microsoft.com';

const idTokenClaims = z.object({
  tid: z.string(),
  oid: z.string(),
  email: z.string().optional(),
  xms_edov: z.union([z.boolean(), z.number(), z.string()]).optional(),
});

function isTrue(claim: unknown): boolean {
  return [true, 1, '1', 'true'].includes(claim as string);
}

const errorFields = z.object({ errorCode: z.string(), name: z.string(), subError: z.string().optional() });

/** What MSAL throws, as an `AppError`. AADSTS numbers and texts change, so the app ignores them. */
function toAppError(cause: unknown, network: TokenNetwork, signal: AbortSignal): AppError {
  if (isAppError(cause)) return cause;
  if (signal.aborted)
    return new AppError('deadline_exceeded', 'Microsoft’s sign-in did not answer in time', { cause });
  // What MSAL makes of a broken answer looks like a refusal: there is no nonce in it, or no token.
  if ((network.lastStatus() ?? 0) >= 500) {
    return new AppError('microsoft_unreachable', 'Microsoft’s sign-in is in trouble', { cause });
  }
  const { errorCode, name } = errorFields.safeParse(cause).data ?? { errorCode: '', name: '' };
  if (
    name === 'InteractionRequiredAuthError' ||
    errorCode === 'invalid_grant' ||
    errorCode === 'nonce_mismatch'
  ) {
    return new AppError('microsoft_rejected', 'Microsoft refused the sign-in', { cause });
  }
  if (errorCode === 'invalid_client' || errorCode === 'unauthorized_client') {
    return new AppError('app_credentials_rejected', 'Microsoft refused the app’s own credentials', { cause });
  }
  if (network.lastStatus() === 429) {
    return new AppError('microsoft_throttled', 'Microsoft’s sign-in asks us to wait', {
      cause,
      retryAfterMs: network.retryAfterMs(),
    });
  }
  return new AppError('microsoft_unreachable', 'Microsoft’s sign-in cannot be reached', { cause });
}

/** What an operator should read in the status. */
function describeRefusal(cause: unknown): string {
  const { errorCode, subError } = errorFields.safeParse(cause).data ?? { errorCode: 'unknown' };
  return `Microsoft no longer accepts the consent (${[errorCode, subError].filter(Boolean).join(', ')})`;
}

/**
 * Sign-in, redemption of codes and renewal of tokens at Microsoft Entra, by MSAL. `MicrosoftIdentity` documents the methods.
 * @see https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow
 */
export function createMicrosoftIdentity(options: MicrosoftIdentityOptions): MicrosoftIdentity {
  const assertion = createClientAssertion(options.identityClientId);

  const createClient = async (
    network: TokenNetwork,
    held: { cache: string },
  ): Promise<ConfidentialClientApplication> => {
    const { createMsalClient } = await import('./msal-client.ts');
    return createMsalClient(options, assertion, network, held);
  };

  const toTokens = (result: AuthenticationResult | null, network: TokenNetwork, cache: string): Tokens => {
    if (!result?.accessToken)
      throw new AppError('microsoft_unreachable', 'Microsoft answered without a token');
    const lifetimeMs = network.tokenLifetimeMs();
    // Counted on our own clock: the two may differ.
    const expiresAt = lifetimeMs === null ? (result.expiresOn?.getTime() ?? 0) : options.now() + lifetimeMs;
    return { accessToken: result.accessToken, expiresAt, cache };
  };

  const report = (fault: AppError): AppError => {
    if (fault.code === 'app_credentials_rejected') options.log.error('app_credentials_rejected', {}, fault);
    return fault;
  };

  return {
    async authorize({ state, nonce, scopes, signal }) {
      const { generatePkceCodes } = await import('./msal-client.ts');
      const { verifier, challenge } = await generatePkceCodes();
      const network = createTokenNetwork(signal, options);
      const client = await createClient(network, { cache: '' });
      const url = await client.getAuthCodeUrl({
        scopes: [...scopes],
        redirectUri: options.redirectUri,
        prompt: 'select_account',
        codeChallenge: challenge,
        codeChallengeMethod: 'S256',
        state,
        nonce,
      });
      return { url, codeVerifier: verifier };
    },

    async redeem({ code, codeVerifier, nonce, scopes, signal }): Promise<SignIn> {
      const network = createTokenNetwork(signal, options);
      const held = { cache: '' };
      try {
        const client = await createClient(network, held);
        const result = await client.acquireTokenByCode(
          { code, codeVerifier, scopes: [...scopes], redirectUri: options.redirectUri, nonce },
          { code, nonce },
        );
        const claims = idTokenClaims.parse(result.idTokenClaims);
        return {
          tenantId: claims.tid,
          objectId: claims.oid,
          verifiedEmail: isTrue(claims.xms_edov) ? (claims.email?.toLowerCase() ?? null) : null,
          scopes: result.scopes,
          tokens: toTokens(result, network, held.cache),
        };
      } catch (error) {
        throw report(toAppError(error, network, signal));
      }
    },

    async refresh(tokens, scopes, signal): Promise<RefreshOutcome> {
      const network = createTokenNetwork(signal, options);
      const held = { cache: tokens.cache };
      try {
        const client = await createClient(network, held);
        const [account] = await client.getTokenCache().getAllAccounts();
        if (!account) throw new AppError('token_unreadable', 'A stored token cache holds no account');
        const result = await client.acquireTokenSilent({ account, scopes: [...scopes], forceRefresh: true });
        return { ok: true, tokens: toTokens(result, network, held.cache), scopes: result.scopes };
      } catch (error) {
        const fault = report(toAppError(error, network, signal));
        if (fault.code === 'microsoft_rejected') return { ok: false, reason: describeRefusal(error) };
        throw fault;
      }
    },

    adminConsentUrl(state, scopes) {
      // An administrator consents for their own organization: `common` and `consumers` name none.
      const tenant = ['common', 'consumers'].includes(options.tenantId) ? 'organizations' : options.tenantId;
      const graph = options.graphEndpoint.startsWith('https:') ? options.graphEndpoint : PUBLIC_GRAPH;
      const query = new URLSearchParams({
        client_id: options.clientId,
        scope: scopes.map((scope) => `${graph}/${scope}`).join(' '),
        redirect_uri: options.redirectUri,
        state,
      });
      return `${options.loginEndpoint}/${tenant}/v2.0/adminconsent?${query.toString()}`;
    },
  };
}
