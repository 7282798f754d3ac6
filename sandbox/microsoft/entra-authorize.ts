// GET and POST /{tenant}/oauth2/v2.0/authorize: sign in, consent, and back to the app.
//
// Written by hand on jose rather than on oidc-provider: Microsoft's tenants in the path, one client for all of them, its own error
// bodies (error_codes, suberror), client_info, consent by an administrator, and refresh tokens that rotate without revoking the
// older ones would each have to be bent around that library's policies, which leaves little of it but its JWTs.
//
// The pages keep nothing between steps: each form posts back to the same URL, which is judged anew.
import { randomBytes } from 'node:crypto';
import { describeError } from './entra-errors.ts';
import { hasConsent, normalizeScopes, recordConsent, scopeTexts } from './entra-scopes.ts';
import { html, redirect, withQuery } from './http.ts';
import type { Answer, Asked } from './http.ts';
import { approvalPage, consentPage } from './pages/consent.ts';
import { errorPage } from './pages/layout.ts';
import { signInPage } from './pages/sign-in.ts';
import { personalTenantId } from './people.ts';
import type { Person } from './people.ts';
import { digest, tenantOf } from './world.ts';
import type { World } from './world.ts';

const codeLifetimeMs = 10 * 60_000;

interface Wish {
  tenant: string;
  clientId: string;
  redirectUri: string;
  state: string | undefined;
  nonce: string | undefined;
  scopes: string[];
  challenge: string;
  prompt: string | undefined;
}

/** The people who may sign in at `/{tenant}/`. */
export const peopleAt = (world: World, tenant: string): Person[] => {
  const { people, tenants } = world.state;
  if (tenant === 'common') return people;
  if (tenant === 'organizations') return people.filter((one) => one.kind === 'work');
  if (tenant === 'consumers') return people.filter((one) => one.kind === 'personal');
  const named = tenants.find((one) => one.id === tenant || one.domain === tenant);
  return people.filter((one) => one.tenantId === named?.id);
};

export const isTenant = (world: World, tenant: string): boolean =>
  ['common', 'organizations', 'consumers'].includes(tenant) ||
  world.state.tenants.some((one) => one.id === tenant || one.domain === tenant);

/** What is wrong with the client or where it wants to return: shown to the person, never sent back to that address. */
export const judgeReturn = (world: World, tenant: string, query: URLSearchParams): Answer | undefined => {
  const refuse = (aadsts: number, message: string): Answer =>
    html(400, errorPage('Sign in', describeError(aadsts, message, world.now())));
  const clientId = query.get('client_id');
  const redirectUri = query.get('redirect_uri');
  if (!isTenant(world, tenant)) {
    return refuse(90002, `Tenant '${tenant}' not found. Check to make sure you have the correct tenant ID.`);
  }
  if (!clientId) {
    return refuse(900144, "The request body must contain the following parameter: 'client_id'.");
  }
  if (clientId !== world.clientId) {
    return refuse(700016, `Application with identifier '${clientId}' was not found in the directory.`);
  }
  if (redirectUri === null || !world.state.redirectUris.includes(redirectUri)) {
    return refuse(
      50011,
      `The redirect URI '${redirectUri ?? ''}' specified in the request does not match the redirect URIs configured for the application '${clientId}'.`,
    );
  }
  return undefined;
};

/** The request, or the answer that refuses it. */
const judgeWish = (world: World, tenant: string, query: URLSearchParams): Wish | Answer => {
  const refused = judgeReturn(world, tenant, query);
  if (refused) return refused;
  const text = (name: string): string | undefined => query.get(name) ?? undefined;
  const redirectUri = text('redirect_uri') ?? '';
  const back = (error: string, aadsts: number, message: string): Answer =>
    redirect(
      withQuery(redirectUri, {
        error,
        error_description: describeError(aadsts, message, world.now()),
        state: text('state'),
      }),
    );
  const duplicated = [...new Set(query.keys())].find((name) => query.getAll(name).length > 1);
  if (duplicated !== undefined) {
    return back('invalid_request', 9000411, `The parameter '${duplicated}' is duplicated.`);
  }
  if (text('response_type') !== 'code') {
    return back(
      'unsupported_response_type',
      700054,
      "response_type is not enabled for the application: only 'code' is.",
    );
  }
  if ((text('response_mode') ?? 'query') !== 'query') {
    return back('invalid_request', 900561, 'The stand-in answers in the query only.');
  }
  const scopes = normalizeScopes(text('scope') ?? '');
  if (scopes.length === 0) {
    return back('invalid_request', 900144, "The request body must contain the following parameter: 'scope'.");
  }
  const unknown = scopes.find((scope) => !(scope in scopeTexts));
  if (unknown !== undefined) {
    return back(
      'invalid_client',
      650053,
      `The application asked for scope '${unknown}' that doesn't exist on the resource.`,
    );
  }
  const challenge = text('code_challenge');
  if (!challenge || text('code_challenge_method') !== 'S256' || !/^[\w-]{43}$/.test(challenge)) {
    return back(
      'invalid_request',
      9002325,
      'Proof Key for Code Exchange (S256) is required for authorization code redemption.',
    );
  }
  const prompt = text('prompt');
  if (prompt !== undefined && !['login', 'select_account', 'consent', 'none'].includes(prompt)) {
    return back('invalid_request', 90023, `Unsupported 'prompt' value '${prompt}'.`);
  }
  if (prompt === 'none') {
    return back('login_required', 50058, 'A silent sign-in request was sent but no user is signed in.');
  }
  const clientId = text('client_id') ?? '';
  return {
    tenant,
    clientId,
    redirectUri,
    state: text('state'),
    nonce: text('nonce'),
    scopes,
    challenge,
    prompt,
  };
};

