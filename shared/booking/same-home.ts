// Whether two requests of one call mean the same home, however its address was spelled.

/** A home as a request or a booking names it. */
export interface HomeReference {
  /** Null or absent if the manager lists no homes. */
  readonly propertyId?: string | null | undefined;
  readonly propertyAddress: string;
}

/** Words that people leave out or shorten. */
const STREET_WORDS = new Set(
  'st str street ave av avenue rd road ln lane dr drive blvd boulevard ct court pl place ter terrace way pkwy parkway cir circle apt apartment unit suite ste the at'.split(
    ' ',
  ),
);

function wordsOf(address: string): string[] {
  return address
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}

/** By their ids if both have one. Else by the address: the same numbers, and one names the street as the other does or shorter. */
export function isSameHome(a: HomeReference, b: HomeReference): boolean {
  if (a.propertyId != null && b.propertyId != null) return a.propertyId === b.propertyId;
  const [first, second] = [wordsOf(a.propertyAddress), wordsOf(b.propertyAddress)];
  if (first.join(' ') === second.join(' ')) return true;
  const numbers = [first, second].map((words) => words.filter((word) => /\p{N}/u.test(word)).join(' '));
  if (numbers[0] !== numbers[1]) return false;
  const names = [first, second].map((words) =>
    words.filter((word) => !/\p{N}/u.test(word) && !STREET_WORDS.has(word)),
  );
  const [shorter = [], longer = []] = names.sort((x, y) => x.length - y.length);
  return shorter.length > 0 && shorter.every((word) => longer.includes(word));
}
