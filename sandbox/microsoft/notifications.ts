// Change notifications and lifecycle messages: what they say, and who is told.
import { randomUUID } from 'node:crypto';
import type { CalendarEvent } from './calendar.ts';
import { etagOf, eventId } from './event-shape.ts';
import { graphInstant } from './graph-subscriptions.ts';
import type { Person } from './people.ts';
import type { EventChange, Store } from './store.ts';
import { removeSubscription, subscriptionsOf } from './subscriptions.ts';
import type { Subscription } from './subscriptions.ts';

export type LifecycleEvent = 'reauthorizationRequired' | 'subscriptionRemoved' | 'missed';

/** One item of a body's `value`. */
export type NotificationItem = Record<string, unknown>;

/** @see https://learn.microsoft.com/graph/change-notifications-delivery-webhooks#change-notification-example */
function changeItem(
  person: Person,
  subscription: Subscription,
  event: CalendarEvent,
  change: EventChange,
): NotificationItem {
  const id = eventId(event, subscription.immutableIds);
  const resource = `Users/${person.id}/Events/${id}`;
  return {
    subscriptionId: subscription.id,
    subscriptionExpirationDateTime: graphInstant(subscription.expiresAt),
    changeType: change,
    resource,
    resourceData: {
      '@odata.type': '#Microsoft.Graph.Event',
      '@odata.id': resource,
      '@odata.etag': etagOf(event),
      id,
    },
    clientState: subscription.clientState,
    tenantId: person.tenantId,
  };
}

/**
 * As live tenants send it: with `organizationId`, where the documentation says `tenantId`.
 * @see https://learn.microsoft.com/graph/change-notifications-lifecycle-events
 */
function lifecycleItem(
  person: Person,
  subscription: Subscription,
  lifecycleEvent: LifecycleEvent,
): NotificationItem {
  return {
    lifecycleEvent,
    subscriptionId: subscription.id,
    subscriptionExpirationDateTime: graphInstant(subscription.expiresAt),
    resource: subscription.resource,
    organizationId: person.tenantId,
    clientState: subscription.clientState,
  };
}

/** Tells every subscription to the mailbox that wants this kind of change. */
export function notifyOfChange(
  store: Store,
  person: Person,
  event: CalendarEvent,
  change: EventChange,
): void {
  for (const subscription of subscriptionsOf(store, person)) {
    if (!subscription.changeTypes.includes(change)) continue;
    store.deliveries.send(subscription, subscription.notificationUrl, {
      what: change,
      item: changeItem(person, subscription, event, change),
    });
  }
}

/** Sends a lifecycle message for all subscriptions to the mailbox. `subscriptionRemoved` ends them first. */
export function notifyOfLifecycle(store: Store, person: Person, lifecycleEvent: LifecycleEvent): void {
  for (const subscription of subscriptionsOf(store, person)) {
    if (lifecycleEvent === 'subscriptionRemoved') removeSubscription(store, subscription);
    if (subscription.lifecycleNotificationUrl === null) continue;
    store.deliveries.send(subscription, subscription.lifecycleNotificationUrl, {
      what: lifecycleEvent,
      item: lifecycleItem(person, subscription, lifecycleEvent),
    });
  }
}

export type Forgery = 'client_state' | 'subscription';

/** The same item as a stranger would send it, who knows all but one secret. */
export function forge(item: NotificationItem, forgery: Forgery): NotificationItem {
  return forgery === 'subscription'
    ? { ...item, subscriptionId: randomUUID() }
    : { ...item, clientState: `forged-${randomUUID()}` };
}
