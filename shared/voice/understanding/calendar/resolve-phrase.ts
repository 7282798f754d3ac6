// A phrase against the clock and the call: every set of times that it may mean.
import type { Schedule } from '../../../scheduling/schedule.ts';
import { WEEKDAYS } from '../../../scheduling/schedule.ts';
import { localDate, minuteOfDay, minutesOf } from '../../../scheduling/zone.ts';
import { later, toDayNumber, weekdayOf } from './calendar-days.ts';
import type { Branch, Day, Move, Phrase, Time } from '../grammar/meaning.ts';
import type { ReadingContext } from '../reading.ts';
import type { DayContext, DayReading } from './day-reading.ts';
import { resolveDays } from './resolve-days.ts';
import { resolveTimes } from './resolve-times.ts';
import type { TimeReading } from './resolve-times.ts';
import { asSet, includes, instantIn, startsOnly } from './time-sets.ts';
import type { TimePart, TimeSet } from './time-sets.ts';
import { toZone } from '../words/zone-names.ts';
import { MINUTE_MS } from '../../../core/duration.ts';

/** Words that point at offers that there are not. */
export type Unresolved =
  { readonly kind: 'nothing_offered' } | { readonly kind: 'no_such_option'; readonly count: number };

interface Reading {
  readonly part: TimePart;
  readonly clash?: readonly number[];
  readonly isChoice?: boolean;
}

const MAX_READINGS = 32;

/** `mode`: a wish for times follows the call only for a time of day; what is to be booked follows it for all. */
export function resolvePhrase(
  phrase: Phrase,
  context: ReadingContext,
  mode: 'start' | 'wish',
): TimeSet[] | Unresolved {
  const { now, schedule, offered } = context;
  const named = phrase.zones?.map((name) => toZone(name, schedule.timeZone));
  const zone = named ? named[0] : schedule.timeZone;
  if (zone == null) return [];
  const viewing = context.viewing ?? null;
  const days: DayContext = {
    today: toDayNumber(localDate(now, zone)),
    last: toDayNumber(localDate(now, schedule.timeZone)) + schedule.rules.horizonDays - 1,
    viewing: viewing === null ? null : toDayNumber(localDate(viewing, zone)),
  };
  const call: Call = { context, zone, days, viewing, mode, isFollowed: true };

  if (phrase.isAccepted) {
    if (offered.spoken.length === 0) return { kind: 'nothing_offered' };
    return offered.spoken.map((at) => ({ ...asSet(startsOnly([at]), zone), isChoice: true }));
  }
  const exceptions: TimePart[] = [];
  for (const branch of phrase.exceptions) {
    const readings = resolveBranch(
      { ...branch, days: branch.days.map(everyWeekday) },
      { ...call, isFollowed: false },
    );
    if (!Array.isArray(readings)) return readings;
    if (readings.length === 0) return [];
    // Whatever may be meant by it is ruled out.
    exceptions.push(...readings.map(({ part }) => part));
  }
  let sets: TimeSet[] = [{ zone, parts: [], exceptions }];
  for (const branch of phrase.branches) {
    const readings = resolveBranch(branch, call);
    if (!Array.isArray(readings)) return readings;
    sets = sets.flatMap((set) =>
      readings.map(({ part, clash, isChoice }) => ({
        ...set,
        parts: [...set.parts, part],
        clash: set.clash ?? clash,
        isChoice: set.isChoice === true || isChoice,
      })),
    );
    if (sets.length > MAX_READINGS) return [];
  }
  return sets;
}

/** "but not Mondays", "any day but Monday": no Monday at all. */
function everyWeekday(day: Day): Day {
  return day.kind === 'weekday' && day.which === 'bare' ? { kind: 'every', weekdays: [day.weekday] } : day;
}

/** The same words said of what is listed: "the one on Wednesday" may be in two weeks. */
export function withEveryWeekday(branch: Branch): Branch {
  return { ...branch, days: branch.days.map(everyWeekday) };
}

interface Call {
  readonly context: ReadingContext;
  readonly zone: string;
  readonly days: DayContext;
  readonly viewing: number | null;
  readonly mode: 'start' | 'wish';
  /** Whether words without a day are of the day last spoken of. */
  readonly isFollowed: boolean;
}

function resolveBranch(branch: Branch, call: Call): Reading[] | Unresolved {
  const { context, zone, viewing } = call;
  if (branch.nth.length > 1 || branch.moved.length > 1 || branch.fromNow.length > 1) return [];
  // Times are offered in their order, so the later one is the last one.
  const nth = branch.nth[0]?.n;
  if (nth !== undefined || branch.isAmong) return choose(branch, nth, call);
  const [minutes] = branch.fromNow;
  if (minutes !== undefined) {
    const at = Math.floor(context.now / MINUTE_MS) * MINUTE_MS + minutes * MINUTE_MS;
    const readings = resolvePlain({ ...branch, fromNow: [] }, call);
    return readings
      .filter(({ part }) => includes(asSet(part, zone), at))
      .slice(0, 1)
      .map(() => ({ part: startsOnly([at]) }));
  }
  const [by] = branch.moved;
  if (by !== undefined)
    return viewing === null || branch.days.length > 0 ? [] : resolveMove(by, branch.times, viewing, call);
  return resolvePlain(branch, call);
}

