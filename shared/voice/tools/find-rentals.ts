import { codeOf } from '../../core/errors.ts';
import { isViewable } from '../../properties/match/home-match.ts';
import type { ListedProperty } from '../../properties/property.ts';
import type { Criteria } from '../../properties/search/criteria.ts';
import { searchRentals } from '../../properties/search/search-rentals.ts';
import type { Relaxed, RentalFit } from '../../properties/search/search-rentals.ts';
import { localDate } from '../../scheduling/zone.ts';
import { readRentalCriteria } from '../read-rental-criteria.ts';
import { MAX_RENTALS, MAX_SPOKEN, rememberHomes, toRentals } from '../remember-homes.ts';
import { RENTAL_LINES } from '../speech/rental-lines.ts';
import { labelHomes, sayListed } from '../speech/say-rental.ts';
import { countWords, MAX_WORDS } from '../speech/speakable.ts';
import { invalid } from '../tool-context.ts';
import type { ToolContext } from '../tool-context.ts';
import type { ToolResult } from '../tool-result.ts';
import type { ToolArguments } from './definitions.ts';

/** How far `more` can go on. */
const MAX_REMEMBERED = 60;

type Fit = Pick<RentalFit, 'property' | 'unknown'>;

interface Found {
  readonly fits: readonly Fit[];
  readonly total: number;
  readonly relaxed: Relaxed | null;
  /** How many of them were read aloud before. */
  readonly from: number;
}

/** Finds homes by criteria, three of them read aloud; `more` goes on with the last search of the call. */
export async function findRentals(
  ctx: ToolContext,
  args: ToolArguments<'find_rentals'>,
): Promise<ToolResult> {
  const lines = RENTAL_LINES[ctx.language];
  const { properties } = await ctx.ports.properties.forManager(ctx.manager.userId, ctx.signal);
  const continued = args.more === true ? await recallSearch(ctx, properties) : null;
  if (continued !== null) return present(ctx, continued);

  const zone = ctx.manager.timeZone ?? ctx.ports.defaultTimeZone;
  const read = readRentalCriteria(args, zone, ctx.now);
  if (!read.ok) {
    const what = read.field === 'move_in' ? 'date' : read.field;
    return invalid(`unreadable_${what}`, lines.unreadableCriterion({ field: read.field }));
  }

  const { rentals, relaxed } = searchRentals(properties, read.criteria);
  await saveSearch(ctx, read.criteria, rentals, relaxed);
  return present(ctx, { fits: rentals, total: rentals.length, relaxed, from: 0 });
}

/** The last search of the call, where its line left off; null if there was none. */
async function recallSearch(ctx: ToolContext, properties: readonly ListedProperty[]): Promise<Found | null> {
  const { search } = await ctx.memory.recall();
  if (search === undefined) return null;
  const byId = new Map(properties.map((home) => [home.propertyId, home]));
  const fits = search.found.slice(search.next).flatMap(({ propertyId, unknown }): Fit[] => {
    const property = byId.get(propertyId);
    return property !== undefined && isViewable(property) ? [{ property, unknown }] : [];
  });
  return { fits, total: search.total, relaxed: search.relaxed, from: search.next };
}

async function present(ctx: ToolContext, { fits, total, relaxed, from }: Found): Promise<ToolResult> {
  const lines = RENTAL_LINES[ctx.language];
  if (fits.length === 0) {
    const response = from > 0 ? lines.noMoreRentals() : lines.noRentals();
    return { response, action: 'no_rentals', rentals: [], total };
  }
  const { line, spoken } = say(ctx, { fits, total, relaxed, from });
  const homes = fits.map(({ property }) => property);
  const found = fits
    .slice(0, MAX_REMEMBERED)
    .map(({ property, unknown }) => ({ propertyId: property.propertyId, unknown: [...unknown] }));
  const ids = homes.slice(0, spoken).map(({ propertyId }) => propertyId);
  // A list names no home: the one last named stays, but "that one" may mean one of the list.
  await rememberHomes(ctx, homes, spoken, {
    search: { found, next: spoken, relaxed, total },
    askedHomes: { said: '', homes: ids, isList: true },
  });
  return {
    response: line,
    action: 'present_rentals',
    rentals: toRentals(homes, spoken).map((rental, at) => ({
      ...rental,
      unknown: [...(fits[at]?.unknown ?? [])],
    })),
    total,
    ...(relaxed !== null && { relaxed }),
  };
}

/** Three homes if the line is short enough, else fewer, and at last by their addresses alone. */
function say(ctx: ToolContext, { fits, total, relaxed, from }: Found): { line: string; spoken: number } {
  const { language, now } = ctx;
  const lines = RENTAL_LINES[language];
  const today = localDate(now, ctx.manager.timeZone ?? ctx.ports.defaultTimeZone);
  const labels = labelHomes(
    fits.slice(0, MAX_SPOKEN).map(({ property }) => property),
    language,
  );
  const most = Math.min(MAX_SPOKEN, fits.length);
  for (const isBrief of [false, true]) {
    for (let count = most; count > 0; count -= 1) {
      const homes = fits.slice(0, count).map(({ property, unknown }, at) => {
        const label = labels[at] || ctx.lines.theProperty();
        const listed = isBrief ? label : sayListed(property, label, today, language);
        return unknown.length === 0 ? listed : `${listed}, ${lines.unstated({ criteria: unknown })}`;
      });
      const isMore = fits.length > count;
      const line = lines.rentals({
        homes,
        total,
        isMore,
        isContinued: from > 0,
        relaxed: from > 0 ? null : relaxed,
      });
      if (countWords(line) <= MAX_WORDS) return { line, spoken: count };
    }
  }
  return {
    line: lines.rentals({
      homes: [ctx.lines.theProperty()],
      total,
      isMore: fits.length > 1,
      isContinued: false,
      relaxed: null,
    }),
    spoken: 1,
  };
}

/** A search that cannot be kept is answered all the same. */
async function saveSearch(
  { ports, manager, call, now, signal }: ToolContext,
  criteria: Criteria,
  rentals: readonly RentalFit[],
  relaxed: Relaxed | null,
): Promise<void> {
  const results = rentals.slice(0, MAX_RENTALS).map(({ property }) => property.propertyId);
  const search = { callId: call.callId, criteria, results, total: rentals.length, relaxed, searchedAt: now };
  try {
    await ports.searches.save(manager.userId, search, signal);
  } catch (error) {
    ports.log.warn('search_not_saved', { code: codeOf(error) });
  }
}
