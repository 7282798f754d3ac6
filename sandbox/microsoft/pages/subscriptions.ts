// Who is subscribed to a calendar's changes, for the calendar page.
import escapeHtml from 'escape-html';
import type { Person } from '../people.ts';
import type { Store } from '../store.ts';
import { subscriptionsOf } from '../subscriptions.ts';
import { wallAt } from '../zones.ts';

/** @param zone IANA: the clock on which times are shown */
export function subscriptionsHtml(store: Store, person: Person, zone: string): string {
  const clock = (at: number): string => wallAt(at, zone).slice(0, 16).replace('T', ' ');
  const items = subscriptionsOf(store, person).map(({ notificationUrl, expiresAt, lastDelivery }) => {
    const last = lastDelivery
      ? `last notification ${clock(lastDelivery.at)}, ${lastDelivery.status === 0 ? 'not answered' : `answered ${lastDelivery.status}`}`
      : 'nothing was sent yet';
    return `<li>${escapeHtml(notificationUrl)}<span class="soft">active until ${clock(expiresAt)} · ${last}</span></li>`;
  });
  return `<h2>Change notifications</h2>
${items.length === 0 ? '<p class="soft">Nobody is subscribed to this calendar.</p>' : `<ul class="list">${items.join('\n')}</ul>`}`;
}
