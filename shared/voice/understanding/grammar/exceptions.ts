// What is ruled out: "not Monday", "except mornings or Fridays", "not Monday but Tuesday". And what a "but" adds: "but at two".
import type { Element } from './meaning.ts';
import { either, map, maybe, rule, sequence, word } from './parser.ts';
import type { Rule } from './parser.ts';
import type { Lexeme } from '../words/lexeme.ts';

/** "not", and what it rules out. @param item one thing that may be said */
export function exceptionsOf(item: Rule<Element>): Rule<Element> {
  /** One thing, or several with "or" or "and" before the last of them. */
  const except: Rule<readonly Element[]> = rule(() =>
    sequence([maybe(word('not')), some(item)], ([, elements]) => elements),
  );
  const not: Rule<unknown> = either<unknown>(
    word('not'),
    word('except', (lexeme) => !isBut(lexeme)),
    sequence([word('except', isBut), word('not')], () => null),
  );
  return either<Element>(
    sequence(
      // "not Monday but Tuesday": what comes behind the "but" is meant.
      [
        not,
        maybe(word('not')),
        except,
        maybe(restOf(except)),
        maybe(sequence([maybe(word('comma')), word('but')], () => true)),
      ],
      ([, , first, more]) => ({ kind: 'except', groups: [first, ...(more ?? [])] }),
    ),
    sequence([word('except', isBut), some(item), maybe(restOf(except))], ([, first, more]) => ({
      kind: 'but',
      groups: [first, ...(more ?? [])],
      mayRuleOut: true,
    })),
  );
}

/** "but" alone: "any day but Monday". */
const isBut = ({ text }: Lexeme): boolean => text === '1';

/** "Friday, but at two", "el viernes, pero a las dos". @param item one thing that may be said */
export function additionsOf(item: Rule<Element>): Rule<Element> {
  return sequence([word('but'), some(item)], ([, elements]) => ({
    kind: 'but',
    groups: [elements],
    mayRuleOut: false,
  }));
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
