// What to do when time is claimed already: mostly it is taken, but a claim may be a crash's, or the manager moved its viewing away.
import type { Interval, BusyTime } from '../scheduling/schedule.ts';
import { localDate } from '../scheduling/zone.ts';
import type { NotBookable } from './booking.ts';
import { conflictAt, windowAround } from './context.ts';
import type { BookingContext } from './context.ts';
import type { CalendarEvent } from './calendar.ts';
import { isFresh, busyTimeFrom } from './busy-time.ts';
import { reconcile } from './reconcile.ts';
import type { Booking, ClaimOutcome, MoveClaimOutcome } from './store.ts';

type Outcome = ClaimOutcome | MoveClaimOutcome;
type Accepted = Extract<Outcome, { kind: 'claimed' | 'repeat' | 'changed' }>;

/** Each round that is not the last has freed something or met somebody else's change. */
const MAX_ROUNDS = 4;

function stands(booking: Booking, events: readonly CalendarEvent[], now: number): boolean {
  if (booking.state === 'booked')
    return events.some(
      ({ eventId, interval, cancelled }) =>
        eventId === booking.eventId && !cancelled && interval.start === booking.interval.start,
    );
  return booking.state !== 'cancelled' && booking.state !== 'freed' && isFresh(booking.changedAt, now);
}

/** Reconciles the bookings that Outlook does not bear out. True where any of them made room, or may have. */
async function makeRoom(context: BookingContext, stale: readonly Booking[]): Promise<boolean> {
  const after = await Promise.all(stale.map((booking) => reconcile(context, booking)));
  return after.some((booking, index) => booking === null || booking.version !== stale[index]?.version);
}

/**
 * Claims time, making room where a claim in the way is stale.
 * @param claim one try; its refusals name the bookings in the way.
 */
export async function claimTime(
  context: BookingContext,
  start: number,
  claim: () => Promise<Outcome>,
  except?: Parameters<typeof busyTimeFrom>[3],
): Promise<Accepted | NotBookable> {
  const { calendar, store, schedule, userId, now } = context;
  for (let round = 1; ; round += 1) {
    const outcome = await claim();
    if (outcome.kind === 'claimed' || outcome.kind === 'repeat' || outcome.kind === 'changed') return outcome;
    const inTheWay = await store.get(userId, outcome.bookingIds);
    if (outcome.kind === 'caller_limit') {
      if (round < MAX_ROUNDS && (await makeRoom(context, inTheWay))) continue;
      return { kind: 'caller_limit', limit: schedule.rules.callerLimit };
    }
    const window: Interval = windowAround(context, start);
    const days = [window.start, window.end - 1].map((at) => localDate(at, schedule.timeZone));
    const [events, entries] = await Promise.all([
      calendar.read(window),
      store.listDays(userId, days[0] ?? '', days[1] ?? ''),
    ]);
    const stale = inTheWay.filter((booking) => !stands(booking, events, now()));
    if (round < MAX_ROUNDS && stale.length > 0 && (await makeRoom(context, stale))) continue;
    const occupied: BusyTime = busyTimeFrom(events, entries, now(), except);
    return conflictAt(context, start, outcome.kind === 'taken' ? 'busy' : 'day_full', { window, occupied });
  }
}
