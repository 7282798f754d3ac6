import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { describeSpeech, speakSamples } from '../../scripts/speech-samples.ts';
import { chooseLanguage, sayDateAndTime, sayTimes, sayWhen } from '../../shared/voice/speech/dates.ts';
import { countWords, MAX_WORDS, toSpeakable } from '../../shared/voice/speech/speakable.ts';

const CHICAGO = 'America/Chicago';
function at(iso: string): number {
  return Date.parse(iso);
}
const NOW = at('2026-11-23T09:30:00-06:00');

describe('a time is said as people say it', () => {
  test.each([
    [
      '2026-12-01T14:00:00-06:00',
      'Tuesday, December 1 at 2 PM',
      'el martes 1 de diciembre a las 2 de la tarde',
    ],
    ['2026-11-23T11:30:00-06:00', 'today at 11:30 AM', 'hoy a las 11:30 de la mañana'],
    ['2026-11-24T12:00:00-06:00', 'tomorrow at noon', 'mañana al mediodía'],
    [
      '2026-11-25T12:30:00-06:00',
      'Wednesday, November 25 at 12:30 PM',
      'el miércoles 25 de noviembre a las 12:30 de la tarde',
    ],
    [
      '2026-11-25T13:00:00-06:00',
      'Wednesday, November 25 at 1 PM',
      'el miércoles 25 de noviembre a la 1 de la tarde',
    ],
    [
      '2026-11-25T20:00:00-06:00',
      'Wednesday, November 25 at 8 PM',
      'el miércoles 25 de noviembre a las 8 de la noche',
    ],
    [
      '2026-11-25T00:00:00-06:00',
      'Wednesday, November 25 at 12 AM',
      'el miércoles 25 de noviembre a las 12 de la madrugada',
    ],
  ])('%s is "%s", and in Spanish "%s"', (iso, english, spanish) => {
    expect(sayWhen(at(iso), CHICAGO, 'en', NOW)).toBe(english);
    expect(sayWhen(at(iso), CHICAGO, 'es', NOW)).toBe(spanish);
  });

  test('a date that may be read on another day is never "today" or "tomorrow"', () => {
    expect(sayDateAndTime(at('2026-11-24T14:00:00-06:00'), CHICAGO, 'en')).toBe(
      'Tuesday, November 24 at 2 PM',
    );
  });

  test('"today" is the day in the manager’s zone, also across the date line and when the clocks change', () => {
    const evening = at('2026-11-23T20:00:00-06:00');
    expect(sayWhen(evening, CHICAGO, 'en', NOW)).toBe('today at 8 PM');
    expect(sayWhen(evening, 'Asia/Kolkata', 'en', NOW)).toBe('tomorrow at 7:30 AM');
    const change = at('2026-11-01T00:30:00-05:00');
    expect(sayWhen(change + 24.5 * 3_600_000, CHICAGO, 'en', change)).toBe('tomorrow at 12 AM');
  });

  test('several times of one day are said with the day once', () => {
    const times = ['2026-12-01T09:00', '2026-12-01T11:30', '2026-12-01T14:00'].map((time) =>
      at(`${time}:00-06:00`),
    );
    expect(sayTimes(times, CHICAGO, 'en', NOW)).toBe('Tuesday, December 1 at 9 AM, 11:30 AM or 2 PM');
    const days = [at('2026-11-24T09:00:00-06:00'), ...times.slice(1)];
    expect(sayTimes(days, CHICAGO, 'en', NOW)).toBe(
      'tomorrow at 9 AM, or Tuesday, December 1 at 11:30 AM or 2 PM',
    );
    expect(sayTimes(days, CHICAGO, 'es', NOW)).toBe(
      'mañana a las 9 de la mañana, o el martes 1 de diciembre a las 11:30 de la mañana o a las 2 de la tarde',
    );
  });

  test('no time is said on a 24-hour clock, with ":00", or on more than one line', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 4e12 }),
        fc.constantFrom('en', 'es'),
        fc.constantFrom(CHICAGO, 'Asia/Kolkata', 'Europe/Kyiv'),
        (start, language, zone) => {
          const spoken = sayWhen(start, zone, language, NOW);
          expect(spoken).not.toMatch(/:00|\b(1[3-9]|2[0-4]):|T\d\d|[^\S ]/);
          expect(spoken).toMatch(
            language === 'en'
              ? /( at \d{1,2}(:\d\d)? (AM|PM)| at noon)$/
              : /( (de la (madrugada|mañana|tarde|noche))| al mediodía)$/,
          );
        },
      ),
    );
  });
});

describe('every spoken line', () => {
  test.each(['en', 'es'] as const)(
    'in %s is one sentence or more of at most 60 words, without markup',
    (language) => {
      for (const { name, line } of speakSamples(language)) {
        expect({ name, words: countWords(line) <= MAX_WORDS }).toEqual({ name, words: true });
        expect(line).toMatch(/^[\p{L}\p{N} ,.;:'’¿?/-]+$/u);
        if (!['viewing', 'theProperty', 'unstated'].includes(name))
          expect(line).toMatch(/^[¿\p{Lu}\d].*[.?]$/u);
        expect(line).not.toMatch(/undefined|null|NaN|\[object|:00| {2}|\.\./);
      }
    },
  );

  test.each(['en', 'es'] as const)(
    'in %s, names a viewing that is booked or moved by its weekday and date',
    (language) => {
      const confirmed = speakSamples(language).filter(({ name }) => /^(booked|rescheduled)$/.test(name));
      expect(confirmed).not.toEqual([]);
      for (const { line } of confirmed)
        expect(line).not.toMatch(/\btoday\b|\btomorrow\b|\bhoy\b|mañana al|para mañana/);
    },
  );

  test('is in docs/speech.md as the code says it', () => {
    const words = (text: string): string => text.replace(/\\|-{3,}|\s+/g, ' ').replace(/ +/g, ' ');
    expect(words(readFileSync('docs/speech.md', 'utf8'))).toBe(words(describeSpeech()));
  });
});

describe('a name from outside is made safe to read aloud', () => {
  test.each([
    ['12 Main Street, Apt #4', '12 Main Street, Apt #4'],
    ['12 Main\r\nStreet\u2028\u0000', '12 Main Street'],
    ['<b>12</b> Main `Street` {x} [y](z)', 'b 12 /b Main Street x y z'],
    ['\u202e12 Main\u200b Street\ud800', '12 Main Street'],
    ['see https://evil.example/x?y=1 now', 'see now'],
    ['Main Street.', 'Main Street'],
    ['Calle Ñuñoa 5, 2º', 'Calle Ñuñoa 5, 2º'],
    ['***', ''],
  ])('%j is read as %j', (text, expected) => {
    expect(toSpeakable(text, 10)).toBe(expected);
  });

  test('a long name is cut to the words and letters that are allowed', () => {
    expect(toSpeakable('a '.repeat(50), 3)).toBe('a a a');
    expect(toSpeakable('x'.repeat(500), 10, 80)).toHaveLength(80);
  });
});

test.each([
  [['es-419'], 'es'],
  [['multi', 'es_MX'], 'es'],
  [['multi', null], 'en'],
  [['fr', 'es'], 'es'],
  [['EN-us', 'es'], 'en'],
] as const)('of the language tags %j, the app speaks %s', (tags, expected) => {
  expect(chooseLanguage(...tags)).toBe(expected);
});
