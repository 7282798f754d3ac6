// What is asked for when times are to be offered: a set of times, of which the free ones are.
import { localDate } from '../../scheduling/zone.ts';
import { toDate, toDayNumber } from './calendar/calendar-days.ts';
import { readIsoTime } from './words/iso-time.ts';
import { judgeSet } from './calendar/judge-times.ts';
import type { Phrase, Time } from './grammar/meaning.ts';
import { readPhrase } from './grammar/read-phrase.ts';
import { toZone } from './words/zone-names.ts';
import type { ReadingContext, Unbookable, WantedTimes, WishResult } from './reading.ts';
import { resolvePhrase } from './calendar/resolve-phrase.ts';
import type { Unresolved } from './calendar/resolve-phrase.ts';
import { onlyStart, startsOnly } from './calendar/time-sets.ts';
import type { TimeSet } from './calendar/time-sets.ts';
import { toWanted } from './calendar/wanted-times.ts';

/** What a caller would like, in words. */
export interface WishWords {
  /** `preferred_date`, as a caller or a model gave it. */
  readonly date?: string;
  /** `part_of_day`. */
  readonly partOfDay?: string;
}

/** The times that the words ask for; each narrows the other. Without words: all. */
export function readWish({ date, partOfDay }: WishWords, context: ReadingContext): WishResult {
  const part = partOfDay === undefined ? ANY_PART : readPartOfDay(partOfDay, context);
  if (part === null) return { kind: 'unread', words: [partOfDay ?? ''] };
  const read = readDate(date, context);
  if (read.kind === 'unread') return read;

  let sets: TimeSet[] = [];
  let unresolved: Unresolved | null = null;
  let { order } = part;
  for (const phrase of read.phrases) {
    // The soonest of the latest is asked about.
    if (phrase.order !== null && part.order !== null && phrase.order !== part.order) continue;
    const narrowed = {
      ...phrase,
      branches: phrase.branches.map((branch) => ({ ...branch, times: [...branch.times, ...part.times] })),
    };
    const resolved = resolvePhrase(narrowed, context, 'wish');
    if (Array.isArray(resolved)) sets.push(...resolved);
    else unresolved ??= resolved;
    order ??= phrase.order;
  }
  // "the second" is rather a day here.
  if (sets.some((set) => !set.isChoice)) sets = sets.filter((set) => !set.isChoice);
  if (sets.length === 0) return unresolved ?? { kind: 'unread', words: [] };
  return decide(sets, order, context);
}

const ANY: Phrase = {
  branches: [{ days: [], times: [], fromNow: [], moved: [], nth: [], isAmong: false, isAny: true }],
  exceptions: [],
  zones: null,
  order: null,
  isAccepted: false,
};

function readDate(text: string | undefined, context: ReadingContext): ReturnType<typeof readPhrase> {
  if (text === undefined) return { kind: 'read', phrases: [ANY] };
  const zone = context.schedule.timeZone;
  const iso = readIsoTime(text, zone);
  if (iso === null) return readPhrase(text, context.propertyAddress ?? null);
  if (iso.kind === 'date') return readPhrase(iso.date);
  // Here a model means the local day or time that it writes.
  const at = new Date(iso.at).toISOString();
  return readPhrase(`${at.slice(0, 10)} ${at.slice(11, 16)} utc`);
}

/** What `part_of_day` narrows times to. */
interface PartOfDay {
  readonly times: readonly Time[];
  readonly order: WantedTimes['order'];
}
const ANY_PART: PartOfDay = { times: [], order: null };

/** The part of the day in any words, on the manager's clock; no times for "any"; null if some of it is not read, or says more. */
function readPartOfDay(text: string, { propertyAddress, schedule }: ReadingContext): PartOfDay | null {
  const read = readPhrase(text, propertyAddress ?? null);
  const [phrase, ...others] = read.kind === 'read' ? read.phrases : [];
  const [branch, ...more] = phrase?.branches ?? [];
  if (!phrase || !branch || others.length + more.length + phrase.exceptions.length > 0) return null;
  const own = schedule.timeZone.toLowerCase();
  if (phrase.zones?.some((name) => toZone(name, own)?.toLowerCase() !== own) || phrase.isAccepted)
    return null;
  if (
    branch.days.length + branch.fromNow.length + branch.moved.length + branch.nth.length > 0 ||
    branch.isAmong
  )
    return null;
  return { times: branch.times, order: phrase.order };
}

function decide(
  sets: readonly TimeSet[],
  order: WantedTimes['order'],
  { schedule, now }: ReadingContext,
): WishResult {
  const zone = schedule.timeZone;
  const agreed = sets.filter((set) => !set.clash);
  if (agreed.length === 0) {
    const today = toDayNumber(localDate(now, zone));
    const days = sets.flatMap((set) => set.clash ?? []).filter((day) => day >= today);
    const both = sets.map((set) => ({ ...set, parts: set.parts.map((part) => ({ ...part, days })) }));
    return { kind: 'which_day', days: [...new Set(days)].map(toDate), wanted: toWanted(both, order, zone) };
  }
  const possible: TimeSet[] = [];
  const dropped: { reason: Unbookable; at: number; set: TimeSet }[] = [];
  for (const set of agreed) {
    const refusal = judgeSet(singleAsStart(set), schedule, now);
    if (refusal) dropped.push({ ...refusal, set });
    else possible.push(set);
  }
  if (possible.length > 0) return { kind: 'wanted', wanted: toWanted(possible, order, zone) };
  const [nearest] = dropped.sort((a, b) => Math.abs(a.at - now) - Math.abs(b.at - now));
  const wanted = toWanted(agreed, order, zone);
  if (nearest && (nearest.reason === 'past' || nearest.reason === 'horizon')) {
    return { kind: 'refused', reason: nearest.reason, at: nearest.at, wanted };
  }
  // Closed, or too soon: the nearest free times are told.
  return { kind: 'wanted', wanted };
}

/** One start may be off the grid: then the nearest are offered, and no other reading. */
function singleAsStart(set: TimeSet): TimeSet {
  const at = onlyStart(set);
  return at === null ? set : { ...set, parts: [startsOnly([at])] };
}
