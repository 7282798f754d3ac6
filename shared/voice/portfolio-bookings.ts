// The calendars of a portfolio as one: a caller may have viewings with any of its managers, and need not know with whom.
// Each viewing is on the clock of the manager who shows it, and keeps to the rules of its home.
import type {
  BookingService,
  Caller,
  CancelOutcome,
  FindOptions,
  FindOutcome,
  MoveOutcome,
  NamedStart,
  NotIdentified,
  Viewing,
  ViewingQuery,
} from '../booking/booking.ts';
import type { Schedule } from '../scheduling/schedule.ts';

/** How a caller points at one of their viewings before anybody knows whose clock it is on. */
export interface PortfolioQuery extends Omit<ViewingQuery, 'start'> {
  /** The start of the viewing meant, as one manager's clock and hours read it; null if they read none. */
  readonly startBy?: (schedule: Schedule) => number | null;
}

/** The calendars of all managers of a portfolio that are connected. Faults are those of `BookingService`. */
export interface PortfolioBookings {
  /** The one of the manager who was called comes first, if it is connected. */
  readonly services: readonly [BookingService, ...BookingService[]];
  /** The caller's future viewings with any of them, in order of time. */
  find(caller: Caller, query: PortfolioQuery, options?: FindOptions): Promise<FindOutcome>;
  move(caller: Caller, query: PortfolioQuery, newStart: NamedStart): Promise<MoveOutcome>;
  cancel(caller: Caller, query: PortfolioQuery, reason?: string): Promise<CancelOutcome>;
  /** The calendar that a viewing is in, by the rules of its home. @param viewing one that `find` gave */
  serviceOf(viewing: Viewing): BookingService;
  /** What the managers on this clock have in common; the first one's if there is none. @param timeZone IANA name */
  scheduleOn(timeZone: string): Schedule;
}

/** @param services at least one: that of the manager who was called comes first */
export function combineBookings(services: readonly [BookingService, ...BookingService[]]): PortfolioBookings {
  const [first, ...others] = services;
  const found = new Map<string, BookingService>();

  async function find(caller: Caller, query: PortfolioQuery, options?: FindOptions): Promise<FindOutcome> {
    const outcomes = await Promise.all(
      services.map(async (service) => {
        const own = queryOf(service, query);
        return { service, outcome: own && (await service.find(caller, own, options)) };
      }),
    );
    const viewings: Viewing[] = [];
    let refused: Exclude<FindOutcome, { kind: 'viewings' }> | null = null;
    for (const { service, outcome } of outcomes) {
      if (outcome?.kind === 'viewings') {
        for (const viewing of outcome.viewings) found.set(viewing.bookingId, service);
        viewings.push(...outcome.viewings);
      } else refused ??= outcome;
    }
    if (viewings.length === 0 && refused !== null) return refused;
    return { kind: 'viewings', viewings: viewings.sort((a, b) => a.start - b.start) };
  }

  /** On the one viewing meant. */
  async function change<Outcome extends MoveOutcome | CancelOutcome>(
    caller: Caller,
    query: PortfolioQuery,
    before: 'move' | 'cancel',
    act: (service: BookingService, query: ViewingQuery) => Promise<Outcome>,
  ): Promise<Outcome | NotIdentified> {
    if (others.length === 0) {
      const own = queryOf(first, query);
      return own === null ? { kind: 'none_found' } : act(first, own);
    }
    const outcome = await find(caller, query, { before });
    if (outcome.kind !== 'viewings') return outcome;
    const { viewings } = outcome;
    const meant = (query.choose?.(viewings) ?? viewings).filter(
      ({ bookingId }) => query.bookingId === undefined || bookingId === query.bookingId,
    );
    const [only, ...more] = meant;
    const service = only && found.get(only.bookingId);
    const own = service && queryOf(service, query);
    if (viewings.length === 0) return { kind: 'none_found' };
    if (!own || more.length > 0) return { kind: 'which', viewings: meant.length > 0 ? meant : viewings };
    return act(service, { ...own, choose: undefined, bookingId: only.bookingId });
  }

  return {
    services,
    find,
    move: (caller, query, newStart) =>
      change(caller, query, 'move', (service, meant) => service.move(caller, meant, newStart)),
    cancel: (caller, query, reason) =>
      change(caller, query, 'cancel', (service, meant) => service.cancel(caller, meant, reason)),
    serviceOf: ({ bookingId, propertyId }) => (found.get(bookingId) ?? first).forHome(propertyId),
    scheduleOn: (timeZone) =>
      (services.find(({ schedule }) => schedule.timeZone === timeZone) ?? first).schedule,
  };
}

/** The query as one calendar takes it; null if the words name no start on its clock. */
function queryOf({ schedule }: BookingService, { startBy, ...query }: PortfolioQuery): ViewingQuery | null {
  if (startBy === undefined) return query;
  const start = startBy(schedule);
  return start === null ? null : { ...query, start };
}
