// Dates and times as people hear them, in the manager's zone. Intl is slow, so what it gives is remembered.
import { MINUTE_MS } from '../../core/duration.ts';
import { rememberResults } from '../../core/remember.ts';
import { addDays, localDate, minuteOfDay } from '../../scheduling/zone.ts';

/** ISO 639-1. What is spoken on the phone; Spanish is that of the United States. */
export type Language = 'en' | 'es';

/** The language to speak: the first tag that names one of ours, else English. */
export function chooseLanguage(...tags: readonly (string | null)[]): Language {
  for (const tag of tags) {
    const primary = tag?.toLowerCase().split(/[-_]/)[0];
    if (primary === 'en' || primary === 'es') return primary;
  }
  return 'en';
}

const formatterOf = rememberResults(10, (name: string) => {
  const [locale, kind] = name.split(' ') as [string, keyof typeof FORMATS];
  return new Intl.DateTimeFormat(locale, { ...FORMATS[kind], timeZone: 'UTC' });
});

/** @param wall what the clock on the wall shows, as if it were in UTC */
function formatParts(
  wall: number,
  locale: string,
  kind: keyof typeof FORMATS,
): Partial<Record<Intl.DateTimeFormatPartTypes, string>> {
  const parts = formatterOf(`${locale} ${kind}`).formatToParts(wall);
  return Object.fromEntries(parts.map(({ type, value }) => [type, value]));
}

const FORMATS = {
  date: { weekday: 'long', month: 'long', day: 'numeric' },
  time: { hour: 'numeric', minute: '2-digit', hour12: true },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>;

/** `Tuesday, December 1`, `el martes 1 de diciembre` */
export function sayDate(at: number, zone: string, language: Language): string {
  return DATES[language](localDate(at, zone));
}

/** A listing says a dozen times of a few days: each is put together once. */
const MAX_DATES = 1_000;
const DATES = { en: rememberDates('en'), es: rememberDates('es') } as const;

function rememberDates(language: Language): (date: string) => string {
  return rememberResults(MAX_DATES, (date: string) => {
    const midnight = Date.parse(`${date}T00:00:00Z`);
    const { weekday = '', month = '', day = '' } = formatParts(midnight, LOCALES[language], 'date');
    return language === 'en' ? `${weekday}, ${month} ${day}` : `el ${weekday} ${day} de ${month}`;
  });
}

/** The date, or `today` and `tomorrow`. */
export function sayDay(at: number, zone: string, language: Language, now: number): string {
  const today = localDate(now, zone);
  const date = localDate(at, zone);
  if (date === today) return language === 'en' ? 'today' : 'hoy';
  if (date === addDays(today, 1)) return language === 'en' ? 'tomorrow' : 'mañana';
  return sayDate(at, zone, language);
}

/** With its preposition: `at 2 PM`, `at noon`, `a las 2 de la tarde`, `al mediodía`. */
function sayTime(at: number, zone: string, language: Language): string {
  const preposition = language === 'en' ? 'at ' : '';
  return preposition + sayBareTime(at, zone, language);
}

function sayBareTime(at: number, zone: string, language: Language): string {
  return TIMES[language](minuteOfDay(at, zone));
}

const MINUTES_OF_DAY = 24 * 60;
const TIMES = { en: rememberTimes('en'), es: rememberTimes('es') } as const;

function rememberTimes(language: Language): (minuteOfDay: number) => string {
  return rememberResults(MINUTES_OF_DAY, (minutes: number) => {
    const { hour = '', minute = '', dayPeriod = '' } = formatParts(minutes * MINUTE_MS, 'en-US', 'time');
    const clock = minute === '00' ? hour : `${hour}:${minute}`;
    if (language === 'en') return clock === '12' && dayPeriod === 'PM' ? 'noon' : `${clock} ${dayPeriod}`;
    if (clock === '12' && dayPeriod === 'PM') return 'al mediodía';
    const article = hour === '1' ? 'a la' : 'a las';
    return `${article} ${clock} ${spanishPartOfDay(Math.floor(minutes / 60))}`;
  });
}

function spanishPartOfDay(hour: number): string {
  if (hour < 6) return 'de la madrugada';
  if (hour < 12) return 'de la mañana';
  return hour < 20 ? 'de la tarde' : 'de la noche';
}

const LOCALES = { en: 'en-US', es: 'es-US' } as const;
const OR = { en: 'or', es: 'o' } as const;

/** `Tuesday, December 1 at 2 PM`: an absolute date, whatever day it is said. */
export function sayDateAndTime(at: number, zone: string, language: Language): string {
  return `${sayDate(at, zone, language)} ${sayTime(at, zone, language)}`;
}

/** `tomorrow at 2 PM` */
export function sayWhen(at: number, zone: string, language: Language, now: number): string {
  return `${sayDay(at, zone, language, now)} ${sayTime(at, zone, language)}`;
}

/** A choice of times, those of one day grouped: `Tuesday, December 1 at 9 AM, 11:30 AM or 2 PM`. */
export function sayTimes(times: readonly number[], zone: string, language: Language, now: number): string {
  const days = new Map<string, string[]>();
  for (const at of times) {
    const day = sayDay(at, zone, language, now);
    const clock = sayBareTime(at, zone, language);
    const known = days.get(day);
    if (known) known.push(clock);
    else days.set(day, [clock]);
  }
  const groups = [...days].map(([day, clocks]) => {
    const list = joinChoice(clocks, OR[language]);
    return language === 'en' ? `${day} at ${list}` : `${day} ${list}`;
  });
  // Groups have commas of their own: one before the last keeps them apart.
  return groups.length < 2
    ? groups.join('')
    : `${groups.slice(0, -1).join(', ')}, ${OR[language]} ${groups.at(-1) ?? ''}`;
}

function joinChoice(items: readonly string[], or: string): string {
  return items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} ${or} ${items.at(-1) ?? ''}`;
}
