// The sign-in page: pick who you are. No passwords: nobody here is real.
import escapeHtml from 'escape-html';
import type { Person } from '../people.ts';
import { tenantOf } from '../directory.ts';
import type { Store } from '../store.ts';
import { page } from './layout.ts';

/** Entra's page that asks who signs in. */
export function signInPage(shown: { store: Store; action: string; people: readonly Person[] }): string {
  const items = shown.people.map((one) => {
    const about = [
      one.kind === 'personal' ? 'Personal account' : tenantOf(shown.store, one).name,
      one.remark,
    ].filter(Boolean);
    return `<li><button name="account" value="${escapeHtml(one.id)}">
<strong>${escapeHtml(one.name)}</strong><span>${escapeHtml(one.userPrincipalName)}</span>
<span class="soft">${escapeHtml(about.join(' · '))}</span></button></li>`;
  });
  return page(
    'Pick an account',
    `<h1>Pick an account</h1>
<p class="soft">A stand-in for Microsoft’s sign-in. Nobody here is real, and no password is needed.</p>
<form method="post" action="${escapeHtml(shown.action)}">
<ul class="people">${items.join('\n')}</ul>
<div class="actions"><button name="decision" value="cancel">Cancel</button></div>
</form>`,
  );
}
