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
  /** The start of the viewing meant, as the clock and the hours of its home read it; null if they read none. */
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
  /** All clocks and hours by which a viewing's start may be said: those of the managers, and of homes with hours of their own. */
  schedules(): readonly Schedule[];
  /** What the managers on this clock have in common; the first one's if there is none. @param timeZone IANA name */
  scheduleOn(timeZone: string): Schedule;
}

/**
 * @param services at least one: that of the manager who was called comes first
 * @param homesWithHours ids of homes with hours of their own: one for each that differs. Default: none
 */
export function combineBookings(
  services: readonly [BookingService, ...BookingService[]],
  homesWithHours: () => readonly string[] = () => [],
): PortfolioBookings {
  const [first, ...others] = services;
  const found = new Map<string, BookingService>();
  let ids: readonly string[] | undefined;

  function schedulesOf(service: BookingService): readonly Schedule[] {
    ids ??= homesWithHours();
    return [service.schedule, ...ids.map((id) => service.forHome(id).schedule)];
  }

  /** The query as one calendar takes it, once for each start that the words may name there. */
  function queriesOf(
    service: BookingService,
    { startBy, ...query }: PortfolioQuery,
  ): readonly ViewingQuery[] {
    if (startBy === undefined) return [query];
    const starts = new Set(schedulesOf(service).flatMap((schedule) => startBy(schedule) ?? []));
    return [...starts].map((start) => ({ ...query, start }));
  }

  /** Whether the words name this very start by the hours of its home. */
  function isMeant(
    service: BookingService,
    { propertyId, start }: Viewing,
    { startBy }: PortfolioQuery,
  ): boolean {
    return startBy === undefined || startBy(service.forHome(propertyId).schedule) === start;
  }

  async function find(caller: Caller, query: PortfolioQuery, options?: FindOptions): Promise<FindOutcome> {
    const outcomes = await Promise.all(
      services.flatMap((service) =>
        queriesOf(service, query).map(async (own) => ({
          service,
          outcome: await service.find(caller, own, options),
        })),
      ),
    );
    const viewings: Viewing[] = [];
    let refused: Exclude<FindOutcome, { kind: 'viewings' }> | null = null;
    for (const { service, outcome } of outcomes) {
      if (outcome.kind === 'viewings') {
        const meant = outcome.viewings.filter((viewing) => isMeant(service, viewing, query));
        for (const viewing of meant) found.set(viewing.bookingId, service);
        viewings.push(...meant);
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
    const { startBy, ...rest } = query;
    if (others.length === 0) {
      const [own] = queriesOf(first, query);
      if (own === undefined) return { kind: 'none_found' };
      // A viewing has to be looked up first only if its home decides what the words mean.
      if (startBy === undefined || schedulesOf(first).every((schedule) => startBy(schedule) === own.start))
        return act(first, own);
    }
    const outcome = await find(caller, query, { before });
    if (outcome.kind !== 'viewings') return outcome;
    const { viewings } = outcome;
    const meant = (query.choose?.(viewings) ?? viewings).filter(
      ({ bookingId }) => query.bookingId === undefined || bookingId === query.bookingId,
    );
    const [only, ...more] = meant;
    const service = only && found.get(only.bookingId);
    if (viewings.length === 0) return { kind: 'none_found' };
    if (!service || more.length > 0) return { kind: 'which', viewings: meant.length > 0 ? meant : viewings };
    const start = startBy && { start: only.start };
    return act(service, { ...rest, ...start, choose: undefined, bookingId: only.bookingId });
  }

  return {
    services,
    find,
    move: (caller, query, newStart) =>
      change(caller, query, 'move', (service, meant) => service.move(caller, meant, newStart)),
    cancel: (caller, query, reason) =>
      change(caller, query, 'cancel', (service, meant) => service.cancel(caller, meant, reason)),
    serviceOf: ({ bookingId, propertyId }) => (found.get(bookingId) ?? first).forHome(propertyId),
    schedules: () => services.flatMap(schedulesOf),
    scheduleOn: (timeZone) =>
      (services.find(({ schedule }) => schedule.timeZone === timeZone) ?? first).schedule,
  };
}
