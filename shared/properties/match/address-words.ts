// The words of addresses and of the sentences around them, English and Spanish, without accents.

function toMap(table: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(table).flatMap(([canonical, words]) =>
      [canonical, ...words.split(' ')].map((word): [string, string] => [word, canonical]),
    ),
  );
}

/** Street types: optional, never decisive. A Spanish one comes first ("calle ocho"). */
export const STREET_TYPES = toMap({
  street: 'st str streets calle cll',
  avenue: 'ave av aven avenida avenues',
  road: 'rd roads camino',
  drive: 'dr drv drives',
  lane: 'ln lanes',
  court: 'ct courts crt',
  circle: 'cir circ circles',
  boulevard: 'blvd boul bulevar',
  place: 'pl plc',
  way: 'wy ways',
  terrace: 'ter terr',
  trail: 'trl trails',
  parkway: 'pkwy pky',
  highway: 'hwy',
  square: 'sq',
  loop: 'loops',
  plaza: 'plz',
  pike: 'pikes',
  alley: 'aly',
  expressway: 'expy',
  turnpike: 'tpke',
  path: 'paths',
  cove: 'cv',
  route: 'rte',
  row: 'rows',
});

/** Words that the post office knows as street types too, but that people hear as part of the name ("Fox Crossing"). */
export const SOFT_STREET_TYPES: ReadonlySet<string> = new Set(
  'crossing xing ridge rdg hill hills creek crk run point pt bend bnd glen grove meadow meadows park view vista valley woods landing heights hts estates village walk pass close commons green garden gardens lake shore shores springs spring trace oaks'.split(
    ' ',
  ),
);

/** Directions, and how they are written short, by their English name. */
export const DIRECTIONS = toMap({
  north: 'n norte',
  south: 's sur',
  east: 'e este',
  west: 'w oeste',
  northeast: 'ne noreste nordeste',
  northwest: 'nw noroeste',
  southeast: 'se sureste sudeste',
  southwest: 'sw suroeste sudoeste',
});

/** What announces a unit. After the second kind a house number may follow just as well ("number 829"). */
export const UNIT_WORDS: ReadonlySet<string> = new Set(
  'unit apartment apt suite ste lot space spc room rm bldg building apartamento apto departamento depto dpto unidad interior int trailer flat'.split(
    ' ',
  ),
);
/** What announces the number of a house or a unit. */
export const NUMBER_SIGNS: ReadonlySet<string> = new Set('# number no num numero nro'.split(' '));

/** Letters as they are transcribed. */
export const LETTERS: ReadonlyMap<string, string> = new Map([
  ...'abcdefghijklmnopqrstuvwxyz'.split('').map((letter): [string, string] => [letter, letter]),
  ['ay', 'a'],
  ['bee', 'b'],
  ['be', 'b'],
  ['see', 'c'],
  ['sea', 'c'],
  ['dee', 'd'],
  ['ee', 'e'],
  ['eff', 'f'],
  ['gee', 'g'],
  ['aitch', 'h'],
  ['jay', 'j'],
  ['kay', 'k'],
  ['ell', 'l'],
  ['em', 'm'],
  ['en', 'n'],
]);

/** What is counted by "two bedroom". */
export const BEDROOM_WORDS: ReadonlySet<string> = new Set(
  'bedroom bedrooms bed beds bdrm bdrms br brs bedder recamara recamaras habitacion habitaciones dormitorio dormitorios cuarto cuartos alcoba alcobas'.split(
    ' ',
  ),
);
/** What is counted by "two bath". */
export const BATHROOM_WORDS: ReadonlySet<string> = new Set(
  'bath baths bathroom bathrooms ba bano banos'.split(' '),
);
/** A home without a bedroom. */
export const STUDIO_WORDS: ReadonlySet<string> = new Set('studio efficiency estudio'.split(' '));
/** What makes the number before it a rent. */
export const MONEY_WORDS: ReadonlySet<string> = new Set(
  'dollars dollar bucks usd dolares pesos monthly mensual mensuales'.split(' '),
);

/** After these a city or an area is named: another one than the home's is a contradiction. */
export const PLACE_PREPOSITIONS: ReadonlySet<string> = new Set('in near around en cerca'.split(' '));

/** Words that negate what follows. The agent asks about such a phrase and never acts on it. */
export const NEGATIONS: ReadonlySet<string> = new Set(
  'not isnt except without other another different neither nor or o u sino excepto otra otro distinta distinto menos ni'.split(
    ' ',
  ),
);

/** Words around an address that say nothing about it. */
export const FILLER: ReadonlySet<string> = new Set(
  (
    'the a an one ones at on in of for to from by near around is it its that this those these there here i im id ive am we were want wanted wanna would like love see seeing look looking view viewing visit visiting tour touring showing show appointment book booking schedule scheduling about regarding calling call called ask asking interested please thanks thank you your yours my mine our ours he she they me us home homes house houses place property rental rentals rent renting rented lease listing listed list ad apartment apartments condo condos townhouse townhome townhomes duplex triplex building complex community located location address called named name over up down out off with and have has had got get do does did can could may might still available advertised online zillow website sign saw seen found just also uh um er hmm hi hello hey yes yeah yep okay ok well so think believe mean which what where is was be been will today tomorrow month mes per ' +
    'la el los las lo un una unos unas de del en por para con a al y que es esta este esto esa ese eso aquella casa casas propiedad vivienda renta rentas alquiler alquilar rentar quiero quisiera queria gustaria ver verla verlo visitar visita cita llamo llamando sobre acerca favor ubicada ubicado direccion hola buenas buenos dias tardes si me mi su se interesa interesado interesada tiene tienen hay esta anuncio apartamento departamento'
  )
    .split(' ')
    .filter((word) => word !== ''),
);

/** Words at the end of a community's name that callers leave out. */
export const COMMUNITY_WORDS: ReadonlySet<string> = new Set(
  'apartments apartment apts homes home house houses townhomes townhome townhouses condos condominiums community residences residence complex building flats place duplex'.split(
    ' ',
  ),
);

const STATE_NAMES =
  'al alabama|ak alaska|az arizona|ar arkansas|ca california|co colorado|ct connecticut|de delaware|fl florida|ga georgia|hi hawaii|id idaho|il illinois|in indiana|ia iowa|ks kansas|ky kentucky|la louisiana|me maine|md maryland|ma massachusetts|mi michigan|mn minnesota|ms mississippi|mo missouri|mt montana|ne nebraska|nv nevada|nh new hampshire|nj new jersey|nm new mexico|ny new york|nc north carolina|nd north dakota|oh ohio|ok oklahoma|or oregon|pa pennsylvania|ri rhode island|sc south carolina|sd south dakota|tn tennessee|tx texas|ut utah|vt vermont|va virginia|wa washington|wv west virginia|wi wisconsin|wy wyoming|dc district of columbia|pr puerto rico';

/** The words of a state's code and of its name: "ok" gives both "ok" and "oklahoma". */
export function stateWords(state: string): readonly string[] {
  const given = state.toLowerCase().trim();
  for (const line of STATE_NAMES.split('|')) {
    const [code = '', ...name] = line.split(' ');
    if (given === code || given === name.join(' ')) return [code, ...name];
  }
  return given.split(/\s+/);
}
