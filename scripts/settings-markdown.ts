// The README's table of settings, made of those that the app reads.
import { SETTINGS } from '../shared/config.ts';

const BEGIN = '<!-- settings: written by `npm run docs` -->';
const END = '<!-- end of settings -->';

const rows = Object.entries(SETTINGS).map(
  ([name, { required, secret, expected }]) =>
    `| \`${name}\`${required ? ' (required)' : ''} | ${expected}${secret ? '; secret' : ''} |`,
);

/** Puts the table between the marks of the README. @throws {Error} if it has none */
export function withSettings(readme: string): string {
  const start = readme.indexOf(BEGIN);
  const end = readme.indexOf(END);
  if (start < 0 || end < start) throw new Error('The README has no place for the settings');
  const table = ['| setting | what it should be |', '| --- | --- |', ...rows].join('\n');
  return `${readme.slice(0, start)}${BEGIN}\n\n${table}\n\n${readme.slice(end)}`;
}
