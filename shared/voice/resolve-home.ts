// Which home a tool is about. Hazard: a viewing of the wrong home. Only a home that the caller named is acted on; whatever
// leaves more than one, or none, is asked about.
import { chooseAmong, chooseFromList } from '../properties/match/choose-among.ts';
import { findHome, isBareIdOf } from '../properties/match/find-home.ts';
import { isViewable } from '../properties/match/home-match.ts';
import { normaliseText } from '../properties/match/normalise-text.ts';
import { beginsWithRealYes, besidesYes, withoutAgreement } from '../properties/match/say-yes.ts';
import { similarHomes } from '../properties/match/similar-homes.ts';
import { isTooLong } from '../properties/match/tokens.ts';
import type { ListedProperty } from '../properties/property.ts';
import { askAgain, askWhich, sayUnavailable } from './ask-home.ts';
import type { MemoryEntries } from './call-memory.ts';
import { MAX_RENTALS, namedHome, NO_HOME, NOTHING_ASKED } from './remember-homes.ts';
import { RENTAL_LINES } from './speech/rental-lines.ts';
import { invalid, withManager } from './tool-context.ts';
import type { ToolContext } from './tool-context.ts';
import type { ToolResult } from './tool-result.ts';

/** Which home a tool is about. */
export type HomeResolution =
  /** Nobody in the portfolio lists homes: any text is an address, cut to 200 characters. */
  | { readonly kind: 'unlisted'; readonly address: string | undefined }
  /** `ctx` is that of the manager who shows the home. */
  | { readonly kind: 'home'; readonly home: ListedProperty; readonly ctx: ToolContext }
  /** No home was named, neither now nor earlier on the call. */
  | { readonly kind: 'unnamed'; readonly homes: readonly ListedProperty[] }
  /** No home can be acted on: the result asks, or says why. */
  | { readonly kind: 'result'; readonly result: ToolResult };

/** Characters of an address that chooses no home. */
const MAX_ADDRESS = 200;

/** The homes of a portfolio, for one tool call. */
interface Listed {
  readonly ctx: ToolContext;
  readonly properties: readonly ListedProperty[];
}

/**
 * @param ctx that of the manager who was called
 * @param said an address, a caller's words or a `property_id`; absent: the home last named on the call counts
 * @throws AppError `storage_unavailable`
 */
export async function resolveHome(ctx: ToolContext, said: string | undefined): Promise<HomeResolution> {
  const { properties } = await ctx.ports.properties.forManager(ctx.manager.userId, ctx.signal);
  if (properties.length === 0) return { kind: 'unlisted', address: said?.slice(0, MAX_ADDRESS) };
  if (said !== undefined && isTooLong(said)) return refuseTooLong(ctx);
  const listed = { ctx, properties };
  if (said === undefined) return resolveLastNamed(listed, await ctx.memory.recall());
  return (await resolvePlace(listed, said)) ?? resolveWords(listed, said);
}

/** `unreadable_property`: what would be cut off might name another home. */
async function refuseTooLong(ctx: ToolContext): Promise<HomeResolution> {
  await ctx.memory.remember({ ...NO_HOME, ...NOTHING_ASKED });
  return asResult(invalid('unreadable_property', ctx.lines.askProperty()));
}

/** "The second one" of the homes that were read aloud; null if the words are no place in a list. */
async function resolvePlace(listed: Listed, said: string): Promise<HomeResolution | null> {
  if (chooseFromList(said, MAX_RENTALS) === null) return null;
  const { ctx, properties } = listed;
  const { spokenHomes = [] } = await ctx.memory.recall();
  const choice = chooseFromList(said, spokenHomes.length);
  if (choice === null) return null;
  if (choice.kind === 'no_such') {
    await ctx.memory.remember(NO_HOME);
    const response = RENTAL_LINES[ctx.language].noSuchRental({ count: spokenHomes.length });
    return asResult(invalid('no_such_option', response));
  }
  // A home that has gone since keeps its place.
  const [chosen] = pick(properties, [spokenHomes[choice.index] ?? '']);
  // "Number 2" may be the second home as well as unit 2.
  const unit = isNumber(said) ? chooseAmong(pick(properties, spokenHomes), said) : null;
  if (unit === null || unit === chosen) return judge(listed, chosen);
  const meant = [chosen, unit].filter((home) => home !== undefined).filter(isViewable);
  return meant.length === 0 ? judge(listed, chosen) : asResult(await askWhich(ctx, meant, said));
}

