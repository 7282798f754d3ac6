// A whole phrase, cut into the things it says. Every word has its place in one of them; where it may be cut in more than
// one way, the cuts of the fewest pieces count, and all of those.
import { among, nth, order } from './choices.ts';
import { correctingNo, correction } from './corrections.ts';
import { dayItem, unlikelyDayItem } from './days.ts';
import { additionsOf, exceptionsOf } from './exceptions.ts';
import { hoursFromNow, withinHours } from './hours-from-now.ts';
import type { Element } from './meaning.ts';
import { moved } from './moves.ts';
import { either, map, maybe, rule, sequence, word } from './parser.ts';
import type { Lattice, Rule } from './parser.ts';
import { partNamed } from './part-of-day-table.ts';
import { laterToday, partAlone, partOfToday } from './parts-of-day.ts';
import { timeItem } from './times.ts';

const the = maybe(word('the'));

const zone: Rule<Element> = sequence(
  [maybe(word('in')), the, word('zone'), maybe(word('time_word'))],
  ([, , { text }]) => ({ kind: 'zone', zones: [text] }),
);

/** "tomorrow am", "Friday pm" */
const dayHalf: Rule<Element> = sequence([dayItem, either(word('am'), word('pm'))], ([element, { kind }]) => {
  const half = partNamed(kind);
  return element.kind === 'day' && half
    ? { kind: 'day_and_time', day: element.day, time: { kind: 'part', span: half.span, loose: half.loose } }
    : undefined;
});

const item: Rule<Element> = rule(() =>
  either<Element>(
    dayItem,
    timeItem,
    partOfToday,
    laterToday,
    partAlone,
    dayHalf,
    hoursFromNow,
    withinHours,
    moved,
    nth,
    among,
    zone,
    order,
    map(word('any'), ({ text }) => ({ kind: 'any', isOfDay: text === '1' })),
    map(word('accept'), () => ({ kind: 'accept' })),
  ),
);

const FILLER: Element = { kind: 'filler' };
const filler: Rule<Element> = either<Element>(
  map(word('filler'), () => FILLER),
  // The home, and what any home has: "for the 2 bedroom"
  sequence([maybe(either(word('for'), word('at'), word('of'), word('on'))), the, word('home')], () => FILLER),
  sequence(
    [
      maybe(either(word('for'), word('at'), word('of'), word('on'))),
      the,
      maybe(word('a')),
      word('number'),
      word('room'),
      maybe(word('filler', ({ text }) => text === '0')),
    ],
    () => FILLER,
  ),
);

const exceptions = either(exceptionsOf(item), additionsOf(item));

const mark = (kind: 'or' | 'and' | 'comma'): Rule<Element> => map(word(kind), () => ({ kind }));

const KINDS: readonly (readonly [rule: Rule<Element>, cost: (element: Element) => number])[] = [
  [item, () => 1],
  [unlikelyDayItem, () => 2],
  [
    exceptions,
    (element) =>
      element.kind === 'except' || element.kind === 'but'
        ? element.groups.reduce((sum, group) => sum + group.length, 0.9)
        : 1,
  ],
  // Meaning goes before filler where both would do.
  [filler, () => 1.01],
  [either(mark('or'), mark('and'), correction), () => 0.5],
  // "at 3 no at 4" may rule out the 4 as well as the 3.
  [correctingNo, () => 0.9],
  [mark('comma'), () => 0],
];

interface Cut {
  readonly cost: number;
  /** The pieces that end here, each with where it begins. */
  readonly last: readonly { readonly element: Element; readonly start: number }[];
}

const MAX_CUTS = 24;
const CLOSE = 1e-6;

/** The cheapest ways to cut the whole phrase into elements; none if some of it has no place in any. */
export function cutPhrase(lattice: Lattice): readonly (readonly Element[])[] {
  const cuts = new Array<Cut | undefined>(lattice.length + 1);
  cuts[0] = { cost: 0, last: [] };
  for (let start = 0; start < lattice.length; start++) {
    const here = cuts[start];
    if (!here) continue;
    for (const [piece, costOf] of KINDS) {
      for (const { value: element, end } of piece(lattice, start)) {
        const cost = here.cost + costOf(element);
        const known = cuts[end];
        if (!known || cost < known.cost - CLOSE) cuts[end] = { cost, last: [{ element, start }] };
        else if (cost <= known.cost + CLOSE)
          cuts[end] = { cost: known.cost, last: [...known.last, { element, start }] };
      }
    }
  }
  return pathsTo(cuts, lattice.length);
}

function pathsTo(cuts: readonly (Cut | undefined)[], end: number): (readonly Element[])[] {
  if (end === 0) return [[]];
  const paths: (readonly Element[])[] = [];
  const seen = new Set<string>();
  for (const { element, start } of cuts[end]?.last ?? []) {
    const key = `${start} ${JSON.stringify(element)}`;
    if (seen.has(key)) continue;
    seen.add(key);
    for (const path of pathsTo(cuts, start)) {
      paths.push([...path, element]);
      // More than these is no longer a phrase that can be told apart.
      if (paths.length > MAX_CUTS) return paths;
    }
  }
  return paths;
}
