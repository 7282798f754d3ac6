// What is booked, moved to or cancelled: one start, or a question. Nothing is guessed that could be asked.
import type { NamedStart } from '../../scheduling/schedule.ts';
import { localDate } from '../../scheduling/zone.ts';
import { toDate, toDayNumber } from './calendar/calendar-days.ts';
import { readIsoTime } from './words/iso-time.ts';
import type { IsoInstant } from './words/iso-time.ts';
import { judgeNamedStart, judgeSet } from './calendar/judge-times.ts';
import { readPhrase } from './grammar/read-phrase.ts';
import type { ReadingContext, StartResult, Unbookable, WantedTimes } from './reading.ts';
import { resolvePhrase } from './calendar/resolve-phrase.ts';
import type { Unresolved } from './calendar/resolve-phrase.ts';
import { isStart } from './calendar/resolve-times.ts';
import { asSet, includes, instantIn, onlyStart, startsOnly } from './calendar/time-sets.ts';
import type { TimePart, TimeSet } from './calendar/time-sets.ts';
import { toWanted } from './calendar/wanted-times.ts';

/** The start that the words name, as a model or a caller gave them. */
export function readStart(text: string, context: ReadingContext): StartResult {
  const zone = context.schedule.timeZone;
  const iso = readIsoTime(text, zone);
  if (iso?.kind === 'instant') return readInstant(iso, context);
  // A midnight that was offered is no date.
  if (iso?.midnight && isOffered(iso.midnight, context)) return readInstant(iso.midnight, context);
  const read = readPhrase(iso ? iso.date : text, context.propertyAddress ?? null);
  if (read.kind === 'unread') return read;

  const sets: TimeSet[] = [];
  let unresolved: Unresolved | null = null;
  let order: WantedTimes['order'] = null;
  for (const phrase of read.phrases) {
    const resolved = resolvePhrase(phrase, context, 'start');
    if (Array.isArray(resolved)) sets.push(...resolved);
    else unresolved ??= resolved;
    order ??= phrase.order;
  }
  const meant = preferChoices(sets, context);
  if (meant.length === 0) return unresolved ?? { kind: 'unread', words: [] };
  return decide(meant, order, context);
}

function isOffered({ at, wall }: IsoInstant, { offered }: ReadingContext): boolean {
  return offered.all.includes(at) || offered.all.includes(wall);
}

function readInstant({ at, wall }: IsoInstant, context: ReadingContext): StartResult {
  const { offered, schedule, now } = context;
  const zone = schedule.timeZone;
  // Models write `Z` on local times: what was offered by the clock on the wall is not the instant that is written.
  if (at !== wall && !offered.all.includes(at) && offered.all.includes(wall)) {
    const choices = [wall, ...(judgeNamedStart(at, schedule, now) === null ? [at] : [])];
    const wanted = toWanted([asSet(startsOnly(choices), zone)], null, zone);
    return { kind: 'which', reason: 'which_time', choices, day: dayOf(wall, zone), wanted };
  }
  return decide([asSet(startsOnly([at]), zone)], null, context);
}

const dayOf = (at: number, zone: string): string => localDate(at, zone);

/**
 * "the second" is one of the offers, and a day of the month only if something on that day was offered: then it is asked
 * which.
 */
function preferChoices(sets: readonly TimeSet[], { offered }: ReadingContext): readonly TimeSet[] {
  const choices = sets.filter((set) => set.isChoice);
  if (choices.length === 0 || choices.length === sets.length) return sets;
  return [
    ...choices,
    ...sets
      .filter((set) => !set.isChoice)
      .flatMap((set) => {
        if (onlyStart(set) !== null) return [set];
        const starts = offered.all.filter((at) => includes(set, at));
        return starts.map((at) => asSet(startsOnly([at]), set.zone));
      }),
  ];
}

