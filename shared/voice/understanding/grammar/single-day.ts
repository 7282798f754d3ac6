import { date } from './dates.ts';
import { numbered } from './day-numbers.ts';
import type { Day } from './meaning.ts';
import { holiday, relative } from './named-days.ts';
import { nth } from './nth-of-month.ts';
import { either, rule } from './parser.ts';
import type { Rule } from './parser.ts';
import { weekday } from './weekdays.ts';
import { weekdayDate, weekdayNumber } from './weekdays-with-a-date.ts';

/** One day, or one of two that its words may mean. */
export const singleDay: Rule<Day> = rule(() =>
  either<Day>(weekdayNumber, weekdayDate, date, weekday, numbered, relative, holiday, nth),
);
