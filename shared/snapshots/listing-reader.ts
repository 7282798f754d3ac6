/**
 * Where a listing gets busy time: from the stored copy while it is good, else from Graph, which renews the copy. If Graph
 * fails, or is silent for 2
 * seconds, an older copy may answer, and the answer says so.
 */
import type { BusyEvent, BusyReader, Listing, ListingReader } from '../booking/calendar.ts';
import { overlaps } from '../booking/busy-time.ts';
import type { CalendarChangeStore } from '../connections/calendar-changes.ts';
import { deadlineSignal } from '../core/deadline.ts';
import { MINUTE_MS, SECOND_MS } from '../core/duration.ts';
import type { AppError } from '../core/errors.ts';
import { codeOf, isAppError } from '../core/errors.ts';
import type { ConnectedRecord } from '../managers/manager-record.ts';
import type { Interval } from '../scheduling/schedule.ts';
import { isGoodWhileGraphFails, judgeSnapshot } from './judge-snapshot.ts';
import type { Question, Verdict } from './judge-snapshot.ts';
import { renewSnapshot } from './renew-snapshot.ts';
import type { RenewOptions } from './renew-snapshot.ts';

/** What the listings of all managers share. */
export interface ListingOptions extends RenewOptions {
  readonly changes: CalendarChangeStore;
  /** Called for each listing, with its source and the reason for it. */
  readonly onListing?: (source: 'snapshot' | 'graph' | 'provisional', verdict: Verdict) => void;
  /** How long Graph may be silent before an older copy answers, in milliseconds. Default 2,000. */
  readonly silenceMs?: number;
}

/** One manager's calendar, for one request. */
export interface OpenListing {
  readonly record: ConnectedRecord;
  /** Graph, with a deadline. */
  readonly openCalendar: (signal: AbortSignal) => BusyReader;
  /** IANA name. */
  readonly timeZone: string;
  /** The whole horizon: what is read if Graph is asked. */
  readonly horizon: Interval;
  /** The request's deadline. */
  readonly signal: AbortSignal;
}

const SILENCE_MS = 2 * SECOND_MS;
/** The timer uses the time of the last listing. To store it this often is enough. */
const ASKED_EVERY_MS = 5 * MINUTE_MS;

/** Fails in ways that pass by themselves. A consent that is lost does not. */
function isOutage(error: unknown): error is AppError {
  return isAppError(error, 'microsoft_unreachable', 'microsoft_throttled', 'deadline_exceeded');
}

/**
 * Makes the reader of one manager's busy time, for one request. Its `list` throws what Graph answered if there is no copy that may
 * stand in: AppError `microsoft_unreachable`, `microsoft_throttled`, `deadline_exceeded`, or `reconnect_required`, which no copy hides.
 */
export function createListingReader(options: ListingOptions, open: OpenListing): ListingReader {
  const { store, changes, notifications, log, now, onListing, silenceMs = SILENCE_MS } = options;
  const { record, openCalendar, timeZone, horizon, signal } = open;
  const { userId } = record;

  const copy = async (window: Interval): Promise<{ events: BusyEvent[]; readAt: number } | null> => {
    const header = record.snapshot?.value;
    const events = header ? await store.load(userId, header, signal) : null;
    if (!header || !events) return null;
    return { events: events.filter(({ interval }) => overlaps(interval, window)), readAt: header.readAt };
  };

  const noteAsked = async (): Promise<void> => {
    const askedAt = record.change?.value.askedAt ?? null;
    if (askedAt === null || now() - askedAt < ASKED_EVERY_MS) return;
    try {
      await changes.markAsked(userId, now(), signal);
    } catch (error) {
      log.warn('asking_not_noted', { code: codeOf(error) });
    }
  };

  const askGraph = async (question: Question, verdict: Verdict): Promise<Listing> => {
    const { window } = question;
    const hasCopy = isGoodWhileGraphFails(record, question, now(), notifications);
    const whole = {
      start: Math.min(horizon.start, window.start),
      end: Math.max(horizon.end, window.end),
    };
    const reading = hasCopy ? deadlineSignal(silenceMs, signal) : signal;
    try {
      const read = await renewSnapshot(
        options,
        record,
        openCalendar(reading),
        { window: whole, timeZone },
        signal,
      );
      onListing?.('graph', verdict);
      return {
        events: read.filter(({ interval }) => overlaps(interval, window)),
        copiedAt: null,
        failure: null,
      };
    } catch (error) {
      if (!hasCopy || !isOutage(error)) throw error;
      const old = await copy(window);
      if (!old) throw error;
      log.warn('listing_provisional', { code: error.code, age_ms: now() - old.readAt });
      onListing?.('provisional', verdict);
      return { events: old.events, copiedAt: old.readAt, failure: error };
    }
  };

  const list = async (window: Interval): Promise<Listing> => {
    const question = { window, timeZone };
    const verdict = judgeSnapshot(record, question, now(), notifications);
    const good = verdict === 'good' ? await copy(window) : null;
    if (!good) return askGraph(question, verdict);
    onListing?.('snapshot', verdict);
    return { events: good.events, copiedAt: good.readAt, failure: null };
  };

  return {
    async list(window) {
      const [listing] = await Promise.all([list(window), noteAsked()]);
      return listing;
    },
  };
}
