import { HOUR_MS } from '../core/duration.ts';
import type { PartOfDay, Slot } from './schedule.ts';
import { localDate, minuteOfDay } from './zone.ts';

/** How many slots a line names: a listener cannot keep more in mind. */
export const MAX_SPOKEN = 3;
const MAX_PRESENTED = 10;
/** Spoken times closer than this sound like one, 11:30 and 12 PM say, though one is the morning's and one the afternoon's. */
const MIN_SPOKEN_GAP_MS = 2 * HOUR_MS;

/** Where each part of the day begins and ends, in minutes from midnight. */
export const PARTS_OF_DAY = {
  morning: { from: 0, to: 12 * 60 },
  afternoon: { from: 12 * 60, to: 17 * 60 },
  evening: { from: 17 * 60, to: 24 * 60 },
} as const satisfies Record<PartOfDay, { from: number; to: number }>;

/**
 * @param at epoch milliseconds
 * @param zone IANA name
 */
export function partOfDay(at: number, zone: string): PartOfDay {
  const minute = minuteOfDay(at, zone);
  if (minute < PARTS_OF_DAY.morning.to) return 'morning';
  return minute < PARTS_OF_DAY.afternoon.to ? 'afternoon' : 'evening';
}

/** What to read aloud of slots in order of time: up to three, the soonest among them, in order of time. */
export function chooseSpoken(slots: readonly Slot[], zone: string): Slot[] {
  return byTime(chooseVaried(slots, (slot) => dayAndPart(slot, zone)));
}

/** The spoken ones, and up to 10 in all with the soonest of the rest; both in order of time. */
export function presentSlots(slots: readonly Slot[], zone: string): { slots: Slot[]; spoken: Slot[] } {
  return padWithSoonest(chooseSpoken(slots, zone), slots);
}

/** The `count` slots nearest to a time, in order of time; of two as near, the earlier. */
export function nearestSlots(slots: readonly Slot[], at: number, count: number): Slot[] {
  return byTime(rankBy(slots, ({ start }) => [Math.abs(start - at)]).slice(0, count));
}

/**
 * Up to three of slots ranked best first: the best, then the best of other groups that are well apart from those chosen;
 * where that gives too few, the ones of other groups, and then any, that are farthest from those chosen.
 */
export function chooseVaried(ranked: readonly Slot[], groupOf: (slot: Slot) => string): Slot[] {
  const chosen: Slot[] = [];
  const groups = new Set<string>();
  const choose = (slot: Slot): void => {
    chosen.push(slot);
    groups.add(groupOf(slot));
  };
  for (const slot of ranked) {
    if (chosen.length === MAX_SPOKEN) return chosen;
    if (distance(slot, chosen) >= MIN_SPOKEN_GAP_MS && !groups.has(groupOf(slot))) choose(slot);
  }
  while (chosen.length < MAX_SPOKEN) {
    const left = ranked.filter((slot) => !chosen.includes(slot));
    const others = left.filter((slot) => !groups.has(groupOf(slot)));
    const [farthest] = rankBy(others.length > 0 ? others : left, (slot) => [-distance(slot, chosen)]);
    if (!farthest) return chosen;
    choose(farthest);
  }
  return chosen;
}

/** `spoken` with the first of `ranked` that are not among them; both in order of time. */
export function padWithSoonest(
  spoken: readonly Slot[],
  ranked: readonly Slot[],
): { slots: Slot[]; spoken: Slot[] } {
  const rest = ranked.filter((slot) => !spoken.includes(slot)).slice(0, MAX_PRESENTED - spoken.length);
  return { slots: byTime([...spoken, ...rest]), spoken: byTime(spoken) };
}

/** Least first by the first number that differs, then the earlier. */
export function rankBy(slots: readonly Slot[], weigh: (slot: Slot) => readonly number[]): Slot[] {
  const weighed = slots.map((slot) => ({ slot, weights: [...weigh(slot), slot.start] }));
  weighed.sort((a, b) => {
    const i = a.weights.findIndex((weight, k) => weight !== b.weights[k]);
    return (a.weights[i] ?? 0) - (b.weights[i] ?? 0);
  });
  return weighed.map(({ slot }) => slot);
}

function dayAndPart({ start }: Slot, zone: string): string {
  return `${localDate(start, zone)} ${partOfDay(start, zone)}`;
}

function distance(slot: Slot, others: readonly Slot[]): number {
  return Math.min(...others.map(({ start }) => Math.abs(slot.start - start)));
}

function byTime(slots: readonly Slot[]): Slot[] {
  return [...slots].sort((a, b) => a.start - b.start);
}
