// MITS 3.0 and 4.1, the "ILS XML" of RealPage, Entrata, Yardi, AppFolio and Rent Manager. A property is a house or a
// community; its homes are its units, else its floor plans.
// @see https://www.naahq.org/mits
import { collect } from './collect.ts';
import type { ListingFormat, ParsedListings } from './listing.ts';
import { readRow } from './row-reader.ts';
import type { FieldNames, RawListing } from './row-reader.ts';
import type { PetPolicies, PetPolicy } from '../property.ts';
import type { XmlElement } from './xml.ts';

const NAMES: FieldNames = {
  address: 'Address',
  unit: 'Unit',
  city: 'City',
  state: 'State',
  postalCode: 'PostalCode',
  name: 'MarketingName',
  bedrooms: 'Bedroom',
  bathrooms: 'Bathroom',
  rent: 'Rent',
  deposit: 'Deposit',
  squareFeet: 'SquareFeet',
  availableOn: 'Availability',
  features: 'Amenity',
  latitude: 'Latitude',
  longitude: 'Longitude',
  listingUrl: 'URL',
};

/** @param root `PhysicalProperty` */
export function readMits(root: XmlElement, today: string, format: ListingFormat = 'mits'): ParsedListings {
  const warnings: string[] = [];
  const rows = root.children('Property').flatMap((property, index) => {
    const homes = homesOf(property, index, warnings);
    return homes.map((home) => readRow(home, today, NAMES));
  });
  return collect(format, rows, warnings);
}

function homesOf(property: XmlElement, index: number, warnings: string[]): RawListing[] {
  const id = idOf(property) ?? idOf(property.first('PropertyID'));
  const at = `Property ${id ?? `#${index + 1}`}`;
  const common = commonOf(property, at);
  const plans = property.children('Floorplan');
  const units = property
    .children('ILS_Unit')
    .flatMap((listed) =>
      listed.children('Units').length > 0
        ? listed
            .children('Units')
            .flatMap((group) => group.children('Unit').map((unit) => ({ listed, unit })))
        : [{ listed, unit: listed }],
    );
  if (units.length > 0) {
    return units.map(({ listed, unit }, position) => {
      const unitId = idOf(unit) ?? idOf(listed);
      const where = `${at}, Unit ${unitId ?? `#${position + 1}`}`;
      const plan = planOf(unit, listed, plans);
      return {
        ...common,
        ...(plan && ofPlan(plan, where, warnings)),
        ...withoutMissing(ofUnit(listed, unit, property, where, warnings)),
        at: where,
        // Units of one listing share its id in some feeds: the number tells them apart.
        externalId: distinct(
          unitId ?? id,
          units.length > 1 && unitId === idOf(listed) ? String(position + 1) : null,
        ),
        features: [...(common.features ?? []), ...featuresOf(listed), ...featuresOf(unit)],
      };
    });
  }
  if (plans.length === 0) return [{ ...common, at, externalId: id }];
  return plans.map((plan, position) => {
    const planId = idOf(plan);
    const where = plans.length === 1 ? at : `${at}, Floorplan ${planId ?? `#${position + 1}`}`;
    const planName = plan.textOf('Name');
    return {
      ...common,
      ...ofPlan(plan, where, warnings),
      at: where,
      externalId: planId ?? id,
      // Plans of one community share its address: only their names tell them apart.
      name:
        plans.length > 1 && planName !== null
          ? [common.name, planName].filter(Boolean).join(', ')
          : common.name,
      features: [...(common.features ?? []), ...featuresOf(plan)],
    };
  });
}

