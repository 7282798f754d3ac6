// A calendar in memory behind the conversation's port: the real scheduling rules, and nothing of the real booking. It keeps the
// same contract as the real one (booking-service-contract.ts).
import type {
  BookingService,
  BookOutcome,
  Caller,
  FindOutcome,
  NotBookable,
  NotIdentified,
  BookingServiceFor,
  HomeSchedules,
  RequireAuthReason,
  Viewing,
  ViewingQuery,
} from '../../shared/booking/booking.ts';
import { foldName } from '../../shared/booking/find.ts';
import { nearestSlots } from '../../shared/scheduling/select-slots.ts';
import { offerSlots } from '../../shared/scheduling/offer.ts';
import { DEFAULT_HOURS, DEFAULT_RULES } from '../../shared/scheduling/schedule.ts';
import type { Interval, Schedule } from '../../shared/scheduling/schedule.ts';
import { findSlots } from '../../shared/scheduling/slots.ts';
import { judgeStart } from '../scheduling/judge-start.ts';

/** As the real one allows. */
const MAX_MISSES = 5;

interface Booking {
  readonly viewing: Viewing;
  readonly number: string | null;
  readonly name: string | null;
  readonly invited: boolean;
}

export interface FakeCalendar {
  schedule: Schedule;
  /** Where set, the calendar cannot be opened. */
  requireAuth: RequireAuthReason | null;
  /** Runs before every use of the booking service: throws, or waits. */
  fault: ((signal: AbortSignal) => Promise<void>) | null;
  busy: Interval[];
  bookings: Map<string, Booking>;
  /** Behind the ids of its bookings, so that two calendars share none. */
  readonly suffix: string;
  /** The wrong names and times that each call has tried. */
  readonly misses: Map<string, Set<string>>;
  /** Every change that the booking service was asked for, once it knew of which viewing. */
  changes: string[];
}

export interface FakeBookingServices {
  readonly bookingServiceFor: BookingServiceFor;
  /** The calendar of a manager; made when first asked for. */
  calendar(userId: string): FakeCalendar;
  /** Whose calendars were opened. */
  readonly opened: string[];
}

export function createFakeBookingServices(
  clock: () => number,
  timeZone = 'America/Chicago',
): FakeBookingServices {
  const calendars = new Map<string, FakeCalendar>();
  const opened: string[] = [];
  const calendar = (userId: string): FakeCalendar => {
    const known = calendars.get(userId) ?? {
      schedule: { timeZone, hours: DEFAULT_HOURS, rules: DEFAULT_RULES },
      requireAuth: null,
      fault: null,
      busy: [],
      bookings: new Map<string, Booking>(),
      suffix: calendars.size === 0 ? '' : `-${calendars.size + 1}`,
      misses: new Map<string, Set<string>>(),
      changes: [],
    };
    calendars.set(userId, known);
    return known;
  };
  return {
    opened,
    calendar,
    async bookingServiceFor(userId, signal, homes) {
      opened.push(userId);
      const own = calendar(userId);
      await own.fault?.(signal);
      if (own.requireAuth !== null) return { ok: false, reason: own.requireAuth };
      return { ok: true, service: createFakeBookingService(own, clock, homes) };
    },
  };
}

