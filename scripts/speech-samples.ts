// One or more sets of values for every line, as a manager in Chicago would have them: docs/speech.md is made of them,
// and the tests hold every line to its limits with them.
import { describeTimeWords } from './time-words-samples.ts';
import { sayDate, sayDateAndTime, sayTimes, sayWhen } from '../shared/voice/speech/dates.ts';
import type { Language } from '../shared/voice/speech/dates.ts';
import { LINES } from '../shared/voice/speech/lines.ts';
import type { Lines } from '../shared/voice/speech/lines.ts';
import { speakRentalSamples } from './rental-speech-samples.ts';
import { toSpeakable } from '../shared/voice/speech/speakable.ts';

const ZONE = 'America/Chicago';
/** Monday, November 23, 2026, 9:30 in Chicago. */
const NOW = Date.parse('2026-11-23T15:30:00Z');
const AT = {
  today: Date.parse('2026-11-23T17:00:00Z'),
  tomorrowMorning: Date.parse('2026-11-24T15:00:00Z'),
  tomorrowNoon: Date.parse('2026-11-24T18:00:00Z'),
  tuesdayMorning: Date.parse('2026-12-01T15:00:00Z'),
  tuesdayLate: Date.parse('2026-12-01T17:30:00Z'),
  tuesdayAfternoon: Date.parse('2026-12-01T20:00:00Z'),
  one: Date.parse('2026-12-02T19:00:00Z'),
} as const;

/** The names of a property as short and as long as they are read aloud. */
const HOUSE = '12 Main Street';
const LONG_HOUSE = toSpeakable(
  'The Residences at Northwestern Commons, 12345 North Martin Luther King Drive, Apartment 1204B, Springfield',
  10,
  80,
);

type Samples = { readonly [Key in keyof Lines]: Parameters<Lines[Key]>[] };

