// Days: "next Tuesday", "el viernes 4", "the second Tuesday in December", "the week of December 7", "by Friday".
import { distance, isCount, monthsOf } from './distance-grammar.ts';
import type { CalendarDate, Day, Distance, Element, MonthRef, PartOf, Which } from './meaning.ts';
import { either, map, maybe, rule, sequence, word } from './parser.ts';
import type { Rule } from './parser.ts';

const the = word('the');
const of = word('of');
const comma = maybe(word('comma'));
const number = word('number');
const ordinal = word('ordinal');

/** Numbers and ordinals that may be a day of the month. */
const isDay = (value: number): boolean => Number.isInteger(value) && value >= 1 && value <= 31;
const dayNumber: Rule<number> = map(either(number, ordinal), ({ value, text }) =>
  isDay(value) && text.length < 3 ? value : undefined,
);

const year: Rule<number> = either<number>(
  map(number, ({ value, text }) => (text.length === 4 && value >= 1900 && value <= 2100 ? value : undefined)),
  // "July 20 10am" is no year: up to 12, the second number is an hour behind a day.
  sequence([number, number], ([century, rest]) =>
    century.value === 20 && century.length === 1 && rest.value > 12 && rest.value < 100
      ? 2000 + rest.value
      : undefined,
  ),
  sequence([number, word('thousand'), number], ([two, , rest]) =>
    two.value === 2 && rest.value < 100 ? 2000 + rest.value : undefined,
  ),
);
const behind: Rule<number | null> = maybe(
  sequence([maybe(either(word('comma'), word('dash'))), maybe(of), year], ([, , value]) => value),
);

const monthName: Rule<number> = map(word('month'), ({ value }) => value);
const date: Rule<Day> = either<Day>(
  sequence([monthName, maybe(of), maybe(the), dayNumber, behind], ([month, , , day, y]) =>
    dateOf(month, day, y),
  ),
  sequence(
    [
      maybe(the),
      maybe(word('day')),
      dayNumber,
      maybe(word('day')),
      maybe(either(of, word('dash'))),
      monthName,
      behind,
    ],
    ([, , day, , , month, y]) => dateOf(month, day, y),
  ),
  map(word('iso_date'), ({ text }) => {
    const [y = 0, month = 0, day = 0] = text.split('-').map(Number);
    return dateOf(month, day, y);
  }),
  map(word('slash_date'), ({ text }) => slashDate(text)),
  // In Spanish the day comes first.
  sequence([word('el'), word('slash_date')], ([, { text }]) => slashDate(text, true)),
  // "2-15", "el 3-3"; "2-4" is rather a span of hours.
  sequence([maybe(word('el')), number, word('dash'), number], ([el, first, , second]) =>
    el || first.value > 12 !== second.value > 12
      ? slashDate(`${first.value}/${second.value}`, el !== null)
      : undefined,
  ),
);

function dateOf(month: number, day: number, y: number | null): Day | undefined {
  return isCalendarDate(month, day, y) ? { kind: 'date', options: [{ month, day, year: y }] } : undefined;
}

/** February 29 is a date if no year was said. */
function isCalendarDate(month: number, day: number, y: number | null): boolean {
  if (month < 1 || month > 12 || day < 1) return false;
  return day <= new Date(Date.UTC(y ?? 2024, month, 0)).getUTCDate();
}

/** Month first or day first: both where both are dates. */
function slashDate(text: string, isDayFirst = false): Day | undefined {
  const [first = 0, second = 0, third] = text.split(/[/.-]/).map(Number);
  const y = third === undefined ? null : third < 100 ? 2000 + third : third;
  const options: CalendarDate[] = [];
  if (!isDayFirst && isCalendarDate(first, second, y)) options.push({ month: first, day: second, year: y });
  if ((isDayFirst || first !== second) && isCalendarDate(second, first, y))
    options.push({ month: second, day: first, year: y });
  return options.length > 0 ? { kind: 'date', options } : undefined;
}

