// Writes test/properties/ear/confusions.json: how the words of street names are misheard. It knows nothing of the matcher:
// espeak-ng tells the phonemes of each word and of a dictionary, and what sounds nearest is what a transcript may hold.
//   apt-get install espeak-ng wamerican && node scripts/ear-confusions.ts
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';

const OUT = 'test/properties/ear/confusions.json';

/** Words of real street names: half for homes that are listed, half for strangers. */
const LISTED =
  'rambling western vandament crossing peachtree lindsey robinson boyd porter tecumseh imhoff classen jenkins chautauqua berry flood lahoma pickard brooks symmes eufaula tonhawa gray daws acres alameda franklin rock creek sooner broadway danforth edmond covell kelley bryant coltrane santa bellevue meridian portland macarthur rockwell council penn villa drexel lincoln lottie eastern grand reno sheridan california robert hudson harvey walker dewey shartel lee francis classic military blackwelder douglas indian youngs miller barnes venice saint clair tulsa ross grove euclid elmwood linwood pershing county virginia ellison klein olive mckinley kentucky plymouth brookline barbour windsor maple chestnut hickory sycamore magnolia dogwood juniper cypress laurel hawthorn spruce aspen birch willow cedar poplar walnut pecan mulberry heather primrose clover juniper saddleback timberline stonebridge canyon prairie bluestem cimarron arapaho cherokee choctaw seminole pawnee osage comanche kiowa apache caddo quail pheasant falcon heron cardinal meadowlark sparrow mockingbird bobwhite';
const STRANGERS =
  'washington jefferson adams monroe jackson harrison tyler polk taylor fillmore buchanan johnson grant hayes garfield cleveland roosevelt wilson harding coolidge hoover truman kennedy nixon reagan clinton delaware vermont nebraska dakota wyoming montana idaho nevada oregon alaska hawaii michigan illinois wisconsin minnesota kansas colorado trinity calvary chapel mission college university academy library station depot railroad industrial commerce market exchange liberty freedom patriot veterans memorial sunset sunrise horizon panorama skyline summit mountain highland lowland valley river harbor bay ocean coral lagoon island dolphin pelican seagull anchor captain admiral colonel sergeant hunter archer fisher baker cooper mason carpenter weaver tanner shepherd bishop abbey priory manor castle knight regent duke princess queen crown victoria albert edward george charles elizabeth margaret dorothy florence rosemary lavender jasmine violet daisy orchid tulip lilac azalea camellia buttercup foxglove bramble thistle heath moor ginger saffron pepper clementine tangerine orange lemon cherry apple';

/** Classes of phonemes that are taken for one another on the phone. */
const CLASSES = ['pbtdkɡ', 'fvθðszʃʒh', 'mnŋ', 'lɹwj', 'iɪeɛæa', 'uʊoɔɑʌəɐɚɜ'];
const PAIRS = new Set([
  'pb',
  'td',
  'kɡ',
  'fv',
  'fθ',
  'vð',
  'sz',
  'ʃʒ',
  'sθ',
  'mn',
  'nŋ',
  'lɹ',
  'wɹ',
  'iɪ',
  'ɪɛ',
  'ɛæ',
  'eɛ',
  'uʊ',
  'oʊ',
  'ɔɑ',
  'ʌə',
  'ɐə',
  'ɪə',
  'ɛə',
  'pt',
  'tk',
  'bd',
  'dɡ',
]);

