// Whether one home is the one that was said: certainly, perhaps, or only something near it.
import { explainNumbers } from './explain-numbers.ts';
import type { ContentWord, Heard } from './hear.ts';
import type { IndexedHome, MatchIndex, Place } from './match-index.ts';
import { alike, soundOf } from './sound.ts';
import type { NumbersExplained } from './explain-numbers.ts';

/** `named`: enough to book. `ask`: enough to ask. `near`: worth a "did you mean". */
export type Level = 'named' | 'ask' | 'near';

/** How well a home fits what was said. */
export interface Judgement {
  readonly home: IndexedHome;
  readonly level: Level;
  /** How alike the names sound, from 0 to 1. */
  readonly score: number;
  /** How many of the details said (direction, city, unit, bedrooms) are this home's. */
  readonly agreeing: number;
  readonly isHouseSaid: boolean;
}

/** If the house number is equal, a name needs only this score to count as named. */
const NAMED_SCORE = 0.8;
/** Without a house number, only the name counts, so it needs a higher score. */
const NAMED_ALONE_SCORE = 0.88;
const ASK_SCORE = 0.6;
const CITY_SCORE = 0.8;

interface Leftover {
  /** How many words do not belong to this home. */
  readonly unexplained: number;
  /** Another city was said. */
  readonly isElsewhere: boolean;
  readonly isOtherDirection: boolean;
  readonly agreeing: number;
}

/** How well one home fits what was heard; null if it does not fit at all. */
export function judgeHome(home: IndexedHome, heard: Heard, index: MatchIndex): Judgement | null {
  let best: Judgement | null = null;
  for (const place of home.places) {
    const judgement = judgePlace(home, place, heard, index);
    if (judgement !== null && (best === null || isBetter(judgement, best))) best = judgement;
  }
  return best ?? judgeWithoutPlace(home, heard, index);
}

const ORDER: Readonly<Record<Level, number>> = { named: 2, ask: 1, near: 0 };

/** Whether one judgement beats another: by its level, then by how alike the names sound. */
export function isBetter(a: Judgement, b: Judgement): boolean {
  return ORDER[a.level] === ORDER[b.level] ? a.score > b.score : ORDER[a.level] > ORDER[b.level];
}

function judgePlace(home: IndexedHome, place: Place, heard: Heard, index: MatchIndex): Judgement | null {
  const isNumberAlone = place.name.words.length === 0;
  const found = isNumberAlone ? { score: 1, from: 0, to: 0 } : heard.placeHeard(place);
  if (found === null) return null;
  const numbers = explainNumbers(heard.spoken, home.numbers, place.name.numbers);
  if (numbers === null) return null;
  const isWhole = numbers.streetNumbers === place.name.numbers.length;
  if (isNumberAlone && !isWhole) return null;
  const rest = [...heard.content.slice(0, found.from), ...heard.content.slice(found.to)];
  const leftover = explainWords(rest, home, index);
  const level = levelOf(found.score, isWhole && !place.name.isPartial, numbers, leftover, home, heard);
  if (level === null) return null;
  const agreeing = agreeingDetails(home, heard, numbers, leftover);
  return { home, level, score: found.score, agreeing, isHouseSaid: numbers.house === 'said' };
}

function levelOf(
  score: number,
  isWhole: boolean,
  numbers: NumbersExplained,
  leftover: Leftover,
  { property }: IndexedHome,
  { spoken, isUncertain }: Heard,
): Level | null {
  const { bedrooms } = spoken;
  const isOtherSize = bedrooms !== null && property.bedrooms !== null && property.bedrooms !== bedrooms;
  if (numbers.house === 'near') return score >= ASK_SCORE && leftover.unexplained <= 1 ? 'near' : null;
  if (numbers.house === 'unsaid') {
    if (score < ASK_SCORE || leftover.unexplained > 1) return null;
    if (isOtherSize || leftover.isElsewhere || numbers.unit === 'other')
      return score >= NAMED_ALONE_SCORE ? 'near' : null;
    const isNamed = score >= NAMED_ALONE_SCORE && isWhole && leftover.unexplained === 0;
    return isNamed && !leftover.isOtherDirection && !isUncertain ? 'named' : 'ask';
  }
  if (numbers.unit === 'other' || leftover.isElsewhere) return score >= NAMED_SCORE ? 'near' : null;
  if (leftover.unexplained > 2) return 'near';
  const isNamed = score >= NAMED_SCORE && isWhole && leftover.unexplained === 0 && !isOtherSize;
  return isNamed && !leftover.isOtherDirection && !isUncertain ? 'named' : 'ask';
}

/** A number, a city or a size alone does not name a home, but is enough to ask. */
function judgeWithoutPlace(home: IndexedHome, heard: Heard, index: MatchIndex): Judgement | null {
  const { spoken, content } = heard;
  const numbers = explainNumbers(spoken, home.numbers, []);
  if (numbers === null || numbers.house === 'near' || numbers.unit === 'other') return null;
  const leftover = explainWords(content, home, index);
  if (leftover.unexplained > 0 || leftover.isElsewhere || leftover.isOtherDirection) return null;
  const { bedrooms } = spoken;
  if (bedrooms !== null && home.property.bedrooms !== bedrooms) return null;
  const isSomething =
    numbers.house === 'said' || numbers.postalCode || leftover.agreeing > 0 || bedrooms !== null;
  if (!isSomething) return null;
  const agreeing = agreeingDetails(home, heard, numbers, leftover);
  return { home, level: 'ask', score: ASK_SCORE, agreeing, isHouseSaid: numbers.house === 'said' };
}

function explainWords(rest: readonly ContentWord[], home: IndexedHome, index: MatchIndex): Leftover {
  const unexplained: ContentWord[] = [];
  let isOtherDirection = false;
  let agreeing = 0;
  for (const word of rest) {
    if (home.agreeing.has(word.text)) {
      if (home.city.includes(word.text)) agreeing += 1;
    } else if (word.direction !== null) {
      if (word.direction === home.direction) agreeing += 1;
      else if (home.direction !== null) isOtherDirection = true;
    } else if (!word.isFree) {
      unexplained.push(word);
    }
  }
  const isCity =
    unexplained.length > 0 &&
    home.city.length > 0 &&
    alike(soundOf(unexplained.map(({ text }) => text)), home.citySound) >= CITY_SCORE;
  if (isCity) return { unexplained: 0, isElsewhere: false, isOtherDirection, agreeing: agreeing + 1 };
  return {
    unexplained: unexplained.length,
    isElsewhere: unexplained.some(({ text, isPlace }) => isPlace || index.cityWords.has(text)),
    isOtherDirection,
    agreeing,
  };
}

function agreeingDetails(
  { property }: IndexedHome,
  { spoken }: Heard,
  numbers: NumbersExplained,
  leftover: Leftover,
): number {
  // An unknown number of bedrooms may be the one that was said.
  const isSize = spoken.bedrooms !== null && (property.bedrooms ?? spoken.bedrooms) === spoken.bedrooms;
  return (
    leftover.agreeing + (numbers.postalCode ? 1 : 0) + (numbers.unit === 'said' ? 1 : 0) + (isSize ? 1 : 0)
  );
}
