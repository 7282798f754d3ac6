// How long it takes to find a home by what was heard: under 1 ms among 300 homes, under 5 ms among 5,000.
import { findHome } from '../shared/properties/match/find-home.ts';
import { buildMatchIndex } from '../shared/properties/match/match-index.ts';
import { NO_FIELDS } from '../shared/properties/property.ts';
import type { ListedProperty } from '../shared/properties/property.ts';

const FIRST =
  'ram west van cross peach lind rob por clas jen chau ber ala frank mead wind stone cher timber quail'.split(
    ' ',
  );
const SECOND =
  'bling ern dament ing tree sey inson ter sen kins tauqua ry meda lin ow mill bridge okee line hollow'.split(
    ' ',
  );
const TYPES = 'St Ave Dr Ln Ct Way Pl'.split(' ');
const CITIES = ['Norman', 'Moore', 'Oklahoma City', 'Edmond'];

/** The same homes in every run: streets of one name or two, a third of them units. */
function makeHomes(count: number): ListedProperty[] {
  return Array.from({ length: count }, (_, at) => {
    const name = `${pick(FIRST, at)}${pick(SECOND, at * 7 + (at >> 4))}`;
    const second = at % 3 === 0 ? ` ${pick(FIRST, at * 5)}${pick(SECOND, at * 11)}` : '';
    return {
      ...NO_FIELDS,
      propertyId: `home-${at}`,
      userId: 'pete',
      source: null,
      address: `${100 + ((at * 37) % 9_800)} ${name}${second} ${pick(TYPES, at)}`,
      unit: at % 3 === 1 ? String(1 + (at % 40)) : null,
      city: pick(CITIES, at),
      state: 'OK',
    };
  });
}

/** Asks that are exact, misheard, without a number, and for homes that are not listed. */
function makeAsks(homes: readonly ListedProperty[]): string[] {
  return homes.slice(0, 400).flatMap(({ address, unit, city }) => {
    const [number = '', ...street] = address.split(' ');
    const name = street.slice(0, -1).join(' ');
    return [
      `${address}${unit === null ? '' : ` unit ${unit}`}, ${city ?? ''}`,
      `I'm calling about ${number} ${name.replace(/e/, 'i')}`,
      `the one on ${name.replace(/t/, 'd')}`,
      `${Number(number) + 1} ${name} street`,
      `${number} buckingham palace road in london`,
    ];
  });
}

function pick<Item>(items: readonly Item[], at: number): Item {
  const item = items[at % items.length];
  if (item === undefined) throw new Error('Nothing to pick from');
  return item;
}

/** Prints its lines. */
export function run(): void {
  for (const [size, budgetMs] of [
    [300, 1],
    [5_000, 5],
  ] as const) {
    const homes = makeHomes(size);
    const startedAt = performance.now();
    buildMatchIndex(homes);
    const indexMs = performance.now() - startedAt;
    const asks = makeAsks(homes);
    for (const ask of asks) findHome(homes, ask);
    const before = process.cpuUsage();
    const times = asks.map((ask) => {
      const start = performance.now();
      findHome(homes, ask);
      return performance.now() - start;
    });
    const used = process.cpuUsage(before);
    times.sort((a, b) => a - b);
    const meanMs = (used.user + used.system) / 1_000 / asks.length;
    const [half, most] = [0.5, 0.95].map((share) => times[Math.floor(times.length * share)] ?? Number.NaN);
    console.log(
      `a home among ${size}: ${meanMs.toFixed(2)} ms of the processor, median ${(half ?? 0).toFixed(2)}, 95% under ${(most ?? 0).toFixed(2)} (budget ${budgetMs}); index ${indexMs.toFixed(0)} ms`,
    );
  }
}
