// The cardinals below 100 in English and Spanish, in lower case and without accents. Each list counts up by one, the tens by ten.

const list = (words: string): readonly string[] => words.split(' ');

/** 1 to 9. */
export const ENGLISH_UNITS = list('one two three four five six seven eight nine');
// prettier-ignore
/** 10 to 19. */
export const ENGLISH_TEENS = list('ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen');
/** 20 to 90. */
export const ENGLISH_TENS = list('twenty thirty forty fifty sixty seventy eighty ninety');
/** 1 to 9. */
export const SPANISH_UNITS = list('uno dos tres cuatro cinco seis siete ocho nueve');
// prettier-ignore
/** 10 to 29, each of which is one word. */
export const SPANISH_TEENS = list('diez once doce trece catorce quince dieciseis diecisiete dieciocho diecinueve veinte veintiuno veintidos veintitres veinticuatro veinticinco veintiseis veintisiete veintiocho veintinueve');
/** 30 to 90. */
export const SPANISH_TENS = list('treinta cuarenta cincuenta sesenta setenta ochenta noventa');
