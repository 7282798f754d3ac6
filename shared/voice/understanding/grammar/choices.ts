// Which of those offered: "the second one", "option two", "la ultima", "the later one"; "first available".
import type { Element } from './meaning.ts';
import { either, map, maybe, sequence, word } from './parser.ts';
import type { Rule } from './parser.ts';

const the = maybe(word('the'));

/** "the second one", "option two", "la ultima", "the later one" */
export const nth: Rule<Element> = either<Element>(
  sequence(
    [
      maybe(word('for')),
      the,
      maybe(word('a')),
      word('ordinal'),
      maybe(either(word('one'), word('time_word'))),
    ],
    ([, , , { value }]) => (value <= 10 ? { kind: 'nth', place: { n: value } } : undefined),
  ),
  sequence([the, word('option'), either(word('number'), word('ordinal'))], ([, , { value }]) =>
    value >= 1 && value <= 10 ? { kind: 'nth', place: { n: value } } : undefined,
  ),
  sequence([the, word('ordinal'), word('option')], ([, { value }]) =>
    value <= 10 ? { kind: 'nth', place: { n: value } } : undefined,
  ),
  sequence([the, word('last'), word('one')], () => ({ kind: 'nth', place: { n: -1 } })),
  sequence([word('the'), word('last')], () => ({ kind: 'nth', place: { n: -1 } })),
  sequence([the, either(word('later'), word('latest')), word('one')], () => ({
    kind: 'nth',
    place: { n: -1, isByTime: true },
  })),
  sequence([word('the'), word('later')], () => ({ kind: 'nth', place: { n: -1, isByTime: true } })),
  sequence([the, either(word('earlier'), word('soonest'), word('next')), word('one')], () => ({
    kind: 'nth',
    place: { n: 1, isByTime: true },
  })),
  sequence([word('the'), word('earlier')], () => ({ kind: 'nth', place: { n: 1, isByTime: true } })),
);

/** "the one", "la del": one of those offered, which other words tell apart. */
export const among: Rule<Element> = either<Element>(
  sequence([the, word('one')], () => ({ kind: 'among' })),
  map(word('one_of'), () => ({ kind: 'among' })),
);

/** "first available", "the latest you have" */
export const order: Rule<Element> = either<Element>(
  sequence([maybe(either(word('on'), word('for'), word('at'))), word('soonest')], () => ({
    kind: 'order',
    order: 'soonest',
  })),
  map(word('latest'), () => ({ kind: 'order', order: 'latest' })),
);