function createFakeBookingService(
  calendar: FakeCalendar,
  clock: () => number,
  homes?: HomeSchedules,
): BookingService {
  const scheduleOf = (propertyId: string | null): Schedule =>
    homes === undefined || propertyId === null
      ? calendar.schedule
      : homes.scheduleOf(calendar.schedule, propertyId);
  const schedule = scheduleOf(homes?.propertyId ?? null);
  const occupied = (without?: string) => {
    const viewings = [...calendar.bookings.values()]
      .map(({ viewing }) => viewing)
      .filter(({ bookingId }) => bookingId !== without);
    return { busy: [...calendar.busy, ...viewings], viewings };
  };
  const judge = (
    start: number,
    schedule: Schedule,
    without?: string,
  ): { ok: true; slot: Interval } | { ok: false; no: NotBookable } => {
    const judged = judgeStart(schedule, occupied(without), clock(), start);
    if (judged.ok) return judged;
    const alternatives = nearestSlots(findSlots(schedule, occupied(without), clock()), start, 2);
    const { reason } = judged;
    if (reason === 'busy' || reason === 'day_full')
      return { ok: false, no: { kind: 'conflict', reason, alternatives, schedule } };
    return { ok: false, no: { kind: 'refused', reason, alternatives, schedule } };
  };
  const future = (): Booking[] => [...calendar.bookings.values()].filter((b) => b.viewing.start > clock());
  const findByName = (callId: string | null, wanted: string, start: number): Booking[] | null => {
    const misses = calendar.misses.get(callId ?? '') ?? new Set();
    const miss = JSON.stringify([wanted, start]);
    if (callId !== null && !misses.has(miss) && misses.size >= MAX_MISSES) return null;
    const found = future().filter(
      ({ name, viewing }) => name !== null && foldName(name) === wanted && viewing.start === start,
    );
    if (callId !== null && found.length === 0) calendar.misses.set(callId, misses.add(miss));
    return found;
  };
  const own = (
    { number, callId }: Caller,
    { attendeeName, start }: ViewingQuery,
  ): Booking[] | 'need_name_and_time' | 'too_many_misses' => {
    const wanted = foldName(attendeeName ?? '');
    const isNamed = wanted !== '' && start !== undefined;
    if (number === null && !isNamed) return 'need_name_and_time';
    const named = isNamed ? findByName(callId, wanted, start) : [];
    if (named === null && number === null) return 'too_many_misses';
    return future()
      .filter((b) => (number !== null && b.number === number) || named?.includes(b))
      .sort((a, b) => a.viewing.start - b.viewing.start);
  };
  const identify = (caller: Caller, query: ViewingQuery): Booking | NotIdentified => {
    const found = own(caller, query);
    if (typeof found === 'string') return { kind: found };
    if (found.length === 0) return { kind: 'none_found' };
    const fitting = query.choose?.(found.map(({ viewing }) => viewing));
    const meant = found
      .filter(({ viewing }) => query.bookingId === undefined || viewing.bookingId === query.bookingId)
      .filter(({ viewing }) => query.start === undefined || viewing.start === query.start)
      .filter(({ viewing }) => fitting === undefined || fitting.includes(viewing));
    const [only, ...others] = meant;
    if (only !== undefined && others.length === 0) return only;
    return { kind: 'which', viewings: (meant.length > 0 ? meant : found).map(({ viewing }) => viewing) };
  };

  return {
    schedule,
    forHome: (propertyId) => createFakeBookingService(calendar, clock, homes && { ...homes, propertyId }),
    offer: (wish) => Promise.resolve(offerSlots(schedule, occupied(), clock(), wish)),

    book(caller, request): Promise<BookOutcome> {
      calendar.changes.push(`book ${request.propertyAddress}`);
      const { number } = caller;
      const limit = schedule.rules.callerLimit;
      if (number !== null && future().filter((b) => b.number === number).length >= limit) {
        return Promise.resolve({ kind: 'caller_limit', limit });
      }
      const judged = judge(request.start, schedule);
      if (!judged.ok) return Promise.resolve(judged.no);
      const bookingId = `booking-${calendar.bookings.size + 1}${calendar.suffix}`;
      const invited = request.attendeeEmail !== undefined;
      const viewing: Viewing = {
        bookingId,
        eventId: `event-${bookingId}`,
        subject: `Property Viewing - ${request.propertyAddress}`,
        propertyId: request.propertyId ?? null,
        propertyAddress: request.propertyAddress,
        ...judged.slot,
        timeZone: schedule.timeZone,
        webLink: `https://outlook.example/${bookingId}`,
      };
      const name = request.attendeeName ?? null;
      calendar.bookings.set(bookingId, { viewing, number, name, invited });
      const invitation = invited ? 'sent' : 'none';
      return Promise.resolve({ kind: 'booked', viewing, invitation, repeated: false });
    },

    find(caller, query): Promise<FindOutcome> {
      const found = own(caller, query);
      if (typeof found === 'string') return Promise.resolve({ kind: found });
      return Promise.resolve({ kind: 'viewings', viewings: found.map(({ viewing }) => viewing) });
    },

    move(caller, query, newStart) {
      const meant = identify(caller, query);
      if ('kind' in meant) return Promise.resolve(meant);
      calendar.changes.push('move');
      const judged = judge(newStart, scheduleOf(meant.viewing.propertyId), meant.viewing.bookingId);
      if (!judged.ok) return Promise.resolve(judged.no);
      const viewing = { ...meant.viewing, ...judged.slot };
      calendar.bookings.set(viewing.bookingId, { ...meant, viewing });
      const { invited, viewing: from } = meant;
      const invitation = invited ? 'sent' : 'none';
      return Promise.resolve({ kind: 'rescheduled', viewing, from, invitation, repeated: false });
    },

    cancel(caller, query) {
      const meant = identify(caller, query);
      if ('kind' in meant) return Promise.resolve(meant);
      calendar.changes.push('cancel');
      calendar.bookings.delete(meant.viewing.bookingId);
      return Promise.resolve({
        kind: 'cancelled',
        viewing: meant.viewing,
        invitation: meant.invited ? 'sent' : 'none',
        repeated: false,
      });
    },
  };
}
