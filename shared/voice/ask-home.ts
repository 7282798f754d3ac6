// The answers that ask for a home, or say that it cannot be viewed; and what is remembered of them for the caller's reply.
import { normaliseText } from '../properties/match/normalise-text.ts';
import type { ListedProperty } from '../properties/property.ts';
import type { MemoryEntries } from './call-memory.ts';
import type { RentalDto } from './rental-dto.ts';
import { MAX_SPOKEN, namedHome, NO_HOME, rememberHomes, toRentals } from './remember-homes.ts';
import { RENTAL_LINES } from './speech/rental-lines.ts';
import { labelHomes, sayAddress, sayUnits } from './speech/say-rental.ts';
import { countWords, MAX_WORDS } from './speech/speakable.ts';
import type { ToolContext } from './tool-context.ts';
import type { ToolResult } from './tool-result.ts';

/**
 * Asks which of these homes is meant; there may be but one.
 * @param said the words that left it open
 */
export async function askWhich(
  ctx: ToolContext,
  homes: readonly ListedProperty[],
  said = '',
): Promise<ToolResult> {
  if (homes.length === 0) return askAgain(ctx, [], said);
  const { language } = ctx;
  const { spoken, line } = sayFitting(homes.length, (count) => {
    const named = homes.slice(0, count);
    return RENTAL_LINES[language].whichProperty({
      homes: labelHomes(named, language),
      units: sayUnits(named, language),
      isMore: homes.length > count,
    });
  });
  const rentals = toRentals(homes, spoken);
  await rememberHomes(ctx, homes, spoken, { ...NO_HOME, ...asked(rentals, said) });
  return { response: line, action: 'which_property', rentals };
}

/** No home is called that. @param near what to propose instead */
export async function askAgain(
  ctx: ToolContext,
  near: readonly ListedProperty[],
  said: string,
): Promise<ToolResult> {
  const { spoken, line } = sayFitting(near.length, (count) =>
    RENTAL_LINES[ctx.language].propertyUnknown({ near: labelHomes(near.slice(0, count), ctx.language) }),
  );
  const rentals = toRentals(near, spoken);
  await rememberHomes(ctx, near, spoken, { ...NO_HOME, ...asked(rentals, said) });
  return { response: line, action: 'property_unknown', rentals };
}

/**
 * The home that is meant cannot be viewed. It is the one last named all the same: no other is acted on instead.
 * @param home null if it is not listed any more
 */
export async function sayUnavailable(
  ctx: ToolContext,
  home: ListedProperty | null,
  similar: readonly ListedProperty[],
): Promise<ToolResult> {
  const { language } = ctx;
  const { spoken, line } = sayFitting(similar.length, (count) =>
    RENTAL_LINES[language].propertyUnavailable({
      home: (home !== null && sayAddress(home, language)) || ctx.lines.theProperty(),
      isSoon: home?.status === 'coming_soon',
      similar: labelHomes(similar.slice(0, count), language),
    }),
  );
  const rentals = toRentals(similar, spoken);
  const named = home === null ? NO_HOME : namedHome(home);
  await rememberHomes(ctx, similar, spoken, { ...named, ...asked(rentals) });
  return { response: line, action: 'property_unavailable', rentals };
}

/** The question, for its answer: which homes it is about, and which words it answers. */
function asked(rentals: readonly RentalDto[], said = ''): Pick<MemoryEntries, 'askedHomes'> {
  return {
    askedHomes: { said: normaliseText(said), homes: rentals.map(({ property_id }) => property_id) },
  };
}

/** The longest line that is short enough: of three homes, of two, or of one. */
function sayFitting(available: number, toLine: (count: number) => string): { spoken: number; line: string } {
  for (let count = Math.min(available, MAX_SPOKEN); count > 0; count -= 1) {
    const line = toLine(count);
    if (countWords(line) <= MAX_WORDS) return { spoken: count, line };
  }
  return { spoken: 0, line: toLine(0) };
}
