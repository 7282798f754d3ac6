// Which home a tool is about. Hazard: a viewing of the wrong home. Only a home that the caller named is acted on; whatever
// leaves more than one, or none, is asked about.
import { findHome, isViewable } from '../properties/match/find-home.ts';
import type { HomeMatch } from '../properties/match/find-home.ts';
import { chooseAmong, chooseFromList } from '../properties/match/choose-among.ts';
import { normaliseText } from '../properties/match/normalise-text.ts';
import type { ListedProperty } from '../properties/property.ts';
import type { MemoryEntries } from './call-memory.ts';
import { toRentalDto } from './rental-dto.ts';
import { RENTAL_LINES } from './speech/rental-lines.ts';
import { labelHomes, sayAddress, sayUnits, writeAddress } from './speech/say-rental.ts';
import { countWords, MAX_WORDS } from './speech/speakable.ts';
import { invalid, withManager } from './tool-context.ts';
import type { ToolContext } from './tool-context.ts';
import type { ToolResult } from './tool-result.ts';

/** Which home a tool is about. */
export type HomeResolution =
  /** Nobody in the portfolio lists homes: any text is an address. */
  | { readonly kind: 'unlisted' }
  /** `ctx` is that of the manager who shows the home. */
  | { readonly kind: 'home'; readonly home: ListedProperty; readonly ctx: ToolContext }
  /** No home was named, neither now nor earlier on the call. */
  | { readonly kind: 'unnamed'; readonly homes: readonly ListedProperty[] }
  /** No home can be acted on: the result asks, or says why. */
  | { readonly kind: 'result'; readonly result: ToolResult };

/** How many homes a result carries, and how many of them its line names. */
const MAX_RENTALS = 10;
const MAX_SPOKEN = 3;

/**
 * @param ctx that of the manager who was called
 * @param said an address, a caller's words or a `property_id`; absent: the home last named on the call counts
 * @throws AppError `storage_unavailable`
 */
export async function resolveHome(ctx: ToolContext, said: string | undefined): Promise<HomeResolution> {
  const { properties } = await ctx.ports.properties.forManager(ctx.manager.userId, ctx.signal);
  if (properties.length === 0) return { kind: 'unlisted' };
  if (said === undefined) return resolveLastNamed(ctx, properties, await ctx.memory.recall());

  if (chooseFromList(said, MAX_RENTALS) !== null) {
    const before = await ctx.memory.recall();
    const spoken = pick(properties, before.rentals?.spoken ?? []);
    const choice = chooseFromList(said, spoken.length);
    const chosen = choice?.kind === 'chosen' ? spoken[choice.index] : undefined;
    if (chosen !== undefined) {
      // "Number 2" may be the second home as well as unit 2.
      const unit = isNumber(said) ? chooseAmong(spoken, said) : null;
      if (unit === null || unit === chosen) return judge(ctx, properties, chosen);
      return { kind: 'result', result: await askWhich(ctx, [chosen, unit], said) };
    }
    // "Number 12" of two homes can only be a unit.
    if (choice !== null) {
      const response = RENTAL_LINES[ctx.language].noSuchRental({ count: spoken.length });
      return { kind: 'result', result: invalid('no_such_option', response) };
    }
  }

  const match = findHome(properties, said);
  if (match.kind === 'found') return act(ctx, properties, match.property);
  if (match.kind === 'unavailable') return { kind: 'result', result: await unavailable(ctx, match) };
  const before = await ctx.memory.recall();
  // The same words again are no answer: a model may have repeated them by itself.
  const isRepeat = before.askedHomes?.said === normaliseText(said);
  const asked = isRepeat ? [] : pick(properties, before.askedHomes?.homes ?? []);
  const answer = isYes(said) && asked.length === 1 ? asked[0] : chooseAmong(asked, said);
  if (answer !== null && answer !== undefined) return judge(ctx, properties, answer);
  if (match.kind === 'unnamed') return resolveLastNamed(ctx, properties, before);
  const result =
    match.kind === 'which'
      ? await askWhich(ctx, match.properties, said)
      : await unknown(ctx, match.near, said);
  return { kind: 'result', result };
}

function resolveLastNamed(
  ctx: ToolContext,
  properties: readonly ListedProperty[],
  { home: last }: MemoryEntries,
): HomeResolution | Promise<HomeResolution> {
  const [home] = pick(properties, last === undefined ? [] : [last.propertyId]);
  return home === undefined
    ? { kind: 'unnamed', homes: properties.filter(isViewable) }
    : judge(ctx, properties, home);
}

const YES =
  /^(?:yes|yeah|yep|yup|correct|right|exactly|sure|that one|that is it|thats it|thats right|the one|si|claro|correcto|exacto|esa|ese|eso)\b/;

function isYes(said: string): boolean {
  return YES.test(normaliseText(said));
}

