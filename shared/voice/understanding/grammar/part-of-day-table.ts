import type { Minutes } from './meaning.ts';

/** Minutes from midnight. */
export const NOON = 12 * 60;
/** Minutes from midnight. */
export const DAY_END = 24 * 60;

/** A part of the day. */
export interface Part {
  readonly span: Minutes;
  /** How far it reaches beside an hour: "8 de la tarde" is in the evening. */
  readonly loose: readonly Minutes[];
  /** Whether "3 in the ..." may be said with it. */
  readonly settles: boolean;
}

const at = (hours: string): number => {
  const [hour = 0, minute = 0] = hours.split(':').map(Number);
  return hour * 60 + minute;
};
const between = (from: string, until: string): Minutes => ({ from: at(from), until: at(until) });

const MORNING = [between('0', '12')];
const AFTERNOON = [between('12', '22')];
const EVENING = [between('16', '24')];
const NIGHT = [between('18', '24'), between('0', '1')];

/** What the words for parts of the day stand for; docs/speech.md shows this table. */
export const PARTS: Readonly<Record<string, readonly [span: Minutes, loose: readonly Minutes[] | null]>> = {
  am: [between('0', '12'), null],
  pm: [between('12', '24'), null],
  early_day: [between('0', '10'), null],
  late_day: [between('16', '24'), null],
  dawn: [between('0', '6'), [between('0', '7')]],
  before_work: [between('0', '9'), null],
  early_morning: [between('0', '10'), MORNING],
  morning: [between('0', '12'), MORNING],
  mid_morning: [between('9', '11'), MORNING],
  late_morning: [between('10', '12'), MORNING],
  before_lunch: [between('0', '12'), null],
  noonish: [between('12', '14'), [between('12', '16')]],
  lunchtime: [between('11:30', '13:30'), null],
  after_lunch: [between('13', '17'), null],
  early_afternoon: [between('12', '15'), AFTERNOON],
  afternoon: [between('12', '17'), AFTERNOON],
  mid_afternoon: [between('14', '16'), AFTERNOON],
  late_afternoon: [between('15', '17'), AFTERNOON],
  after_school: [between('15', '24'), null],
  after_work: [between('17', '24'), null],
  early_evening: [between('17', '19'), EVENING],
  evening: [between('17', '24'), EVENING],
  late_evening: [between('19', '24'), EVENING],
  early_night: [between('17', '21'), NIGHT],
  night: [between('17', '24'), NIGHT],
  late_night: [between('20', '24'), NIGHT],
};

/** @param name as `PARTS` has it */
export function partNamed(name: string): Part | undefined {
  if (!Object.hasOwn(PARTS, name)) return undefined;
  const [span, loose] = PARTS[name] ?? [];
  return span && { span, loose: loose ?? [span], settles: loose != null };
}