/** What holds for every home of a property. */
function commonOf(property: XmlElement, at: string): RawListing {
  const id = property.first('PropertyID');
  const address = id?.first('Address') ?? null;
  const information = property.first('Information');
  const place = property.first('ILS_Identification');
  return {
    at,
    address: streetOf(address),
    unit: address?.textOf('Unit') ?? address?.textOf('UnitNumber') ?? null,
    city: address?.textOf('City') ?? null,
    state: address?.textOf('State') ?? null,
    postalCode: address?.textOf('PostalCode') ?? address?.textOf('Zip') ?? null,
    name: id?.textOf('MarketingName') ?? null,
    propertyType: place?.attribute('ILS_IdentificationType') ?? null,
    rent: information?.textOf('Rents', 'StandardRent') ?? null,
    deposit: depositOf(property),
    pets: petsOf(property),
    features: featuresOf(property),
    latitude: place?.textOf('Latitude') ?? null,
    longitude: place?.textOf('Longitude') ?? null,
    listingUrl:
      information?.textOf('PropertyAvailabilityURL') ??
      property.textOf('FloorplanAvailabilityURL') ??
      id?.textOf('WebSite') ??
      null,
    description: information?.textOf('LongDescription') ?? information?.textOf('ShortDescription') ?? null,
  };
}

function ofPlan(plan: XmlElement, at: string, warnings: string[]): Partial<RawListing> {
  const available = plan.textOf('UnitsAvailable');
  return withoutMissing({
    bedrooms: roomsOf(plan, 'bedroom'),
    bathrooms: roomsOf(plan, 'bathroom'),
    rent: rentOf(plan.first('EffectiveRent') ?? plan.first('MarketRent'), at, warnings),
    deposit: depositOf(plan),
    squareFeet: sameOf(plan.first('SquareFeet')),
    listingUrl: plan.textOf('FloorplanAvailabilityURL'),
    status: available !== null && Number(available) === 0 ? ('rented' as const) : null,
  });
}

function ofUnit(
  listed: XmlElement,
  unit: XmlElement,
  property: XmlElement,
  at: string,
  warnings: string[],
): Partial<RawListing> {
  const address = unit.first('Address');
  const rent = unit.textOf('UnitRent') ?? unit.textOf('MarketRent') ?? unit.textOf('EffectiveRent');
  const min = unit.textOf('MinSquareFeet');
  const area = min !== null && min === unit.textOf('MaxSquareFeet') ? min : unit.textOf('SquareFeet');
  const availability = listed.first('Availability') ?? unit.first('Availability');
  const isOccupied = /^occupied$/i.test(availability?.textOf('VacancyClass') ?? '');
  return {
    address: streetOf(address),
    city: address?.textOf('City') ?? null,
    state: address?.textOf('State') ?? null,
    postalCode: address?.textOf('PostalCode') ?? null,
    unit: address?.textOf('Unit') ?? address?.textOf('UnitNumber') ?? numberOf(unit, property),
    bedrooms: unit.textOf('UnitBedrooms'),
    bathrooms: unit.textOf('UnitBathrooms'),
    rent: rent ?? rentOf(listed.first('EffectiveRent') ?? listed.first('MarketRent'), at, warnings),
    deposit: depositOf(listed),
    squareFeet: area ?? min,
    availableOn: dateOf(availability?.first('MadeReadyDate')) ?? dateOf(availability?.first('VacateDate')),
    status: isOccupied && !availability?.first('VacateDate') ? 'rented' : null,
    listingUrl: availability?.textOf('UnitAvailabilityURL') ?? null,
  };
}

/** A unit's own name, if it is not that of the property. */
function numberOf(unit: XmlElement, property: XmlElement): string | null {
  const name = unit.textOf('UnitNumber') ?? unit.textOf('MarketingName');
  return name === null || name.length > 32 || name === property.textOf('PropertyID', 'MarketingName')
    ? null
    : name;
}

function idOf(element: XmlElement | null): string | null {
  if (!element) return null;
  const own = element.attribute('IDValue') ?? element.attribute('Id');
  if (own !== null && own !== '') return own;
  const identifications = element.children('Identification');
  const found = identifications.find((each) => !/company|management/i.test(each.attribute('IDType') ?? ''));
  return found?.attribute('IDValue') ?? found?.textOf('IDValue') ?? found?.textOf('PrimaryID') ?? null;
}