/** "the second one", "the morning one": of what was offered, that which fits the other words. */
function choose(branch: Branch, nth: number | undefined, call: Call): Reading[] | Unresolved {
  const { spoken } = call.context.offered;
  if (spoken.length === 0) {
    return nth === undefined && branch.days.length + branch.times.length > 0
      ? resolvePlain(branch, call)
      : { kind: 'nothing_offered' };
  }
  const hasMore = branch.days.length + branch.times.length > 0;
  const readings = hasMore
    ? resolvePlain(withEveryWeekday(branch), { ...call, isFollowed: false })
    : [{ part: { days: null, spans: null, starts: null } }];
  const fitting = readings
    .map(({ part }) => spoken.filter((at) => includes(asSet(part, call.zone), at)))
    .filter((starts) => starts.length > 0);
  if (fitting.length === 0)
    return nth === undefined
      ? resolvePlain(branch, call)
      : hasMore
        ? []
        : { kind: 'no_such_option', count: spoken.length };
  const chosen = fitting.map((starts) =>
    nth === undefined ? starts : starts.slice(nth > 0 ? nth - 1 : nth).slice(0, 1),
  );
  if (chosen.some((starts) => starts.length === 0))
    return { kind: 'no_such_option', count: Math.max(...fitting.map(({ length }) => length)) };
  return chosen.map((starts) => ({ part: startsOnly(starts), isChoice: true }));
}

function resolveMove(by: Move, times: readonly Time[], viewing: number, call: Call): Reading[] {
  const { zone, days } = call;
  if (by.minutes !== undefined)
    return times.length > 0 ? [] : [{ part: startsOnly([viewing + by.minutes * MINUTE_MS]) }];
  const day = later(days.viewing ?? 0, by);
  if (times.length === 0) {
    if (by.isDayOnly) return [{ part: { days: [day], spans: null, starts: null } }];
    return [{ part: startsOnly([instantIn(zone, day, minuteOfDay(viewing, zone))]) }];
  }
  return timesOn([day], times, call).map(({ spans, near }) => ({
    part: { days: [day], spans, starts: null, near },
  }));
}

function resolvePlain(branch: Branch, call: Call): Reading[] {
  const { days, times, isAny } = branch;
  if (days.length === 0 && times.length === 0) {
    // "not noon" leaves the rest of the day that was spoken of.
    const day = isAny || !call.isFollowed || call.mode === 'wish' ? null : dayOfCall(call);
    return [{ part: { days: day === null ? null : [day], spans: null, starts: null } }];
  }
  if (days.length === 0 && !isAny) return followCall(times, call);
  const dayReadings: readonly (DayReading | null)[] =
    days.length === 0 ? [null] : resolveDays(days, call.days);
  return dayReadings.flatMap((reading): Reading[] => {
    const meant = reading?.days ?? null;
    const clash = reading?.clash;
    if (times.length === 0) return [{ part: { days: meant, spans: null, starts: null }, clash }];
    return timesOn(clash ?? meant, times, call).map(({ spans, near }) => ({
      part: { days: meant, spans, starts: null, near },
      clash,
    }));
  });
}

/** A time without a day is of the day last offered or spoken of; in a move, of the viewing's own. */
function followCall(times: readonly Time[], call: Call): Reading[] {
  const { context, zone, mode } = call;
  const anyDay = (): Reading[] =>
    timesOn(null, times, call).map(({ spans, near }) => ({
      part: { days: null, spans, starts: null, near },
    }));
  const isExact = times.some(({ kind }) => kind === 'clock' || kind === 'same');
  if (!call.isFollowed || (mode === 'wish' && !isExact)) return anyDay();
  const { offered, spokenDays = [] } = context;
  if (isExact && mode === 'start' && spokenDays.length === 0) {
    const meant = anyDay();
    const named = offered.all.filter((at) => meant.some(({ part }) => includes(asSet(part, zone), at)));
    const spoken = named.filter((at) => offered.spoken.includes(at));
    const [only, ...others] = spoken.length > 0 ? spoken : named;
    if (only !== undefined) return [only, ...others].map((at) => ({ part: startsOnly([at]) }));
  }
  const day = dayOfCall(call);
  if (day === null) return anyDay();
  return timesOn([day], times, call).map(({ spans, near }) => ({
    part: { days: [day], spans, starts: null, near },
  }));
}

/**
 * The one day that was last offered or spoken of; in a move without either, the viewing's own. If another viewing was
 * spoken of than the one that moves, either day may be meant.
 */
function dayOfCall({ context, zone, days }: Call): number | null {
  const { offered, spokenDays = [] } = context;
  const spoken =
    spokenDays.length > 0
      ? [...spokenDays.map(toDayNumber), ...(days.viewing === null ? [] : [days.viewing])]
      : offered.spoken.map((at) => toDayNumber(localDate(at, zone)));
  const [day, ...others] = new Set(spoken);
  return others.length > 0 ? null : (day ?? days.viewing);
}

function timesOn(days: readonly number[] | null, times: readonly Time[], call: Call): TimeReading[] {
  const { schedule } = call.context;
  const weekdays = days ? [...new Set(days.slice(0, 14).map(weekdayOf))] : [0, 1, 2, 3, 4, 5, 6];
  return resolveTimes(times, {
    now: minuteOfDay(call.context.now, call.zone),
    viewing: call.viewing === null ? null : minuteOfDay(call.viewing, call.zone),
    isOpen: (minute) =>
      call.zone === schedule.timeZone && weekdays.some((weekday) => isOpenOn(schedule, weekday, minute)),
  });
}

function isOpenOn({ hours }: Schedule, weekday: number, minute: number): boolean {
  const name = WEEKDAYS[weekday];
  return (
    name !== undefined &&
    (hours[name] ?? []).some(
      ([from, to]) => (minutesOf(from) ?? 0) <= minute && minute < (minutesOf(to) ?? 0),
    )
  );
}