/** Whom the sign-in page offers; `login_hint` and `domain_hint` narrow it where they name somebody. */
const candidates = (world: World, tenant: string, query: URLSearchParams): Person[] => {
  const all = peopleAt(world, tenant);
  const hint = query.get('prompt') === 'select_account' ? undefined : query.get('login_hint')?.toLowerCase();
  const hinted = all.filter((one) => one.userPrincipalName.toLowerCase() === hint);
  if (hinted.length > 0) return hinted;
  const domain = query.get('domain_hint');
  const inDomain = all.filter((one) =>
    domain === 'consumers'
      ? one.tenantId === personalTenantId
      : domain === 'organizations'
        ? one.kind === 'work'
        : domain !== null && tenantOf(world, one).domain === domain,
  );
  return inDomain.length > 0 ? inDomain : all;
};

const grantCode = (world: World, wish: Wish, person: Person): Answer => {
  const code = `1.Sandbox.${randomBytes(48).toString('base64url')}`;
  const now = world.now();
  world.state.codes[digest(code)] = {
    personId: person.id,
    clientId: wish.clientId,
    scopes: wish.scopes,
    redirectUri: wish.redirectUri,
    challenge: wish.challenge,
    nonce: wish.nonce,
    issuedAt: now,
    lastUsedAt: now,
    expiresAt: now + codeLifetimeMs,
    redeemed: false,
  };
  return redirect(withQuery(wish.redirectUri, { code, state: wish.state }));
};

export const handleAuthorize = (world: World, asked: Asked, tenant: string): Answer => {
  const wish = judgeWish(world, tenant, asked.query);
  if ('status' in wish) return wish;
  const form = new URLSearchParams(asked.method === 'POST' ? asked.body : '');
  const action = `${asked.path}?${asked.query.toString()}`;
  const account = form.get('account');
  const decision = form.get('decision');
  if (decision === 'cancel') {
    return redirect(
      withQuery(wish.redirectUri, { error: 'access_denied', error_subcode: 'cancel', state: wish.state }),
    );
  }
  if (account === null) {
    return html(200, signInPage({ world, action, people: candidates(world, tenant, asked.query) }));
  }
  const person = peopleAt(world, tenant).find((one) => one.id === account);
  if (!person) {
    const message = 'User account does not exist in tenant and cannot access the application in that tenant.';
    return html(400, errorPage('Sign in', describeError(50020, message, world.now())));
  }
  return consentAs(world, wish, person, form, action);
};

const consentAs = (
  world: World,
  wish: Wish,
  person: Person,
  form: URLSearchParams,
  action: string,
): Answer => {
  const organization = tenantOf(world, person);
  const mayConsent = organization.userConsent || person.administrator;
  const isConsented = hasConsent(world, person, wish.scopes);
  const decision = form.get('decision');
  if (isConsented && wish.prompt !== 'consent') return grantCode(world, wish, person);
  if (!mayConsent && !isConsented) {
    if (decision === 'administrator') {
      const administrators = peopleAt(world, organization.id).filter((one) => one.administrator);
      return html(200, signInPage({ world, action, people: administrators }));
    }
    if (decision === 'return') {
      const message = `The admin of '${organization.name}' must approve '${wish.clientId}'; the user cannot consent.`;
      const description = describeError(90094, message, world.now());
      return redirect(
        withQuery(wish.redirectUri, {
          error: 'access_denied',
          error_description: description,
          state: wish.state,
        }),
      );
    }
    return html(200, approvalPage({ world, action, person }));
  }
  if (decision !== 'accept') return html(200, consentPage({ world, action, person, scopes: wish.scopes }));
  const forAll = person.administrator && form.get('organization') === 'on';
  recordConsent(world, forAll ? person.tenantId : person.id, wish.scopes);
  return grantCode(world, wish, person);
};
