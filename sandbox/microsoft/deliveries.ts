// Brings notifications to their endpoints: at once, or as delivery rules say. What is not taken with 2xx is repeated.
import { forge } from './notifications.ts';
import type { Forgery, NotificationItem } from './notifications.ts';
import { findPerson } from './directory.ts';
import type { Store } from './store.ts';
import type { Subscription } from './subscriptions.ts';

/** How a notification travels. docs/sandbox.md has the table. */
export interface DeliveryRule {
  /** Only for subscriptions of this person, by id or address. */
  person?: string;
  /** How many notifications it strikes. Default 1. */
  times?: number;
  /** How many pass before it strikes. Default 0. */
  after?: number;
  /** What `release` and `waitForHeld` call it. Default `notification`. */
  name?: string;
  /** `afterMs` counts on the stand-in's clock. Two that wait are put out of order by `release(name, 'reversed')`. Default: at once. */
  arrives?: 'never' | 'on_release' | { afterMs: number };
  /** Default 1; 2 sends it twice. */
  copies?: number;
  /** Sent as a stranger would: with a wrong clientState, or for a subscription that is not there. */
  forged?: Forgery;
}

/** One attempt to deliver. */
export interface Delivery {
  /** Epoch milliseconds by the stand-in's clock. */
  at: number;
  subscriptionId: string;
  /** `created`, `updated`, `deleted`, or the lifecycle event. */
  what: string;
  url: string;
  /** 1 for the first one. */
  attempt: number;
  /** 0 if the endpoint did not answer in time. */
  status: number;
}

export interface Message {
  what: string;
  item: NotificationItem;
}

export interface Deliveries {
  setRule(rule: DeliveryRule): void;
  /** Begins a delivery; nobody waits for it. */
  send(subscription: Subscription, url: string, message: Message): void;
  /** Every attempt so far, the oldest first. */
  log(): readonly Delivery[];
  /** Resolves when nothing is under way. What waits for a time or a release is not under way. */
  settled(): Promise<void>;
  clear(): void;
}

/** Graph waits this long for a 2xx. */
const patienceMs = 3_000;
/** When a notification is repeated that was not taken: after 10 s, 1, 5, 30 and 120 minutes, and then no more. */
const repeatAfterMs = [10_000, 60_000, 300_000, 1_800_000, 7_200_000];

async function post(url: string, items: readonly NotificationItem[]): Promise<number> {
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify({ value: items }),
      redirect: 'manual',
      signal: AbortSignal.timeout(patienceMs),
    });
    await answer.arrayBuffer();
    return answer.status;
  } catch {
    // Whatever went wrong on the way, Graph sees no answer and repeats.
    return 0;
  }
}

/** Sends change notifications to subscribers, by the rules that tests set. */
export function createDeliveries(store: Store): Deliveries {
  let rules: { rule: DeliveryRule; passing: number; left: number }[] = [];
  let log: Delivery[] = [];
  const underWay = new Set<Promise<void>>();

  function takeRule({ personId }: Subscription): DeliveryRule | undefined {
    for (const entry of rules) {
      const { person } = entry.rule;
      if (entry.left <= 0 || (person !== undefined && findPerson(store, person)?.id !== personId)) continue;
      if (entry.passing > 0) {
        entry.passing -= 1;
        continue;
      }
      entry.left -= 1;
      return entry.rule;
    }
    return undefined;
  }

  async function attempt(
    subscription: Subscription,
    url: string,
    message: Message,
    count: number,
  ): Promise<void> {
    const status = await post(url, [message.item]);
    const at = store.now();
    log.push({ at, subscriptionId: subscription.id, what: message.what, url, attempt: count, status });
    subscription.lastDelivery = { at, status };
    const pauseMs = repeatAfterMs[count - 1];
    if ((status >= 200 && status < 300) || pauseMs === undefined) return;
    postpone('repeat', at + pauseMs, message, () => begin(subscription, url, message, count + 1));
  }

  function begin(subscription: Subscription, url: string, message: Message, count = 1): Promise<void> {
    const work = attempt(subscription, url, message, count);
    underWay.add(work);
    return work.finally(() => underWay.delete(work));
  }

  function postpone(name: string, at: number | null, message: Message, run: () => Promise<void>): void {
    store.schedule.add({
      name,
      at,
      what: `notification ${message.what}`,
      run,
      cancel() {
        // A notification that a reset overtakes reaches nobody.
      },
    });
  }

  return {
    setRule(rule) {
      rules.push({ rule, passing: rule.after ?? 0, left: rule.times ?? 1 });
    },
    send(subscription, url, message) {
      const { arrives, copies = 1, forged, name = 'notification' } = takeRule(subscription) ?? {};
      if (arrives === 'never') return;
      const sent = forged === undefined ? message : { ...message, item: forge(message.item, forged) };
      for (let copy = 0; copy < copies; copy += 1) {
        if (arrives === undefined) void begin(subscription, url, sent);
        else {
          const at = arrives === 'on_release' ? null : store.now() + arrives.afterMs;
          postpone(name, at, sent, () => begin(subscription, url, sent));
        }
      }
    },
    log: () => log,
    async settled() {
      while (underWay.size > 0) await Promise.all(underWay);
    },
    clear() {
      rules = [];
      log = [];
    },
  };
}
