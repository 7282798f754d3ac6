// Early, mid, late and the rest: "early next week", "late December", "fin de mes".
import type { Day, PartOf } from './meaning.ts';
import { monthRefOrThe } from './months.ts';
import { either, map, maybe, sequence, word } from './parser.ts';
import type { Rule } from './parser.ts';
import { of, oneUnit, the } from './small-words.ts';
import { weeks } from './weeks.ts';

const partOf: Rule<PartOf> = either<PartOf>(
  map(either(word('early'), word('start_of')), () => 'early' as const),
  map(word('mid'), () => 'mid' as const),
  map(
    either(
      word('late'),
      word('end_of', ({ text }) => text === '0'),
    ),
    () => 'late' as const,
  ),
  map(word('rest_of'), () => 'rest' as const),
);
/** "early next week", "end of the week" */
export const partOfWeek: Rule<Day> = either<Day>(
  sequence(
    [maybe(word('at')), maybe(the), partOf, maybe(either(word('on'), of)), weeks],
    ([, , part, , n]) => ({ kind: 'week', weeks: n, part }),
  ),
  sequence([maybe(the), partOf, maybe(either(word('on'), of)), maybe(the), oneUnit('week')], ([, part]) => ({
    kind: 'week',
    weeks: 0,
    part,
  })),
  // "next week early", "la semana que viene temprano" is rather of the day: left to be asked.
);
/** "late December", "fin de mes" */
export const partOfMonth: Rule<Day> = either<Day>(
  sequence([maybe(the), partOf, maybe(of), monthRefOrThe], ([, part, , ref]) => ({
    kind: 'month',
    month: ref,
    part,
  })),
  // "fin de mes"; "fin de semana" is the weekend.
  sequence([maybe(either(the, word('al'))), word('end_of'), monthRefOrThe], ([, , ref]) => ({
    kind: 'month',
    month: ref,
    part: 'late',
  })),
);
