// Subscriptions to the changes of a mailbox's events, as Graph keeps them.
import { randomUUID } from 'node:crypto';
import type { Person } from './people.ts';
import type { EventChange, Store } from './store.ts';

export interface Subscription {
  /** A GUID. */
  id: string;
  personId: string;
  clientId: string;
  changeTypes: EventChange[];
  /** As the app wrote it. */
  resource: string;
  notificationUrl: string;
  lifecycleNotificationUrl: string | null;
  clientState: string | null;
  /** Whether notifications name events by immutable ids. */
  immutableIds: boolean;
  /** Epoch milliseconds, as all times here. */
  createdAt: number;
  expiresAt: number;
  /** The latest attempt: the status is 0 if the endpoint did not answer. */
  lastDelivery?: { at: number; status: number };
}

/** What Graph allows. Real tenants differ: 4,230 minutes in some, 10,070 or 10,080 in others. */
export interface SubscriptionLimits {
  minutes: number;
  /** For each mailbox, over all apps. */
  count: number;
}

export const defaultSubscriptionLimits: SubscriptionLimits = { minutes: 4_230, count: 1_000 };

/** Graph lengthens any shorter life to this. */
const shortestMs = 45 * 60_000;

/** A person's subscriptions that have not expired. */
export function subscriptionsOf(store: Store, person: Person): Subscription[] {
  return Object.values(store.state.subscriptions).filter(
    ({ personId, expiresAt }) => personId === person.id && expiresAt > store.now(),
  );
}

/** Stores a new subscription. */
export function addSubscription(
  store: Store,
  person: Person,
  fields: Omit<Subscription, 'id' | 'personId' | 'clientId' | 'createdAt'>,
): Subscription {
  const subscription: Subscription = {
    id: randomUUID(),
    personId: person.id,
    clientId: store.clientId,
    createdAt: store.now(),
    ...fields,
  };
  store.state.subscriptions[subscription.id] = subscription;
  return subscription;
}

/** Removes a subscription: nothing more is delivered to it. */
export function removeSubscription(store: Store, { id }: Subscription): void {
  Reflect.deleteProperty(store.state.subscriptions, id);
}

/**
 * When a subscription ends that was asked to end at `wanted`.
 * @returns epoch milliseconds, or why Graph refuses it
 */
export function judgeExpiry(store: Store, wanted: number): number | string {
  const { minutes } = store.subscriptionLimits;
  const now = store.now();
  if (wanted <= now) return 'Subscription expiration must be in the future.';
  if (wanted > now + minutes * 60_000)
    return `Subscription expiration can only be ${minutes} minutes in the future.`;
  return Math.max(wanted, now + shortestMs);
}
