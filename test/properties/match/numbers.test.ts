import { expect, test } from '@jest/globals';
import { readNumber } from '../../../shared/properties/match/number-words.ts';
import { numbersNear } from '../../../shared/properties/match/explain-numbers.ts';
import { readSpokenText } from '../../../shared/properties/match/spoken-text.ts';
import { readingsOf, sayNumberInSpanish } from '../ear/say-number.ts';

function read(said: string): string[] {
  return readSpokenText(said).runs.map(({ words }) => readNumber(words)?.digits ?? 'unreadable');
}

test('Every number from 1 to 19,999 is read from every way of saying it', () => {
  const wrong: string[] = [];
  for (let value = 1; value < 20_000; value += value < 3_000 ? 1 : 7) {
    for (const said of [...readingsOf(value), sayNumberInSpanish(value)]) {
      // "One" alone is a pronoun.
      const digits = read(`${said} main`).join(' ');
      if (digits !== String(value) && said !== 'one' && said !== 'uno')
        wrong.push(`${said}: ${digits}, not ${value}`);
    }
  }
  expect(wrong).toEqual([]);
});

test('A number is near those that one mishearing makes of it', () => {
  expect(numbersNear('1315')).toEqual(
    expect.arrayContaining(['1350', '3015', '315', '1325', '13154', '3115']),
  );
  expect(numbersNear('1315')).not.toContain('1315');
});
