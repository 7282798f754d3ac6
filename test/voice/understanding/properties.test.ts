// Phrases built from the grammar's own parts, with a calendar of its own (Temporal) to say what they mean.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { contextWith, start, ZONE, NOW, SCHEDULE } from './reading.ts';
import { readStart } from '../../../shared/voice/understanding/read-start.ts';
import type { StartResult } from '../../../shared/voice/understanding/reading.ts';

type Date = Temporal.PlainDate;

interface Said {
  readonly en: string;
  readonly es: string;
}

/** Noon somewhere in the year: reading depends on the day. */
const now = fc
  .integer({ min: 0, max: 700 })
  .map((days) => Temporal.PlainDate.from('2026-01-01').add({ days }))
  .map((today) => ({
    today,
    at: today.toZonedDateTime({ timeZone: ZONE, plainTime: '06:00' }).epochMilliseconds,
  }));

const WEEKDAYS = {
  en: ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'],
  es: ['lunes', 'martes', 'miércoles', 'jueves', 'viernes', 'sábado', 'domingo'],
};
// prettier-ignore
const MONTHS = {
  en: ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'],
  es: ['enero', 'febrero', 'marzo', 'abril', 'mayo', 'junio', 'julio', 'agosto', 'septiembre', 'octubre', 'noviembre', 'diciembre'],
};
const NUMBERS = {
  en: ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve'],
  es: ['una', 'dos', 'tres', 'cuatro', 'cinco', 'seis', 'siete', 'ocho', 'nueve', 'diez', 'once', 'doce'],
};

const pick = (words: readonly string[], n: number): string => words[n] ?? '';

/** Words for one day that is not today, and the day. */
const day = fc.oneof(
  fc.constant({ said: { en: 'tomorrow', es: 'mañana' }, of: (today: Date) => today.add({ days: 1 }) }),
  fc.constant({
    said: { en: 'the day after tomorrow', es: 'pasado mañana' },
    of: (today: Date) => today.add({ days: 2 }),
  }),
  fc.integer({ min: 0, max: 6 }).map((n) => ({
    said: { en: `next ${pick(WEEKDAYS.en, n)}`, es: `el ${pick(WEEKDAYS.es, n)} de la próxima semana` },
    of: (today: Date) => today.subtract({ days: today.dayOfWeek - 1 }).add({ days: 7 + n }),
  })),
  fc.integer({ min: 0, max: 6 }).map((n) => ({
    said: { en: `a week from ${pick(WEEKDAYS.en, n)}`, es: `del ${pick(WEEKDAYS.es, n)} en ocho` },
    // By its name alone, today's weekday would be two.
    of: (today: Date) => {
      const ahead = (n + 1 - today.dayOfWeek + 7) % 7;
      return ahead === 0 ? null : today.add({ days: ahead + 7 });
    },
  })),
  fc.integer({ min: 2, max: 50 }).map((n) => ({
    said: { en: `in ${n} days`, es: `en ${n} días` },
    // "en ocho dias" and "en quince dias" are a week and two for many.
    of: (today: Date, language: keyof Said) =>
      language === 'es' && (n === 8 || n === 15) ? null : today.add({ days: n }),
  })),
  fc.integer({ min: 2, max: 55 }).map((ahead) => ({
    said: (today: Date): Said => {
      const date = today.add({ days: ahead });
      return {
        en: `${pick(MONTHS.en, date.month - 1)} ${date.day}`,
        es: `el ${date.day} de ${pick(MONTHS.es, date.month - 1)}`,
      };
    },
    of: (today: Date) => today.add({ days: ahead }),
  })),
  fc.integer({ min: 1, max: 25 }).map((ahead) => ({
    said: (today: Date): Said => {
      const date = today.add({ days: ahead });
      const weekday = date.dayOfWeek - 1;
      return {
        en: `${pick(WEEKDAYS.en, weekday)} the ${date.day}${ordinalEnd(date.day)}`,
        es: `el ${pick(WEEKDAYS.es, weekday)} ${date.day}`,
      };
    },
    of: (today: Date) => today.add({ days: ahead }),
  })),
);

