// What the app asks for: Accept, Cancel, or an administrator is needed.
import escapeHtml from 'escape-html';
import { scopeTexts } from '../entra-scopes.ts';
import type { Person } from '../people.ts';
import { tenantOf } from '../directory.ts';
import type { Store } from '../store.ts';
import { page } from './layout.ts';

interface Shown {
  store: Store;
  action: string;
  person: Person;
}

function form(shown: Shown, content: string): string {
  return `<form method="post" action="${escapeHtml(shown.action)}">
<input type="hidden" name="account" value="${escapeHtml(shown.person.id)}">
${content}
</form>`;
}

/** Entra's page that asks for permissions. */
export function consentPage(shown: Shown & { scopes: readonly string[]; forOrganization?: boolean }): string {
  const { store, person, scopes } = shown;
  const items = scopes.map((scope) => `<li>${escapeHtml(scopeTexts[scope] ?? scope)}</li>`).join('\n');
  const title = shown.forOrganization
    ? 'Permissions requested: review for your organization'
    : 'Permissions requested';
  const forAll =
    person.administrator && !shown.forOrganization
      ? '<p><label><input type="checkbox" name="organization"> Consent on behalf of your organization</label></p>'
      : '';
  return page(
    title,
    `<p class="soft">${escapeHtml(person.userPrincipalName)}</p>
<h1>${title}</h1>
<p><strong>${escapeHtml(store.clientId)}</strong> would like to:</p>
<ul>${items}</ul>
${shown.forOrganization ? `<p>If you accept, it gets this access for all users in ${escapeHtml(tenantOf(store, person).name)}.</p>` : ''}
${form(
  shown,
  `${forAll}<div class="actions"><button name="decision" value="cancel">Cancel</button>
<button class="main" name="decision" value="accept">Accept</button></div>`,
)}`,
  );
}

/** Entra's page for people whose tenant does not let them consent. */
export function approvalPage(shown: Shown): string {
  const { store, person } = shown;
  return page(
    'Need admin approval',
    `<p class="soft">${escapeHtml(person.userPrincipalName)}</p>
<h1>Need admin approval</h1>
<p><strong>${escapeHtml(store.clientId)}</strong> needs permission to access resources in ${escapeHtml(tenantOf(store, person).name)}
that only an admin can grant. Please ask an admin to grant permission to this app before you can use it.</p>
${form(
  shown,
  `<div class="actions"><button name="decision" value="administrator">I am an administrator</button>
<button class="main" name="decision" value="return">Return to the application without granting consent</button></div>`,
)}`,
  );
}
