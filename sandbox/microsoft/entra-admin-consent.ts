// GET and POST /{tenant}/v2.0/adminconsent: an administrator consents for everyone in the organization.
import { judgeReturn, peopleAt } from './entra-authorize.ts';
import { describeError } from './entra-errors.ts';
import { normalizeScopes, recordConsent, scopeTexts } from './entra-scopes.ts';
import { html, redirect, withQuery } from './http.ts';
import type { HttpResponse, HttpRequest } from './http.ts';
import { consentPage } from './pages/consent.ts';
import { errorPage } from './pages/layout.ts';
import { signInPage } from './pages/sign-in.ts';
import type { Store } from './store.ts';

/** @see https://learn.microsoft.com/entra/identity-platform/v2-admin-consent */
export function handleAdminConsent(store: Store, request: HttpRequest, tenant: string): HttpResponse {
  const refused = judgeReturn(store, tenant, request.query);
  if (refused) return refused;
  const refuse = (aadsts: number, message: string): HttpResponse =>
    html(400, errorPage('Permissions', describeError(aadsts, message, store.now())));
  const redirectUri = request.query.get('redirect_uri') ?? '';
  const state = request.query.get('state') ?? undefined;
  const scopes = normalizeScopes(request.query.get('scope') ?? '').filter((scope) => scope !== '.default');
  if (!request.query.get('scope')) {
    return refuse(900144, "The request body must contain the following parameter: 'scope'.");
  }
  const unknown = scopes.find((scope) => !(scope in scopeTexts));
  if (unknown !== undefined) {
    return refuse(650053, `The application asked for scope '${unknown}' that doesn't exist on the resource.`);
  }
  // Everything the app is registered for.
  const wanted = scopes.length > 0 ? scopes : Object.keys(scopeTexts);

  const form = new URLSearchParams(request.method === 'POST' ? request.body : '');
  const action = `${request.path}?${request.query.toString()}`;
  if (form.get('decision') === 'cancel') {
    return redirect(
      withQuery(redirectUri, {
        error: 'access_denied',
        error_description: describeError(65004, 'User declined to consent to access the app.', store.now()),
        admin_consent: 'True',
        state,
      }),
    );
  }
  const account = form.get('account');
  const people = peopleAt(store, tenant).filter((one) => one.kind === 'work');
  if (account === null) return html(200, signInPage({ store, action, people }));
  const person = people.find((one) => one.id === account);
  if (!person?.administrator) {
    return refuse(
      90093,
      'This operation can only be performed by an administrator. Sign out and sign in as an administrator or contact one of your organization’s administrators.',
    );
  }
  if (form.get('decision') !== 'accept') {
    return html(200, consentPage({ store, action, person, scopes: wanted, forOrganization: true }));
  }
  // What an administrator grants counts with the scopes that every sign-in asks for.
  recordConsent(store, person.tenantId, [...wanted, 'openid', 'profile', 'email', 'offline_access']);
  return redirect(
    withQuery(redirectUri, {
      admin_consent: 'True',
      tenant: person.tenantId,
      scope: wanted.join(' '),
      state,
    }),
  );
}