function ordinalEnd(n: number): string {
  if (n >= 11 && n <= 13) return 'th';
  return ['th', 'st', 'nd', 'rd'][n % 10] ?? 'th';
}

/** A viewing that begins later does not end in opening hours. */
const LAST_START = 19 * 60 + 30;
/** Words for one start in opening hours, and the start in minutes. AM and PM are said where both are open. */
const time = fc
  .record({
    hour: fc.integer({ min: 8, max: 19 }),
    minute: fc.constantFrom(0, 15, 30, 45, 10, 20),
    way: fc.integer({ min: 0, max: 4 }),
  })
  .filter(({ hour, minute }) => hour * 60 + minute <= LAST_START)
  .map(({ hour, minute, way }) => {
    const twelve = ((hour + 11) % 12) + 1;
    const two = String(minute).padStart(2, '0');
    const half = hour < 12 ? 'am' : 'pm';
    const partEn = hour < 12 ? 'in the morning' : 'in the afternoon';
    const partEs = hour < 12 ? 'de la mañana' : 'de la tarde';
    const nextHour = (twelve % 12) + 1;
    const words: Said[] = [
      { en: `${twelve}:${two} ${half}`, es: `a las ${twelve}:${two} ${half}` },
      { en: `at ${hour}:${two}`, es: `a las ${hour}:${two}` },
      {
        en: `at ${pick(NUMBERS.en, twelve - 1)}${minute === 0 ? '' : ` ${minuteWords(minute, 'en')}`} ${partEn}`,
        es: `a la${twelve === 1 ? '' : 's'} ${pick(NUMBERS.es, twelve - 1)}${minute === 0 ? '' : ` y ${minuteWords(minute, 'es')}`} ${partEs}`,
      },
      minute > 30
        ? {
            en: `at ${60 - minute} to ${nextHour} ${partEn}`,
            es: `a las ${nextHour} menos ${60 - minute} ${partEs}`,
          }
        : minute > 0
          ? { en: `at ${minute} past ${twelve} ${partEn}`, es: `a las ${twelve} y ${minute} ${partEs}` }
          : { en: `${twelve} o'clock ${partEn}`, es: `a las ${twelve} en punto ${partEs}` },
      { en: `${twelve}${minute === 0 ? '' : `.${two}`}${half}`, es: `${twelve}.${two} ${half[0] ?? ''}. m.` },
    ];
    return { said: words[way] ?? { en: '', es: '' }, minutes: hour * 60 + minute };
  });

// prettier-ignore
const MINUTE_WORDS: Readonly<Record<keyof Said, Readonly<Record<number, string>>>> = {
  en: { 10: 'ten', 15: 'fifteen', 20: 'twenty', 30: 'thirty', 45: 'forty-five' },
  es: { 10: 'diez', 15: 'cuarto', 20: 'veinte', 30: 'media', 45: 'cuarenta y cinco' },
};
const minuteWords = (minute: number, language: keyof Said): string => MINUTE_WORDS[language][minute] ?? '';

const phrase = fc
  .record({ now, day, time, language: fc.constantFrom<keyof Said>('en', 'es'), isTimeFirst: fc.boolean() })
  .map(({ now: { today, at }, day: aDay, time: aTime, language, isTimeFirst }) => {
    const dayWords = typeof aDay.said === 'function' ? aDay.said(today) : aDay.said;
    const date = aDay.of(today, language);
    const parts = [dayWords[language], aTime.said[language]];
    const expected =
      date === null
        ? null
        : date.toZonedDateTime({
            timeZone: ZONE,
            plainTime: Temporal.PlainTime.from('00:00').add({ minutes: aTime.minutes }),
          }).epochMilliseconds;
    return { words: (isTimeFirst ? parts.reverse() : parts).join(' '), at, expected, language };
  })
  .filter(({ expected }) => expected !== null);

const read = (words: string, at = NOW): StartResult => readStart(words, contextWith({ now: at }));
const startOf = (result: StartResult): number | null => (result.kind === 'start' ? result.start : null);

