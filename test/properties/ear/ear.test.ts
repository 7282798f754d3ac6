// The measure of address matching: what share of callers gets the home they named.
import { describe, expect, test } from '@jest/globals';
import { findHome } from '../../../shared/properties/match/find-home.ts';
import type { HomeMatch } from '../../../shared/properties/match/home-match.ts';
import type { ListedProperty } from '../../../shared/properties/property.ts';
import { askFor, askForStranger, askInSpanish, makeListings } from './asks.ts';
import { createRandom } from './random.ts';

interface Score {
  right: number;
  asked: number;
  wrong: string[];
  lost: string[];
}

function emptyScore(): Score {
  return { right: 0, asked: 0, wrong: [], lost: [] };
}

function count(score: Score, meant: ListedProperty, said: string, match: HomeMatch): void {
  if (match.kind === 'found') {
    if (match.property === meant) score.right += 1;
    else
      score.wrong.push(
        `"${said}" for ${meant.address} ${meant.unit ?? ''} became ${match.property.address} ${match.property.unit ?? ''}`,
      );
  } else if (match.kind === 'which' && match.properties.includes(meant)) {
    score.asked += 1;
  } else {
    score.lost.push(
      `"${said}" for ${meant.address} ${meant.unit ?? ''}, ${meant.city ?? ''} (${match.kind})`,
    );
  }
}

const SEEDS = [1, 2, 3, 4, 5];
const ASKS = 1_000;

function measure(
  ask: (listing: ReturnType<typeof makeListings>[number], random: ReturnType<typeof createRandom>) => string,
): Score {
  const score = emptyScore();
  for (const seed of SEEDS) {
    const random = createRandom(seed);
    const listings = makeListings(random, 300);
    const properties = listings.map(({ property }) => property);
    for (let at = 0; at < ASKS; at += 1) {
      const listing = random.pick(listings);
      const said = ask(listing, random);
      count(score, listing.property, said, findHome(properties, said));
    }
  }
  return score;
}

const TOTAL = SEEDS.length * ASKS;

describe('Among 300 homes, of callers in English whose street is misheard in 35 of 100 asks', () => {
  const score = measure((listing, random) => askFor(listing, random, 35));

  test('at most 1 in 1,000 gets a wrong home', () => {
    expect(score.wrong.slice(0, TOTAL / 1_000)).toEqual(score.wrong);
  });

  test('at least 97 in 100 get the home they named or are asked which', () => {
    expect({
      share: (score.right + score.asked) / TOTAL >= 0.97,
      lost: score.lost.slice(0, 40),
    }).toMatchObject({
      share: true,
    });
  });

  test('at least 65 in 100 get the home they named at once', () => {
    expect(score.right / TOTAL).toBeGreaterThan(0.65);
  });
});

describe('Among 300 homes, of callers in Spanish', () => {
  const score = measure(askInSpanish);

  test('at most 1 in 1,000 gets a wrong home', () => {
    expect(score.wrong.slice(0, TOTAL / 1_000)).toEqual(score.wrong);
  });

  test('at least 97 in 100 get the home they named or are asked which', () => {
    expect({
      share: (score.right + score.asked) / TOTAL >= 0.97,
      lost: score.lost.slice(0, 40),
    }).toMatchObject({
      share: true,
    });
  });
});

test('Of callers who ask for homes that are not listed, at most 5 in 1,000 get one', () => {
  const accepted: string[] = [];
  let asked = 0;
  for (const seed of SEEDS) {
    const random = createRandom(seed + 100);
    const listings = makeListings(random, 300);
    const properties = listings.map(({ property }) => property);
    for (let at = 0; at < ASKS; at += 1) {
      const said = askForStranger(listings, random);
      if (said === null) continue;
      asked += 1;
      const match = findHome(properties, said);
      if (match.kind === 'found')
        accepted.push(`"${said}" became ${match.property.address}, ${match.property.city ?? ''}`);
    }
  }
  expect(accepted.slice(0, (asked * 5) / 1_000)).toEqual(accepted);
});
