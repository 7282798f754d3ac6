// Days counted from another day: "a week from Thursday", "two days after Christmas", "del lunes en ocho".
import { countedFrom, negate } from './days-from-now.ts';
import { distance } from './distances.ts';
import type { Day, Distance } from './meaning.ts';
import { either, map, maybe, sequence, word } from './parser.ts';
import type { Rule } from './parser.ts';
import { singleDay } from './single-day.ts';
import { number, oneUnit, the } from './small-words.ts';
import { weekday } from './weekdays.ts';

/** "en ocho" and "en quince" are one and two weeks. */
const eightOrFifteen: Rule<Distance> = map(number, ({ value }) =>
  value === 8 ? { days: 7 } : value === 15 ? { days: 14 } : undefined,
);

const dayUnit = sequence([maybe(the), oneUnit('day')], () => ({ days: 1 }));
/** "a week from Thursday", "two days after Christmas", "del lunes en ocho" */
export const shifted: Rule<Day> = either<Day>(
  sequence([either(distance, dayUnit), either(word('after'), countedFrom), singleDay], ([by, , day]) => ({
    kind: 'shift',
    by,
    of: day,
  })),
  sequence([distance, word('on'), singleDay], ([by, , day]) =>
    by.days === 7 || by.days === 14 ? { kind: 'shift', by, of: day } : undefined,
  ),
  sequence([either(distance, dayUnit), word('before'), singleDay], ([by, , day]) => ({
    kind: 'shift',
    by: negate(by),
    of: day,
  })),
  sequence([word('from'), singleDay, word('in'), either(distance, eightOrFifteen)], ([, day, , by]) => ({
    kind: 'shift',
    by,
    of: day,
  })),
  sequence([weekday, oneUnit('week')], ([day]) =>
    day.kind === 'weekday' && day.which === 'bare' ? { kind: 'shift', by: { days: 7 }, of: day } : undefined,
  ),
);
