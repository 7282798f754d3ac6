import { metrics } from '@opentelemetry/api';
import type { Attributes, Counter, Gauge, Histogram } from '@opentelemetry/api';

interface Instruments {
  readonly bookings: Counter;
  readonly conflicts: Counter;
  readonly answerMs: Histogram;
  readonly connections: Gauge;
  readonly notifications: Counter;
  readonly listings: Counter;
  readonly refreshes: Counter;
  readonly subscriptions: Gauge;
}

/** Bounds that separate the deadlines of 5 and 8 seconds. */
const ANSWER_BOUNDS_MS = [50, 100, 250, 500, 1_000, 2_000, 3_000, 4_500, 6_000, 7_500, 8_000];

/** Asked for when something is counted: an instrument made before the exporter is started counts nothing. */
function instruments(): Instruments {
  const meter = metrics.getMeter('peterental');
  return {
    bookings: meter.createCounter('peterental.bookings'),
    conflicts: meter.createCounter('peterental.conflicts'),
    answerMs: meter.createHistogram('peterental.answer_ms', {
      unit: 'ms',
      advice: { explicitBucketBoundaries: ANSWER_BOUNDS_MS },
    }),
    connections: meter.createGauge('peterental.connections'),
    notifications: meter.createCounter('peterental.notifications'),
    listings: meter.createCounter('peterental.listings'),
    refreshes: meter.createCounter('peterental.refreshes'),
    subscriptions: meter.createGauge('peterental.subscriptions'),
  };
}

/** Counts what a tool call came to. @param action of its answer */
export function recordOutcome(action: string): void {
  if (action === 'booked') instruments().bookings.add(1);
  if (action === 'conflict') instruments().conflicts.add(1);
}

/** Milliseconds from a webhook's arrival to its answer. */
export function recordAnswer(ms: number): void {
  instruments().answerMs.record(ms);
}

/** Managers by status. */
export function recordConnections(counts: Readonly<Record<string, number>>): void {
  for (const [status, count] of Object.entries(counts)) {
    const attributes: Attributes = { status };
    instruments().connections.record(count, attributes);
  }
}

/** Change notifications by what came of them: `accepted`, `dropped`, `marked`, `unknown`, `failed`. */
export function recordNotifications(report: Readonly<Record<string, number>>): void {
  for (const [outcome, count] of Object.entries(report)) {
    if (count > 0) instruments().notifications.add(count, { outcome });
  }
}

/** Where a listing's busy time came from: `snapshot`, `graph`, `provisional`. */
export function recordListing(source: string): void {
  instruments().listings.add(1, { source });
}

/** What a timer did to calendars that changed: `refreshed`, `followed`, `resubscribed`, `unfinished`. */
export function recordRefreshes(report: Readonly<Record<string, number>>): void {
  for (const [outcome, count] of Object.entries(report)) {
    if (count > 0) instruments().refreshes.add(count, { outcome });
  }
}

/** Connected managers with (`on`) and without (`off`) change notifications. */
export function recordSubscriptions(counts: Readonly<Record<string, number>>): void {
  for (const [state, count] of Object.entries(counts)) instruments().subscriptions.record(count, { state });
}
