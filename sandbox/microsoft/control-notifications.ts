// Controls of subscriptions and notifications.
import type { Delivery, DeliveryRule } from './deliveries.ts';
import { notifyOfLifecycle } from './notifications.ts';
import type { LifecycleEvent } from './notifications.ts';
import { getPerson } from './directory.ts';
import type { Store } from './store.ts';
import { subscriptionsOf } from './subscriptions.ts';
import type { Subscription, SubscriptionLimits } from './subscriptions.ts';

/** People are named by id or by any address. */
export interface NotificationControls {
  /** Those that have not ended. */
  subscriptions(person: string): readonly Subscription[];
  /** Until the next `reset`. What is left out stays as it is. */
  setSubscriptionLimits(limits: Partial<SubscriptionLimits>): void;
  /** How the next notifications travel. */
  setDelivery(rule: DeliveryRule): void;
  /** Sends a lifecycle message for every subscription of the person. `subscriptionRemoved` ends them first. */
  sendLifecycle(person: string, event: LifecycleEvent): void;
  /** Every attempt to deliver so far. */
  deliveries(): readonly Delivery[];
  /** Resolves when no delivery is under way. What waits for a time or a release is not under way. */
  deliveriesSettled(): Promise<void>;
}

/** The methods by which a test spoils change notifications. */
export function createNotificationControls(store: Store): NotificationControls {
  return {
    subscriptions: (key) => subscriptionsOf(store, getPerson(store, key)),
    setSubscriptionLimits(limits) {
      Object.assign(store.subscriptionLimits, limits);
    },
    setDelivery(rule) {
      store.deliveries.setRule(rule);
    },
    sendLifecycle(key, event) {
      notifyOfLifecycle(store, getPerson(store, key), event);
    },
    deliveries: () => store.deliveries.log(),
    deliveriesSettled: () => store.deliveries.settled(),
  };
}