/** "the 3rd", "4th", "el 4", "el dia 4", "el primero"; the 24 */
const numbered: Rule<Day> = either<Day>(
  map(ordinal, ({ value, text }) => (text !== '' && isDay(value) ? numberDay(value) : undefined)),
  sequence([the, maybe(word('day')), ordinal], ([, , { value }]) =>
    isDay(value) ? numberDay(value) : undefined,
  ),
  sequence([word('el'), maybe(word('day')), number], ([, , { value, text }]) =>
    isDay(value) && text.length < 3 ? numberDay(value) : undefined,
  ),
  sequence([the, number], ([, { value, text }]) =>
    isDay(value) && value > 12 && text.length < 3 ? numberDay(value) : undefined,
  ),
  sequence([word('day', ({ isPlural }) => !isPlural), number], ([, { value }]) =>
    isDay(value) ? numberDay(value) : undefined,
  ),
  map(ordinal, ({ value, text }) =>
    text === '' && isDay(value) && value > 10 ? numberDay(value) : undefined,
  ),
);
const numberDay = (day: number): Day => ({ kind: 'number', day });

const whichBefore: Rule<Which> = either<Which>(
  map(word('this'), () => 'this' as const),
  map(word('next'), () => 'next' as const),
  map(word('coming'), () => 'coming' as const),
  map(word('last'), () => 'last' as const),
  map(word('following'), () => 'following' as const),
);
const whichAfter: Rule<Which> = either<Which>(
  map(word('next'), () => 'next' as const),
  map(word('last'), () => 'last' as const),
  map(word('after_next'), () => 'after_next' as const),
);

const weekdayName: Rule<number> = map(
  word('weekday', ({ isPlural }) => !isPlural),
  ({ value }) => value,
);
const weekday: Rule<Day> = either<Day>(
  sequence([maybe(the), maybe(whichBefore), weekdayName], ([, which, day]) =>
    weekdayDay(day, which ?? 'bare'),
  ),
  sequence([maybe(the), weekdayName, whichAfter], ([, day, which]) => weekdayDay(day, which)),
);
const weekdayDay = (day: number, which: Which): Day => ({ kind: 'weekday', weekday: day, which });

/** "Friday the 4th", "viernes 4": the number must agree. */
const weekdayNumber: Rule<Day> = sequence(
  [
    weekday,
    comma,
    either(
      numbered,
      map(ordinal, ({ value }) => (isDay(value) ? numberDay(value) : undefined)),
      sequence([word('on'), numbered], ([, day]) => day),
    ),
  ],
  ([first, , second]) => ({ kind: 'all', days: [first, second] }),
);
/** "Friday 4" may be said of a day or of an hour; "viernes 4" is a day, for an hour has an article. */
const spanishWeekdayNumber: Rule<Day> = sequence(
  [maybe(the), maybe(whichBefore), word('weekday', ({ isSpanish }) => isSpanish), number],
  ([, which, { value: day }, { value, text }]) =>
    isDay(value) && text.length < 3
      ? { kind: 'all', days: [weekdayDay(day, which ?? 'bare'), numberDay(value)] }
      : undefined,
);
const weekdayBareNumber: Rule<Day> = sequence([weekday, number], ([first, { value, text }]) =>
  isDay(value) && text.length < 3 ? { kind: 'all', days: [first, numberDay(value)] } : undefined,
);
const weekdayDate: Rule<Day> = either<Day>(
  sequence([weekday, comma, maybe(word('on')), date], ([first, , , second]) => ({
    kind: 'all',
    days: [first, second],
  })),
  sequence([date, comma, weekday], ([first, , second]) => ({ kind: 'all', days: [second, first] })),
);

const relative: Rule<Day> = sequence([maybe(word('el')), word('relative_day')], ([, { value }]) => ({
  kind: 'relative',
  days: value,
}));
const now: Rule<Day> = map(word('now'), () => ({ kind: 'relative', days: 0 }));

const holiday: Rule<Day> = sequence(
  [maybe(the), maybe(either(word('this'), word('next'), word('coming'))), word('holiday'), behind],
  ([, , { text }, y]) => ({ kind: 'holiday', name: text, year: y }),
);

