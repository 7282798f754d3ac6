// The day that was spoken of last: a caller who says "at 11" means it, whatever was offered before.
import { codeOf } from '../core/errors.ts';
import type { MemoryEntries } from './call-memory.ts';
import type { ToolContext } from './tool-context.ts';
import type { ToolResult } from './tool-result.ts';
import type { ToolName } from './tools/definitions.ts';
import type { Offered, ReadingContext } from './understanding/reading.ts';

/** The starts that this call was offered last. */
export function offeredBefore({ offered = [] }: MemoryEntries): Offered {
  return {
    spoken: offered.filter(({ spoken }) => spoken).map(({ start }) => start),
    all: offered.map(({ start }) => start),
  };
}

/** What of a call words for times may follow. */
export function followedBefore(before: MemoryEntries): Pick<ReadingContext, 'offered' | 'spokenDays'> {
  const { offered = [], spokenDays = [] } = before;
  const isOfferLast = offered.some(({ isOlder }) => isOlder !== true);
  return { offered: offeredBefore(before), spokenDays: isOfferLast ? [] : spokenDays };
}

/** Remembers the day of the one viewing that a result speaks of. Offers that were made before stay, as older ones. */
export async function rememberSpokenDay(ctx: ToolContext, name: ToolName, result: ToolResult): Promise<void> {
  const day = dayOf(name, result);
  if (day === null) return;
  let offered: MemoryEntries['offered'] = [];
  try {
    ({ offered = [] } = await ctx.memory.recall());
  } catch (error) {
    // What was done is done.
    ctx.ports.log.warn('call_memory_failed', { code: codeOf(error) });
  }
  await ctx.memory.remember({
    spokenDays: [day],
    ...(offered.length > 0 && { offered: offered.map((slot) => ({ ...slot, isOlder: true })) }),
  });
}

/** The local day of the viewing, `YYYY-MM-DD`; null if there is none, or more than one. */
function dayOf(name: ToolName, result: ToolResult): string | null {
  switch (result.action) {
    case 'booked':
    case 'rescheduled':
    case 'cancelled':
      return localDateOf(result.appointment.start_time);
    case 'appointments': {
      // "Which viewing do you mean?" asks about something else that was said.
      const [only, ...others] = name === 'find_appointments' ? result.appointments : [];
      return only === undefined || others.length > 0 ? null : localDateOf(only.start_time);
    }
    default:
      return null;
  }
}

/** Times of results are on the clock of the manager who shows the home. */
function localDateOf(startTime: string): string {
  return startTime.slice(0, 10);
}
