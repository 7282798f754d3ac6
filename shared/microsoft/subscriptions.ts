/**
 * Subscriptions to a mailbox's events in Microsoft Graph. Lifecycle messages come to the same URL, and have to be asked for
 * when a subscription is made.
 * @see https://learn.microsoft.com/graph/api/resources/subscription
 */
import * as z from 'zod';
import type { MicrosoftSubscriptions, TokenSource } from '../connections/microsoft.ts';
import { MINUTE_MS, SECOND_MS } from '../core/duration.ts';
import { parseGraph } from './batch.ts';
import { EVENT_HEADERS } from './event.ts';
import { GraphProblem } from './graph-client.ts';
import type { Graph } from './graph-client.ts';

/** Every tenant that is known allows this many: 4,230 minutes in some, 10,070 in others. */
const LIFETIME_MINUTES = 4_200;
/** Graph calls us back before it answers, for up to 10 seconds. */
const ATTEMPT_MS = 15 * SECOND_MS;

const subscription = z.object({
  id: z.string().min(1),
  expirationDateTime: z.iso.datetime({ offset: true }),
});

/** "Subscription expiration can only be 1440 minutes in the future." One minute less, for clocks that differ. */
function minutesNamedIn({ graphError }: GraphProblem): number | null {
  const message = typeof graphError['message'] === 'string' ? graphError['message'] : '';
  const minutes = Number(/\b(\d{1,6}) minutes\b/.exec(message)?.[1] ?? 0) - 1;
  return minutes > 0 && minutes < LIFETIME_MINUTES ? minutes : null;
}

function parse(body: unknown): { id: string; expiresAt: number } {
  const { id, expirationDateTime } = parseGraph(subscription, body);
  return { id, expiresAt: Date.parse(expirationDateTime) };
}

/** @param now epoch milliseconds */
export function createMicrosoftSubscriptions(graph: Graph, now: () => number): MicrosoftSubscriptions {
  /** Asks for the usual time, and if Graph allows less, for that. */
  const withExpiry = async (send: (expirationDateTime: string) => Promise<unknown>) => {
    const at = (minutes: number): string => new Date(now() + minutes * MINUTE_MS).toISOString();
    try {
      return parse(await send(at(LIFETIME_MINUTES)));
    } catch (error) {
      const minutes = error instanceof GraphProblem && error.status === 400 ? minutesNamedIn(error) : null;
      if (minutes === null) throw error;
      return parse(await send(at(minutes)));
    }
  };

  const pathOf = (id: string): string => `/subscriptions/${encodeURIComponent(id)}`;

  return {
    async create(source: TokenSource, { clientState, notificationUrl }, signal) {
      try {
        const made = await withExpiry((expirationDateTime) =>
          graph.request(source, {
            method: 'POST',
            path: '/subscriptions',
            body: {
              changeType: 'created,updated,deleted',
              resource: 'me/events',
              notificationUrl,
              lifecycleNotificationUrl: notificationUrl,
              expirationDateTime,
              clientState,
            },
            headers: EVENT_HEADERS,
            attemptMs: ATTEMPT_MS,
            signal,
          }),
        );
        return { kind: 'subscribed', ...made };
      } catch (error) {
        if (!(error instanceof GraphProblem) || error.code !== 'microsoft_rejected') throw error;
        return { kind: 'refused', reason: error.message };
      }
    },

    async renew(source, id, signal) {
      try {
        const { expiresAt } = await withExpiry((expirationDateTime) =>
          graph.request(source, {
            method: 'PATCH',
            path: pathOf(id),
            body: { expirationDateTime },
            signal,
          }),
        );
        return { kind: 'renewed', expiresAt };
      } catch (error) {
        // 400 comes for one that is renewed too late.
        if (error instanceof GraphProblem && [400, 404, 410].includes(error.status)) return { kind: 'gone' };
        throw error;
      }
    },

    async remove(source, id, signal) {
      try {
        await graph.request(source, { method: 'DELETE', path: pathOf(id), signal });
      } catch (error) {
        if (!(error instanceof GraphProblem) || ![404, 410].includes(error.status)) throw error;
      }
    },
  };
}
