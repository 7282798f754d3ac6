// Which times of the day are meant; where words have more than one reading, each is a list of its own.
import type { Minutes, Time, WindowReading } from '../grammar/meaning.ts';

const DAY_MINUTES = 24 * 60;

/** One reading: any time within these spans. */
export interface TimeReading {
  readonly spans: readonly Minutes[];
  readonly near?: number;
}

/** What times are read against. Minutes count from midnight of the zone that is meant. */
export interface TimeContext {
  /** Minute of the day that it is now. */
  readonly now: number;
  /** Minute of the day at which the viewing that moves begins. */
  readonly viewing: number | null;
  /** Whether viewings may be had at this minute of the days that are meant. */
  readonly isOpen: (minute: number) => boolean;
}

/** Whether minutes are one start and no window: a start is one minute long. */
export function isStart({ from, until }: Minutes): boolean {
  return until - from === 1;
}
const startAt = (minute: number): Minutes => ({ from: minute, until: minute + 1 });

/** What all of these have in common; no reading if they have nothing. */
export function resolveTimes(times: readonly Time[], context: TimeContext): TimeReading[] {
  const parts = times.filter((time) => time.kind === 'part');
  let readings: TimeReading[] | null = null;
  for (const time of times) {
    if (time.kind === 'part') continue;
    const more = readingsOf(
      time,
      parts.map(({ loose }) => loose),
      context,
    );
    readings = readings ? meet(readings, more) : more;
  }
  for (const { span } of parts) {
    const own = [{ spans: [span] }];
    if (!readings) readings = own;
    // Beside a start the part has told AM from PM already: "tomorrow evening at 5".
    else if (!readings.every(({ spans }) => spans.every(isStart))) readings = meet(readings, own);
  }
  return (readings ?? []).map(({ spans, near }) => ({ spans: spans.map(withinDay), near }));
}

/** "by midnight" and "later today" end with the day. */
function withinDay({ from, until }: Minutes): Minutes {
  return { from, until: Math.min(until, DAY_MINUTES) };
}

function readingsOf(
  time: Exclude<Time, { kind: 'part' }>,
  loose: readonly (readonly Minutes[])[],
  { now, viewing, isOpen }: TimeContext,
): TimeReading[] {
  switch (time.kind) {
    case 'same':
      return viewing === null ? [] : [{ spans: [startAt(viewing)] }];
    case 'soon':
      return [{ spans: [{ from: now, until: now + time.minutes + 1 }] }];
    case 'clock':
      return time.minutes
        .filter((minute) =>
          loose.every((spans) => spans.some(({ from, until }) => from <= minute && minute < until)),
        )
        .map((minute) => ({ spans: [startAt(minute)] }));
    case 'window':
      return openBounds(
        time.readings.filter(
          ({ bounds }) =>
            bounds.every((minute) => loose.every((spans) => isWithin(minute, spans))) ||
            time.readings.length === 1,
        ),
        isOpen,
      ).map(({ from, until, near }) => ({ spans: [{ from, until }], near }));
  }
}

const isWithin = (minute: number, spans: readonly Minutes[]): boolean =>
  spans.some(({ from, until }) => from <= minute && minute <= until);

/** "after 5" is after 5 in the afternoon if nobody is shown around at 5 in the morning. */
function openBounds(
  readings: readonly WindowReading[],
  isOpen: (minute: number) => boolean,
): readonly WindowReading[] {
  if (readings.length < 2) return readings;
  const open = readings.map(({ bounds }) => bounds.filter(isOpen).length);
  const most = Math.max(...open);
  if (most > 0) return readings.filter((_, i) => open[i] === most);
  // Nobody is shown around at 5 in the morning nor, if the day ends at 5, after that. The bound near the open hours is meant.
  const away = readings.map(({ bounds }) =>
    Math.min(...bounds.map((minute) => minutesToOpen(minute, isOpen))),
  );
  return readings.filter((_, i) => away[i] === Math.min(...away));
}

/** How far the nearest open time is, in minutes of that day, to 5 minutes; `DAY_MINUTES` if there is none. */
function minutesToOpen(minute: number, isOpen: (minute: number) => boolean): number {
  for (let away = 0; away < DAY_MINUTES; away += 5) {
    const isInDay = (other: number): boolean => other >= 0 && other < DAY_MINUTES && isOpen(other);
    if (isInDay(minute - away) || isInDay(minute + away)) return away;
  }
  return DAY_MINUTES;
}

function meet(readings: readonly TimeReading[], more: readonly TimeReading[]): TimeReading[] {
  return readings.flatMap((one) =>
    more.flatMap((other) => {
      const spans = one.spans.flatMap((a) =>
        other.spans.flatMap((b) => {
          const from = Math.max(a.from, b.from);
          const until = Math.min(a.until, b.until);
          return from < until ? [{ from, until }] : [];
        }),
      );
      return spans.length > 0 ? [{ spans, near: one.near ?? other.near }] : [];
    }),
  );
}
