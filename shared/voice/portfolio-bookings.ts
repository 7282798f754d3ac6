// The calendars of a portfolio as one: a caller may have viewings with any of its managers, and need not know with whom.
import type {
  BookingService,
  Caller,
  CancelOutcome,
  FindOptions,
  FindOutcome,
  MoveOutcome,
  NotIdentified,
  Viewing,
  ViewingQuery,
} from '../booking/booking.ts';

interface Located {
  readonly service: BookingService;
  readonly viewing: Viewing;
}

/**
 * Finds, moves and cancels in all of these calendars.
 * @param services the one of the manager who was called comes first: offers and bookings are made in it
 */
export function combineBookings(services: readonly [BookingService, ...BookingService[]]): BookingService {
  const [first, ...others] = services;
  if (others.length === 0) return first;

  async function locate(
    caller: Caller,
    query: ViewingQuery,
    options?: FindOptions,
  ): Promise<readonly Located[] | Exclude<FindOutcome, { kind: 'viewings' }>> {
    const outcomes = await Promise.all(
      services.map(async (service) => ({ service, outcome: await service.find(caller, query, options) })),
    );
    const located: Located[] = [];
    let refused: Exclude<FindOutcome, { kind: 'viewings' }> | null = null;
    for (const { service, outcome } of outcomes) {
      if (outcome.kind !== 'viewings') refused ??= outcome;
      else located.push(...outcome.viewings.map((viewing) => ({ service, viewing })));
    }
    if (located.length === 0 && refused !== null) return refused;
    return located.sort((a, b) => a.viewing.start - b.viewing.start);
  }

  /** On the one viewing meant; a repeat of a request whose viewing is gone is known to its own calendar alone. */
  async function change<Outcome extends MoveOutcome | CancelOutcome>(
    caller: Caller,
    query: ViewingQuery,
    act: (service: BookingService, query: ViewingQuery) => Promise<Outcome>,
  ): Promise<Outcome | NotIdentified> {
    const located = await locate(caller, query, { beforeChange: true });
    if ('kind' in located) return located;
    const meant = located.filter(
      ({ viewing }) => query.bookingId === undefined || viewing.bookingId === query.bookingId,
    );
    const [only, ...more] = meant;
    if (only !== undefined && more.length === 0) {
      return act(only.service, { ...query, bookingId: only.viewing.bookingId });
    }
    if (only !== undefined) return { kind: 'which', viewings: meant.map(({ viewing }) => viewing) };
    let outcome: Outcome | NotIdentified = { kind: 'none_found' };
    for (const service of services) {
      outcome = await act(service, query);
      if (outcome.kind !== 'none_found') break;
    }
    return outcome;
  }

  return {
    schedule: first.schedule,
    offer: (request, options) => first.offer(request, options),
    book: (caller, request) => first.book(caller, request),
    async find(caller, query, options) {
      const located = await locate(caller, query, options);
      return 'kind' in located
        ? located
        : { kind: 'viewings', viewings: located.map(({ viewing }) => viewing) };
    },
    move: (caller, query, newStart) =>
      change(caller, query, (service, meant) => service.move(caller, meant, newStart)),
    cancel: (caller, query, reason) =>
      change(caller, query, (service, meant) => service.cancel(caller, meant, reason)),
  };
}
