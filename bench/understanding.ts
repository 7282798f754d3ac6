// How long a caller's words take to be read: at first, when the vocabularies load, and later.
import { DEFAULT_HOURS, DEFAULT_RULES } from '../shared/scheduling/schedule.ts';
import { readStart } from '../shared/voice/understanding/read-start.ts';
import { readWish } from '../shared/voice/understanding/read-wish.ts';
import { median } from './numbers.ts';

const CONTEXT = {
  now: Date.parse('2026-11-26T10:50:00Z'),
  schedule: { timeZone: 'America/Chicago', hours: DEFAULT_HOURS, rules: DEFAULT_RULES },
  offered: { spoken: [], all: [] },
};
const PHRASES = [
  'tomorrow at 3 pm',
  'el viernes 4 a las 10 de la mañana',
  'any day but Monday',
  'the second Tuesday in December',
  'Monday at 3, I mean Tuesday at 4',
  "I'd like to see it on Monday between 2 and 4 please",
];
const RUNS = 200;

/** Processor time, so that a busy machine says the same. */
function cpuMs(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  return process.cpuUsage(before).user / 1000;
}

/** Prints its lines. */
export function run(): void {
  const first = cpuMs(() => readStart('tomorrow at 2 pm', CONTEXT));
  const each = PHRASES.map((phrase) => {
    const read = (): void => {
      readStart(phrase, CONTEXT);
      readWish({ date: phrase }, CONTEXT);
    };
    for (let i = 0; i < RUNS; i++) read();
    return (
      cpuMs(() => {
        for (let i = 0; i < RUNS; i++) read();
      }) /
      RUNS /
      2
    );
  });
  console.log(`understanding: the first phrase ${first.toFixed(1)} ms (aim: under 15 ms)`);
  console.log(
    `understanding: a phrase ${median(each).toFixed(2)} ms, the longest ${Math.max(...each).toFixed(2)} ms (aim: under 1 ms)`,
  );
}
