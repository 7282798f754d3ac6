// Sample values for every line about homes, for docs/speech.md and for the tests that hold lines to their limits.
import { NO_FIELDS } from '../shared/properties/property.ts';
import type { ListedProperty } from '../shared/properties/property.ts';
import type { Language } from '../shared/voice/speech/dates.ts';
import { describeHome } from '../shared/voice/speech/describe-home.ts';
import { RENTAL_LINES } from '../shared/voice/speech/rental-lines.ts';
import type { RentalLines } from '../shared/voice/speech/rental-lines.ts';
import {
  labelHomes,
  sayAddress,
  sayListed,
  sayLocalDate,
  sayRent,
  sayUnits,
} from '../shared/voice/speech/say-rental.ts';

const TODAY = '2026-11-23';

function home(address: string, fields: Partial<ListedProperty>): ListedProperty {
  return { ...NO_FIELDS, propertyId: address, userId: 'pete', source: null, address, ...fields };
}

const SIX = home('1000 Rambling Oaks', {
  unit: '6',
  city: 'Norman',
  bedrooms: 2,
  bathrooms: 1.5,
  rent: 975,
  deposit: 500,
  squareFeet: 850,
  propertyType: 'Apartment',
  availableOn: '2026-12-01',
  pets: { dogs: 'yes', cats: 'ask', note: null },
  features: ['Garage', 'Fenced yard', 'Washer and dryer'],
});
const TWELVE = home('1000 Rambling Oaks', { unit: '12', city: 'Norman', bedrooms: 3, rent: 1_250 });
const WESTERN = home('829 Western Ave', { city: 'Norman', bedrooms: 2, rent: 1_100, availableOn: TODAY });
const BARE = home('422 NW 40th St', {});

type Samples = { readonly [Key in keyof RentalLines]: Parameters<RentalLines[Key]>[] };

function samplesIn(language: Language): Samples {
  const lines = RENTAL_LINES[language];
  const three = [SIX, TWELVE, WESTERN];
  const labels = labelHomes(three, language);
  const listed = three.map((each, at) => sayListed(each, labels[at] ?? '', TODAY, language));
  const [first = '', , third = ''] = listed;
  const western = sayAddress(WESTERN, language);
  const six = sayAddress(SIX, language);
  const times = language === 'en' ? 'tomorrow at 9 AM or noon' : 'mañana a las 9 de la mañana o al mediodía';
  const none: [][] = [[]];
  return {
    rentals: [
      [{ homes: listed, total: 5, isMore: true, isContinued: false, relaxed: null }],
      [{ homes: [first, third], total: 2, isMore: false, isContinued: false, relaxed: 'max_rent' }],
      [{ homes: [third], total: 1, isMore: false, isContinued: false, relaxed: null }],
      [{ homes: [third], total: 1, isMore: false, isContinued: false, relaxed: 'move_in' }],
      [{ homes: [first, third], total: 5, isMore: false, isContinued: true, relaxed: null }],
      [{ homes: [third], total: 4, isMore: false, isContinued: true, relaxed: null }],
      [
        {
          homes: [`${third}, ${lines.unstated({ criteria: ['pets', 'move_in'] })}`],
          total: 1,
          isMore: false,
          isContinued: false,
          relaxed: 'bedrooms',
        },
      ],
    ],
    unstated: [[{ criteria: ['pets'] }]],
    noRentals: none,
    noMoreRentals: none,
    unreadableCriterion: (['bedrooms', 'max_rent', 'area', 'pets', 'feature', 'move_in'] as const).map(
      (field) => [{ field }],
    ),
    whichProperty: [
      [{ homes: labels.slice(0, 2), units: sayUnits([SIX, TWELVE], language), isMore: false }],
      [{ homes: labels, units: null, isMore: true }],
      [{ homes: [western], units: null, isMore: false }],
    ],
    propertyUnknown: [[{ near: [] }], [{ near: [western, six] }]],
    propertyUnavailable: [
      [{ home: western, isSoon: false, similar: [six] }],
      [{ home: western, isSoon: true, similar: [] }],
    ],
    noSuchRental: [[{ count: 0 }], [{ count: 1 }], [{ count: 3 }]],
    notYet: [
      [{ home: six, date: sayLocalDate('2026-12-01', language), times }],
      [{ home: western, date: sayLocalDate('2026-12-01', language), times: null }],
    ],
    summary: [[{ home: six, city: 'Norman', rooms: [], kind: null }]],
    cost: [[{ rent: sayRent(975, language), deposit: null }]],
    size: [[{ squareFeet: 850 }]],
    available: [[{ date: null }], [{ date: sayLocalDate('2026-12-01', language) }]],
    rented: none,
    pets: [[{ dogs: 'yes', cats: 'yes' }], [{ dogs: 'ask', cats: 'no' }], [{ dogs: null, cats: 'no' }]],
    features: [[{ features: ['Garage', 'Fenced yard'] }]],
    policy: [[{ topic: 'vouchers', text: language === 'en' ? 'Vouchers are welcome' : 'Se aceptan vales' }]],
    missing: [[{ facts: ['pets'] }], [{ facts: ['rent', 'bedrooms', 'available_on', 'pets'] }]],
  };
}

/** Every line about homes with every set of its sample values, and whole descriptions. */
export function speakRentalSamples(language: Language): { readonly name: string; readonly line: string }[] {
  const samples = samplesIn(language);
  const spoken = (Object.keys(samples) as (keyof RentalLines)[]).flatMap((name) => {
    // Each line goes with its own values, which the compiler cannot tell here.
    const lines = RENTAL_LINES[language] as Record<keyof RentalLines, (...values: unknown[]) => string>;
    return samples[name].map((values) => ({ name, line: lines[name](...values) }));
  });
  const fallback = language === 'en' ? 'the property' : 'la propiedad';
  const described = [SIX, BARE].map((each) => ({
    name: 'a home, described',
    line: describeHome(each, [], TODAY, language, fallback),
  }));
  return [...spoken, ...described];
}