const oneUnit = (kind: 'day' | 'week' | 'month_unit' | 'weekend'): Rule<unknown> =>
  word(kind, ({ isPlural }) => !isPlural);

const weeks: Rule<number> = either<number>(
  sequence([maybe(the), word('this'), oneUnit('week')], () => 0),
  sequence([maybe(the), either(word('next'), word('coming'), word('following')), oneUnit('week')], () => 1),
  sequence([maybe(the), oneUnit('week'), word('next')], () => 1),
  sequence([maybe(the), oneUnit('week'), word('after_next')], () => 2),
  sequence([maybe(the), word('last'), oneUnit('week')], () => -1),
  sequence([maybe(the), oneUnit('week'), word('last')], () => -1),
);
const week: Rule<Day> = either<Day>(
  map(weeks, (n) => ({ kind: 'week', weeks: n, part: 'whole' })),
  sequence([word('whole'), maybe(the), oneUnit('week')], () => ({ kind: 'week', weeks: 0, part: 'rest' })),
);
const weekOf: Rule<Day> = sequence(
  [
    maybe(the),
    oneUnit('week'),
    maybe(word('of')),
    rule(() => either(date, numbered, holiday, weekdayNumber, weekdayDate)),
  ],
  ([, , , day]) => ({ kind: 'week_of', day }),
);

const weekend: Rule<Day> = either<Day>(
  sequence([maybe(the), maybe(whichBefore), oneUnit('weekend')], ([, which]) => ({
    kind: 'weekend',
    which: which ?? 'bare',
  })),
  sequence([maybe(the), oneUnit('weekend'), whichAfter], ([, , which]) => ({ kind: 'weekend', which })),
);