function isNumber(said: string): boolean {
  return /\b(?:number|numero)\b/.test(normaliseText(said));
}

/** A home that was pointed at, once more judged by what can be viewed. */
async function judge(
  ctx: ToolContext,
  properties: readonly ListedProperty[],
  home: ListedProperty,
): Promise<HomeResolution> {
  if (isViewable(home)) return act(ctx, properties, home);
  const match = findHome(properties, home.propertyId);
  const similar = match.kind === 'unavailable' ? match.similar : [];
  return { kind: 'result', result: await unavailable(ctx, { property: home, similar }) };
}

async function act(
  ctx: ToolContext,
  properties: readonly ListedProperty[],
  home: ListedProperty,
): Promise<HomeResolution> {
  await ctx.memory.remember({
    home: { propertyId: home.propertyId, userId: home.userId },
    propertyAddress: writeAddress(home),
    askedHomes: { said: '', homes: [] },
  });
  const about = { ...ctx, home, homes: properties };
  if (home.userId === ctx.manager.userId) return { kind: 'home', home, ctx: about };
  const manager = await ctx.ports.managers.find(home.userId, ctx.signal);
  // Their entry went while the directory was read.
  if (manager === null)
    return { kind: 'result', result: await unavailable(ctx, { property: home, similar: [] }) };
  return { kind: 'home', home, ctx: withManager(about, manager) };
}

/** Asks for the home if none was named; there may be but one. */
export async function askWhich(
  ctx: ToolContext,
  homes: readonly ListedProperty[],
  said = '',
): Promise<ToolResult> {
  const { language } = ctx;
  const lines = RENTAL_LINES[language];
  if (homes.length === 0) {
    return { response: lines.propertyUnknown({ near: [] }), action: 'property_unknown', rentals: [] };
  }
  const { spoken, line } = sayFitting(homes.length, (count) => {
    const named = homes.slice(0, count);
    const isMore = homes.length > count;
    return lines.whichProperty({
      homes: labelHomes(named, language),
      units: sayUnits(named, language),
      isMore,
    });
  });
  await remember(ctx, said, homes, spoken);
  return { response: line, action: 'which_property', rentals: toDtos(homes, spoken) };
}

async function unknown(ctx: ToolContext, near: readonly ListedProperty[], said: string): Promise<ToolResult> {
  const lines = RENTAL_LINES[ctx.language];
  const { spoken, line } = sayFitting(near.length, (count) =>
    lines.propertyUnknown({ near: labelHomes(near.slice(0, count), ctx.language) }),
  );
  if (near.length > 0) await remember(ctx, said, near, spoken);
  return { response: line, action: 'property_unknown', rentals: toDtos(near, spoken) };
}

async function unavailable(
  ctx: ToolContext,
  { property, similar }: Pick<Extract<HomeMatch, { kind: 'unavailable' }>, 'property' | 'similar'>,
): Promise<ToolResult> {
  const { language } = ctx;
  const home = sayAddress(property, language) || ctx.lines.theProperty();
  const { spoken, line } = sayFitting(similar.length, (count) =>
    RENTAL_LINES[language].propertyUnavailable({
      home,
      isSoon: property.status === 'coming_soon',
      similar: labelHomes(similar.slice(0, count), language),
    }),
  );
  if (similar.length > 0) await remember(ctx, '', similar, spoken);
  return { response: line, action: 'property_unavailable', rentals: toDtos(similar, spoken) };
}

/** The longest line that is short enough: of three homes, of two, or of one. */
function sayFitting(available: number, toLine: (count: number) => string): { spoken: number; line: string } {
  for (let count = Math.min(available, MAX_SPOKEN); count > 0; count -= 1) {
    const line = toLine(count);
    if (countWords(line) <= MAX_WORDS) return { spoken: count, line };
  }
  return { spoken: 0, line: toLine(0) };
}

async function remember(
  ctx: ToolContext,
  said: string,
  homes: readonly ListedProperty[],
  spoken: number,
): Promise<void> {
  const ids = homes.slice(0, MAX_RENTALS).map(({ propertyId }) => propertyId);
  await ctx.memory.remember({
    askedHomes: { said: normaliseText(said), homes: ids },
    rentals: { found: ids, spoken: ids.slice(0, spoken), next: spoken, relaxed: null },
  });
}

function toDtos(homes: readonly ListedProperty[], spoken: number) {
  return homes.slice(0, MAX_RENTALS).map((home, at) => toRentalDto(home, at < spoken));
}

function pick(properties: readonly ListedProperty[], ids: readonly string[]): ListedProperty[] {
  const byId = new Map(ids.length === 0 ? [] : properties.map((home) => [home.propertyId, home]));
  return ids.flatMap((id) => byId.get(id) ?? []).filter(({ status }) => status !== 'hidden');
}
