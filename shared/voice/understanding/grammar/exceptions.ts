// What is ruled out: "not Monday", "except mornings or Fridays", "not Monday but Tuesday".
import type { Element } from './meaning.ts';
import { either, map, maybe, rule, sequence, word } from './parser.ts';
import type { Rule } from './parser.ts';

/** "not", and what it rules out. @param item one thing that may be said */
export function exceptionsOf(item: Rule<Element>): Rule<Element> {
  /** One thing, or several with "or" or "and" before the last of them. */
  const except: Rule<readonly Element[]> = rule(() =>
    sequence([maybe(word('not')), some(item)], ([, elements]) => elements),
  );
  return sequence(
    // "not Monday but Tuesday": what comes behind the "but" is meant.
    [
      either(word('not'), word('except')),
      maybe(word('not')),
      except,
      maybe(restOf(except)),
      maybe(sequence([maybe(word('comma')), word('but')], () => true)),
    ],
    ([, , first, more]) => ({ kind: 'except', groups: [first, ...(more ?? [])] }),
  );
}

function restOf(except: Rule<readonly Element[]>): Rule<readonly (readonly Element[])[]> {
  const last: Rule<readonly (readonly Element[])[]> = sequence(
    [maybe(word('comma')), either(word('or'), word('and')), maybe(word('not')), except],
    ([, , , group]) => [group],
  );
  const more: Rule<readonly (readonly Element[])[]> = rule(() =>
    either<readonly (readonly Element[])[]>(
      last,
      sequence([word('comma'), except, more], ([, group, others]) => [group, ...others]),
    ),
  );
  return more;
}

/** One or two items in a row: "Monday morning". */
function some(one: Rule<Element>): Rule<readonly Element[]> {
  return either(
    map(one, (element) => [element]),
    sequence([one, one], ([first, second]) => [first, second]),
  );
}
