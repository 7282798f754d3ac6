// Callers speak English or Spanish, whatever the line is set to: both are brought into one plain English that
// chrono-node reads. Order matters: longer phrases stand before the words they hold.

// prettier-ignore
const DIGITS: Readonly<Record<string, string>> = {
  one: '1', two: '2', three: '3', four: '4', five: '5', six: '6', seven: '7', eight: '8', nine: '9', ten: '10',
  eleven: '11', twelve: '12',
  una: '1', un: '1', dos: '2', tres: '3', cuatro: '4', cinco: '5', seis: '6', siete: '7', ocho: '8', nueve: '9',
  diez: '10', once: '11', doce: '12',
};
const NUMBER = `\\d{1,2}|${Object.keys(DIGITS).join('|')}`;
// prettier-ignore
const MINUTES: Readonly<Record<string, string>> = {
  fifteen: '15', thirty: '30', 'forty five': '45', 'forty-five': '45', media: '30', cuarto: '15', quince: '15', treinta: '30',
};
const MINUTE = `[0-5]\\d|${Object.keys(MINUTES).join('|')}`;

function digit(word: string): string {
  return DIGITS[word] ?? word;
}
function minute(word: string): string {
  return MINUTES[word] ?? word;
}
/** The hour before: `quarter to 3` is 2:45. */
function before(hour: string): string {
  return String(((Number(digit(hour)) + 10) % 12) + 1);
}

// prettier-ignore
const WORDS: Readonly<Record<string, string>> = {
  hoy: 'today', lunes: 'monday', martes: 'tuesday', miercoles: 'wednesday', jueves: 'thursday', viernes: 'friday',
  sabado: 'saturday', domingo: 'sunday', enero: 'january', febrero: 'february', marzo: 'march', abril: 'april',
  mayo: 'may', junio: 'june', julio: 'july', agosto: 'august', septiembre: 'september', setiembre: 'september',
  octubre: 'october', noviembre: 'november', diciembre: 'december', semana: 'week', mes: 'month', dias: 'days',
  semanas: 'weeks', meses: 'months', primera: 'first', primero: 'first', primer: 'first', segunda: 'second',
  segundo: 'second', tercera: 'third', tercero: 'third', tercer: 'third', cuarta: 'fourth', quinta: 'fifth',
  ultima: 'last', ultimo: 'last', opcion: 'option', hora: 'time', cita: 'one', visita: 'one', proximo: 'next',
  proxima: 'next', este: 'this', esta: 'this', o: 'or', u: 'or', y: 'and', entre: 'between', desde: 'from',
  hasta: 'to',
};

type Rule = readonly [RegExp, string | ((...match: string[]) => string)];

function rule(pattern: string, to: Rule[1]): Rule {
  return [new RegExp(`(?<![\\p{L}\\d:'])(?:${pattern})(?![\\p{L}\\d'])`, 'gu'), to];
}

const RULES: readonly Rule[] = [
  // Spanish, without its accents.
  rule('pasado manana|day after tomorrow|the day after tomorrow', 'overmorrow'),
  rule('esta manana', 'this morning'),
  rule('esta tarde', 'this afternoon'),
  rule('esta noche', 'tonight'),
  rule('(?:por|de|en|a) la manana', 'in the morning'),
  rule('(?:por|de|en|a) la tarde', 'in the afternoon'),
  rule('(?:por|de|en|a) la noche', 'in the evening'),
  rule('(?:12 |doce )?del mediodia|(?:al )?mediodia|midday|12 noon', 'at noon'),
  rule('manana', 'tomorrow'),
  rule('fin de semana', 'weekend'),
  rule('proxim[oa] (\\p{L}+)', 'next $1'),
  rule('(\\p{L}+) (?:que viene|proxim[oa]|siguiente)', (_, unit = '') => `next ${unit}`),
  rule(
    `(?:dentro de|en) (${NUMBER}) (dias?|semanas?)`,
    (_, count = '', unit = '') => `in ${digit(count)} ${unit.startsWith('d') ? 'days' : 'weeks'}`,
  ),
  rule(`(?:a las?|las) (${NUMBER}) menos cuarto`, (_, hour = '') => `at ${before(hour)}:45`),
  rule(
    `(?:a las?|las) (${NUMBER})(?::| y )(${MINUTE})`,
    (_, hour = '', past = '') => `at ${digit(hour)}:${minute(past)}`,
  ),
  rule(`(?:a las?|las) (${NUMBER})(?: en punto)?`, (_, hour = '') => `at ${digit(hour)}`),
  rule(
    '(\\d{1,2}) de (\\p{L}{4,})(?: del? (\\d{4}))?',
    (_, day = '', month = '', year = '') => `${day} ${month}${year === '' ? '' : ` ${year}`}`,
  ),
  rule('(?:el dia|dia|el) (\\d{1,2})(?![: ]?\\d)(?! \\p{L}{4,})', (_, day = '') => `the ${day}th`),
  rule('a\\.? ?m\\.?(?=\\W|$)', 'am'),
  rule('p\\.? ?m\\.?(?=\\W|$)', 'pm'),
  rule(Object.keys(WORDS).join('|'), (word = '') => WORDS[word] ?? word),
  // English times of day.
  rule(`half past (${NUMBER})`, (_, hour = '') => `at ${digit(hour)}:30`),
  rule(`(?:a )?quarter past (${NUMBER})`, (_, hour = '') => `at ${digit(hour)}:15`),
  rule(`(?:a )?quarter (?:to|of|till) (${NUMBER})`, (_, hour = '') => `at ${before(hour)}:45`),
  rule(
    `(?:at |around |about |by )?(${NUMBER})(?: |:)(${MINUTE})(?= ?(?:am|pm|in the|at night|o'clock|$)|[ ,])`,
    (_, hour = '', past = '') => `at ${digit(hour)}:${minute(past)}`,
  ),
  rule(`(?:at|around|about|by) (${NUMBER})(?::00)?`, (_, hour = '') => `at ${digit(hour)}`),
  rule(`(?:at )?(${NUMBER}) ?o'?clock`, (_, hour = '') => `at ${digit(hour)}`),
  rule(
    `(${NUMBER})(?= ?(?:am|pm|in the (?:morning|afternoon|evening)|at night)(?:\\W|$))`,
    (_, hour = '') => `at ${digit(hour)}`,
  ),
  rule('at at', 'at'),
  rule('(?:a|one) week from', '1 weeks from'),
  rule(`(${NUMBER}) weeks from`, (_, count = '') => `${digit(count)} weeks from`),
  [/(\d) ?(?:in the morning)/g, '$1 am'],
  [/(\d) ?(?:in the afternoon|in the evening|at night)/g, '$1 pm'],
];

/** Lower case, without accents, in plain English: `Mañana a las dos y media de la tarde` is `tomorrow at 2:30 pm`. */
export function normaliseWords(text: string): string {
  let words = text
    .slice(0, 200)
    .toLowerCase()
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[’`]/g, "'")
    .replace(/[^\p{L}\d:'/.,#-]+/gu, ' ')
    .trim();
  for (const [pattern, to] of RULES) {
    words = typeof to === 'string' ? words.replace(pattern, to) : words.replace(pattern, to);
  }
  const whole = words.replace(/^the /, '');
  if (Object.hasOwn(DIGITS, whole) || /^\d{1,2}$/.test(whole)) words = `at ${digit(whole)}`;
  return words.replace(/\s+/g, ' ').trim();
}