function distinct(id: string | null, suffix: string | null): string | null {
  return id === null || suffix === null ? id : `${id}/${suffix}`;
}

function planOf(unit: XmlElement, listed: XmlElement, plans: readonly XmlElement[]): XmlElement | null {
  const id = unit.textOf('FloorplanID') ?? unit.attribute('FloorplanId') ?? listed.attribute('FloorplanID');
  if (id !== null) return plans.find((plan) => idOf(plan) === id) ?? null;
  return plans.length === 1 ? (plans[0] ?? null) : null;
}

function streetOf(address: XmlElement | null): string | null {
  return address?.textOf('AddressLine1') ?? address?.textOf('Address') ?? address?.textOf('Address1') ?? null;
}

function roomsOf(plan: XmlElement, type: string): string | null {
  const room = plan.children('Room').find((each) => {
    const named = each.attribute('RoomType') ?? each.attribute('Type');
    return named?.toLowerCase() === type;
  });
  return room?.textOf('Count') ?? null;
}

/** The one value of a range; null if its ends differ. */
function sameOf(range: XmlElement | null): string | null {
  const min = range?.attribute('Min') ?? range?.attribute('Exact') ?? null;
  const max = range?.attribute('Max') ?? null;
  if (min === null || max === null) return min ?? max;
  return Number(min) === Number(max) || Number(min) === 0 ? max : null;
}

function rentOf(range: XmlElement | null, at: string, warnings: string[]): string | null {
  const rent = sameOf(range);
  if (range && rent === null && range.attribute('Min') !== null) {
    warnings.push(
      `${at}: the rent is a range, ${range.attribute('Min') ?? ''} to ${range.attribute('Max') ?? ''}, and was not read`,
    );
  }
  return rent !== null && Number(rent) === 0 ? null : rent;
}

function depositOf(element: XmlElement): string | null {
  for (const deposit of element.children('Deposit')) {
    const range = deposit.first('Amount', 'ValueRange');
    const amount = range?.attribute('Exact') ?? sameOf(range) ?? deposit.textOf('Amount');
    if (amount !== null) return amount;
  }
  return null;
}

function featuresOf(element: XmlElement): string[] {
  return element
    .children('Amenity')
    .map((amenity) => amenity.textOf('Description') ?? amenity.attribute('AmenityType') ?? '')
    .filter((text) => text !== '');
}

/** `Pet@Allowed`; with `Pets@PetType` for one kind alone. */
function petsOf(property: XmlElement): PetPolicies | null {
  let dogs: PetPolicy | null = null;
  let cats: PetPolicy | null = null;
  for (const pet of property.children('Policy').flatMap((policy) => policy.children('Pet'))) {
    const allowed = pet.attribute('Allowed')?.toLowerCase();
    if (allowed !== 'true' && allowed !== 'false') continue;
    const policy: PetPolicy = allowed === 'true' ? 'yes' : 'no';
    const kinds = pet.children('Pets').map((each) => each.attribute('PetType')?.toLowerCase() ?? '');
    if (kinds.length === 0 || kinds.some((kind) => kind.includes('dog'))) dogs = policy;
    if (kinds.length === 0 || kinds.some((kind) => kind.includes('cat'))) cats = policy;
  }
  return dogs === null && cats === null ? null : { dogs, cats, note: null };
}

/** `@Month @Day @Year`, or a text. */
function dateOf(element: XmlElement | null | undefined): string | null {
  const [year, month, day] = ['Year', 'Month', 'Day'].map((name) => element?.attribute(name) ?? null);
  if (!year || !month || !day) return element && element.text !== '' ? element.text : null;
  return `${month}/${day}/${year}`;
}

function withoutMissing(fields: Partial<RawListing>): Partial<RawListing> {
  return Object.fromEntries(
    Object.entries<unknown>(fields).filter(([, value]) => value !== null && value !== undefined),
  );
}