const monthRef: Rule<MonthRef> = either<MonthRef>(
  sequence(
    [maybe(the), maybe(either(word('this'), word('next'), word('coming'))), monthName, behind],
    ([, , month, y]) => ({ kind: 'named' as const, month, year: y }),
  ),
  sequence([maybe(the), word('this'), oneUnit('month_unit')], () => ({
    kind: 'relative' as const,
    months: 0,
  })),
  sequence(
    [maybe(the), either(word('next'), word('coming'), word('following')), oneUnit('month_unit')],
    () => ({ kind: 'relative' as const, months: 1 }),
  ),
  sequence([maybe(the), oneUnit('month_unit'), word('next')], () => ({
    kind: 'relative' as const,
    months: 1,
  })),
  sequence([maybe(the), word('last'), oneUnit('month_unit')], () => ({
    kind: 'relative' as const,
    months: -1,
  })),
);
const monthRefOrThe: Rule<MonthRef> = either<MonthRef>(
  monthRef,
  sequence([maybe(the), oneUnit('month_unit')], () => ({ kind: 'relative' as const, months: 0 })),
);
const month: Rule<Day> = map(monthRef, (ref) => ({ kind: 'month', month: ref, part: 'whole' }));

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
const partOfWeek: Rule<Day> = either<Day>(
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
const partOfMonth: Rule<Day> = either<Day>(
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

const nthOf: Rule<number> = either<number>(
  map(ordinal, ({ value }) => (value <= 5 || value <= 31 ? value : undefined)),
  map(word('last'), () => -1),
);
const nth: Rule<Day> = either<Day>(
  sequence([maybe(the), nthOf, weekdayName, maybe(of), monthRefOrThe], ([, n, day, , ref]) =>
    n <= 5 ? { kind: 'nth', n, of: 'weekday', weekday: day, month: ref } : undefined,
  ),
  sequence([maybe(the), ordinal, weekdayName], ([, { value, text }, day]) =>
    value <= 5 && text === ''
      ? { kind: 'nth', n: value, of: 'weekday', weekday: day, month: { kind: 'unsaid' } }
      : undefined,
  ),
  sequence(
    [
      maybe(the),
      nthOf,
      either(
        map(oneUnit('week'), () => 'week' as const),
        map(oneUnit('weekend'), () => 'weekend' as const),
      ),
      of,
      monthRefOrThe,
    ],
    ([, n, unit, , ref]) => (n <= 5 ? { kind: 'nth', n, of: unit, weekday: 0, month: ref } : undefined),
  ),
  sequence([maybe(the), nthOf, oneUnit('day'), of, monthRefOrThe], ([, n, , , ref]) => ({
    kind: 'nth',
    n,
    of: 'day',
    weekday: 0,
    month: ref,
  })),
  // "the 20th of next month"
  sequence([maybe(the), dayNumber, of, monthRefOrThe], ([, n, , ref]) =>
    ref.kind === 'relative' ? { kind: 'nth', n, of: 'day', weekday: 0, month: ref } : undefined,
  ),
);

const every: Rule<Day> = either<Day>(
  map(
    word('weekday', ({ isPlural }) => isPlural),
    ({ value }) => everyDay([value]),
  ),
  sequence([either(word('every'), word('a'), word('los')), word('weekday')], ([, { value }]) =>
    everyDay([value]),
  ),
  sequence([the, word('weekday', ({ isPlural }) => isPlural)], ([, { value }]) => everyDay([value])),
  sequence([maybe(either(word('every'), word('a'), the)), word('weekdays')], () => everyDay([0, 1, 2, 3, 4])),
  map(
    word('weekend', ({ isPlural }) => isPlural),
    () => everyDay([5, 6]),
  ),
  sequence([either(word('every'), word('a'), word('los')), word('weekend')], () => everyDay([5, 6])),
);
const everyDay = (weekdays: readonly number[]): Day => ({ kind: 'every', weekdays });

const coming: Rule<Day> = either<Day>(
  sequence(
    [maybe(the), either(word('next'), word('coming'), word('following'), word('within')), distance],
    ([, , by]) => ({ kind: 'coming', by }),
  ),
  sequence([word('within'), either(word('next'), word('coming')), distance], ([, , by]) => ({
    kind: 'coming',
    by,
  })),
  sequence([maybe(word('on')), maybe(the), distance, word('next')], ([, , by]) => ({ kind: 'coming', by })),
  sequence(
    [
      either(number, word('couple')),
      either(word('coming'), word('next')),
      either(word('day'), word('week'), word('month_unit')),
    ],
    ([{ value }, which, unit]) => {
      if (!(unit.isPlural || which.kind === 'coming') || !isCount(value)) return undefined;
      const by =
        unit.kind === 'month_unit' ? monthsOf(value) : { days: unit.kind === 'week' ? 7 * value : value };
      return by && { kind: 'coming', by };
    },
  ),
);

/** "two days from", "dos dias a partir de"; "a day starting" is how long. */
const countedFrom = either(
  word('from'),
  word('since', ({ text }) => text === '1'),
);
/** Counted from now. */
const fromNow: Rule<Day> = either<Day>(
  sequence([word('in'), distance, maybe(word('time_word'))], ([, by]) => shiftedToday(by)),
  sequence(
    [
      distance,
      countedFrom,
      either(
        word('now'),
        word('relative_day', ({ value }) => value === 0),
      ),
    ],
    ([by]) => shiftedToday(by),
  ),
  sequence([distance, word('hence')], ([by]) => shiftedToday(by)),
  sequence([distance, word('ago')], ([by]) => shiftedToday(negate(by))),
  sequence([word('hace'), distance], ([, by]) => shiftedToday(negate(by))),
  sequence(
    [
      word('from'),
      either(
        word('now'),
        word('relative_day', ({ value }) => value === 0),
      ),
      word('in'),
      distance,
    ],
    ([, , , by]) => shiftedToday(by),
  ),
);
const TODAY: Day = { kind: 'relative', days: 0 };
const shiftedToday = (by: Distance): Day => ({ kind: 'shift', by, of: TODAY });

function negate(by: Distance): Distance {
  return {
    ...by,
    ...(by.days !== undefined && { days: -by.days }),
    ...(by.months !== undefined && { months: -by.months }),
  };
}

/** "en ocho" and "en quince" are one and two weeks. */
const eightOrFifteen: Rule<Distance> = map(number, ({ value }) =>
  value === 8 ? { days: 7 } : value === 15 ? { days: 14 } : undefined,
);

const dayUnit = sequence([maybe(the), oneUnit('day')], () => ({ days: 1 }));
/** "a week from Thursday", "two days after Christmas", "del lunes en ocho" */
const shifted: Rule<Day> = either<Day>(
  sequence(
    [either(distance, dayUnit), either(word('after'), countedFrom), rule(() => singleDay)],
    ([by, , day]) => ({ kind: 'shift', by, of: day }),
  ),
  sequence([distance, word('on'), rule(() => singleDay)], ([by, , day]) =>
    by.days === 7 || by.days === 14 ? { kind: 'shift', by, of: day } : undefined,
  ),
  sequence([either(distance, dayUnit), word('before'), rule(() => singleDay)], ([by, , day]) => ({
    kind: 'shift',
    by: negate(by),
    of: day,
  })),
  sequence(
    [word('from'), rule(() => singleDay), word('in'), either(distance, eightOrFifteen)],
    ([, day, , by]) => ({ kind: 'shift', by, of: day }),
  ),
  sequence([weekday, oneUnit('week')], ([day]) =>
    day.kind === 'weekday' && day.which === 'bare' ? { kind: 'shift', by: { days: 7 }, of: day } : undefined,
  ),
);

const weekdayCount: Rule<Day> = either<Day>(
  sequence([number, word('weekday'), word('from'), word('now')], ([{ value }, day]) =>
    countWeekdays(value, day.value),
  ),
  sequence([word('in'), number, word('weekday')], ([, { value }, day]) => countWeekdays(value, day.value)),
);

function countWeekdays(n: number, weekday: number): Day | undefined {
  return isCount(n) ? { kind: 'weekday_count', n, weekday } : undefined;
}

/** One day, or one of two that its words may mean. */
const singleDay: Rule<Day> = rule(() =>
  either<Day>(weekdayNumber, weekdayDate, date, weekday, numbered, relative, holiday, nth),
);
/** What a span may begin and end with. */
const edge: Rule<Day> = rule(() =>
  either<Day>(singleDay, week, month, now, shifted, weekend, partOfMonth, partOfWeek, fromNow, bareDayNumber),
);
const bareDayNumber: Rule<Day> = map(number, ({ value, text }) =>
  isDay(value) && value > 12 && text.length < 3 ? numberDay(value) : undefined,
);
const theEdge: Rule<Day> = sequence([maybe(either(word('on'), word('at'))), edge], ([, day]) => day);

const openEnded: Rule<Day> = either<Day>(
  sequence([word('after'), theEdge], ([, from]) => ({ kind: 'span', from, to: null, afterFrom: true })),
  sequence(
    [
      either(word('since'), word('not_before'), word('on_or_after')),
      theEdge,
      maybe(either(word('onwards'), word('on_end'))),
    ],
    ([, from]) => ({ kind: 'span', from, to: null }),
  ),
  sequence([maybe(word('from')), theEdge, either(word('onwards'), word('or_later'))], ([, from]) => ({
    kind: 'span',
    from,
    to: null,
  })),
  sequence([word('before'), theEdge], ([, to]) => ({ kind: 'span', from: TODAY, to, beforeTo: true })),
  sequence(
    [either(word('by'), word('until'), word('not_after'), word('on_or_before')), theEdge],
    ([, to]) => ({ kind: 'span', from: TODAY, to }),
  ),
  sequence([theEdge, word('or_earlier')], ([to]) => ({ kind: 'span', from: TODAY, to })),
);

const to = either(word('to'), word('dash'), word('until'));
const spans: Rule<Day> = rule(() =>
  either<Day>(
    sequence(
      [maybe(either(word('from'), word('since'))), theEdge, comma, either(to, word('al')), theEdge],
      ([, from, , , end]) => spanOf(from, end),
    ),
    sequence([word('between'), theEdge, either(word('and'), word('dash')), theEdge], ([, from, , end]) =>
      spanOf(from, end),
    ),
    // One month for both: "December 1st through the 5th", "from the 3rd to the 7th of December", "13-15 July"
    sequence(
      [
        maybe(word('from')),
        monthName,
        maybe(the),
        dayNumber,
        either(to, word('al')),
        maybe(the),
        dayNumber,
        behind,
      ],
      ([, m, , first, , , last, y]) => spanIn(m, first, last, y),
    ),
    sequence(
      [word('between'), monthName, maybe(the), dayNumber, word('and'), maybe(the), dayNumber, behind],
      ([, m, , first, , , last, y]) => spanIn(m, first, last, y),
    ),
    sequence(
      [
        maybe(either(word('from'), word('between'))),
        maybe(the),
        dayNumber,
        either(to, word('and'), word('al')),
        maybe(the),
        dayNumber,
        maybe(of),
        monthName,
        behind,
      ],
      ([, , first, , , last, , m, y]) => spanIn(m, first, last, y),
    ),
    sequence([word('del'), dayNumber, word('al'), dayNumber], ([, first, , last]) => ({
      kind: 'span',
      from: numberDay(first),
      to: numberDay(last),
    })),
  ),
);

/** "the 3rd to May" is no span of days, and a year behind the end is that of the start too. */
function spanOf(from: Day, to: Day): Day | undefined {
  if (from.kind === 'number' && to.kind !== 'number' && to.kind !== 'date' && to.kind !== 'all')
    return undefined;
  const [start] = from.kind === 'date' ? from.options : [];
  const [end] = to.kind === 'date' ? to.options : [];
  if (!start || !end || end.year === null || start.year !== null) return { kind: 'span', from, to };
  const isLater = start.month > end.month || (start.month === end.month && start.day > end.day);
  return {
    kind: 'span',
    from: { kind: 'date', options: [{ ...start, year: isLater ? end.year - 1 : end.year }] },
    to,
  };
}

function spanIn(m: number, first: number, last: number, y: number | null): Day | undefined {
  const from = dateOf(m, first, y);
  const end = dateOf(m, last, y);
  return from && end && first < last ? { kind: 'span', from, to: end } : undefined;
}

const around: Rule<Day> = sequence(
  [word('around'), maybe(either(word('on'), the)), either(singleDay, week)],
  ([, , day]) => (day.kind === 'week' ? day : { kind: 'around', day }),
);
const same: Rule<Day> = sequence([word('same'), oneUnit('day')], () => ({ kind: 'same' }));
const dayBeforeAfter: Rule<Element> = either<Element>(
  sequence([maybe(the), either(word('next'), word('following')), oneUnit('day')], () => moved(1)),
  sequence([maybe(the), oneUnit('day'), either(word('after'), word('later'), word('next'))], () => moved(1)),
  sequence([maybe(the), oneUnit('day'), either(word('before'), word('earlier'))], () => moved(-1)),
);
const moved = (days: number): Element => ({ kind: 'moved', by: { days, isDayOnly: true } });

const preposition = maybe(either(word('on'), word('for'), of));

const dayPhrase: Rule<Day> = rule(() =>
  either<Day>(
    sequence(
      [
        preposition,
        either(
          singleDay,
          spanishWeekdayNumber,
          week,
          weekOf,
          weekend,
          month,
          partOfWeek,
          partOfMonth,
          nth,
          every,
          coming,
          same,
        ),
      ],
      ([, day]) => day,
    ),
    // "for 3 days from today" is how long, not when.
    sequence([maybe(word('on')), shifted], ([, day]) => day),
    either(fromNow, weekdayCount, openEnded, spans, around, now),
  ),
);

export const dayItem: Rule<Element> = rule(() =>
  either<Element>(
    map(dayPhrase, (day) => ({ kind: 'day' as const, day })),
    dayBeforeAfter,
  ),
);
/** As likely something else: a number behind a weekday. */
export const unlikelyDayItem: Rule<Element> = sequence([preposition, weekdayBareNumber], ([, day]) => ({
  kind: 'day',
  day,
}));
