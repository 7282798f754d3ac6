// What is remembered of the homes that an answer gives to the model.
import { codeOf } from '../core/errors.ts';
import { isBareId } from '../properties/match/find-home.ts';
import type { ListedProperty } from '../properties/property.ts';
import type { MemoryEntries } from './call-memory.ts';
import { toRentalDto } from './rental-dto.ts';
import type { RentalDto } from './rental-dto.ts';
import { writeAddress } from './speech/say-rental.ts';
import type { ToolContext } from './tool-context.ts';

/** How many homes an answer carries, and how many of them its line names. */
export const MAX_RENTALS = 10;
export const MAX_SPOKEN = 3;
/** So many ids that are words as well are kept of a call. */
const MAX_GIVEN = 200;

/** Leaves it open which home is meant. */
export const NO_HOME = { lastHome: null, propertyAddress: '' } as const satisfies MemoryEntries;
/** Nothing is asked: "yes" and "the twelve" answer no question. */
export const NOTHING_ASKED: Pick<MemoryEntries, 'askedHomes'> = { askedHomes: { said: '', homes: [] } };

/** What is remembered of the home that is meant. */
export function namedHome(home: ListedProperty): MemoryEntries {
  const { propertyId, userId } = home;
  return { lastHome: { propertyId, userId }, propertyAddress: writeAddress(home) };
}

/** The first homes of an answer, as the model gets them. @param spoken so many of them the line names */
export function toRentals(homes: readonly ListedProperty[], spoken: number): RentalDto[] {
  return homes.slice(0, MAX_RENTALS).map((home, at) => toRentalDto(home, at < spoken));
}

/**
 * Remembers the homes that a line read aloud, and the ids of those that the answer carries.
 * @param spoken so many of them the line names; none leaves "the second one" as it was
 * @param changes other entries to remember with it
 */
export async function rememberHomes(
  ctx: ToolContext,
  homes: readonly ListedProperty[],
  spoken: number,
  changes: MemoryEntries = {},
): Promise<void> {
  const ids = homes.slice(0, MAX_RENTALS).map(({ propertyId }) => propertyId);
  await ctx.memory.remember({
    ...changes,
    ...(spoken > 0 && { spokenHomes: ids.slice(0, spoken) }),
    ...(await addGiven(ctx, ids)),
  });
}

/** Read only if there is something to add: most ids cannot be mistaken for words. */
async function addGiven(
  { memory, ports }: ToolContext,
  ids: readonly string[],
): Promise<Pick<MemoryEntries, 'givenIds'>> {
  const bare = ids.filter(isBareId);
  if (bare.length === 0) return {};
  try {
    const { givenIds = [] } = await memory.recall();
    return { givenIds: [...new Set([...givenIds, ...bare])].slice(-MAX_GIVEN) };
  } catch (error) {
    // The answer does not depend on it: the model may still give the address.
    ports.log.warn('call_memory_failed', { code: codeOf(error) });
    return {};
  }
}