function decide(sets: readonly TimeSet[], order: WantedTimes['order'], context: ReadingContext): StartResult {
  const { schedule, now } = context;
  const zone = schedule.timeZone;
  const wantedOf = (some: readonly TimeSet[]): WantedTimes => toWanted(some, order, zone);

  const agreed = sets.filter((set) => !set.clash);
  if (agreed.length === 0) return askBetween(sets, context, wantedOf);

  const possible: { set: TimeSet; at: number | null }[] = [];
  const dropped: { reason: Unbookable; at: number }[] = [];
  for (const set of agreed) {
    const at = onlyStart(set);
    const refusal = at === null ? judgeSet(set, schedule, now) : refusalOf(at, context);
    if (refusal) dropped.push(refusal);
    else possible.push({ set, at });
  }
  if (possible.length === 0) {
    const [nearest] = dropped.sort((a, b) => Math.abs(a.at - now) - Math.abs(b.at - now));
    if (!nearest) return { kind: 'unread', words: [] };
    const isOnly = agreed.every((set) => onlyStart(set) === nearest.at);
    const start = isOnly ? nameStart(nearest.at) : null;
    return { kind: 'refused', ...nearest, start, wanted: wantedOf(agreed) };
  }
  const starts = [...new Set(possible.flatMap(({ at }) => at ?? []))].sort((a, b) => a - b);
  const wanted = wantedOf(possible.map(({ set }) => set));
  const [only, ...others] = starts;
  if (possible.every(({ at }) => at !== null) && only !== undefined) {
    if (others.length === 0) return { kind: 'start', start: nameStart(only) };
    const days = new Set(starts.map((at) => dayOf(at, zone)));
    const day = days.size === 1 ? dayOf(only, zone) : null;
    return { kind: 'which', reason: day === null ? 'which_day' : 'which_time', choices: starts, day, wanted };
  }
  const day = onlyDay(
    possible.map(({ set }) => set),
    context,
  );
  return {
    kind: 'which',
    reason: day === null && order === null ? 'which_day' : 'which_time',
    choices: [],
    day,
    wanted,
  };
}

function refusalOf(at: number, { schedule, now }: ReadingContext): { reason: Unbookable; at: number } | null {
  const reason = judgeNamedStart(at, schedule, now);
  return reason && { reason, at };
}

// The one place where a start is named: of a whole reading that leaves no other.
const nameStart = (at: number): NamedStart => at as NamedStart;

/** The one day that all of the sets are on; null if there are more. */
function onlyDay(sets: readonly TimeSet[], { schedule }: ReadingContext): string | null {
  const days = new Set<string>();
  for (const part of sets.flatMap((set): readonly TimePart[] => set.parts)) {
    if (part.starts) for (const at of part.starts) days.add(dayOf(at, schedule.timeZone));
    else if (part.days) for (const day of part.days) days.add(toDate(day));
    else return null;
  }
  const [day, ...others] = days;
  return day !== undefined && others.length === 0 ? day : null;
}

/** A weekday and a date that do not agree: both, at the time that was said. */
function askBetween(
  sets: readonly TimeSet[],
  { schedule, now }: ReadingContext,
  toWantedTimes: (sets: readonly TimeSet[]) => WantedTimes,
): StartResult {
  const today = toDayNumber(localDate(now, schedule.timeZone));
  const both = sets.map((set) => ({
    ...set,
    parts: set.parts.map((part) => ({ ...part, days: (set.clash ?? []).filter((day) => day >= today) })),
  }));
  const choices = both.flatMap(({ zone, parts }) =>
    parts.flatMap(({ days, spans }) => {
      const [span] = spans ?? [];
      if (!span || !isStart(span)) return [];
      const starts = days.map((day) => instantIn(zone, day, span.from));
      return starts.filter((at) => judgeNamedStart(at, schedule, now) === null);
    }),
  );
  return {
    kind: 'which',
    reason: 'which_day',
    choices: [...new Set(choices)],
    day: null,
    wanted: toWantedTimes(both),
  };
}
