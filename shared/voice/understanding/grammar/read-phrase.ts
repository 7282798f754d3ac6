import { composePhrase } from './compose.ts';
import { toLexemes } from '../words/lexicon.ts';
import type { Phrase } from './meaning.ts';
import { cutPhrase } from './cut-phrase.ts';
import { createLattice } from './parser.ts';
import { foldText, MAX_LENGTH, toTokens } from '../words/tokens.ts';

const MAX_TOKENS = 60;

/** What a text says, or that some of it is not read. */
export type PhraseResult =
  /** Every way in which the whole of it can be read. */
  | { readonly kind: 'read'; readonly phrases: readonly Phrase[] }
  | { readonly kind: 'unread'; readonly words: readonly string[] };

/** @param home the address that is asked about: words that repeat it are filler. */
export function readPhrase(text: string, home: string | null = null): PhraseResult {
  const read = readPhraseOrFiller(text, home);
  return read.kind === 'read' && read.phrases.length === 0 ? { kind: 'unread', words: [] } : read;
}

/** As `readPhrase`; words that are known but name no time are read, and give no phrase. */
export function readPhraseOrFiller(text: string, home: string | null): PhraseResult {
  if (text.length > MAX_LENGTH) return { kind: 'unread', words: [] };
  const tokens = toTokens(text);
  if (tokens.length === 0 || tokens.length > MAX_TOKENS) return { kind: 'unread', words: [] };
  const { at, unknown } = toLexemes(tokens, home === null ? [] : wordsOf(home));
  if (unknown.length > 0) return { kind: 'unread', words: unknown };
  const phrases = new Map<string, Phrase>();
  for (const elements of cutPhrase(createLattice(at))) {
    const phrase = composePhrase(elements);
    if (phrase === 'taken_back') return { kind: 'unread', words: [] };
    if (phrase) phrases.set(JSON.stringify(phrase), phrase);
  }
  if (phrases.size === 0) return { kind: 'unread', words: [] };
  return { kind: 'read', phrases: [...phrases.values()].filter(saysSomething) };
}

const wordsOf = (text: string): string[] =>
  foldText(text)
    .split(/[^a-z\d]+/)
    .filter((word) => word !== '');

/** Words that are all filler name no time. */
const saysSomething = ({ branches, exceptions, order, isAccepted }: Phrase): boolean =>
  isAccepted ||
  order !== null ||
  exceptions.length > 0 ||
  branches.some(
    ({ days, times, fromNow, moved, nth, isAmong, isAny }) =>
      days.length + times.length + fromNow.length + moved.length + nth.length > 0 || isAmong || isAny,
  );
