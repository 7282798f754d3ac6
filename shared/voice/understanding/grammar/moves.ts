// Counted from the viewing that moves: "an hour later", "push it back two days", "the next day".
import { distance, minutesLong } from './distances.ts';
import type { Element, Move } from './meaning.ts';
import { either, map, maybe, rule, sequence, word } from './parser.ts';
import type { Rule } from './parser.ts';
import { oneUnit, the } from './small-words.ts';

type Way = 'later' | 'earlier';
const way: Rule<Way> = either<Way>(
  map(word('later'), () => 'later' as const),
  map(word('earlier'), () => 'earlier' as const),
);
const verb: Rule<Way> = either<Way>(
  map(word('push_back'), () => 'later' as const),
  map(word('bring_forward'), () => 'earlier' as const),
);

/** "an hour later", "push it back two days": counted from the viewing that moves. */
export const moved: Rule<Element> = rule(() =>
  either<Element>(
    sequence([either<Move>(distance, minutesAway), way], ([by, direction]) => movedBy(by, direction)),
    sequence([verb, maybe(word('by')), either<Move>(distance, minutesAway)], ([direction, , by]) =>
      movedBy(by, direction),
    ),
    sequence([way, either<Move>(distance, minutesAway)], ([direction, by]) => movedBy(by, direction)),
  ),
);
const minutesAway: Rule<{ readonly minutes: number }> = map(minutesLong, (minutes) => ({ minutes }));

function movedBy(by: Move, direction: Way): Element | undefined {
  if (by.spread !== undefined || by.alternativeDays !== undefined) return undefined;
  const sign = direction === 'later' ? 1 : -1;
  return {
    kind: 'moved',
    by: {
      ...(by.days !== undefined && { days: sign * by.days }),
      ...(by.months !== undefined && { months: sign * by.months }),
      ...(by.minutes !== undefined && { minutes: sign * by.minutes }),
    },
  };
}

/** "the next day", "the day before" */
export const dayBeforeAfter: Rule<Element> = either<Element>(
  sequence([maybe(the), either(word('next'), word('following')), oneUnit('day')], () => movedDays(1)),
  sequence([maybe(the), oneUnit('day'), either(word('after'), word('later'), word('next'))], () =>
    movedDays(1),
  ),
  sequence([maybe(the), oneUnit('day'), either(word('before'), word('earlier'))], () => movedDays(-1)),
);
const movedDays = (days: number): Element => ({ kind: 'moved', by: { days, isDayOnly: true } });