function phonemesOf(words: readonly string[]): string[] {
  const out = execFileSync('espeak-ng', ['-q', '--ipa', '-v', 'en-us'], {
    input: words.map((word) => `${word}.`).join('\n'),
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  return out
    .split('\n')
    .map((line) => line.trim().replace(/[ˈˌː\s‍]/g, ''))
    .filter((line) => line !== '');
}

function substitution(a: string, b: string): number {
  if (a === b) return 0;
  if (PAIRS.has(a + b) || PAIRS.has(b + a)) return 0.4;
  return CLASSES.some((letters) => letters.includes(a) && letters.includes(b)) ? 0.7 : 1.2;
}

function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at * 0.9);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i * 0.9];
    for (let j = 1; j <= b.length; j += 1) {
      next.push(
        Math.min(
          (row[j] ?? 0) + 0.9,
          (next[j - 1] ?? 0) + 0.9,
          (row[j - 1] ?? 0) + substitution(a[i - 1] ?? '', b[j - 1] ?? ''),
        ),
      );
    }
    row = next;
  }
  return row.at(-1) ?? Infinity;
}

const SPELLINGS: Readonly<Record<string, string>> = {
  ɹ: 'r',
  ɡ: 'g',
  ʃ: 'sh',
  ʒ: 'zh',
  θ: 'th',
  ð: 'th',
  ŋ: 'ng',
  j: 'y',
  ɪ: 'i',
  iː: 'ee',
  ɛ: 'e',
  æ: 'a',
  ɑ: 'o',
  ɔ: 'o',
  ʌ: 'u',
  ə: 'e',
  ɐ: 'a',
  ɚ: 'er',
  ɜ: 'er',
  ʊ: 'u',
  o: 'o',
  u: 'oo',
  i: 'ee',
  ᵻ: 'i',
  ɾ: 't',
  ʔ: 't',
  x: 'k',
  ɫ: 'l',
};

/** How somebody would write a sound that they do not know. */
function respell(phonemes: string): string {
  return Array.from(phonemes)
    .map((phoneme) => SPELLINGS[phoneme] ?? phoneme)
    .join('')
    .replace(/[^a-z]/g, '')
    .replace(/tsh/g, 'ch')
    .replace(/dzh/g, 'j');
}

/** One phoneme taken for its neighbour. */
function misheard(phonemes: string): string[] {
  return Array.from(phonemes).flatMap((phoneme, at) =>
    [...PAIRS]
      .filter((pair) => pair.includes(phoneme))
      .map((pair) => phonemes.slice(0, at) + pair.replace(phoneme, '') + phonemes.slice(at + 1)),
  );
}

function main(): void {
  const dictionary = readFileSync('/usr/share/dict/american-english', 'utf8')
    .split('\n')
    .map((word) => word.toLowerCase())
    .filter((word) => /^[a-z]{3,11}$/.test(word));
  const vocabulary = [...new Set(dictionary)];
  const sounds = phonemesOf(vocabulary);
  const listed = [...new Set(LISTED.split(' '))];
  const listedSounds = phonemesOf(listed);
  if (sounds.length !== vocabulary.length || listedSounds.length !== listed.length) {
    throw new Error(`espeak-ng answered ${sounds.length} of ${vocabulary.length} words`);
  }
  const heard = Object.fromEntries(
    listed.map((word, at) => {
      const own = listedSounds[at] ?? '';
      const near = vocabulary
        .map((other, index) => ({ other, sound: sounds[index] ?? '' }))
        .filter(({ other, sound }) => other !== word && Math.abs(sound.length - own.length) <= 2)
        .map(({ other, sound }) => ({ other, away: distance(own, sound) / own.length }))
        .filter(({ away }) => away <= 0.2)
        .sort((a, b) => a.away - b.away)
        .slice(0, 4)
        .map(({ other }) => other);
      const written = [respell(own), ...misheard(own).map(respell)].filter(
        (text) => text !== word && text.length > 1,
      );
      const every = Math.max(1, Math.ceil(written.length / 4));
      return [word, [...new Set([...near, ...written.filter((_, index) => index % every === 0)])]];
    }),
  );
  const strangers = [...new Set(STRANGERS.split(' '))].filter((word) => !listed.includes(word));
  writeFileSync(OUT, `${JSON.stringify({ heard, strangers }, null, 2)}\n`);
  console.log(`${OUT}: ${listed.length} words, ${strangers.length} strangers`);
}

main();