async function resolveWords(listed: Listed, said: string): Promise<HomeResolution> {
  const { ctx, properties } = listed;
  const given = isBareIdOf(properties, said) ? (await ctx.memory.recall()).givenIds : [];
  const match = findHome(properties, said, given);
  if (match.kind === 'found') return act(listed, match.property);
  if (match.kind === 'unavailable') return asResult(await sayUnavailable(ctx, match.property, match.similar));
  const before = await ctx.memory.recall();
  // The same words again are no answer: a model may have repeated them by itself. A yes is one all the same.
  const isRepeated = before.askedHomes?.said === normaliseText(said) && !beginsWithRealYes(said);
  const { homes: askedHomes = [], isList = false } = before.askedHomes ?? {};
  const asked = isRepeated || isList ? [] : askedHomes;
  const isUnknown = match.kind === 'unknown' && match.near.length === 0;
  if (asked.length === 1 && isYes(properties, said, isUnknown))
    return judge(listed, pick(properties, asked)[0]);
  const answer = chooseAmong(pick(properties, asked), said);
  if (answer !== null) return judge(listed, answer);
  const open = pick(properties, asked).filter(isViewable);
  // They mean to answer the question, so it stays open.
  if (isUnknown && open.length > 0 && besidesYes(said) !== null)
    return asResult(await askWhich(ctx, open, said));
  switch (match.kind) {
    case 'unnamed': {
      // "Yes" and "that one" after a list mean one of it, or the home that was named before it.
      const meant = isList ? pick(properties, askedHomes).filter(isViewable) : [];
      return meant.length > 0 ? asResult(await askWhich(ctx, meant, said)) : resolveLastNamed(listed, before);
    }
    case 'which':
      return asResult(await askWhich(ctx, match.properties, said));
    case 'unknown':
      return asResult(await askAgain(ctx, match.near, said));
  }
}

function resolveLastNamed(
  listed: Listed,
  { lastHome }: MemoryEntries,
): HomeResolution | Promise<HomeResolution> {
  const [home] = lastHome == null ? [] : pick(listed.properties, [lastHome.propertyId]);
  return home === undefined || home.status === 'hidden'
    ? { kind: 'unnamed', homes: listed.properties.filter(isViewable) }
    : judge(listed, home);
}

/** A yes beside which nothing is said that could name a home. @param isUnknown the words are like the name of no listed home */
function isYes(properties: readonly ListedProperty[], said: string, isUnknown: boolean): boolean {
  const rest = besidesYes(said);
  if (rest === null) return false;
  const named = isUnknown ? withoutAgreement(rest) : rest;
  return findHome(properties, named).kind === 'unnamed';
}

function isNumber(said: string): boolean {
  return /\b(?:number|numero)\b/.test(normaliseText(said));
}

/** A home that was pointed at, once more judged by what can be viewed. @param home undefined if it is not listed any more */
async function judge(listed: Listed, home: ListedProperty | undefined): Promise<HomeResolution> {
  const { ctx, properties } = listed;
  if (home === undefined || home.status === 'hidden') return asResult(await sayUnavailable(ctx, null, []));
  if (isViewable(home)) return act(listed, home);
  return asResult(await sayUnavailable(ctx, home, similarHomes(home, properties)));
}

async function act({ ctx, properties }: Listed, home: ListedProperty): Promise<HomeResolution> {
  await ctx.memory.remember({ ...namedHome(home), ...NOTHING_ASKED });
  const about = { ...ctx, home, homes: properties };
  if (home.userId === ctx.manager.userId) return { kind: 'home', home, ctx: about };
  const manager = await ctx.ports.managers.find(home.userId, ctx.signal);
  // Their entry went while the directory was read.
  if (manager === null) return asResult(await sayUnavailable(ctx, home, []));
  return { kind: 'home', home, ctx: withManager(about, manager) };
}

function asResult(result: ToolResult): HomeResolution {
  return { kind: 'result', result };
}

/** Those that are still stored, hidden ones too: they were read aloud. */
function pick(properties: readonly ListedProperty[], ids: readonly string[]): ListedProperty[] {
  const byId = new Map(ids.length === 0 ? [] : properties.map((home) => [home.propertyId, home]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}