describe('a day and a time, in any words of either language', () => {
  test('are read as the calendar has them', () => {
    fc.assert(
      fc.property(phrase, ({ words, at, expected }) => {
        expect({ words, at: startOf(read(words, at)) }).toEqual({ words, at: expected });
      }),
      { numRuns: 1_500 },
    );
  });

  const FILLER = [
    'um, ',
    'please ',
    "let's say ",
    'how about ',
    'I think ',
    'eh, ',
    'por favor ',
    'quisiera ir ',
    "I'd like to see it ",
  ];
  test('mean the same behind filler, in capitals and without accents', () => {
    fc.assert(
      fc.property(phrase, fc.constantFrom(...FILLER), ({ words, at }, filler) => {
        const expected = read(words, at);
        expect(read(filler + words, at)).toEqual(expected);
        expect(read(`${words} please`, at)).toEqual(expected);
        expect(read(words.toUpperCase(), at)).toEqual(expected);
        expect(read(words.normalize('NFD').replace(/\p{M}/gu, ''), at)).toEqual(expected);
        expect(read(`  ${words.replaceAll(' ', '   ')}?`, at)).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });

  test('are asked about once a word that is not known stands anywhere in them', () => {
    const unknown = fc.constantFrom(
      'parade',
      'unless',
      'banana',
      'abogado',
      'lluvia',
      'perhapsly',
      'zoom',
      '%',
      '€5',
      'ocean',
    );
    fc.assert(
      fc.property(phrase, unknown, fc.nat(), ({ words, at }, word, place) => {
        const parts = words.split(' ');
        parts.splice(place % (parts.length + 1), 0, word);
        expect(read(parts.join(' '), at).kind).toBe('unread');
      }),
      { numRuns: 500 },
    );
  });

  test('are never booked before the moment at which they are said, nor beyond the horizon', () => {
    fc.assert(
      fc.property(phrase, ({ words, at }) => {
        const result = read(words, at);
        if (result.kind !== 'start') return;
        expect(result.start).toBeGreaterThan(at);
        expect(result.start).toBeLessThan(at + SCHEDULE.rules.horizonDays * 86_400_000);
      }),
      { numRuns: 300 },
    );
  });

  test('are the one that was said last, after a correction', () => {
    fc.assert(
      fc.property(
        phrase,
        phrase,
        fc.constantFrom(', no wait, ', ', I mean ', ', perdón, ', ' actually '),
        (first, last, correction) => {
          expect(read(first.words + correction + last.words, last.at)).toEqual(read(last.words, last.at));
        },
      ),
      { numRuns: 300 },
    );
  });

  test('are two to choose from with an "or" between them', () => {
    fc.assert(
      fc.property(phrase, phrase, (first, last) => {
        const joined = read(`${first.words} or ${last.words}`, last.at);
        const starts = [first.words, last.words].map((words) => startOf(read(words, last.at)));
        if (starts[0] !== starts[1]) expect(joined.kind).not.toBe('start');
      }),
      { numRuns: 300 },
    );
  });
});

describe('sentences that are no wish for a time are never booked', () => {
  test.each([
    ['The mayor will open the bridge on Friday at 3 PM'],
    ['Stocks fell on Tuesday after the bank said at 10 AM that rates would rise'],
    ['The match begins tomorrow at 7 PM in Dallas'],
    ['Police closed the road at noon on Monday'],
    ['Rain is expected from Wednesday at 4'],
    ['El presidente viaja mañana a las 3 a la capital'],
    ['La reunión del martes a las 10 fue aplazada por la huelga'],
    ['El tren sale el viernes a las 8 de la mañana'],
    ['Los precios subieron el lunes a las 9 según el ministerio'],
    ['I was there tomorrow at 3 PM'],
    ['She had it booked Monday at 2'],
    ['unless it rains, tomorrow at 3 PM'],
    ["tomorrow at 3 PM doesn't work"],
    ['cancel tomorrow at 3 PM'],
    ['tomorrow at 3 PM costs 20 dollars'],
    ['number 12 Elm tomorrow at 3'],
  ])('"%s" is not read as a time', (words) => {
    expect(start(words)).toMatch(/^unread/);
  });
});
