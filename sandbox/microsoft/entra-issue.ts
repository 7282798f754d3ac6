// What Microsoft's login hands out: access and refresh tokens (opaque here), and signed id tokens.
import { createHash, generateKeyPair, randomBytes, randomInt } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { SignJWT, exportJWK } from 'jose';
import type { JWK } from 'jose';
import type { Person } from './people.ts';
import { digest } from './store.ts';
import type { Grant, Store } from './store.ts';

export const refreshIdleMs = 90 * 24 * 3_600_000;

interface SigningKey {
  privateKey: KeyObject;
  jwk: JWK;
}

let signingKey: Promise<SigningKey> | undefined;

/** One key for the process: making one takes 100 ms, and tests start many stand-ins. */
export function getSigningKey(): Promise<SigningKey> {
  return (signingKey ??= promisify(generateKeyPair)('rsa', { modulusLength: 2048 }).then(
    async ({ publicKey, privateKey }) => ({
      privateKey,
      jwk: { ...(await exportJWK(publicKey)), kid: 'sandbox', use: 'sig', alg: 'RS256' },
    }),
  ));
}

async function sign(
  store: Store,
  person: Person,
  clientId: string,
  nonce: string | undefined,
  origin: string,
): Promise<string> {
  const { privateKey } = await getSigningKey();
  const now = Math.floor(store.now() / 1000);
  const pairwise = createHash('sha256').update(`${person.id} ${clientId}`).digest('base64url');
  return new SignJWT({
    ver: '2.0',
    name: person.name,
    preferred_username: person.userPrincipalName,
    oid: person.id,
    tid: person.tenantId,
    ...(person.mail === null ? {} : { email: person.mail }),
    ...(person.emailDomainVerified === undefined ? {} : { xms_edov: person.emailDomainVerified }),
    ...(nonce === undefined ? {} : { nonce }),
  })
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: 'sandbox' })
    .setIssuer(`${origin}/${person.tenantId}/v2.0`)
    .setAudience(clientId)
    .setSubject(pairwise)
    .setIssuedAt(now)
    .setNotBefore(now)
    .setExpirationTime(now + 3600)
    .sign(privateKey);
}

/** @see https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow#successful-response-2 */
export interface TokenAnswer {
  token_type: 'Bearer';
  scope: string;
  /** Seconds. */
  expires_in: number;
  ext_expires_in: number;
  access_token: string;
  refresh_token?: string;
  id_token?: string;
  client_info: string;
}

/** A success body of the token endpoint. `scopes` are those of this answer, `granted` those of the refresh token. */
export async function issueTokens(
  store: Store,
  person: Person,
  grant: { clientId: string; scopes: string[]; granted: string[]; nonce?: string | undefined },
  origin: string,
): Promise<TokenAnswer> {
  const now = store.now();
  const lifetimeSeconds = randomInt(3600, 5400);
  const accessToken = `EwSandbox.${randomBytes(48).toString('base64url')}`;
  const kept = { personId: person.id, clientId: grant.clientId, issuedAt: now, lastUsedAt: now };
  const access: Grant = { ...kept, scopes: grant.scopes, expiresAt: now + lifetimeSeconds * 1000 };
  store.state.accessTokens[digest(accessToken)] = access;
  const answer: TokenAnswer = {
    token_type: 'Bearer',
    scope: grant.scopes.filter((scope) => scope !== 'offline_access').join(' '),
    expires_in: lifetimeSeconds,
    ext_expires_in: lifetimeSeconds,
    access_token: accessToken,
    client_info: Buffer.from(JSON.stringify({ uid: person.id, utid: person.tenantId })).toString('base64url'),
  };
  if (grant.granted.includes('offline_access')) {
    const refreshToken = `M.Sandbox.${randomBytes(64).toString('base64url')}`;
    store.state.refreshTokens[digest(refreshToken)] = {
      ...kept,
      scopes: grant.granted,
      expiresAt: now + refreshIdleMs,
    };
    answer.refresh_token = refreshToken;
  }
  if (grant.scopes.includes('openid')) {
    answer.id_token = await sign(store, person, grant.clientId, grant.nonce, origin);
  }
  return answer;
}
