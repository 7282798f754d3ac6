import type { BookingService, Viewing, ViewingQuery } from '../../booking/booking.ts';
import { callerOf } from '../tool-context.ts';
import type { ToolContext } from '../tool-context.ts';
import type { RememberedViewing } from '../call-memory.ts';
import { resolveStart } from '../understanding/resolve-start.ts';
import type { StartResult } from '../understanding/resolve-start.ts';

export type AppointmentReference =
  | { readonly kind: 'query'; readonly query: ViewingQuery }
  /** The time of the viewing meant is not clear. */
  | { readonly kind: 'unclear'; readonly start: Exclude<StartResult, { kind: 'start' }> }
  /** The words fit none of these, or more than one. */
  | { readonly kind: 'several'; readonly viewings: readonly Viewing[] };

export interface AppointmentArguments {
  readonly appointment?: string;
  readonly attendee_name?: string;
  readonly start_time?: string;
}

/** `my viewing` and the like name none in particular. */
const NONE_IN_PARTICULAR =
  /^(?:(?:my|the|this|that|mi|la|el|esa|ese)\s+)?(?:only\s+)?(?:one|it|viewing|appointment|visit|showing|booking|visita|cita)$/i;

/**
 * Which of the caller's viewings is meant: an id that was given, its place in the list read aloud, its time or its
 * property. Words that fit nothing are asked about, never passed over.
 */
export async function resolveAppointment(
  ctx: ToolContext,
  desk: BookingService,
  pointer: AppointmentArguments,
): Promise<AppointmentReference> {
  const { attendee_name: attendeeName, start_time: startText } = pointer;
  let named =
    pointer.appointment === undefined || NONE_IN_PARTICULAR.test(pointer.appointment)
      ? undefined
      : pointer.appointment;
  const remembered =
    named === undefined && startText === undefined ? [] : ((await ctx.memory.recall()).listed ?? []);

  let start: number | undefined;
  if (startText !== undefined) {
    const resolved = resolve(startText, remembered);
    if (resolved.kind === 'start') start = resolved.at;
    // A caller whose number is known may say less than a time: their viewings are searched for it.
    else if (ctx.call.callerNumber === null) return { kind: 'unclear', start: resolved };
    else named ??= startText;
  }
  const query: ViewingQuery = { attendeeName, start };
  if (named === undefined) return { kind: 'query', query };

  const known = match(named, remembered);
  if (known) return { kind: 'query', query: { ...query, bookingId: known.bookingId } };
  // An id from another call, or words for viewings that this call has not heard of.
  const found = await desk.find(callerOf(ctx), query);
  if (found.kind !== 'viewings' || found.viewings.length === 0) return { kind: 'query', query };
  const meant = match(named, found.viewings);
  if (meant) return { kind: 'query', query: { ...query, bookingId: meant.bookingId } };
  return { kind: 'several', viewings: found.viewings };

  function resolve(text: string, viewings: readonly { start: number }[]): StartResult {
    const starts = viewings.map((viewing) => viewing.start);
    return resolveStart(text, desk.schedule, ctx.now, { spoken: starts, all: starts });
  }

  function match<V extends RememberedViewing>(text: string, viewings: readonly V[]): V | null {
    const byId = viewings.find(({ bookingId }) => bookingId === text);
    if (byId) return byId;
    const resolved = resolve(text, viewings);
    if (resolved.kind === 'start') {
      return findOnly(viewings, (viewing) => viewing.start === resolved.at);
    }
    const words = wordsOf(text);
    return findOnly(viewings, ({ propertyAddress }) => {
      const address = wordsOf(propertyAddress);
      return words.length > 0 && words.every((word) => address.includes(word));
    });
  }
}

function findOnly<V>(items: readonly V[], test: (item: V) => boolean): V | null {
  const [first, ...others] = items.filter(test);
  return first !== undefined && others.length === 0 ? first : null;
}

const FILLERS = new Set([
  'the',
  'one',
  'at',
  'on',
  'for',
  'my',
  'viewing',
  'of',
  'appointment',
  'la',
  'el',
  'de',
  'en',
  'visita',
  'a',
]);

function wordsOf(text: string): string[] {
  return text
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '' && !FILLERS.has(word));
}