function samplesIn(language: Language): Samples {
  const when = (at: number): string => sayWhen(at, ZONE, language, NOW);
  // Bookings and moves are confirmed with their weekday and date, also for today and tomorrow.
  const date = (at: number): string => sayDateAndTime(at, ZONE, language);
  const times = (...ats: number[]): string => sayTimes(ats, ZONE, language, NOW);
  const one = times(AT.tomorrowMorning);
  const oneDay = times(AT.tuesdayMorning, AT.tuesdayLate, AT.tuesdayAfternoon);
  const threeDays = times(AT.today, AT.tomorrowNoon, AT.one);
  const two = times(AT.tuesdayMorning, AT.tuesdayAfternoon);
  const lines = LINES[language];
  const viewing = (property: string, at: number): string => lines.viewing({ property, when: when(at) });
  const viewings = [viewing(HOUSE, AT.tomorrowMorning), viewing('Oak Court', AT.tuesdayAfternoon)];
  const instead: Parameters<Lines['busy']>[] = [[{ times: two }], [{ times: null }]];
  const nothing: [][] = [[]];
  const taken: Parameters<Lines['messageSent']>[] = [
    [
      {
        message: language === 'en' ? 'Is a small dog allowed' : 'Se admite un perro pequeño',
        hasNumber: true,
      },
    ],
    [{ message: language === 'en' ? 'Please call me back' : 'Llámeme, por favor', hasNumber: false }],
  ];
  return {
    offer: [
      [{ property: null, times: oneDay, count: 3 }],
      [{ property: LONG_HOUSE, times: threeDays, count: 3 }],
      [{ property: HOUSE, times: one, count: 1 }],
    ],
    provisional: [[{ line: lines.offer({ property: HOUSE, times: threeDays, count: 3 }) }]],
    offerNearest: [[{ days: null, times: threeDays, count: 3 }], [{ days: 7, times: one, count: 1 }]],
    nothingFree: [[{ days: 60 }], [{ days: 1 }]],
    theProperty: nothing,
    booked: [
      [{ property: HOUSE, when: date(AT.tomorrowMorning), invitation: 'none' }],
      [{ property: LONG_HOUSE, when: date(AT.tuesdayLate), invitation: 'sent' }],
      [{ property: LONG_HOUSE, when: date(AT.tuesdayLate), invitation: 'unreadable_email' }],
    ],
    rescheduled: [
      [{ property: HOUSE, from: date(AT.today), to: date(AT.tomorrowNoon), invited: false }],
      [{ property: LONG_HOUSE, from: date(AT.tuesdayMorning), to: date(AT.one), invited: true }],
    ],
    cancelled: [[{ property: HOUSE, when: when(AT.tuesdayAfternoon) }]],
    busy: instead,
    dayFull: instead,
    past: instead,
    tooSoon: instead,
    tooFarAhead: [[{ days: 60, times: two }], [{ days: 1, times: null }]],
    outsideHours: instead,
    offGrid: instead,
    alreadyBooked: [
      [{ property: HOUSE, when: when(AT.tomorrowMorning), times: two }],
      [{ property: HOUSE, when: when(AT.tomorrowMorning), times: null }],
    ],
    callerLimit: [[{ limit: 5 }], [{ limit: 1 }]],
    askProperty: nothing,
    askTime: nothing,
    askNewTime: nothing,
    askDay: nothing,
    askHour: [[{ day: sayDate(AT.tuesdayMorning, ZONE, language) }]],
    askWhichTime: [[{ times: times(AT.tomorrowMorning, AT.tuesdayMorning) }]],
    unreadableTime: nothing,
    unreadableDate: nothing,
    noSuchOption: [[{ count: 3 }], [{ count: 1 }]],
    nothingOffered: nothing,
    appointments: [
      [{ viewings: viewings.slice(0, 1), count: 1, more: false }],
      [{ viewings, count: 2, more: false }],
      [{ viewings, count: 7, more: true }],
    ],
    viewing: [[{ property: HOUSE, when: when(AT.tomorrowMorning) }], [{ property: '', when: when(AT.one) }]],
    whichAppointment: [
      [{ viewings, more: false }],
      [{ viewings, more: true }],
      [{ viewings: viewings.slice(0, 1), more: false }],
    ],
    noAppointments: nothing,
    needNameAndTime: nothing,
    tooManyMisses: nothing,
    notConnected: nothing,
    reconnectRequired: nothing,
    disconnected: nothing,
    nobodyConnected: nothing,
    linkSent: nothing,
    linkSentBefore: nothing,
    linkNotNeeded: nothing,
    linkNoAddress: nothing,
    linkFailed: nothing,
    askMessage: nothing,
    messageSent: taken,
    messageKept: taken,
    messageFailed: nothing,
    notUnderstood: nothing,
    cannotDo: nothing,
    calendarUnreachable: nothing,
    tooSlow: nothing,
    outcomeUnknown: nothing,
    outOfOrder: nothing,
    managerUnknown: nothing,
    notSetUp: nothing,
    noTransfer: nothing,
  };
}

export interface SpokenSample {
  readonly name: string;
  readonly line: string;
}

/** Every line with every set of its sample values. */
export function speakSamples(language: Language): SpokenSample[] {
  const samples = samplesIn(language);
  const spoken = (Object.keys(samples) as (keyof Lines)[]).flatMap((name) => {
    // Each line goes with its own values, which the compiler cannot tell here.
    const lines = LINES[language] as Record<keyof Lines, (...values: unknown[]) => string>;
    return samples[name].map((values) => ({ name, line: lines[name](...values) }));
  });
  return [...spoken, ...speakRentalSamples(language)];
}

/** docs/speech.md, but for its layout. */
export function describeSpeech(): string {
  const spanish = speakSamples('es');
  const rows = speakSamples('en').map(
    ({ name, line }, index) => `| ${name} | ${line} | ${spanish[index]?.line ?? ''} |`,
  );
  return `# What callers hear

Every line of shared/voice/speech with sample values, in English and in Spanish. Read it aloud after a change: a caller
hears it once. No line is longer than 60 words; times are the manager's, without a 24-hour clock and without ":00".
\`theProperty\`, \`viewing\`, \`unstated\` and the sentences from \`summary\` to \`missing\` are parts of other lines. This page is written by \`npm run docs\`; the tests hold
it to the code.

| line | English | Spanish |
| --- | --- | --- |
${rows.join('\n')}

${describeTimeWords()}
`;
}
