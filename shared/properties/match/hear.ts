// Compares what was said with the names of a directory: which words could be which name, and how well they fit.
import { DIRECTIONS, FILLER, NEGATIONS, PLACE_PREPOSITIONS, STREET_TYPES } from './address-words.ts';
import { pairsOf } from './match-index.ts';
import type { MatchIndex, Place } from './match-index.ts';
import { alike, soundOf } from './sound.ts';
import type { Sound } from './sound.ts';
import type { SpokenText } from './spoken-text.ts';

/** A word that may matter. */
export interface ContentWord {
  readonly text: string;
  /** Street types and filler: they count for nothing if they are not part of a name. */
  readonly isFree: boolean;
  readonly direction: string | null;
  /** It follows "in", "near" and the like. */
  readonly isPlace: boolean;
}

/** A name that was heard among the words. */
export interface PlaceHeard {
  /** From 0 to 1. */
  readonly score: number;
  /** The words that are the name: `[from, to)` of the content. */
  readonly from: number;
  readonly to: number;
}

/** What was said, with the names that it may contain. */
export interface Heard {
  readonly spoken: SpokenText;
  readonly content: readonly ContentWord[];
  /** Something was said that negates it, makes it vague or was not compared, so the result is only enough to ask. */
  readonly isUncertain: boolean;
  /** By the place; null if the place was not heard. */
  placeHeard(place: Place): PlaceHeard | null;
  /** All places of the directory that were heard. */
  places(): readonly Place[];
}

const MAX_CONTENT = 14;
const MAX_WINDOW = 5;
/** Names that sound less alike are not even near. */
const MIN_SCORE = 0.5;
/** Share of letter pairs in common below which two names are not compared. */
const MIN_PAIRS = 0.4;
/** So many pairs of a window and a place are compared, because comparing is slow: those that share most letter pairs. */
const MAX_COMPARED = 40;

interface Window {
  readonly from: number;
  readonly to: number;
  readonly sound: Sound;
}

/** Hears the names of a directory in what was said. The names are compared when they are asked about, each once. */
export function hear(spoken: SpokenText, index: MatchIndex): Heard {
  const all = contentOf(spoken.words, index);
  const content = all.slice(0, MAX_CONTENT);
  const windows = windowsOf(content);
  const heard = new Map<Place, PlaceHeard | null>();
  let places: readonly Place[] | null = null;

  function placeHeard(place: Place): PlaceHeard | null {
    let found = heard.get(place);
    if (found === undefined) {
      found = bestWindow(windows, place);
      heard.set(place, found);
    }
    return found;
  }
  return {
    spoken,
    content,
    isUncertain:
      spoken.isDoubtful || all.length > MAX_CONTENT || spoken.words.some((word) => NEGATIONS.has(word)),
    placeHeard,
    places() {
      places ??= placesLike(windows, index, heard);
      return places;
    },
  };
}

function contentOf(words: readonly string[], index: MatchIndex): ContentWord[] {
  const content: ContentWord[] = [];
  for (const [at, text] of words.entries()) {
    const isFiller = FILLER.has(text) || NEGATIONS.has(text);
    if (isFiller && !index.vocabulary.has(text)) continue;
    content.push({
      text,
      isFree: isFiller || STREET_TYPES.has(text),
      direction: DIRECTIONS.get(text) ?? null,
      isPlace: PLACE_PREPOSITIONS.has(words[at - 1] ?? ''),
    });
  }
  return content;
}

function windowsOf(content: readonly ContentWord[]): Window[] {
  const windows: Window[] = [];
  for (let from = 0; from < content.length; from += 1) {
    for (let to = from + 1; to <= Math.min(content.length, from + MAX_WINDOW); to += 1) {
      windows.push({ from, to, sound: soundOf(content.slice(from, to).map(({ text }) => text)) });
    }
  }
  return windows;
}

function bestWindow(windows: readonly Window[], place: Place): PlaceHeard | null {
  let best: PlaceHeard | null = null;
  for (const { from, to, sound } of windows) {
    const score = alike(sound, place.sound);
    if (score >= MIN_SCORE && score > (best?.score ?? 0)) best = { score, from, to };
  }
  return best;
}

/** The places that sound like a window; how alike they sound is written to `heard`. */
function placesLike(
  windows: readonly Window[],
  index: MatchIndex,
  heard: Map<Place, PlaceHeard | null>,
): Place[] {
  const pairs = windows.flatMap((window) => placesWithPairs(window, index));
  pairs.sort((a, b) => b.share - a.share);
  const best = new Map<Place, PlaceHeard>();
  for (const { window, place } of pairs.slice(0, MAX_COMPARED)) {
    const score = alike(window.sound, place.sound);
    if (score >= MIN_SCORE && score > (best.get(place)?.score ?? 0)) {
      best.set(place, { score, from: window.from, to: window.to });
    }
  }
  for (const [place, found] of best) if (!heard.has(place)) heard.set(place, found);
  return [...best.keys()];
}

function placesWithPairs(
  window: Window,
  index: MatchIndex,
): { window: Window; place: Place; share: number }[] {
  const pairs = pairsOf(window.sound.phonetic);
  const shared = new Uint8Array(index.places.length);
  for (const pair of pairs) {
    for (const id of index.byPair.get(pair) ?? []) shared[id] = (shared[id] ?? 0) + 1;
  }
  const found: { window: Window; place: Place; share: number }[] = [];
  for (const [id, place] of index.places.entries()) {
    const share = (2 * (shared[id] ?? 0)) / (pairs.size + place.sound.phonetic.length + 1);
    if (share >= MIN_PAIRS) found.push({ window, place, share });
  }
  return found;
}
