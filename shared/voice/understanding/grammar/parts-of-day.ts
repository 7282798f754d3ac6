// Parts of the day: "late afternoon", "before lunch", "tonight", "later today", "mañana temprano".
import type { Element, Minutes, Time } from './meaning.ts';
import { either, map, maybe, sequence, word } from './parser.ts';
import type { Rule } from './parser.ts';
import { DAY_END, partNamed } from './part-of-day-table.ts';
import type { Part } from './part-of-day-table.ts';
import { the } from './small-words.ts';

const partTime = ({ span: at, loose }: Part): Time => ({ kind: 'part', span: at, loose });

/** "late afternoon", "early in the morning", "en la mañana temprano" */
export const part: Rule<Time> = sequence(
  [
    maybe(either(word('on'), word('for'))),
    maybe(either(the, word('a'))),
    maybe(either(word('early'), word('late'), word('mid'))),
    maybe(word('on')),
    maybe(the),
    word('part'),
    maybe(either(word('early'), word('late'))),
    maybe(word('ish')),
  ],
  ([, , first, , , { text }, last]) => {
    if (first && last) return undefined;
    const which = first?.kind ?? last?.kind;
    const found = partNamed(which === undefined ? text : `${which}_${text}`);
    return found && partTime(found);
  },
);

const spanOf = (minutes: Minutes): Time => ({ kind: 'part', span: minutes, loose: [minutes] });
/** Before, after or until a part of the day. */
export const aroundPart: Rule<Time> = sequence(
  [
    either(
      word('after'),
      word('since'),
      word('before'),
      word('until'),
      word('by'),
      word('not_before'),
      word('not_after'),
    ),
    maybe(the),
    word('part'),
  ],
  ([relation, , { text }]) => {
    const found = partNamed(text);
    if (!found) return undefined;
    switch (relation.kind) {
      case 'after':
        return spanOf({ from: found.span.until, until: DAY_END });
      case 'since':
      case 'not_before':
        return spanOf({ from: found.span.from, until: DAY_END });
      case 'before':
        return spanOf({ from: 0, until: found.span.from });
      default:
        return undefined;
    }
  },
);

/** "first thing in the morning": before 10. */
export const firstThing: Rule<Time> = sequence(
  [
    word('first_thing'),
    maybe(
      sequence([maybe(word('on')), maybe(the), word('part', ({ text }) => text === 'morning')], () => true),
    ),
  ],
  () => spanOf({ from: 0, until: 10 * 60 }),
);

/** "tonight", "this morning", "esta tarde": a day and a part of it. */
export const partOfToday: Rule<Element> = either<Element>(
  map(word('today_part'), ({ text }) => today(text)),
  sequence([maybe(either(word('early'), word('late'))), maybe(word('on')), word('tonight')], ([which]) =>
    today(which ? `${which.kind}_evening` : 'evening'),
  ),
  sequence(
    [
      maybe(either(word('early'), word('late'))),
      word('this'),
      maybe(either(word('early'), word('late'))),
      word('part'),
    ],
    ([first, , second, { text }]) => {
      const which = first ?? second;
      return first && second ? undefined : today(which ? `${which.kind}_${text}` : text);
    },
  ),
);

/** "later today", "hoy mas tarde" */
const LATER_TODAY: Element = {
  kind: 'day_and_time',
  day: { kind: 'relative', days: 0 },
  time: { kind: 'soon', minutes: DAY_END },
};
const isToday = ({ value }: { readonly value: number }): boolean => value === 0;
/** "later today": from now to the end of the day. */
export const laterToday: Rule<Element> = either<Element>(
  sequence([word('later'), maybe(word('on')), word('relative_day', isToday)], () => LATER_TODAY),
  sequence(
    [word('relative_day', isToday), maybe(word('comma')), word('later'), maybe(word('on_end'))],
    () => LATER_TODAY,
  ),
  map(
    word('later', ({ text }) => text === '1'),
    () => LATER_TODAY,
  ),
);

/** "early tomorrow", "mañana temprano": early, or late, in the day. */
export const partAlone: Rule<Element> = map(either(word('early'), word('late')), ({ kind, text }) => {
  // "later" is later than something.
  if (text === '1') return undefined;
  const found = partNamed(`${kind}_day`);
  return found && { kind: 'time' as const, time: partTime(found) };
});

function today(name: string): Element | undefined {
  const found = partNamed(name);
  return found && { kind: 'day_and_time', day: { kind: 'relative', days: 0 }, time: partTime(found) };
}
